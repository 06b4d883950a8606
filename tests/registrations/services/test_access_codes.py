"""Access codes: n uses and not one more, and the places that they keep are always accounted for."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actors import CLOCK, SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from events.services.conferences import change_conference
from registrations.models import AccessCode, Allotment, HeldPlace, Registration
from registrations.services.access_codes import (
    change_access_code,
    create_access_code,
    delete_access_code,
    end_access_code,
    make_access_codes,
    release_expired_codes,
)
from registrations.services.approving import approve_registration, reject_registration
from registrations.services.cancelling import cancel_registration, uncancel_registration
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def press(conference):
    return RegistrationTypeFactory(
        conference=conference, slug="press", capacity=5, public=False, approval=True
    )


@pytest.fixture
def make(conference, guest_type):
    """Return a function: a code for the guests' type, unless others are named."""

    def call(*types, **fields):
        return create_access_code(
            conference=conference,
            registration_types=types or [guest_type],
            actor=SYSTEM,
            **{"code": "Friends", **fields},
        )

    return call


@pytest.fixture
def refused():
    """Return a function: the kind of a refusal, and its codes by pointer."""

    def call(service, **arguments):
        with pytest.raises(DomainError) as caught:
            service(**arguments)
        return caught.value.kind, {e.pointer: e.code for e in caught.value.errors}

    return call


def figures(kind):
    own = kind.allotments.get()
    return own.taken, own.held


def used(code):
    return AccessCode.objects.get(pk=code.pk).used


