"""What needs an organiser about mail, as sentences with one button each."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.permissions import permissions_of
from console.overview.needs import Need, needs_of
from core.actors import SYSTEM
from events.models import Conference
from notifications.models import OutboxTrouble
from notifications.services.announcement_control import undo_announcement
from notifications.services.pausing import pause_conference_mail
from notifications.services.sending_switch import pause_sending
from tests.factories.accounts import OrganisationFactory
from tests.factories.events import ConferenceFactory
from tests.factories.notifications import AnnouncementFactory, MessageFactory

PARKING = "Where to park"
OVER = "The conference is over."


def needs(*conferences, role=Role.OWNER, **options):
    granted = permissions_of(role)
    return needs_of("institute", conferences, lambda permission: permission in granted, **options)


def sentences(*conferences, **options):
    return [need.sentence for need in needs(*conferences, **options)]


def held(conference, subject=PARKING, reasons=(OVER,)):
    """Return an announcement that was looked at when it was to leave, and held back."""
    return AnnouncementFactory(
        conference=conference,
        subject={"en": subject},
        state="held",
        round=1,
        undo_until=timezone.now(),
        held_at=timezone.now(),
        held_for=[{"check": "conference-over", "detail": reason} for reason in reasons],
    )


def test_an_announcement_that_is_held_back_leads_to_its_page(forum):
    row = held(forum.conference)
    assert needs(forum.conference) == [
        Need(
            "1 announcement of Open Forum is held back: “Where to park”. The conference is over.",
            "See why",
            f"/manage/institute/open-forum/announcements/{row.code}/",
            "bad",
        )
    ]
    undo_announcement(announcement=row, actor=SYSTEM)
    assert needs(forum.conference) == []


@pytest.mark.parametrize(
    ("others", "counted"),
    [(["No imprint."], "1 more reason"), (["No imprint.", "No contact."], "2 more reasons")],
)
def test_of_several_reasons_one_is_said_and_the_others_counted(forum, others, counted):
    held(forum.conference, reasons=(OVER, *others))
    assert sentences(forum.conference) == [
        f"1 announcement of Open Forum is held back: “{PARKING}”. {OVER} And {counted}."
    ]


@pytest.mark.parametrize(
    ("subjects", "named"),
    [
        (["Where to park", "The menu"], "“Where to park” and “The menu”"),
        (["A", "B", "C"], "“A”, “B” and “C”"),
        (["A", "B", "C", "D", "E"], "“A”, “B” and 3 more"),
    ],
)
def test_several_that_are_held_back_lead_to_the_list(forum, subjects, named):
    for subject in subjects:
        held(forum.conference, subject)
    assert needs(forum.conference) == [
        Need(
            f"{len(subjects)} announcements of Open Forum are held back: {named}.",
            "Look at them",
            "/manage/institute/open-forum/announcements/",
            "bad",
        )
    ]


def test_what_is_held_back_is_said_before_anything_else(forum, guests):
    guest, *_ = guests(1, "pending_approval")
    MessageFactory(registration=guest, state="failed")
    pause_sending(reason="Restored from a copy", actor=SYSTEM)
    held(forum.conference)
    first, *rest = sentences(forum.conference)
    assert first.startswith("1 announcement of Open Forum is held back")
    assert rest[0] == "No mail leaves: Restored from a copy"
    assert len(rest) == 3


def test_the_house_says_it_of_conferences_that_are_not_ahead_any_more(forum, organisation):
    cancelled = ConferenceFactory(
        organisation=organisation, slug="lakes", title={"en": "Lakes"}, state="cancelled"
    )
    row = held(cancelled)
    held(forum.conference, "The menu")
    held(ConferenceFactory(organisation=OrganisationFactory()), "Another house's")
    ours = "1 announcement of Open Forum is held back: “The menu”. The conference is over."
    assert sentences(forum.conference) == [ours]
    found = needs(forum.conference, house=organisation)
    theirs = "1 announcement of Lakes is held back: “Where to park”. The conference is over."
    assert {need.sentence for need in found} == {ours, theirs}
    assert f"/manage/institute/lakes/announcements/{row.code}/" in {need.url for need in found}
    Conference.objects.filter(pk=forum.conference.pk).delete()
    assert [need.sentence for need in needs(house=organisation)] == [theirs]


@pytest.mark.parametrize(
    ("role", "number"),
    [(Role.OWNER, 1), (Role.REGISTRAR, 1), (Role.PROGRAMME, 0), (Role.DOOR, 0), (Role.VIEWER, 0)],
)
def test_who_does_not_see_mail_is_told_of_nothing_held_back(forum, role, number):
    held(forum.conference)
    assert len(needs(forum.conference, role=role)) == number


def test_mail_that_did_not_go(forum, guests):
    guest, *_ = guests(1)
    due = timezone.now() - dt.timedelta(minutes=10)
    MessageFactory(registration=guest, state="failed")
    MessageFactory(registration=guest, state="unknown")
    MessageFactory(registration=guest, due_at=due)
    MessageFactory(registration=guest, due_at=due)
    MessageFactory(registration=guest, due_at=timezone.now())
    assert sentences(forum.conference) == [
        "2 mails of Open Forum should have gone by now.",
        "1 mail of Open Forum could not be delivered.",
        "Of 1 mail of Open Forum nobody knows whether they went.",
    ]


def test_mail_that_is_stopped_says_why_and_is_not_called_late(forum, guests):
    guest, *_ = guests(1)
    MessageFactory(registration=guest, due_at=timezone.now() - dt.timedelta(minutes=10))
    pause_sending(reason="Restored from a copy", actor=SYSTEM)
    assert sentences(forum.conference) == ["No mail leaves: Restored from a copy"]


def test_a_conference_whose_mail_is_paused_leads_to_the_button(forum, guests):
    guest, *_ = guests(1)
    MessageFactory(registration=guest, due_at=timezone.now() - dt.timedelta(minutes=10))
    pause_conference_mail(conference=forum.conference, reason="New room", actor=SYSTEM)
    assert needs(forum.conference) == [
        Need(
            "The mail of Open Forum is paused: New room",
            "Resume",
            "/manage/institute/open-forum/outbox/resume/",
            "warn",
        )
    ]


def test_mail_that_stands_still_is_said_first(forum, guests):
    guest, *_ = guests(1)
    MessageFactory(registration=guest, due_at=timezone.now() - dt.timedelta(minutes=20))
    OutboxTrouble.objects.create(
        organisation=forum.conference.organisation,
        kind="standstill",
        number=1,
        since=timezone.now(),
        seen_at=timezone.now(),
    )
    first, *rest = sentences(forum.conference)
    assert first.startswith("Mail stands still: 1 mail is due, the oldest since ")
    assert rest == ["1 mail of Open Forum should have gone by now."]
