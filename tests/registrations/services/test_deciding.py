"""One decision for many who ask or wait."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.errors import DomainError
from registrations.models import Allotment, HeldPlace, Registration
from registrations.services import deciding
from registrations.services.access_codes import create_access_code
from registrations.services.deciding import decide_registrations, foretell_decisions
from registrations.services.registering import register
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(conference):
    return RegistrationTypeFactory(conference=conference, slug="guest", capacity=2, approval=True)


@pytest.fixture
def asking(kind):
    return [RegistrationFactory(registration_type=kind, status="pending_approval") for _ in "abc"]


def codes(rows):
    return [row.code for row in rows]


def decide(conference, rows, decision, **more):
    return decide_registrations(
        conference=conference, codes=codes(rows), decision=decision, actor=SYSTEM, **more
    )


def statuses(rows):
    found = dict(Registration.objects.values_list("pk", "status"))
    return [found[row.pk] for row in rows]


def summary(outcome):
    return (
        codes(outcome.confirmed),
        codes(outcome.waiting),
        codes(outcome.rejected),
        [(row.code, why) for row, why in outcome.skipped],
    )


def test_who_came_with_a_code_gets_the_place_that_it_keeps_although_all_others_are_taken(
    conference, kind
):
    code = create_access_code(
        conference=conference,
        registration_types=[kind],
        code="FRIENDS",
        max_uses=2,
        holds_places=True,
        actor=SYSTEM,
    )
    asking = [
        register(
            conference=conference,
            type_slug="guest",
            given_name="Ana",
            family_name=f"Friend {n}",
            email=f"friend{n}@example.org",
            language="en",
            source="form",
            access_code="FRIENDS" if n else "",
            actor=SYSTEM,
        )
        for n in range(3)
    ]
    foretold = foretell_decisions(conference=conference, codes=codes(asking), decision="approve")

    decided = decide(conference, asking, "approve")

    assert summary(decided) == summary(foretold)
    assert summary(decided) == (codes(asking[1:]), codes(asking[:1]), [], [])
    hall = Allotment.objects.get()
    assert (hall.taken, hall.held, HeldPlace.objects.filter(access_code=code).count()) == (2, 0, 0)


def test_the_first_get_the_places_and_the_others_wait(conference, asking, told):
    foretold = foretell_decisions(conference=conference, codes=codes(asking), decision="approve")
    assert statuses(asking) == ["pending_approval"] * 3

    decided = decide(conference, list(reversed(asking)), "approve", reason="Welcome")

    assert summary(decided) == summary(foretold)
    assert summary(decided) == (codes(asking[:2]), codes(asking[2:]), [], [])
    assert statuses(asking) == ["confirmed", "confirmed", "waiting_list"]
    assert Allotment.objects.get().taken == 2
    assert told == [("approved", 2, False), ("put_on_list", 1, False)]
    assert set(Registration.objects.values_list("decision_reason", flat=True)) == {"Welcome"}


def test_without_a_waiting_list_who_finds_no_place_stays_as_they_are(conference, kind, asking):
    kind.waiting_list = False
    kind.save()
    decided = decide(conference, asking, "approve")
    why = "There is no place left, and this kind has no waiting list."
    assert summary(decided) == (codes(asking[:2]), [], [], [(asking[2].code, why)])
    assert statuses(asking) == ["confirmed", "confirmed", "pending_approval"]


def test_who_was_decided_meanwhile_is_named(conference, kind, asking):
    done = RegistrationFactory(registration_type=kind, status="cancelled")
    decided = decide(conference, [done, asking[0]], "reject")
    why = "Has been decided already: cancelled."
    assert summary(decided) == ([], [], [asking[0].code], [(done.code, why)])
    assert statuses([done, *asking]) == ["cancelled", "rejected", *["pending_approval"] * 2]


def test_who_is_put_on_the_list_gets_what_is_free(conference, asking):
    decided = decide(conference, asking, "waiting-list")
    assert len(decided.waiting) == 3
    assert statuses(asking) == ["offered", "offered", "waiting_list"]


def test_turning_an_offered_one_down_serves_the_next(conference, kind, asking):
    decide(conference, asking, "waiting-list")
    decide(conference, asking[:1], "reject")
    assert statuses(asking) == ["rejected", "offered", "offered"]
    assert Allotment.objects.get().taken == 2


def test_each_chunk_is_decided_by_itself(conference, asking, monkeypatch):
    monkeypatch.setattr(deciding, "_CHUNK", 1)
    decided = decide(conference, asking, "approve")
    assert (len(decided.confirmed), len(decided.waiting)) == (2, 1)


def test_a_place_that_goes_in_between_is_looked_for_again(conference, asking, monkeypatch):
    real = deciding.free_places
    looks = []

    def stale(row):
        free = real(row)
        looks.append(1)
        return {pk: number + 1 for pk, number in free.items()} if len(looks) == 1 else free

    monkeypatch.setattr(deciding, "free_places", stale)
    decided = decide(conference, asking, "approve")
    assert (len(decided.confirmed), len(decided.waiting), len(looks)) == (2, 1, 2)
    assert Allotment.objects.get().taken == 2


def test_strangers_are_passed_over(conference, asking):
    other = RegistrationFactory(status="pending_approval")
    assert decide(conference, [other], "reject").done == 0
    assert statuses([other]) == ["pending_approval"]


@pytest.mark.parametrize(
    ("decision", "more", "refused"),
    [
        ("perhaps", {}, "validation-failed"),
        ("approve", {"reason": "two\nlines"}, "validation-failed"),
        ("approve", {"reason": "x" * 501}, "validation-failed"),
    ],
)
def test_what_is_no_decision_changes_nothing(conference, asking, decision, more, refused):
    with pytest.raises(DomainError) as refusal:
        decide(conference, asking, decision, **more)
    assert refusal.value.kind == refused
    assert statuses(asking) == ["pending_approval"] * 3


def test_nobody_is_approved_for_what_will_not_be(conference, asking):
    conference.state = "cancelled"
    with pytest.raises(DomainError) as refusal:
        decide(conference, asking, "approve")
    assert refusal.value.kind == "wrong-state"


def test_nobody_goes_to_the_line_who_should_not(conference):
    full = RegistrationTypeFactory(conference=conference, capacity=0)
    row = RegistrationFactory(registration_type=full, status="pending_approval")
    asked = {"conference": conference, "codes": [row.code], "decision": "approve"}

    outlook = foretell_decisions(**asked, or_wait=False)
    decided = decide_registrations(**asked, or_wait=False, actor=SYSTEM)

    for one in (outlook, decided):
        assert [reason for _row, reason in one.skipped] == ["There is no place left."]
    row.refresh_from_db()
    assert row.status == "pending_approval"
