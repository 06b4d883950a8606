"""register(): all checks first, the place last, and a refusal leaves no trace."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import ANONYMOUS, SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from events.enums import ConferenceState
from events.models import Conference
from registrations.models import Allotment, Booking, Registration, RegistrationPlace
from registrations.services.cancelling import cancel_registration
from registrations.services.doors import AlreadyRegisteredError
from registrations.services.registering import register
from tests.factories.events import PersonFactory
from tests.factories.registrations import (
    AllotmentFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db


def rows():
    """Return how many rows of each kind there are, and places taken."""
    return (
        Booking.objects.count(),
        Registration.objects.count(),
        RegistrationPlace.objects.count(),
        sum(Allotment.objects.values_list("taken", flat=True)),
        AuditEntry.objects.count(),
    )


def refusal(call, **arguments):
    with pytest.raises(DomainError) as caught:
        call(**arguments)
    return caught.value


def test_register_confirms_and_takes_a_place(guest, guest_type, told):
    row = guest(
        email=" Ana@Example.ORG ",
        given_name="Ana\t",
        family_name="  Petrović ",
        affiliation="Institute",
        position="Researcher",
        language="sr",
    )

    row.refresh_from_db()
    assert (row.status, row.source, row.registration_type) == ("confirmed", "form", guest_type)
    assert (row.given_name, row.family_name) == ("Ana", "Petrović")
    assert (row.email, row.email_key) == ("Ana@example.org", "ana@example.org")
    assert (row.affiliation, row.position, row.language) == ("Institute", "Researcher", "sr-Latn")
    assert row.search_key.startswith("ana petrovic ana@example.org institute researcher ")
    assert row.sort_key == "petrovic ana"
    assert row.confirmed_at == row.status_at == dt.datetime(2027, 3, 1, 10, tzinfo=dt.UTC)
    assert row.booking.contact_name == "Ana Petrović"
    assert row.booking.contact_email_key == "ana@example.org"
    assert [(p.count, p.allotment.taken) for p in row.places.all()] == [(1, 1)]
    assert told == [("registered", 1, True)]
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.object_uid) == ("register", str(row.uid))
    assert entry.facts == {"status": "confirmed", "source": "form"}


def test_register_takes_few_statements(guest, guest_type, unheard, round_trips):
    # One look; then savepoint, conference, booking, registration, audit, place and its row,
    # release. PostgreSQL gets conference, booking and registration together, and the last three.
    with round_trips(9, together=4):
        guest()


def test_register_draws_from_every_allotment_of_the_type(guest, guest_type, conference):
    dinner = AllotmentFactory(conference=conference, name="dinner", capacity=1)
    guest_type.allotments.add(dinner)
    guest_type.waiting_list = False
    guest_type.save()

    guest()
    dinner.refresh_from_db()
    assert dinner.taken == 1
    before = rows()

    assert refusal(guest, email="b@example.org").kind == "sold-out"
    assert rows() == before


def test_register_joins_the_waiting_list_when_full(guest, conference, told):
    RegistrationTypeFactory(conference=conference, slug="small", capacity=1)

    statuses = [guest(email=f"{n}@example.org", type_slug="small").status for n in range(3)]

    assert statuses == ["confirmed", "waiting_list", "waiting_list"]
    assert Allotment.objects.get().taken == RegistrationPlace.objects.count() == 1
    assert [event[0] for event in told] == ["registered"] * 3


def test_register_lets_nobody_pass_those_who_wait(guest, conference):
    RegistrationTypeFactory(conference=conference, slug="small", capacity=1, automatic_offers=False)
    first = guest(email="1@example.org", type_slug="small")
    guest(email="2@example.org", type_slug="small")
    cancel_registration(registration=first, actor=SYSTEM)

    assert guest(email="3@example.org", type_slug="small").status == "waiting_list"
    by_hand = guest(email="4@example.org", type_slug="small", source="organiser")
    assert by_hand.status == "confirmed"


def test_register_is_refused_when_full_without_a_waiting_list(guest, conference):
    RegistrationTypeFactory(conference=conference, slug="small", capacity=0, waiting_list=False)
    before = rows()

    assert refusal(guest, type_slug="small").kind == "sold-out"
    assert rows() == before


@pytest.mark.parametrize(("waiting_list", "expected"), [(True, "waiting_list"), (False, None)])
def test_a_place_that_goes_while_we_look_is_not_given_twice(
    guest, guest_type, monkeypatch, waiting_list, expected
):
    """The last place goes between the look and the taking."""
    guest_type.waiting_list = waiting_list
    guest_type.save()
    monkeypatch.setattr("registrations.services.registration_rows.take_places", lambda **_: 0)
    before = rows()

    if expected:
        row = guest()
        row.refresh_from_db()
        assert (row.status, row.confirmed_at) == (expected, None)
    else:
        assert refusal(guest).kind == "sold-out"
        assert rows() == before


def test_register_asks_for_approval_without_taking_a_place(guest, conference):
    RegistrationTypeFactory(conference=conference, slug="press", approval=True, capacity=1)

    assert guest(type_slug="press").status == "pending_approval"
    assert Allotment.objects.get().taken == 0
    assert guest("b@example.org", type_slug="press", source="organiser").status == "confirmed"


@pytest.mark.parametrize(
    "again", ["ana@example.org", "ANA@Example.org", " ana@EXAMPLE.ORG ", "Ana@example.org"]
)
def test_an_address_registers_once(guest, guest_type, again):
    guest("ana@example.org")
    before = rows()

    error = refusal(guest, email=again, given_name="Somebody", family_name="Else")

    assert (error.kind, type(error)) == ("already-registered", AlreadyRegisteredError)
    assert "Ana" not in error.detail
    assert "Petrović" not in error.detail
    assert rows() == before


def test_an_address_registers_once_when_both_looked_at_the_same_time(
    guest, guest_type, monkeypatch
):
    """The unique index has the last word."""
    from registrations.services import registering

    look = registering.look
    monkeypatch.setattr(
        registering,
        "look",
        lambda conference, slug, _key, now: look(conference, slug, "nobody", now),
    )
    guest()
    before = rows()

    assert refusal(guest).kind == "already-registered"
    assert rows() == before


def test_a_fault_of_ours_is_not_called_a_second_registration(guest, guest_type, monkeypatch):
    from django.db import IntegrityError

    def fail(**_):
        raise IntegrityError("something else")

    monkeypatch.setattr("registrations.services.registration_rows.take_places", fail)
    before = rows()

    with pytest.raises(IntegrityError):
        guest()
    assert rows() == before


def test_who_cancelled_may_register_again(guest, guest_type):
    cancel_registration(registration=guest(), actor=ANONYMOUS, by_guest=True)

    assert guest().status == "confirmed"
    assert Allotment.objects.get().taken == 1


def test_one_address_can_not_be_registered_again_and_again(guest, guest_type, settings, clock):
    settings.THROTTLE = True
    for _ in range(3):
        cancel_registration(registration=guest(), actor=ANONYMOUS)
    before = rows()

    assert refusal(guest).kind == "throttled"
    assert rows() == before
    assert guest(source="organiser").status == "confirmed"
    cancel_registration(registration=Registration.objects.live().get(), actor=SYSTEM)
    clock.shift(dt.timedelta(days=1, seconds=1))
    assert guest().status == "confirmed"


@pytest.mark.parametrize(
    ("changes", "now", "kind"),
    [
        ({"opens": "2027-03-01T11:01"}, None, "registration-closed"),
        ({"opens": "2027-03-01T11:00"}, None, None),
        ({"closes": "2027-03-01T11:00"}, None, "registration-closed"),
        ({"closes": "2027-03-01T11:01"}, None, None),
        ({}, "2027-03-18T12:29", None),
        ({}, "2027-03-18T12:30", "registration-closed"),
    ],
)
def test_guests_register_within_the_window(guest, conference, clock, changes, now, kind):
    """Windows are wall-clock times in the conference's zone: 11:00 in Belgrade is 10:00 UTC."""
    from registrations.services.types import create_registration_type

    create_registration_type(
        conference=conference,
        slug="window",
        name={"en": "Window"},
        opens_local=changes.get("opens"),
        closes_local=changes.get("closes"),
        actor=SYSTEM,
    )
    if now:
        clock.move_to(dt.datetime.fromisoformat(f"{now}+00:00"))
    before = rows()

    if kind is None:
        assert guest(type_slug="window").status == "confirmed"
    else:
        assert refusal(guest, type_slug="window").kind == kind
        assert rows() == before
        if now is None:
            assert guest(type_slug="window", source="organiser").status == "confirmed"