def audited():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_a_random_code_has_no_look_alikes(conference, guest_type):
    row = create_access_code(
        conference=conference, registration_types=[guest_type], code="", actor=SYSTEM
    )

    assert len(row.code) == 8
    assert not set(row.code) & set("01OIL")
    assert row.code_key == row.code
    assert (row.max_uses, row.holds_places, row.approves, row.active) == (None, False, False, True)
    assert audited() == ["create_access_code"]


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"code": "abc"}, {"/code": "invalid"}),
        ({"code": "two words"}, {"/code": "invalid"}),
        ({"code": "НОВИНАР"}, {"/code": "invalid"}),
        ({"max_uses": 0}, {"/max_uses": "range"}),
        ({"holds_places": True}, {"/max_uses": "required"}),
        ({"expires_local": "soon"}, {"/expires_local": "invalid"}),
    ],
)
def test_what_no_code_can_be_is_named(make, refused, fields, errors):
    assert refused(make, **fields) == ("validation-failed", errors)
    assert (AccessCode.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_code_needs_a_kind_of_place_and_is_there_once(make, conference, refused):
    make()

    assert refused(make, code=" friends ") == ("conflict", {"/code": "taken"})
    nothing = refused(
        create_access_code, conference=conference, registration_types=[], actor=SYSTEM
    )
    assert nothing == ("validation-failed", {"/registration_types": "required"})
    assert AccessCode.objects.count() == 1


def test_a_code_expires_on_the_clock_of_the_conference(make, clock, guest, refused):
    row = make(expires_local="2027-03-02T10:00")

    assert row.expires_at == dt.datetime(2027, 3, 2, 9, tzinfo=dt.UTC)
    guest(access_code="friends")
    clock.move_to("2027-03-02T09:00Z")
    late = refused(guest, email="mila@example.org", access_code="friends")
    assert late == ("validation-failed", {"/access_code": "ended"})


def test_a_code_is_typed_in_any_case_and_kept_with_the_registration(make, guest):
    code = make(max_uses=2)

    row = guest(access_code=" fRiEnDs ")

    assert (row.access_code, row.status, used(code)) == (code, "confirmed", 1)


@pytest.mark.parametrize(
    ("typed", "change", "error"),
    [
        ("FRIEND", {}, "unknown"),
        ("FRIENDS", {"active": False}, "ended"),
        ("FRIENDS", {"max_uses": 1, "used": 1}, "used-up"),
        ("x" * 200, {}, "unknown"),
    ],
)
def test_a_code_that_opens_nothing_says_so_at_its_field(make, guest, refused, typed, change, error):
    make()
    AccessCode.objects.update(**change)

    assert refused(guest, access_code=typed) == ("validation-failed", {"/access_code": error})
    assert not Registration.objects.exists()


def test_a_code_of_another_conference_or_type_opens_nothing(make, press, guest, refused):
    other = RegistrationTypeFactory()
    create_access_code(
        conference=other.conference, registration_types=[other], code="THEIRS", actor=SYSTEM
    )
    make(press)

    assert refused(guest, access_code="THEIRS")[1] == {"/access_code": "unknown"}
    assert refused(guest, access_code="friends")[1] == {"/access_code": "wrong-type"}
    assert refused(guest, type_slug="press")[1] == {"/registration_type": "unknown"}


def test_a_code_opens_what_is_not_public_and_spares_the_approval_if_it_says_so(make, press, guest):
    make(press)
    make(press, code="trusted", approves=True)

    assert guest(type_slug="press", access_code="friends").status == "pending_approval"
    trusted = guest(email="b@example.org", type_slug="press", access_code="trusted")
    assert trusted.status == "confirmed"


def test_no_code_opens_a_window_or_an_ended_conference(make, press, guest, refused, clock):
    make(press, approves=True)
    press.closes_at = timezone.now()
    press.save()
    late = refused(guest, type_slug="press", access_code="friends")
    assert late == ("registration-closed", {})

    press.closes_at = None
    press.save()
    clock.move_to("2027-03-20T10:00")
    assert refused(guest, type_slug="press", access_code="friends")[0] == "registration-closed"


def test_kept_places_go_past_those_who_wait(make, guest, guest_type):
    guest_type.allotments.update(capacity=3)
    code = make(max_uses=2, holds_places=True)
    assert figures(guest_type) == (0, 2)
    assert guest(email="a@example.org").status == "confirmed"
    assert guest(email="b@example.org").status == "waiting_list"

    with_code = guest(email="c@example.org", access_code="friends")

    assert (with_code.status, figures(guest_type), used(code)) == ("confirmed", (2, 1), 1)


def test_without_kept_places_a_code_waits_like_everybody(make, guest, guest_type):
    guest_type.allotments.update(capacity=0)
    code = make(max_uses=1)

    row = guest(access_code="friends")

    assert (row.status, used(code)) == ("waiting_list", 1)


def test_more_than_there_are_can_not_be_kept(make, guest_type, refused):
    guest_type.allotments.update(capacity=3)

    assert refused(make, max_uses=4, holds_places=True)[0] == "sold-out"
    assert (AccessCode.objects.count(), figures(guest_type)) == (0, (0, 0))


def test_a_use_leaves_no_place_kept_in_another_kind(make, guest, guest_type, press):
    make(guest_type, press, max_uses=2, holds_places=True)
    assert (figures(guest_type), figures(press)) == ((0, 2), (0, 2))

    row = guest(access_code="friends")
    assert (figures(guest_type), figures(press)) == ((1, 1), (0, 1))

    cancel_registration(registration=row, actor=SYSTEM)
    assert (figures(guest_type), figures(press)) == ((0, 2), (0, 2))


def test_cancelling_gives_the_use_and_its_kept_place_back_and_uncancelling_takes_both(
    make, guest, guest_type
):
    code = make(max_uses=1, holds_places=True)
    row = guest(access_code="friends")
    assert (used(code), figures(guest_type), HeldPlace.objects.count()) == (1, (1, 0), 0)

    cancel_registration(registration=row, actor=SYSTEM)
    assert (used(code), figures(guest_type), HeldPlace.objects.get().count) == (0, (0, 1), 1)

    uncancel_registration(registration=row, actor=SYSTEM)
    assert (used(code), figures(guest_type), HeldPlace.objects.count()) == (1, (1, 0), 0)


def test_what_an_ended_code_kept_is_free(make, guest, guest_type):
    code = make(max_uses=3, holds_places=True)
    row = guest(access_code="friends")

    end_access_code(access_code=code, expected=None, actor=SYSTEM)
    assert figures(guest_type) == (1, 0)
    cancel_registration(registration=row, actor=SYSTEM)
    assert (figures(guest_type), used(code)) == ((0, 0), 0)


def test_a_use_that_somebody_else_has_is_not_taken_twice(make, guest, refused):
    code = make(max_uses=1)
    first = guest(access_code="friends")
    cancel_registration(registration=first, actor=SYSTEM)
    guest(email="b@example.org", access_code="friends")

    again = refused(uncancel_registration, registration=first, actor=SYSTEM)

    first.refresh_from_db()
    assert (again, first.status, used(code)) == (("conflict", {}), "cancelled", 1)


def test_who_asks_keeps_the_kept_place_until_the_answer(make, press, guest):
    code = make(press, max_uses=2, holds_places=True)
    asks, too = (
        guest(email=f"{n}@example.org", type_slug="press", access_code="friends") for n in "ab"
    )
    assert (used(code), figures(press)) == (2, (0, 2))

    approve_registration(registration=asks, actor=SYSTEM)
    reject_registration(registration=too, actor=SYSTEM)

    assert (used(code), figures(press)) == (1, (1, 1))


def test_more_or_fewer_uses_keep_more_or_fewer_places(make, guest, guest_type, press, refused):
    code = make(max_uses=2, holds_places=True)
    guest(access_code="friends")

    def change(**changes):
        return change_access_code(access_code=code, changes=changes, expected=None, actor=SYSTEM)

    change(max_uses=5)
    assert figures(guest_type) == (1, 4)
    change(max_uses=1)
    assert figures(guest_type) == (1, 0)
    change(max_uses=3, registration_types=[press])
    assert (figures(guest_type), figures(press)) == ((1, 0), (0, 2))
    too_many = refused(change, max_uses=50)
    assert (too_many[0], figures(press)) == ("sold-out", (0, 2))
    AccessCode.objects.update(used=3)
    assert refused(change, max_uses=2)[1] == {"/max_uses": "below-used"}
    change(holds_places=False)
    assert figures(press) == (0, 0)


def test_a_change_names_its_version(make, refused):
    code = make()
    change_access_code(access_code=code, changes={"name": "A"}, expected=1, actor=SYSTEM)

    assert refused(
        change_access_code, access_code=code, changes={"name": "B"}, expected=1, actor=SYSTEM
    ) == ("stale", {})
    same = change_access_code(access_code=code, changes={"name": "A"}, expected=2, actor=SYSTEM)
    assert (same.version, audited()) == (2, ["create_access_code", "change_access_code"])


def test_the_clock_releases_what_expired_codes_keep(make, guest_type, clock):
    make(max_uses=2, holds_places=True, expires_local="2027-03-02T10:00")
    assert release_expired_codes() == 0

    clock.move_to("2027-03-02T10:00Z")
    assert (release_expired_codes(), release_expired_codes()) == (1, 0)
    assert figures(guest_type) == (0, 0)
    last = AuditEntry.objects.latest("pk")
    assert (last.verb, last.actor_kind) == ("release_expired_code", CLOCK.kind)


def test_many_codes_for_one_use_each_are_made_together(conference, guest_type, refused):
    arguments = {"conference": conference, "registration_types": [guest_type], "actor": SYSTEM}

    rows = make_access_codes(number=4, name="Students", holds_places=True, **arguments)

    assert len({row.code for row in rows}) == 4
    assert {(row.max_uses, row.name) for row in rows} == {(1, "Students")}
    assert all(list(row.registration_types.all()) == [guest_type] for row in rows)
    assert figures(guest_type) == (0, 4)
    assert refused(make_access_codes, number=501, **arguments)[1] == {"/number": "range"}
    too_many = refused(make_access_codes, number=7, holds_places=True, **arguments)
    assert too_many[0] == "sold-out"
    assert (AccessCode.objects.count(), audited()) == (4, ["make_access_codes"])


def test_only_an_unused_code_is_deleted(make, guest, guest_type, refused):
    code = make(max_uses=3, holds_places=True)
    row = guest(access_code="friends")
    cancel_registration(registration=row, actor=SYSTEM)

    assert refused(delete_access_code, access_code=code, expected=None, actor=SYSTEM)[0] == "in-use"
    Registration.objects.all().delete()
    delete_access_code(access_code=code, expected=None, actor=SYSTEM)
    assert (AccessCode.objects.count(), HeldPlace.objects.count(), figures(guest_type)[1]) == (
        0,
        0,
        0,
    )


@pytest.mark.parametrize("values", [{"used": 2}, {"used": -1}, {"max_uses": None}])
def test_the_database_itself_refuses_one_use_too_many(make, values):
    make(max_uses=1, holds_places=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        AccessCode.objects.update(**values)


def test_registering_with_a_code_takes_few_statements(make, guest, unheard, round_trips):
    make(max_uses=2, holds_places=True)

    # The nine of any registration; the code and its types, what it keeps (at the door, and when it
    # is taken), its use, what it keeps from now on.
    with round_trips(15, together=4):
        guest(access_code="friends")


def test_a_wrong_kept_figure_would_be_seen(make, guest_type):
    make(max_uses=3, holds_places=True)

    rows = HeldPlace.objects.values_list("allotment_id", "count")
    assert dict(rows) == dict(Allotment.objects.values_list("pk", "held"))
    RegistrationFactory(registration_type=guest_type)
    assert figures(guest_type) == (1, 3)


def test_a_code_that_has_expired_is_not_revived_by_another_zone(conference, make):
    code = make(max_uses=1, holds_places=True, expires_local="2027-03-01T10:30")
    later = make(code="Later", max_uses=1, expires_local="2027-03-09T10:30")
    AccessCode.objects.filter(pk=code.pk).update(expires_at=timezone.now())
    release_expired_codes()

    change_conference(
        conference=conference,
        changes={"time_zone": "America/New_York"},
        expected=None,
        actor=SYSTEM,
    )

    code.refresh_from_db()
    assert not AccessCode.objects.in_use().filter(pk=code.pk).exists()
    before = later.expires_at
    later.refresh_from_db()
    assert later.expires_at > before
