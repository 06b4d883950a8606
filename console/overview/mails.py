"""What mail goes next, and what of it needs somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, islice

from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import Organisation
from core.clock import to_local
from core.text import pick_text
from events import dates
from events.models import Conference
from notifications.enums import AnnouncementState, MessageKind, MessageState
from notifications.models import Announcement, Message
from notifications.services.announcement_texts import subject_of
from notifications.services.forecast import mail_calendar
from notifications.services.horizon import end_of_weeks, usual_weeks
from notifications.services.waiting import Pile, current, waiting_piles

NEXT = 6


@dataclass(frozen=True, slots=True)
class NextMail:
    """Messages that go at one moment for one reason."""

    conference: Conference
    name: str
    due_at: dt.datetime
    due_local: dt.datetime
    is_due: bool
    count: int
    is_about: bool = False

    @property
    def title(self) -> str:
        return pick_text(self.conference.title, "en", self.conference.languages)

    @property
    def when(self) -> str:
        """Return when it goes: "now", or "1 Dec, 08:00" on the conference's clocks."""
        if self.is_due:
            return "now"
        day = dates.say_short_date(self.due_local, "en").rsplit(" ", 1)[0]
        return f"{day}, {dates.say_time(self.due_local, 'en')}"


def next_mails(conferences: Iterable[Conference], limit: int = NEXT) -> list[NextMail]:
    """Return what waits in the outbox of several conferences, the earliest first; one query, and
    one more where announcements are among it.

    It is the mail calendar's own view of the outbox (notifications.services.waiting).
    """
    by_pk = {row.pk: row for row in conferences}
    now = timezone.now()
    rows = Message.objects.filter(current(), conference_id__in=by_pk, state=MessageState.QUEUED)
    piles = list(waiting_piles(rows, now=now, by_language=False, limit=limit))
    ids = [pile.announcement_id for pile in piles if pile.announcement_id is not None]
    announcements = Announcement.objects.in_bulk(ids)
    return [
        _next_mail(
            by_pk[pile.conference_id], pile, announcements.get(pile.announcement_id or 0), now
        )
        for pile in piles
    ]


def _next_mail(
    conference: Conference, pile: Pile, announcement: Announcement | None, now: dt.datetime
) -> NextMail:
    # What is due already goes in one go.
    due_at = max(pile.first_at, now)
    name = pile.rule_name or str(MessageKind(pile.kind).label)
    if announcement is not None:
        announcement.conference = conference
        name = subject_of(announcement)
    return NextMail(
        conference=conference,
        name=name,
        due_at=due_at,
        due_local=to_local(due_at, conference.time_zone),
        is_due=pile.first_at <= now,
        count=pile.count,
    )


def foreseen_mails(conference: Conference, limit: int = NEXT) -> list[NextMail]:
    """Return what goes next to somebody, the earliest first: the first lines of the mail calendar.

    Unlike the outbox it knows what rules have still to plan and what announcements wait for. The
    number of queries does not depend on how many people or messages there are.
    """
    until = end_of_weeks(conference, usual_weeks(conference))
    found = (mail for mail in mail_calendar(conference, until).mails if mail.count)
    return [
        NextMail(
            conference=conference,
            name=mail.name,
            due_at=mail.due_at,
            due_local=to_local(mail.due_at, conference.time_zone),
            is_due=mail.is_due,
            count=mail.count,
            is_about=mail.is_about,
        )
        for mail in islice(found, limit)
    ]


@dataclass(frozen=True, slots=True)
class MailTrouble:
    """Messages of a conference that did not go."""

    failed: int = 0
    unknown: int = 0
    late: int = 0


def mail_trouble(
    conferences: Iterable[Conference], patience: dt.timedelta
) -> dict[int, MailTrouble]:
    """Return by conference what failed, what nobody knows of, and what is due for too long."""
    ids = [row.pk for row in conferences]
    late = Q(state=MessageState.QUEUED, due_at__lt=timezone.now() - patience) & (
        Q(plan_revision__isnull=True) | Q(plan_revision=F("conference__plan_revision"))
    )
    rows = (
        Message.objects.filter(conference_id__in=ids)
        .filter(Q(state__in=[MessageState.FAILED, MessageState.UNKNOWN]) | late)
        .order_by()
        .values_list("conference_id")
        .annotate(
            failed=Count("pk", filter=Q(state=MessageState.FAILED)),
            unknown=Count("pk", filter=Q(state=MessageState.UNKNOWN)),
            late=Count("pk", filter=late),
        )
    )
    return {pk: MailTrouble(failed, unknown, late) for pk, failed, unknown, late in rows}


def held_back(
    conferences: Iterable[Conference], house: Organisation | None = None
) -> list[tuple[Conference, list[Announcement]]]:
    """Return the announcements that are held back, by conference; one query.

    Arguments:
        house: an organisation of which all are meant, instead of those of the conferences.
    """
    rows = Announcement.objects.filter(state=AnnouncementState.HELD)
    if house is not None:
        rows = rows.filter(conference__organisation=house)
    else:
        rows = rows.filter(conference_id__in=[row.pk for row in conferences])
    found = rows.select_related("conference").order_by(
        "conference__starts_at", "conference_id", "pk"
    )
    return [(row, list(held)) for row, held in groupby(found, key=lambda one: one.conference)]