@pytest.mark.parametrize(
    ("state", "form", "organiser", "imported"),
    [
        (ConferenceState.DRAFT, False, True, True),
        (ConferenceState.PUBLISHED, True, True, True),
        (ConferenceState.POSTPONED, False, True, True),
        (ConferenceState.CANCELLED, False, False, False),
        (ConferenceState.ARCHIVED, False, False, False),
    ],
)
def test_the_state_of_the_conference_decides(
    guest, guest_type, conference, state, form, organiser, imported
):
    conference.state = state
    conference.save()

    for source, allowed in (("form", form), ("organiser", organiser), ("import", imported)):
        if allowed:
            assert guest(f"{source}@example.org", source=source).status == "confirmed"
        else:
            error = refusal(guest, email=f"{source}@example.org", source=source)
            assert error.kind == "registration-closed"


@pytest.mark.parametrize(("source", "state"), [("form", "postponed"), ("organiser", "cancelled")])
def test_what_was_called_off_while_we_waited_takes_nobody(
    guest, guest_type, monkeypatch, source, state
):
    """The conference changes between the look and the transaction."""
    from registrations.services import registering

    status_at = registering.status_at

    def call_off(*arguments):
        Conference.objects.update(state=state)
        return status_at(*arguments)

    monkeypatch.setattr(registering, "status_at", call_off)
    before = rows()

    assert refusal(guest, source=source).kind == "registration-closed"
    assert rows() == before


