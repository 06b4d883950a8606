"""A guest registers once a key, and an address in use is told to nobody but its owner."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import suppress

import pytest
from django.db import IntegrityError
from django.db.models import F

from core.actors import ANONYMOUS
from core.errors import DomainError, invalid
from core.models import AuditEntry, IdempotencyRecord
from events.models import Conference
from notifications.models import Message
from registrations.models import Allotment, Booking, Registration, RegistrationType
from registrations.services import doors, registering, registration_rows
from registrations.services.doors import AlreadyRegisteredError
from registrations.services.guest_registering import register_guest
from registrations.services.links import manage_url, revoke_link
from tests.factories.registrations import (
    AccessCodeFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(conference, guest_type):
    def call(key="k", body=b"1", scope="somebody POST /x", email="ana@example.org", **more):
        return register_guest(
            conference=conference,
            details={
                "type_slug": more.pop("type_slug", "guest"),
                "access_code": more.pop("access_code", ""),
                "sessions": more.pop("sessions", ()),
                "given_name": "Ana",
                "family_name": "Petrović",
                "email": email,
                "language": "en",
            },
            source="api",
            actor=ANONYMOUS,
            scope=scope,
            key=key,
            body=body,
            **more,
        )

    return call


def wrong_answers():
    raise invalid("/answers/dinner", "required", "This is needed.")


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"type_slug": "nobody", "parts": wrong_answers}, "/registration_type"),
        ({"type_slug": "NO type", "sessions": ["NONE23"]}, "/registration_type"),
        ({"type_slug": "staff", "parts": wrong_answers}, "/registration_type"),
        ({"type_slug": "guest", "access_code": "STAFF", "parts": wrong_answers}, "/access_code"),
        ({"type_slug": "staff", "access_code": "STAFF", "parts": wrong_answers}, "/answers/dinner"),
        ({"parts": wrong_answers}, "/answers/dinner"),
        ({"sessions": ["NONE23"]}, "/sessions/0"),
    ],
)
def test_a_wrong_type_is_said_before_what_depends_on_it(ask, conference, more, pointer):
    staff = RegistrationTypeFactory(conference=conference, slug="staff", public=False)
    code = AccessCodeFactory(conference=conference, code="STAFF")
    code.registration_types.add(staff)
    with pytest.raises(DomainError) as caught:
        ask(**more)
    assert [error.pointer for error in caught.value.errors] == [pointer]
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("key", [None, "k"])
def test_the_answer_opens_the_personal_page(ask, key):
    answer = ask(key=key)

    row = Registration.objects.get()
    assert answer.status == 201
    assert json.loads(answer.body) == {
        "code": row.code,
        "status": "confirmed",
        "manage_url": manage_url(row),
        "companions": [],
    }


def test_the_same_request_gets_the_same_answer(ask, told):
    first, second = ask(), ask()

    assert (first.body, first.replayed, second.replayed) == (second.body, False, True)
    assert (Registration.objects.count(), told) == (1, [("registered", 1, True)])


@pytest.mark.parametrize("key", [None, "k"])
def test_who_wants_the_link_only_gets_no_more(ask, key):
    answer = ask(key=key, link_only=True)
    row = Registration.objects.get()
    assert json.loads(answer.body) == {"code": row.code, "manage_url": manage_url(row)}
    assert answer.location == manage_url(row)
    if key is not None:
        again = ask(key=key, link_only=True)
        assert (again.body, again.replayed) == (answer.body, True)
        assert Registration.objects.count() == 1


def test_what_is_kept_holds_no_link(ask):
    ask()

    kept = IdempotencyRecord.objects.get()
    assert json.loads(kept.response_body)["manage_url"] == "{manage_url}"


def test_a_replay_never_brings_a_revoked_link_back(ask):
    first = ask()
    row = Registration.objects.get()
    revoke_link(registration=row, actor=ANONYMOUS)

    assert json.loads(ask().body)["manage_url"] == manage_url(row)
    assert ask().body != first.body


def test_another_body_under_the_same_key_is_refused(ask):
    ask()

    with pytest.raises(DomainError) as caught:
        ask(body=b"2", email="mila@example.org")
    assert caught.value.kind == "idempotency-mismatch"
    assert Registration.objects.count() == 1


def test_keys_of_different_callers_have_nothing_to_do_with_each_other(ask):
    ask(scope="one POST /x")
    ask(scope="two POST /x", email="mila@example.org")

    assert Registration.objects.count() == 2


def test_a_refusal_takes_its_key_back(ask, guest_type):
    guest_type.closes_at = dt.datetime(2027, 3, 1, tzinfo=dt.UTC)
    guest_type.save()
    with pytest.raises(DomainError):
        ask()
    assert not IdempotencyRecord.objects.exists()

    guest_type.closes_at = None
    guest_type.save()
    assert ask().status == 201


@pytest.mark.parametrize("key", [None, "another"])
def test_the_owner_of_an_address_in_use_is_mailed_the_link_once_an_hour(ask, key, told, clock):
    ask()
    told.clear()

    for _ in range(2):
        with pytest.raises(DomainError) as caught:
            ask(key=key, body=b"2")
        assert caught.value.kind == "already-registered"

    assert told == [("link_requested", 1, True)]
    assert Registration.objects.count() == IdempotencyRecord.objects.count() == 1
    assert [e.verb for e in AuditEntry.objects.order_by("pk")] == ["register", "send_link"]
    clock.shift(dt.timedelta(hours=1))
    with pytest.raises(DomainError):
        ask(key=key, body=b"2")
    assert told == [("link_requested", 1, True)] * 2


class TestWhoeverIsQuicker:
    """Somebody takes the last place, changes the type or uses the address between two looks."""

    @pytest.fixture
    def between(self, monkeypatch):
        """Return a function: do these after so many looks at the door, one after each."""

        def do(*deeds):
            left, done = list(deeds), []

            def look_and_be_late(*args):
                for deed in done:  # an undone transaction took it along, being the test's own
                    with suppress(DomainError):
                        deed()
                door = doors.look(*args)
                if left:
                    done.append(left.pop(0))
                    done[-1]()
                return door

            monkeypatch.setattr(registering, "look", look_and_be_late)
            return left

        return do

    def fill(self):
        Allotment.objects.update(taken=F("capacity"))

    def rename(self):
        RegistrationType.objects.update(version=F("version") + 1)

    @pytest.mark.parametrize("key", ["k", None])
    def test_the_last_place_went_and_they_wait(self, ask, between, key):
        left = between(self.fill)
        answer = ask(key=key)
        row = Registration.objects.get()
        assert (left, row.status) == ([], "waiting_list")
        assert json.loads(answer.body)["code"] == row.code
        assert IdempotencyRecord.objects.count() == (1 if key else 0)
        assert AuditEntry.objects.filter(verb="register").count() == 1
        assert Message.objects.filter(kind="waiting_list").count() == 1

    @pytest.mark.parametrize("key", ["k", None])
    def test_the_last_place_went_and_there_is_no_list(self, ask, between, key):
        RegistrationType.objects.update(waiting_list=False)
        between(self.fill)
        with pytest.raises(DomainError) as caught:
            ask(key=key)
        assert caught.value.kind == "sold-out"
        assert not Registration.objects.exists()
        assert not IdempotencyRecord.objects.exists()

    @pytest.mark.parametrize("key", ["k", None])
    @pytest.mark.parametrize("times", [1, 3, 4])
    def test_the_type_changed_again_and_again(self, ask, between, key, times):
        left = between(*[self.rename] * times)
        ask(key=key)
        assert left == []
        assert Registration.objects.get().status == "confirmed"
        assert Allotment.objects.get().taken == 1

    @pytest.mark.parametrize("key", ["k", None])
    def test_the_conference_was_called_off(self, ask, between, key):
        left = between(lambda: Conference.objects.update(state="cancelled"))
        with pytest.raises(DomainError) as caught:
            ask(key=key)
        assert (left, caught.value.kind) == ([], "registration-closed")
        assert not Booking.objects.exists()
        assert not Registration.objects.exists()
        assert not IdempotencyRecord.objects.exists()
        assert not Message.objects.exists()

    @pytest.mark.parametrize("key", ["k", None])
    def test_the_conference_moved_to_another_day(self, ask, between, conference, key):
        day = conference.start_local + dt.timedelta(days=1)

        def move():
            before = Conference.objects.filter(start_local__lt=day)
            before.update(start_local=day, plan_revision=F("plan_revision") + 1)

        left = between(move)
        ask(key=key)
        assert left == []
        assert Registration.objects.get().confirmed_day == day.date()
        assert Booking.objects.count() == Message.objects.count() == 1

    @pytest.mark.parametrize("key", ["k", None])
    def test_the_address_is_in_use_by_now(self, ask, between, guest_type, key):
        between(lambda: RegistrationFactory(registration_type=guest_type, email="ana@example.org"))
        with pytest.raises(AlreadyRegisteredError):
            ask(key=key)
        assert not Registration.objects.filter(source="api").exists()
        assert not IdempotencyRecord.objects.exists()

    @pytest.mark.parametrize("key", ["k", None])
    def test_a_fault_of_ours_is_no_race(self, ask, monkeypatch, key):
        def refuse(*args, **kwargs):
            raise IntegrityError("a fault")

        monkeypatch.setattr(registration_rows, "take_places", refuse)
        with pytest.raises(IntegrityError, match="a fault"):
            ask(key=key)
        assert not Registration.objects.exists()
        assert not IdempotencyRecord.objects.exists()
