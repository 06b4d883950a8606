"""Choosing sessions: with the registration itself, and afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import cleaning as v
from core.actors import Actor
from core.errors import DomainError, FieldError
from core.services import audit
from core.text import pick_text
from events.models import Conference
from events.programme import Programme
from events.services.schedules import current_programme
from events.services.writing import load_root, save_root
from registrations.enums import TAKING_A_PLACE, TypeState
from registrations.models import Registration, SignUp, SignUpSession
from registrations.services.cancelling import check_guest_may_change
from registrations.services.moving_choices import Choices, move_choices
from registrations.services.overlaps import find_overlaps
from registrations.services.place_moves import tell_freed
from registrations.services.registration_rows import tell
from registrations.services.session_offers import SessionOffer, offers_in, sign_ups_of

POINTER: Final = "/sessions"


@dataclass(frozen=True, slots=True)
class SignUpsPart:
    """The sessions that somebody chooses while registering (services/parts.py)."""

    rows: Sequence[SignUpSession]
    titles: Mapping[int, str]

    @property
    def allotments(self) -> Collection[int]:
        return [row.allotment_id for row in self.rows]

    def write(self, registration: Registration) -> None:
        SignUp.objects.bulk_create(
            SignUp(registration=registration, sign_up_session=row) for row in self.rows
        )

    def none_left(self, allotment: int) -> DomainError:
        return _full(self.titles[allotment])


def read_sign_ups(
    *,
    conference: Conference,
    type_slug: str,
    codes: Sequence[str],
    language: str,
    by_guest: bool = True,
) -> list[SignUpsPart]:
    """Check the sessions that somebody chooses with a registration; no part for none.

    Arguments:
        language: in which sessions are named in sentences.
        by_guest: whether windows count, and only what readers see can be chosen.

    Raises:
        DomainError: ``validation-failed`` for what is not there, not open, for another kind of
            place or at the same time as another; ``sold-out``.
    """
    if not codes:
        return []
    programme = current_programme(conference)
    offers = _wanted(conference, programme, codes)
    _check_each(offers, codes, type_slug, conference, language, by_guest=by_guest)
    _check_overlaps(programme, codes, codes, conference, language)
    rows = [offers[code].sign_up for code in dict.fromkeys(codes)]
    titles = {row.allotment_id: _title(row, conference, language) for row in rows}
    return [SignUpsPart(rows, titles)]


@transaction.atomic
def choose_sessions(
    *,
    registration: Registration,
    codes: Sequence[str],
    expected: int | None,
    actor: Actor,
    by_guest: bool = False,
    language: str = "",
    choices: Choices | None = None,
) -> Registration:
    """Let somebody have these sessions and no others: places are taken and given back at once.

    Who has no place at the conference yet notes a wish; its places are taken with that place.

    Arguments:
        codes: of sessions; those chosen already stay whatever happened to them since.
        by_guest: whether the guest does it, who meets windows and the conference's deadline.
        language: in which sessions are named in sentences.
        choices: where places are noted that the caller moves last, together with others.

    Raises:
        DomainError: ``stale``; ``wrong-state`` when it is over, or too late for a guest;
            ``validation-failed``; ``sold-out``. Then nothing has changed.
    """
    row = load_root(registration, expected, "conference", "registration_type")
    if not row.is_live:
        raise DomainError("wrong-state", _("This registration is over, so it is not changed."))
    if by_guest:
        check_guest_may_change(row.conference)
    present = {
        one.sign_up_session.session.code: one
        for one in row.sign_ups.select_related("sign_up_session__session")
    }
    joined = [code for code in dict.fromkeys(codes) if code not in present]
    left = [one for code, one in present.items() if code not in codes]
    if not joined and not left:
        return row
    new: list[SignUpSession] = []
    tongue = language or row.language
    if joined:
        programme = current_programme(row.conference)
        offers = _wanted(row.conference, programme, joined)
        slug = row.registration_type.slug
        _check_each(offers, codes, slug, row.conference, tongue, by_guest=by_guest, known=present)
        _check_overlaps(programme, codes, joined, row.conference, tongue)
        new = [offers[code].sign_up for code in joined]
    save_root(row, [], expected)
    SignUp.objects.filter(pk__in=[one.pk for one in left]).delete()
    SignUp.objects.bulk_create(SignUp(registration=row, sign_up_session=one) for one in new)
    audit.record(
        verb="choose_sessions",
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=["sessions"],
        facts={"joined": len(new), "left": len(left)},
    )
    tell(row, "changed", by_guest=by_guest)
    if row.status in TAKING_A_PLACE:
        mine = Choices() if choices is None else choices
        mine.left.update(one.sign_up_session.allotment_id for one in left)
        for one in new:
            title = _title(one, row.conference, tongue)
            mine.joined[one.allotment_id] = partial(_full, title)
        if choices is None:
            move_choices(registration=row, choices=mine)
    elif left:
        # Perhaps it was this session that somebody on the waiting list waited for.
        tell_freed(one.sign_up_session.allotment_id for one in left)
    return row


@transaction.atomic
def leave_session(
    *,
    registration: Registration,
    session: str,
    actor: Actor,
    expected: int | None = None,
    by_guest: bool = False,
) -> Registration:
    """Give back somebody's place at one session; once more changes nothing.

    Raises:
        DomainError: whatever `choose_sessions` raises.
    """
    row = load_root(registration, expected)
    present = row.sign_ups.values_list("sign_up_session__session__code", flat=True)
    return choose_sessions(
        registration=row,
        codes=[code for code in present if code != session],
        expected=expected,
        actor=actor,
        by_guest=by_guest,
    )


def _wanted(
    conference: Conference, programme: Programme, codes: Sequence[str]
) -> dict[str, SessionOffer]:
    offers = offers_in(sign_ups_of(conference), programme, timezone.now())
    return {one.code: one for one in offers if one.code in codes}


def _check_each(
    offers: Mapping[str, SessionOffer],
    codes: Sequence[str],
    type_slug: str,
    conference: Conference,
    language: str,
    *,
    by_guest: bool,
    known: Collection[str] = (),
) -> None:
    errors, full = [], []
    for position, code in enumerate(codes):
        if code in known:
            continue
        at = f"{POINTER}/{position}"
        offer = offers.get(code)
        if offer is None or (by_guest and offer.session is None):
            errors.append(FieldError(at, "unknown", _("Nobody can sign up for this session.")))
            continue
        title = {"title": _title(offer.sign_up, conference, language)}
        if not offer.is_for(type_slug):
            sentence = _("“%(title)s” is for another kind of place.")
            errors.append(FieldError(at, "wrong-type", sentence % title))
        elif offer.places_left == 0:
            full.append(_full(title["title"]))
        elif by_guest and not offer.is_open:
            opens_later = offer.state == TypeState.NOT_OPEN
            sentence = (
                _("The sign-up for “%(title)s” has not opened yet.")
                if opens_later
                else _("The sign-up for “%(title)s” is closed.")
            )
            errors.append(FieldError(at, offer.state.value, sentence % title))
    v.refuse(errors)
    if full:
        raise full[0]


def _check_overlaps(
    programme: Programme,
    chosen: Sequence[str],
    joined: Sequence[str],
    conference: Conference,
    language: str,
) -> None:
    """Refuse a session at the same time as another; what overlapped before is no reason."""
    for one, other in find_overlaps(programme, chosen):
        if one in joined or other in joined:
            views = (programme.sessions_by_code[one], programme.sessions_by_code[other])
            names = [pick_text(view.title, language, conference.languages) for view in views]
            detail = _("“%(one)s” and “%(other)s” are at the same time. Choose one of them.") % {
                "one": names[0],
                "other": names[1],
            }
            raise DomainError(
                "validation-failed", detail, errors=[FieldError(POINTER, "overlap", detail)]
            )


def _title(row: SignUpSession, conference: Conference, language: str) -> str:
    return pick_text(row.session.title, language, conference.languages)


def _full(title: str) -> DomainError:
    detail = _("There is no place left at “%(title)s”. Nothing was changed.") % {"title": title}
    return DomainError("sold-out", detail, errors=[FieldError(POINTER, "sold-out", detail)])
