"""Organisers hear of an announcement that was held back: once, and not through the outbox."""

from __future__ import annotations

import datetime as dt
import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.enums import Role
from notifications import tasks
from notifications.models import Announcement, Message
from notifications.services.hold_notices import tell_of_held
from notifications.services.reading import local_moment
from tests.factories.accounts import AccountFactory, MembershipFactory
from tests.factories.notifications import AnnouncementFactory, conference_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(organisation):
    for role in (Role.OWNER, Role.REGISTRAR, Role.PROGRAMME, Role.VIEWER):
        account = AccountFactory(email=f"{role}@house.example.org", name=role.title())
        MembershipFactory(organisation=organisation, account=account, role=role)
    gone = AccountFactory(email="gone@house.example.org", is_active=False)
    MembershipFactory(organisation=organisation, account=gone, role=Role.OWNER)
    return organisation


@pytest.fixture
def held(team):
    at = timezone.now() - dt.timedelta(minutes=1)
    return AnnouncementFactory(
        conference=conference_in(organisation=team, slug="forum"),
        state="held",
        round=1,
        undo_until=at,
        held_at=at,
        held_for=[
            {"detail": "The conference is cancelled."},
            {"detail": "It was sent to 3 people and would go to 13 now."},
        ],
    )


def test_who_may_send_mail_is_told_why_and_where(held):
    assert tell_of_held() == 1
    assert sorted(message.to for message in mail.outbox) == [
        ["owner@house.example.org"],
        ["registrar@house.example.org"],
    ]
    message = mail.outbox[0]
    assert message.subject == "Held back: A word on the programme"
    assert "- The conference is cancelled.\n- It was sent to 3 people and" in message.body
    at = local_moment(held.undo_until, held.conference.time_zone)
    assert f"was to leave on {at} and is held back. Nobody has got it" in message.body
    assert f"/manage/institute/forum/announcements/{held.code}/" in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert not Message.objects.exists()


def test_they_are_told_once_and_again_of_another_time(held):
    assert (tell_of_held(), tell_of_held()) == (1, 0)
    Announcement.objects.update(told_at=None, round=2)
    assert tell_of_held() == 1


def test_the_minute_that_looks_for_standstills_tells_of_it(held):
    tasks.warn_about_standstill()
    assert len(mail.outbox) == 2


def test_what_is_not_held_back_is_told_of_to_nobody(held):
    Announcement.objects.update(state="draft", held_at=None, undo_until=None)
    assert tell_of_held() == 0
    assert mail.outbox == []


def test_while_the_mail_server_is_away_nobody_is_taken_to_be_told(held, monkeypatch):
    def away(self):
        raise OSError("refused")

    monkeypatch.setattr(EmailBackend, "open", away)
    assert tell_of_held() == 0
    monkeypatch.undo()
    assert tell_of_held() == 1


def test_one_address_that_is_refused_stops_no_other(held, monkeypatch):
    original = EmailBackend.send_messages

    def refuses(self, messages):
        if messages[0].to == ["owner@house.example.org"]:
            raise smtplib.SMTPRecipientsRefused({})
        return original(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuses)
    assert (tell_of_held(), tell_of_held()) == (1, 0)
    assert [message.to for message in mail.outbox] == [["registrar@house.example.org"]]
