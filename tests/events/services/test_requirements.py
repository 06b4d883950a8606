from __future__ import annotations

import pytest

from events.conflicts import Need
from events.enums import ParticipationRole, SessionKind
from events.models import RoleRequirement
from events.services import requirements
from events.services.requirements import USUAL, Requirement, needs_of, requirements_of


def put(conference, actor, **fields):
    return requirements.set_requirement(
        **{
            "conference": conference,
            "kind": "panel",
            "role": "panellist",
            "minimum": 2,
            "maximum": 4,
            "expected": None,
            "actor": actor,
        }
        | fields
    )


def test_the_usual_numbers_count_until_a_conference_says_otherwise(
    conference, actor, audited, django_assert_num_queries
):
    assert USUAL["panel"] == {"moderator": Need(1, 2), "panellist": Need(3, 5)}
    assert needs_of(conference) == USUAL
    assert all(one.is_usual for one in requirements_of(conference))

    assert put(conference, actor) == Requirement("panel", "panellist", 2, 4, is_usual=False)

    assert audited() == ("set_requirement", [], {"kind": "panel", "role": "panellist"})
    with django_assert_num_queries(1):
        assert needs_of(conference)["panel"] == {"moderator": Need(1, 2), "panellist": Need(2, 4)}
    conference.refresh_from_db()
    assert conference.version == 2


def test_the_usual_numbers_are_of_kinds_and_roles_that_there_are():
    assert set(USUAL) <= set(SessionKind.values)
    assert {role for roles in USUAL.values() for role in roles} <= set(ParticipationRole.values)


def test_a_requirement_is_changed_and_taken_back(conference, actor, audited):
    put(conference, actor)
    put(conference, actor, minimum=0, maximum=None)
    assert RoleRequirement.objects.get().maximum is None

    requirements.reset_requirement(
        conference=conference, kind="panel", role="panellist", expected=3, actor=actor
    )

    assert audited() == ("reset_requirement", [], {"kind": "panel", "role": "panellist"})
    assert needs_of(conference) == USUAL


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"kind": "party"}, "/kind"),
        ({"role": "clown"}, "/role"),
        ({"minimum": -1}, "/minimum"),
        ({"minimum": True}, "/minimum"),
        ({"minimum": None}, "/minimum"),
        ({"maximum": 101}, "/maximum"),
        ({"maximum": 1}, "/maximum"),
    ],
)
def test_a_wrong_requirement_is_refused(conference, actor, refused, wrong, pointer):
    with refused("validation-failed", conference, pointer=pointer):
        put(conference, actor, **wrong)


def test_what_somebody_else_changed_is_refused(conference, actor, refused):
    with refused("stale", conference):
        put(conference, actor, expected=9)
    with refused("not-found", conference):
        requirements.reset_requirement(
            conference=conference, kind="panel", role="host", expected=None, actor=actor
        )


def test_a_kind_is_set_as_a_whole_and_only_what_differs_is_kept(conference, actor, audited):
    changed = requirements.set_requirements(
        conference=conference,
        kind="panel",
        needs={"moderator": (1, 2), "panellist": (2, None), "host": (0, None), "keynote": (0, 1)},
        expected=1,
        actor=actor,
    )

    assert [(one.role, one.need) for one in changed] == [
        ("panellist", Need(2, None)),
        ("keynote", Need(0, 1)),
    ]
    assert audited() == ("set_requirements", [], {"kind": "panel", "count": 2})
    assert RoleRequirement.objects.count() == 2
    requirements.reset_requirement(
        conference=conference, kind="panel", role=None, expected=None, actor=actor
    )
    assert RoleRequirement.objects.count() == 0


def test_a_kind_with_one_wrong_number_is_refused_whole(conference, actor, refused):
    with refused("validation-failed", conference, pointer="/host/maximum"):
        requirements.set_requirements(
            conference=conference,
            kind="panel",
            needs={"panellist": (2, None), "host": (3, 1)},
            expected=None,
            actor=actor,
        )
    assert RoleRequirement.objects.count() == 0
