"""Options: added, changed, moved, retired, deleted; and places of which there are only so many."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from registrations.models import Allotment, Answer, HoldBack, RegistrationPlace
from registrations.services.capacity import take_places
from registrations.services.questions import change_question, create_question
from tests.factories.registrations import (
    QuestionFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(conference):
    return create_question(
        conference=conference,
        kind="choice",
        label={"en": "Visit"},
        options=[{"slug": s, "label": {"en": s.title()}} for s in ("museum", "fortress", "river")],
        actor=SYSTEM,
    )


def write(row, *options):
    return change_question(
        question=row, changes={"options": list(options)}, expected=None, actor=SYSTEM
    )


def refusal(call, *arguments, **fields):
    with pytest.raises(DomainError) as caught:
        call(*arguments, **fields)
    return caught.value


def named(*slugs, **fields):
    return [{"slug": slug, **fields} for slug in slugs]


def shown(row):
    return [
        (o.slug, o.active, o.allotment and o.allotment.capacity)
        for o in row.options.select_related("allotment")
    ]


def choose(guest_type, option, status="confirmed"):
    registration = RegistrationFactory(registration_type=guest_type, status=status)
    Answer.objects.create(registration=registration, question=option.question, option=option)
    return registration


def test_options_are_what_is_named_in_that_order(visit):
    row = write(
        visit,
        *named("river"),
        {"slug": "museum", "label": {"en": "City museum"}, "active": False},
        {"label": {"en": "The zoo"}},
    )

    assert row.version == 2
    assert shown(row) == [("river", True, None), ("museum", False, None), ("the-zoo", True, None)]
    assert row.options.get(slug="museum").label == {"en": "City museum"}
    assert AuditEntry.objects.get(verb="change_question").changed == ["options"]


def test_what_somebody_chose_is_retired_not_deleted(visit, guest_type):
    choose(guest_type, visit.options.get(slug="museum"), "cancelled")

    error = refusal(write, visit, *named("fortress", "river"))
    assert (error.kind, [e.pointer for e in error.errors]) == ("in-use", ["/options"])
    assert "“Museum”" in error.detail
    assert len(shown(visit)) == 3
    write(visit, {"slug": "museum", "active": False}, *named("fortress", "river"))
    assert shown(visit)[0] == ("museum", False, None)


def test_what_decides_about_another_question_stays(conference, visit):
    follow_up = QuestionFactory(
        conference=conference, slug="shoes", shown_if=visit, shown_if_answers=["river"], order=5
    )

    error = refusal(write, visit, *named("museum", "fortress"))
    assert (error.kind, "“River”" in error.detail) == ("in-use", True)
    error = refusal(write, visit, *named("museum"), {"slug": "river", "active": False})
    assert error.kind == "in-use" or "would not be offered" in error.detail
    error = refusal(write, visit, *named("museum", "fortress"), {"slug": "river", "active": False})
    assert "“Shoes”" in error.detail
    follow_up.active = False
    follow_up.save()
    write(visit, *named("museum", "fortress"), {"slug": "river", "active": False})


def test_an_option_has_places_of_its_own(visit, guest_type):
    row = write(visit, *named("museum", capacity=2), *named("fortress", "river"))

    places = Allotment.objects.get(options__slug="museum")
    assert (places.name, places.capacity, places.taken) == ("Visit: Museum", 2, 0)
    assert list(guest_type.allotments.values_list("options__slug", flat=True)) == [None]
    write(row, {"slug": "museum", "label": {"en": "Gallery"}}, *named("fortress", "river"))
    places.refresh_from_db()
    assert (places.name, places.capacity) == ("Visit: Gallery", 2)
    write(row, *named("museum", capacity=None), *named("fortress", "river"))
    places.refresh_from_db()
    assert places.capacity is None
    assert [e.facts for e in AuditEntry.objects.filter(verb="set_capacity").order_by("id")] == [
        {"capacity": 2},
        {"capacity": None},
    ]


def test_who_chose_before_there_was_a_limit_is_counted(visit, guest_type):
    museum = visit.options.get(slug="museum")
    coming = [choose(guest_type, museum) for _ in range(2)] + [
        choose(guest_type, museum, "offered")
    ]
    choose(guest_type, museum, "cancelled")
    choose(guest_type, museum, "waiting_list")

    error = refusal(write, visit, *named("museum", capacity=2), *named("fortress", "river"))
    assert error.kind == "capacity-below-taken"
    assert [e.pointer for e in error.errors] == ["/options/0/capacity"]
    assert Allotment.objects.count() == 1

    write(visit, *named("museum", capacity=3), *named("fortress", "river"))
    places = Allotment.objects.get(options=museum)
    assert (places.taken, places.capacity) == (3, 3)
    rows = RegistrationPlace.objects.filter(allotment=places)
    assert sorted(rows.values_list("registration_id", flat=True)) == [r.pk for r in coming]
    late = RegistrationFactory(registration_type=guest_type)
    assert take_places(wanted={late.pk: [places.pk]}) == places.pk


def test_the_places_are_not_lowered_below_what_is_taken(visit, guest_type):
    write(visit, *named("museum", capacity=2), *named("fortress", "river"))
    places = Allotment.objects.get(options__slug="museum")
    take_places(wanted={RegistrationFactory(registration_type=guest_type).pk: [places.pk]})

    error = refusal(write, visit, *named("museum", capacity=0), *named("fortress", "river"))
    assert error.kind == "capacity-below-taken"
    places.refresh_from_db()
    assert (places.capacity, places.taken) == (2, 1)


def test_places_that_are_kept_back_keep_the_option(conference, visit):
    write(visit, *named("museum", capacity=2), *named("fortress", "river"))
    places = Allotment.objects.get(options__slug="museum")
    HoldBack.objects.create(conference=conference, allotment=places, name="Press")
    Allotment.objects.filter(pk=places.pk).update(held=1)

    assert refusal(write, visit, *named("fortress", "river")).kind == "in-use"
    Allotment.objects.filter(pk=places.pk).update(held=0)
    write(visit, *named("fortress", "river"))
    # The hold-back still names them.
    assert Allotment.objects.filter(pk=places.pk).exists()


def test_answers_that_become_sensitive_are_not_counted(visit):
    write(visit, *named("museum", capacity=2), *named("fortress", "river"))

    def sensitive():
        return change_question(
            question=visit, changes={"sensitivity": "access"}, expected=None, actor=SYSTEM
        )

    assert [e.pointer for e in refusal(sensitive).errors] == ["/options/0/capacity"]
    write(visit, *named("museum", capacity=None), *named("fortress", "river"))
    assert sensitive().sensitivity == "access"
    assert not Allotment.objects.filter(name__startswith="Visit").exists()


def test_slugs_of_options_stand_once_a_question(visit):
    error = refusal(write, visit, *named("museum", "museum"))
    assert {e.pointer: e.code for e in error.errors} == {"/options/1/slug": "taken"}
    row = write(visit, *named("museum"), {"label": {"en": "Museum"}})
    assert [o[0] for o in shown(row)] == ["museum", "museum-2"]