def test_only_imports_tell_of_the_past(guest, guest_type, clock):
    clock.move_to(dt.datetime(2027, 3, 19, tzinfo=dt.UTC))

    assert refusal(guest, source="organiser").kind == "registration-closed"
    assert guest(source="import").status == "confirmed"


def test_a_type_that_is_not_public_is_unknown_to_guests(guest, conference):
    RegistrationTypeFactory(conference=conference, slug="staff", public=False)

    error = refusal(guest, type_slug="staff")
    assert [(e.pointer, e.code) for e in error.errors] == [("/registration_type", "unknown")]
    assert guest(type_slug="staff", source="organiser").status == "confirmed"


@pytest.mark.parametrize("slug", ["nothing", "", "guest\x00", "GUEST", "guest'--"])
def test_an_unknown_type_is_refused(guest, guest_type, slug):
    before = rows()

    error = refusal(guest, type_slug=slug)

    assert error.kind == "validation-failed"
    assert [(e.pointer, e.code) for e in error.errors] == [("/registration_type", "unknown")]
    assert rows() == before


def test_a_type_of_another_conference_is_unknown(guest, guest_type):
    RegistrationTypeFactory(slug="elsewhere")

    assert refusal(guest, type_slug="elsewhere").errors[0].pointer == "/registration_type"


