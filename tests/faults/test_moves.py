"""T13: conferences are moved and cancelled in the midst of sending, also between claim and send."""

from __future__ import annotations

import datetime as dt
import email
import time
from collections import Counter, defaultdict

import pytest
from django.utils import timezone
from icalendar import Calendar

from core.actors import SYSTEM
from events.services.conferences import cancel_conference, change_conference
from notifications.models import Message, Notice
from notifications.services.replanning import rules_to_plan
from tests.factories.notifications import (
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)
from tests.faults.farm import FULL, SENDERS, Farm, in_state, report, wait_until
from tests.faults.sink import Sink

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MOVED = 1_000 if FULL else 24
PATIENCE = 600 if FULL else 60
# How long a mail takes from its recipient's name to its final dot, so that moves fall into it.
SLOW = 0.1
# What becomes of a conference, by its number: every fourth is called off, every fourth is moved so
# little that the reminder of the new time is due at once, the others go to another month.
AWAY = {1: dt.timedelta(hours=2), 2: dt.timedelta(days=30), 3: dt.timedelta(days=30)}


class Moved:
    """One conference with one guest, and what became of it."""

    def __init__(self, number):
        self.away = AWAY.get(number % 4)
        self.conference = conference_in(days=0, hours=20, slug=f"moved-{number}")
        (self.guest,) = guests_of(self.conference, email=f"guest{number}@example.org")
        MessageFactory(registration=self.guest, code=f"confirmation-{number}")
        self.committed = None
        self.met = ""

    def happen(self):
        """Move it or call it off, and note in which state that met its reminder."""
        reminder = Message.objects.filter(conference=self.conference, kind="reminder")
        self.met = reminder.values_list("state", flat=True).first() or "not planned"
        row = self.conference
        if self.away is None:
            cancel_conference(conference=row, expected=None, actor=SYSTEM)
        else:
            start, end = row.start_local + self.away, row.end_local + self.away
            self.conference = change_conference(
                conference=row,
                changes={"start_local": start, "end_local": end},
                expected=None,
                actor=SYSTEM,
            )
        self.committed = time.time()

    @property
    def occurrence(self):
        return f"start@{self.conference.start_local:%Y-%m-%dT%H:%M}"


def entry_in(mail):
    """Return the METHOD, UID and SEQUENCE of a mail's calendar entry."""
    parts = email.message_from_bytes(mail.raw).walk()
    (raw,) = [
        part.get_payload(decode=True) for part in parts if part.get_filename() == "invite.ics"
    ]
    whole = Calendar.from_ical(raw)
    (event,) = whole.events
    return str(whole["METHOD"]), str(event["UID"]), int(event["SEQUENCE"])


def read(sink):
    """Return (address, kind) -> mails, with one kind for all that tells of a move."""
    rows = dict(Message.objects.values_list("message_id", "kind"))
    found = defaultdict(list)
    for mail in sink.received:
        kind = rows[mail.message_id]
        news = kind in {"changed_time", "new_date", "conference_cancelled"}
        found[mail.recipient, "news" if news else kind].append(mail)
    return found


def is_stale(mail, moved, occurrences):
    """Tell whether a reminder of the former time was begun after the move was committed."""
    is_old = moved.away is None or occurrences[mail.message_id] != moved.occurrence
    return is_old and mail.named_at > moved.committed


def test_t13_nothing_stale_goes_out_when_conferences_move_in_the_midst():
    all_of_them = [Moved(number) for number in range(MOVED)]
    with Sink() as sink, Farm(sink) as farm:
        farm.beat()
        farm.worker()
        wait_until(lambda: sink.deliveries == MOVED, PATIENCE, "the confirmations")
        began = time.monotonic()
        sink.script.stages["data"] = lambda _to: time.sleep(SLOW)
        for moved in all_of_them:
            ReminderRuleFactory(conference=moved.conference)
        wait_until(lambda: sink.deliveries >= MOVED + MOVED // 8, PATIENCE, "the first reminders")
        for moved in farm.random.sample(all_of_them, MOVED):
            moved.happen()
            time.sleep(farm.random.uniform(0, SLOW / 2))
        moving = time.monotonic() - began
        told = Notice.objects.filter(done_at=None)
        wait_until(
            lambda: not told.exists() and not rules_to_plan(), PATIENCE, "planning and telling"
        )
        busy = {"due_at__lte": timezone.now()}
        wait_until(
            lambda: not in_state("queued", "claimed", "sending", **busy), PATIENCE, "the end"
        )
        mails = read(sink)
        occurrences = dict(
            Message.objects.filter(kind="reminder").values_list("message_id", "occurrence")
        )
        stale = again = 0
        for moved in all_of_them:
            reminders = mails[moved.guest.email, "reminder"]
            stale += sum(is_stale(mail, moved, occurrences) for mail in reminders)
            if moved.away is not None:
                again += sum(occurrences[mail.message_id] == moved.occurrence for mail in reminders)
        news = {moved: mails[moved.guest.email, "news"] for moved in all_of_them}
        report(
            "T13",
            farm,
            conferences=MOVED,
            met=dict(Counter(moved.met for moved in all_of_them)),
            stale=stale,
            bound=SENDERS,
            news=sum(map(len, news.values())),
            reminders_of_the_new_time=again,
            lost=Message.objects.filter(state="sent").count() - len(sink.distinct),
            duplicates=sink.duplicates,
            moving_took=f"{moving:.0f} s",
            took=f"{time.monotonic() - began:.0f} s",
        )
    assert stale <= SENDERS
    assert {len(found) for found in news.values()} == {1}
    assert sink.duplicates == 0
    for moved, (mail,) in news.items():
        (confirmation,) = mails[moved.guest.email, "confirmation"]
        method, uid, sequence = entry_in(confirmation)
        assert (method, uid) == ("PUBLISH", str(moved.guest.uid))
        told_method, told_uid, told_sequence = entry_in(mail)
        assert told_method == ("PUBLISH" if moved.away else "CANCEL")
        assert told_uid == uid
        assert told_sequence > sequence
        # The reminder of a new time that is near is sent once; that of a far one waits for it.
        rows = Message.objects.filter(conference=moved.conference, kind="reminder")
        if moved.away is None:
            assert not rows.filter(state="queued").exists()
            continue
        (row,) = rows.filter(occurrence=moved.occurrence)
        assert not rows.filter(state="queued").exclude(pk=row.pk).exists()
        if moved.away < dt.timedelta(days=1):
            assert row.state == "sent"
        else:
            assert row.state == "queued"
            assert row.due_at > timezone.now() + dt.timedelta(days=20)
