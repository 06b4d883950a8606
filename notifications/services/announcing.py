"""Announcements: written and sent; services.announcement_control has the verbs for
those under way.

Each verb is one row changed under its lock, however many mails there are: senders ask for the row
where they claim a message and where they begin it. Filling the outbox and taking back what is left
is done by planners (services.fan_out), never by a request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError, FieldError, stale
from events.models import Conference
from events.services.writing import assign, load_root, save_root
from events.validators import anything, clean, instant, refuse, texts
from notifications.enums import TO_BE_SENT, AnnouncementState, CancelReason, Level
from notifications.models import Announcement
from notifications.services.announcement_states import change_state, must_be, no_longer_held, record
from notifications.services.announcement_texts import FRAME
from notifications.services.audience_filters import clean_audience
from notifications.services.dbclock import database_now
from notifications.services.flight_check import Flown, fly
from notifications.services.instants import outside_quiet_hours
from notifications.services.outbox import cancel_messages_of
from notifications.services.texts import delivered, mail_language

_S: Final = AnnouncementState


UNDO: Final = dt.timedelta(seconds=60)


SUBJECT_LENGTH: Final = 200


_CLEANERS: Final = {
    "subject": texts(SUBJECT_LENGTH),
    "body": texts(lines=True, longest=20_000),
    "audience": anything,
}


# --- Writing -------------------------------------------------------------------------------------
def first_words(conference: Conference) -> dict[str, str]:
    """Return the body with which a new announcement begins: a greeting in the first language."""
    first = conference.first_language
    return {first: delivered(FRAME, mail_language(first)).body + "\n\n"}


@transaction.atomic
def create_announcement(
    *, conference: Conference, values: Mapping[str, Any], actor: Actor
) -> Announcement:
    """Write a draft; everything in it may still be missing.

    Arguments:
        values: subject and body (one text per language), audience (services.audience_filters).

    Raises:
        DomainError: ``validation-failed``.
    """
    row = Announcement(
        conference=conference, created_by_id=_account(actor), **_clean(conference, values)
    )
    row.save(force_insert=True)
    record("create_announcement", row, actor)
    return row


@transaction.atomic
def change_announcement(
    *, announcement: Announcement, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Announcement:
    """Change a draft.

    Raises:
        DomainError: ``stale``, ``validation-failed``; ``wrong-state`` when it is no draft.
    """
    row = load_root(announcement, expected, "conference__organisation")
    must_be(row, {_S.DRAFT}, "Only a draft can be changed.")
    changed = assign(row, _clean(row.conference, changes))
    if changed:
        save_root(row, changed, expected)
        record("change_announcement", row, actor, changed=changed)
    return row


@transaction.atomic
def delete_announcement(*, announcement: Announcement, expected: int | None, actor: Actor) -> None:
    """Delete a draft, with what is still in the outbox of a time when it was taken back.

    Raises:
        DomainError: ``stale``; ``in-use`` when it is no draft.
    """
    row = load_root(announcement, expected, "conference")
    if row.state != _S.DRAFT:
        raise DomainError("in-use", "This was sent, so it stays in the history.")
    cancel_messages_of(announcement=row, reason=CancelReason.ORGANISER)
    record("delete_announcement", row, actor)
    row.delete()


def _clean(conference: Conference, values: Mapping[str, Any]) -> dict[str, Any]:
    found = clean(values, _CLEANERS)
    if "audience" in found:
        found["audience"] = clean_audience(conference, found["audience"])
    return found


# --- Sending -------------------------------------------------------------------------------------
def send_announcement(
    *,
    announcement: Announcement,
    recipients: int,
    read_warnings: bool,
    actor: Actor,
    in_quiet_hours: bool = False,
    send_at: dt.datetime | None = None,
    expected: int | None = None,
) -> Announcement:
    """Let a draft leave, or one that was held back, after a minute to take it back.

    The flight check runs once more, before the transaction, and again when it is to leave
    (services.leaving). A second click finds no draft.

    Arguments:
        recipients: to how many, as the organiser was told.
        read_warnings: whether the organiser has read what the flight check warns of.
        in_quiet_hours: whether it may leave between 20:00 and 08:00 in the conference's zone;
            otherwise it waits for the morning.
        send_at: not before this instant.

    Raises:
        DomainError: ``validation-failed`` with what the flight check found; ``conflict`` when the
            audience has changed; ``wrong-state``; ``stale``.
    """
    row = Announcement.objects.select_related("conference__organisation").get(pk=announcement.pk)
    must_be(row, TO_BE_SENT, "This is on its way already.")
    moment = clean_moment(send_at)
    flown = fly(row, send_at=moment)
    refuse_what_is_wrong(flown, read_warnings=read_warnings)
    if flown.survey.total != recipients:
        raise DomainError(
            "conflict",
            f"The audience has changed: it is {flown.survey.total} now, not {recipients}. "
            "Nothing was sent.",
        )
    return _schedule(
        row,
        flown,
        expected=row.version if expected is None else expected,
        in_quiet_hours=in_quiet_hours,
        send_at=moment,
        actor=actor,
    )


@transaction.atomic
def _schedule(
    seen: Announcement,
    flown: Flown,
    *,
    expected: int,
    in_quiet_hours: bool,
    send_at: dt.datetime | None,
    actor: Actor,
) -> Announcement:
    row = load_root(seen, None, "conference__organisation")
    must_be(row, TO_BE_SENT, "This is on its way already.")
    if row.version != expected:  # what was checked is what leaves
        raise stale()
    row.send_at = send_at
    row.undo_until = leaves_at(
        row.conference, database_now(), in_quiet_hours=in_quiet_hours, send_at=send_at
    )
    row.state, row.round = _S.SCHEDULED, row.round + 1
    row.expected, row.skipped = flown.survey.total, flown.survey.counts()
    row.plan_cursor, row.planned_at, row.planned, row.sent = "", None, 0, 0
    row.sent_by_id = _account(actor)
    row.agreed = flown.agreed
    was_held = row.held_at is not None
    no_longer_held(row)
    change_state(
        row, ["send_at", "undo_until", "round", "expected", "skipped", "plan_cursor", "agreed"]
    )
    verb = "release_announcement" if was_held else "send_announcement"
    record(verb, row, actor, facts={"recipients": row.expected})
    return row


def leaves_at(
    conference: Conference,
    now: dt.datetime,
    *,
    in_quiet_hours: bool = False,
    send_at: dt.datetime | None = None,
) -> dt.datetime:
    """Return the moment until which it can be taken back and at which it leaves."""
    moment = max(now + UNDO, send_at or now)
    if in_quiet_hours:
        return moment
    return outside_quiet_hours(moment, conference.time_zone, moment)


def clean_moment(send_at: dt.datetime | None) -> dt.datetime | None:
    """Return a moment that was chosen; None is at once.

    Raises:
        DomainError: ``validation-failed`` when it has passed.
    """
    if send_at is None:
        return None
    moment: dt.datetime = clean({"send_at": send_at}, {"send_at": instant})["send_at"]
    if moment < database_now():
        refuse([FieldError("/send_at", "past", "This moment has passed.")])
    return moment


def refuse_what_is_wrong(flown: Flown, *, read_warnings: bool) -> None:
    """Refuse what the flight check calls an error, and warnings that nobody has read.

    Raises:
        DomainError: ``validation-failed``, with the sentences of the check.
    """
    refuse(
        [
            FieldError(f"/checks/{found.slug}", "error", found.sentence)
            for found in flown.findings
            if found.level == Level.ERROR
        ]
    )
    if flown.warnings and not read_warnings:
        raise DomainError(
            "validation-failed",
            "Read what the flight check warns of first, and say that you have.",
            errors=[
                FieldError("/read_warnings", "required", found.sentence) for found in flown.warnings
            ],
        )


def _account(actor: Actor) -> int | None:
    return int(actor.id) if actor.kind == "account" and actor.id.isdigit() else None
