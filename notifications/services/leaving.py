"""An announcement at the moment when it leaves: looked at once more, then let go or held back.

Between the button and this moment lie a minute or weeks. What can have become wrong meanwhile is
checked anew; what only the words decide, or would take a walk through the audience, is not. Nothing
of it can have left before, and until its state says that it is being sent no sender takes a mail.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import DatabaseError, transaction

from core.actors import SYSTEM
from events.models import Conference
from notifications.enums import AnnouncementState, Level
from notifications.models import Announcement, MailPause, SendingSwitch
from notifications.services import flight_checks_audience as audience
from notifications.services.announcement_states import change_state, record
from notifications.services.dbclock import DatabaseNow, database_now
from notifications.services.flight_check import CHECKS, Flown
from notifications.services.flight_facts import gather
from notifications.services.flight_found import Check, Finding
from notifications.services.survey import planned_survey

logger = logging.getLogger(__name__)
_S: Final = AnnouncementState
_AGAIN: Final = frozenset(
    {
        *("language-missing", "placeholder-empty", "link-dead", "link-private"),
        *("outcome-unpublished", "date-past", "date-differs", "audience-empty"),
        *("conference-state", "conference-over", "contact", "unsubscribe"),
    }
)
# Those of the flight check that can have changed, and what only now can be compared.
CHECKS_AGAIN: Final[Sequence[Check]] = (
    *(check for check in CHECKS if check.slug in _AGAIN),
    Check("audience-grown", "About as many as were agreed to", "audience", audience.grown),
)


def let_leave() -> int:
    """Let go or hold back what is planned and due; return how many that were.

    Any number of these may run at once: one of them changes the row. What is paused, alone or with
    all mail, is looked at when it goes on.
    """
    changed = 0
    for pk in _about_to_leave():
        try:
            changed += _look_at(pk)
        except DatabaseError:
            raise
        except Exception:
            # One that can not be looked at stays where it is, and stops no other.
            logger.exception("Announcement %s could not be checked before it leaves", pk)
    return changed


def _about_to_leave() -> list[int]:
    due = Announcement.objects.filter(
        state=_S.SCHEDULED, planned_at__isnull=False, undo_until__lte=DatabaseNow()
    )
    if not due.exists() or SendingSwitch.objects.exists():
        return []
    free = due.exclude(conference__in=MailPause.objects.values("conference"))
    return list(free.order_by("undo_until", "pk").values_list("pk", flat=True))


def _look_at(pk: int) -> bool:
    """Check an announcement without holding anything; then let it go, or hold it back."""
    row = Announcement.objects.select_related("conference__organisation").filter(pk=pk).first()
    return row is not None and _decide(row, list(speaks_against(row)))


def speaks_against(announcement: Announcement) -> Iterator[Finding]:
    """Yield why an announcement should not leave now: errors, and what nobody has read."""
    flight = gather(announcement, counted=planned_survey(announcement))
    return _unread(announcement, (check.on(flight) for check in CHECKS_AGAIN))


def has_more_against(announcement: Announcement, flown: Flown) -> bool:
    """Tell whether more speaks against one that is held back than it was held back for."""
    known = {(found["check"], found["detail"]) for found in announcement.held_for}
    found = _unread(announcement, (one for one in flown.findings if one.slug in _AGAIN))
    return any((one.slug, one.sentence) not in known for one in found)


def _unread(announcement: Announcement, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield errors, and warnings that were not read when it was sent.

    Of one that was sent before it was kept what had been read, only errors count.
    """
    for found in findings:
        is_new = found.level == Level.WARNING and not _was_read(found, announcement.agreed)
        if is_new or found.level == Level.ERROR:
            yield found


def _was_read(found: Finding, agreed: Mapping[str, Sequence[str]] | None) -> bool:
    if agreed is None:
        return True
    return found.slug in agreed and set(found.about) <= set(agreed[found.slug])


@transaction.atomic
def _decide(seen: Announcement, against: Sequence[Finding]) -> bool:
    """Write down how it goes on, unless it or its conference is not what was looked at.

    Then the next one looks anew. Whoever stops or pauses it meanwhile comes before this lock and is
    seen, or after it.
    """
    row = (
        Announcement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("conference")
        .filter(pk=seen.pk, state=_S.SCHEDULED, version=seen.version)
        .first()
    )
    conferences = Conference.objects.filter(pk=seen.conference_id)
    if row is None or not conferences.filter(version=seen.conference.version).exists():
        return False
    if not against:
        row.state, row.left_at = _S.SENDING, database_now()
        change_state(row, ["left_at"])
        return True
    row.state, row.held_at = _S.HELD, database_now()
    row.held_for = [_kept(found) for found in against]
    change_state(row, [])
    record("hold_announcement", row, SYSTEM, facts={"checks": [found.slug for found in against]})
    return True


def _kept(found: Finding) -> dict[str, Any]:
    """Return a finding as it is kept for the page, the API and the organisers' mail."""
    return {
        "check": found.slug,
        "title": found.title,
        "where": found.where,
        "level": str(found.level),
        "detail": found.sentence,
    }