@pytest.mark.parametrize(
    ("details", "errors"),
    [
        (
            {"given_name": "", "family_name": " "},
            {"/given_name": "required", "/family_name": "required"},
        ),
        ({"given_name": "A" * 121}, {"/given_name": "too-long"}),
        ({"given_name": "Ana\nBcc: x@example.org"}, {"/given_name": "control-character"}),
        ({"given_name": "Ana\x00"}, {"/given_name": "control-character"}),
        ({"given_name": "Ana\u202eevil"}, {"/given_name": "control-character"}),
        ({"given_name": "https://evil.example/"}, {"/given_name": "link"}),
        ({"family_name": "[Pay](evil)"}, {"/family_name": "link"}),
        ({"family_name": "pay at evil.com"}, {"/family_name": "link"}),
        ({"given_name": 7}, {"/given_name": "invalid"}),
        ({"email": ""}, {"/email": "required"}),
        ({"email": "ana"}, {"/email": "email"}),
        ({"email": "ana@localhost"}, {"/email": "email"}),
        ({"email": "ana@[127.0.0.1]"}, {"/email": "email"}),
        ({"email": "a b@example.org"}, {"/email": "email"}),
        ({"email": '"a b"@example.org'}, {"/email": "email"}),
        ({"email": "ana@exa..mple.org"}, {"/email": "email"}),
        ({"email": "ana@example.org\r\nBcc: x@example.org"}, {"/email": "control-character"}),
        ({"email": "a" * 65 + "@example.org"}, {"/email": "email"}),
        ({"email": "a@" + "b" * 250 + ".org"}, {"/email": "too-long"}),
        ({"email": "a@" + ".".join(["цажимбугкдезпотсрнхл" * 2] * 5) + ".рф"}, {"/email": "email"}),
        ({"email": "ıvan@example.org"}, {"/email": "email-local-part"}),
        ({"language": "de"}, {"/language": "unknown"}),
        ({"language": "english please"}, {"/language": "unknown"}),
        ({"affiliation": "x" * 201}, {"/affiliation": "too-long"}),
    ],
)
def test_every_wrong_value_is_named(guest, guest_type, details, errors):
    before = rows()

    error = refusal(guest, **details)

    assert error.kind == "validation-failed"
    assert {e.pointer: e.code for e in error.errors} == errors
    assert rows() == before


@pytest.mark.parametrize(
    ("given_name", "family_name"),
    [
        ("J. R.", "St.John"),
        ("Цвијета", "Цвијић"),
        ("José-María", "O’Neill"),
        ("A", "Li"),
        ("مريم", "الهاشمي"),
    ],
)
def test_names_of_the_world_are_names(guest, guest_type, given_name, family_name):
    row = guest(given_name=given_name, family_name=family_name)

    assert (row.given_name, row.family_name) == (given_name, family_name)


def test_a_domain_of_another_script_is_an_address(guest, guest_type):
    row = guest("ana@пример.рф")

    assert (row.email, row.email_key) == ("ana@пример.рф", "ana@xn--e1afmkfd.xn--p1ai")
    assert refusal(guest, email="ana@xn--e1afmkfd.xn--p1ai").kind == "already-registered"


def test_errors_of_an_import_point_into_its_row(guest, guest_type):
    error = refusal(guest, given_name="", source="import", pointer_prefix="/rows/3")
    assert [e.pointer for e in error.errors] == ["/rows/3/given_name"]
    error = refusal(guest, type_slug="no", source="import", pointer_prefix="/rows/3")
    assert [e.pointer for e in error.errors] == ["/rows/3/registration_type"]


def test_an_organiser_needs_no_address(guest, guest_type):
    people = [guest("", source="organiser", contact_email="office@example.org") for _ in range(2)]

    assert [(p.email, p.email_key) for p in people] == [("", None)] * 2
    assert people[0].booking.contact_email == "office@example.org"


def test_a_person_is_joined_only_when_named(conference, guest_type):
    person = PersonFactory(organisation=conference.organisation, email="ana@example.org")

    row = register(
        conference=conference,
        type_slug="guest",
        given_name="Ana",
        family_name="Petrović",
        email="ana@example.org",
        language="en",
        source="form",
        actor=ANONYMOUS,
    )
    assert row.person is None
    assert RegistrationFactory(person=person).person == person
