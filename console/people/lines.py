"""What happened with a person, line by line: each function reads one kind of thing in one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.enums import AnsweredVia
from core.text import pick_text
from events.enums import ParticipationState
from events.models import Candidate, Conference, Person, PersonMerge
from events.services.merging import name_of
from events.services.speaking_parts import KnownPart
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from registrations.enums import InvitationResponse, RegistrationSource, RegistrationStatus
from registrations.models import Invitation, Registration

_ANSWERS: Final = {
    ParticipationState.CONFIRMED: "Said yes",
    ParticipationState.TENTATIVE: "Is thinking about it",
    ParticipationState.DECLINED: "Said no",
    ParticipationState.REPLACED: "Was replaced",
}
_RESPONSES: Final = {
    InvitationResponse.ACCEPTED: "Said yes to the invitation",
    InvitationResponse.DECLINED: "Said no to the invitation",
}
# How the time line marks a mail; the word says the same.
_TONES: Final = {
    MessageState.SENT: "done",
    MessageState.QUEUED: "now",
    MessageState.CLAIMED: "now",
    MessageState.SENDING: "now",
    MessageState.FAILED: "failed",
    MessageState.UNKNOWN: "failed",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened.

    Arguments:
        kind: ``considered``, ``asked``, ``answered``, ``spoke``, ``invited``, ``responded``,
            ``registered``, ``cancelled``, ``came``, ``mail``, ``merged``; for programs.
        what, more: what happened, and by whom, how or why.
        code: of the session, registration, invitation or mail that it is about.
        contact: how one had to do with the person then; "" where one had not.
    """

    at: dt.datetime
    kind: str
    what: str
    more: str = ""
    tone: str = "done"
    conference: Conference | None = None
    url: str = ""
    code: str = ""
    contact: str = ""

    @property
    def conference_title(self) -> str:
        if self.conference is None:
            return ""
        return pick_text(self.conference.title, "en", self.conference.languages)

    @property
    def zone(self) -> str:
        return self.conference.time_zone if self.conference is not None else "UTC"


def of_parts(known: list[KnownPart]) -> Iterator[Line]:
    """Yield being asked, answering and speaking; what was loaded is not loaded again."""
    for one in known:
        yield from _of_part(one)


def _of_part(known: KnownPart) -> Iterator[Line]:
    row, part = known.row, known.part
    session, role = row.session, row.get_role_display().lower()
    about: dict[str, Any] = {
        "conference": session.conference,
        "code": session.code,
        "url": _page("manage-session", session.conference, session.code, f"?part={row.code}#card"),
    }
    on_it = f"{role} on “{part.title}”"
    if row.asked_at is not None:
        yield Line(row.asked_at, "asked", f"Asked to be {on_it}", contact="asked", **about)
    if row.last_asked_at is not None and row.last_asked_at != row.asked_at:
        yield Line(row.last_asked_at, "asked", f"Asked again: {on_it}", contact="asked", **about)
    if row.answered_at is not None:
        how = str(AnsweredVia(row.answered_via).label).lower() if row.answered_via else ""
        words = _ANSWERS.get(ParticipationState(row.state), "Answered")
        more = ", ".join(word for word in (row.decline_reason, how, row.answered_by) if word)
        yield Line(
            row.answered_at,
            "answered",
            f"{words}: {on_it}",
            more,
            "failed" if row.state == ParticipationState.DECLINED else "done",
            contact="answered",
            **about,
        )
    if row.state == ParticipationState.CONFIRMED and part.took_place:
        start = session.starts_at or session.conference.starts_at
        over = part.ends_at < timezone.now()
        words = "Spoke" if over else "Will speak"
        yield Line(start, "spoke", f"{words}: {on_it}", tone="done" if over else "now", **about)


