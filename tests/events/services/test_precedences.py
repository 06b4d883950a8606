from __future__ import annotations

import pytest

from events.models import SessionPrecedence
from events.services.precedences import create_precedence, delete_precedence, pairs_of
from tests.factories.events import SessionFactory


@pytest.fixture
def sessions(conference):
    return [SessionFactory(conference=conference) for _ in range(3)]


def put(conference, actor, first, then, expected=None):
    return create_precedence(
        conference=conference, first=first, then=then, expected=expected, actor=actor
    )


def test_one_session_comes_before_another(conference, sessions, actor, audited):
    one, other, _ = sessions

    row = put(conference, actor, one, other, expected=1)

    assert pairs_of(conference) == ((one.code, other.code),)
    assert audited() == ("create_precedence", [], {})
    delete_precedence(precedence=row, expected=2, actor=actor)
    assert audited() == ("delete_precedence", [], {})
    assert pairs_of(conference) == ()


def test_no_session_comes_before_itself_by_any_way(conference, sessions, actor, refused):
    one, other, third = sessions
    put(conference, actor, one, other)
    put(conference, actor, other, third)
    put(conference, actor, one, third)

    for first, then in [(one, one), (other, one), (third, one)]:
        with refused("validation-failed", conference, pointer="/then", code="circle"):
            put(conference, actor, first, then)


def test_what_is_said_or_elsewhere_or_changed_is_refused(conference, sessions, actor, refused):
    one, other, _ = sessions
    row = put(conference, actor, one, other)

    with refused("conflict", conference, pointer="/then"):
        put(conference, actor, one, other)
    with refused("validation-failed", conference, pointer="/then"):
        put(conference, actor, one, SessionFactory())
    with refused("validation-failed", conference, pointer="/first"):
        put(conference, actor, SessionFactory(), one)
    with refused("stale", conference):
        put(conference, actor, other, one, expected=9)
    with refused("stale", conference):
        delete_precedence(precedence=row, expected=9, actor=actor)
    assert SessionPrecedence.objects.count() == 1
