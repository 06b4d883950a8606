"""Allotments shared by kinds of place: who is there takes or gives back, or nothing changes."""

from __future__ import annotations

from collections import Counter

import pytest

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from registrations.models import Allotment, HeldPlace, Registration, RegistrationPlace
from registrations.services.access_codes import create_access_code
from registrations.services.allotments import (
    allotment_lines,
    change_allotment,
    create_allotment,
    delete_allotment,
)
from registrations.services.cancelling import cancel_registration
from registrations.services.sharing import set_allotments
from registrations.services.types import (
    change_registration_type,
    create_registration_type,
    delete_registration_type,
)
from tests.factories.registrations import (
    AllotmentFactory,
    InvitationFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(conference):
    return create_allotment(conference=conference, name="Great hall", capacity=5, actor=SYSTEM)


@pytest.fixture
def press(conference):
    return RegistrationTypeFactory(conference=conference, slug="press", capacity=3)


@pytest.fixture(autouse=True)
def every_place_has_its_row(db):
    """Figures and rows say the same after each test."""
    yield
    taken, held = Counter(), Counter()
    for place in RegistrationPlace.objects.all():
        taken[place.allotment_id] += place.count
    for place in HeldPlace.objects.all():
        held[place.allotment_id] += place.count
    for row in Allotment.objects.all():
        assert (row.taken, row.held) == (taken[row.pk], held[row.pk])


def refusal(service, **arguments):
    with pytest.raises(DomainError) as caught:
        service(**arguments)
    return caught.value


def draw(kind, *allotments, expected=None):
    return set_allotments(
        registration_type=kind, allotments=allotments, expected=expected, actor=SYSTEM
    )


def taken(row):
    row.refresh_from_db()
    return row.taken


def test_two_kinds_share_one_hall(guest_type, press, hall, guest):
    own = guest_type.allotments.get()
    for kind in (guest_type, press):
        draw(kind, kind.allotments.get(), hall)

    for number in range(2):
        guest(email=f"g{number}@example.org")
        guest(email=f"p{number}@example.org", type_slug="press")

    assert (taken(hall), taken(own)) == (4, 2)
    assert guest(email="x@example.org").status == "confirmed"
    assert guest(email="y@example.org").status == "waiting_list"


def test_who_is_there_takes_a_place_of_the_new_one_and_gives_back_of_the_old(guest_type, hall):
    guest_type.automatic_offers = False
    guest_type.save()
    own = guest_type.allotments.get()
    rows = [RegistrationFactory(registration_type=guest_type) for _ in range(3)]
    RegistrationFactory(registration_type=guest_type, status="waiting_list")
    InvitationFactory(registration_type=guest_type, held=2)

    draw(guest_type, own, hall)
    hall.refresh_from_db()
    assert (hall.taken, hall.held, taken(own)) == (3, 2, 3)

    draw(guest_type, hall)
    own.refresh_from_db()
    assert (taken(hall), own.taken, own.held) == (3, 0, 0)
    cancel_registration(registration=rows[0], actor=SYSTEM)
    assert taken(hall) == 2


def test_too_small_a_hall_is_refused_with_a_sentence(guest_type, hall):
    own = guest_type.allotments.get()
    for _ in range(4):
        RegistrationFactory(registration_type=guest_type)
    InvitationFactory(registration_type=guest_type, held=2)

    with pytest.raises(DomainError) as caught:
        draw(guest_type, own, hall)

    assert caught.value.kind == "sold-out"
    assert "6 places are taken or kept" in caught.value.detail
    assert [e.pointer for e in caught.value.errors] == ["/allotments"]
    assert (taken(hall), list(guest_type.allotments.all())) == (0, [own])


def test_a_kind_draws_from_somewhere(guest_type):
    with pytest.raises(DomainError) as caught:
        draw(guest_type)
    assert caught.value.kind == "validation-failed"


def test_what_a_code_keeps_follows(guest_type, hall, conference):
    own = guest_type.allotments.get()
    create_access_code(
        conference=conference,
        registration_types=[guest_type],
        max_uses=2,
        holds_places=True,
        actor=SYSTEM,
    )

    draw(guest_type, hall)

    hall.refresh_from_db()
    own.refresh_from_db()
    assert (hall.held, own.held) == (2, 0)


def test_the_version_is_named_and_raised_once(guest_type, hall):
    own = guest_type.allotments.get()

    assert draw(guest_type, own, hall, expected=1).version == 2
    assert draw(guest_type, hall, own, expected=2).version == 2
    with pytest.raises(DomainError) as caught:
        draw(guest_type, hall, expected=1)
    assert caught.value.kind == "stale"
    assert AuditEntry.objects.filter(verb="set_allotments").count() == 1


def test_a_type_is_made_with_shared_places_or_its_own_or_both(conference, hall):
    def make(slug, **fields):
        row = create_registration_type(
            conference=conference, slug=slug, name={"en": slug}, actor=SYSTEM, **fields
        )
        return sorted(row.allotments.values_list("name", flat=True))

    assert make("a") == ["a"]
    assert make("b", allotments=[hall]) == ["Great hall"]
    assert make("c", allotments=[hall], capacity=2) == ["Great hall", "c"]


def test_changing_a_type_changes_all_or_nothing(guest_type, hall):
    for _ in range(6):
        RegistrationFactory(registration_type=guest_type)

    no = refusal(
        change_registration_type,
        registration_type=guest_type,
        changes={"slug": "visitor", "allotments": [hall]},
        expected=1,
        actor=SYSTEM,
    )

    guest_type.refresh_from_db()
    assert (no.kind, guest_type.slug, guest_type.version) == ("sold-out", "guest", 1)


def test_a_shared_hall_outlives_a_type(press, hall, guest_type):
    draw(press, hall)
    draw(guest_type, hall)

    delete_registration_type(registration_type=press, expected=None, actor=SYSTEM)

    assert Allotment.objects.filter(pk=hall.pk).exists()


def test_an_allotment_is_changed_and_deleted_unused(hall, guest_type):
    own = guest_type.allotments.get()
    RegistrationFactory(registration_type=guest_type)

    named = change_allotment(
        allotment=hall, changes={"name": "Small hall", "capacity": 2}, expected=1, actor=SYSTEM
    )
    assert (named.name, named.capacity, named.version) == ("Small hall", 2, 2)
    low = refusal(
        change_allotment, allotment=own, changes={"capacity": 0}, expected=1, actor=SYSTEM
    )
    used = refusal(delete_allotment, allotment=own, expected=1, actor=SYSTEM)
    assert (low.kind, used.kind) == ("capacity-below-taken", "in-use")
    delete_allotment(allotment=hall, expected=2, actor=SYSTEM)
    assert list(Allotment.objects.all()) == [own]


@pytest.mark.parametrize("count", [1, 3])
def test_the_lines_cost_the_same_for_many(conference, count, django_assert_num_queries):
    for number in range(count):
        RegistrationTypeFactory(conference=conference, slug=f"kind-{number}")

    # Allotments; types, sign-ups (none, so no sessions), options.
    with django_assert_num_queries(4):
        lines = allotment_lines(conference)
    assert [[kind.slug for kind in line.types] for line in lines] == [
        [f"kind-{number}"] for number in range(count)
    ]


def test_who_comes_on_top_draws_no_shared_place_because_of_a_session(conference):
    """A place at a session is none of the kind's."""
    kind = RegistrationTypeFactory(conference=conference, slug="vip", capacity=0)
    row = RegistrationFactory(registration_type=kind, status="cancelled", source="invitation")
    talk = AllotmentFactory(conference=conference, name="talk", taken=1)
    Registration.objects.filter(pk=row.pk).update(status="confirmed")
    RegistrationPlace.objects.create(registration=row, allotment=talk)
    hall = AllotmentFactory(conference=conference, name="hall", capacity=9)

    drawn = [kind.allotments.get(), hall]
    set_allotments(registration_type=kind, allotments=drawn, expected=None, actor=SYSTEM)

    hall.refresh_from_db()
    assert hall.taken == 0