def of_candidacies(person: Person) -> Iterator[Line]:
    """Yield where somebody was considered for a panel; one query."""
    rows = Candidate.objects.filter(person=person).select_related(
        "session__conference__organisation"
    )
    for row in rows:
        session = row.session
        title = pick_text(session.title, "en", session.conference.languages)
        yield Line(
            row.created_at,
            "considered",
            f"Considered as {row.get_role_display().lower()} on “{title}”",
            row.note,
            conference=session.conference,
            code=session.code,
            url=_page("manage-session", session.conference, session.code),
        )


def of_merges(person: Person) -> Iterator[Line]:
    """Yield who was put into this person; one query."""
    for row in PersonMerge.objects.filter(kept=person):
        name = name_of(row)
        yield Line(row.created_at, "merged", f"Merged with {name}", row.gone_code)
        if row.undone_at is not None:
            yield Line(row.undone_at, "merged", f"Merge with {name} undone", row.gone_code)


def of_invitations(person: Person) -> Iterator[Line]:
    """Yield being invited as a guest and answering; one query."""
    for row in Invitation.objects.filter(person=person).select_related("conference__organisation"):
        about: dict[str, Any] = {
            "conference": row.conference,
            "code": row.code,
            "url": _page("manage-invitation", row.conference, row.code),
        }
        if row.sent_at is not None:
            yield Line(row.sent_at, "invited", "Invited as a guest", contact="invited", **about)
        else:
            yield Line(row.created_at, "invited", "Put on the guest list", **about)
        if row.answered_at is not None:
            how = str(AnsweredVia(row.answered_via).label).lower() if row.answered_via else ""
            words = _RESPONSES.get(InvitationResponse(row.response), "Answered the invitation")
            more = ", ".join(word for word in (row.decline_reason, how, row.answered_by) if word)
            no = row.response == InvitationResponse.DECLINED
            yield Line(
                row.answered_at,
                "responded",
                words,
                more,
                "failed" if no else "done",
                contact="answered",
                **about,
            )
        if row.withdrawn_at is not None:
            yield Line(row.withdrawn_at, "cancelled", "Invitation withdrawn", **about)


def of_registrations(rows: list[Registration]) -> Iterator[Line]:
    """Yield registering, cancelling and coming; what was loaded is not loaded again."""
    for row in rows:
        about: dict[str, Any] = {
            "conference": row.conference,
            "code": row.code,
            "url": _page("manage-registration", row.conference, row.code),
        }
        source = str(RegistrationSource(row.source).label).lower()
        status = str(RegistrationStatus(row.status).label)
        contact = "" if row.source == RegistrationSource.PARTICIPATION else "registered"
        yield Line(
            row.created_at, "registered", f"Registered ({source})", status, contact=contact, **about
        )
        if row.cancelled_at is not None and not row.is_live:
            yield Line(
                row.cancelled_at, "cancelled", "Registration cancelled", row.cancel_reason,
                "failed", **about,
            )  # fmt: skip
        if row.checked_in_at is not None:
            yield Line(row.checked_in_at, "came", "Came", contact="came", **about)


def of_mails(person: Person) -> Iterator[Line]:
    """Yield every mail to a person, by whatever it reached them; one query."""
    mine = (
        Q(person=person)
        | Q(registration__person=person)
        | Q(invitation__person=person)
        | Q(participation__person=person)
    )
    rows = Message.objects.filter(mine).select_related("conference__organisation")
    for row in rows.defer("facts", "last_error"):
        state = MessageState(row.state)
        yield Line(
            row.sent_at or row.due_at,
            "mail",
            f"Mail: {MessageKind(row.kind).label}",
            str(state.label),
            _TONES.get(state, ""),
            row.conference,
            _page("manage-message", row.conference, str(row.uid)),
            str(row.uid),
            "mail" if state == MessageState.SENT else "",
        )


def _page(name: str, conference: Conference, code: str, more: str = "") -> str:
    at = {"organisation": conference.organisation.slug, "conference": conference.slug}
    return reverse(name, kwargs={**at, "code": code}) + more
