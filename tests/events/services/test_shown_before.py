"""In public: who has confirmed, or whom the organiser shows before; both act at once."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from events.services.panels import change_participation, remove_participation
from events.services.schedules import current_programme, publish_schedule
from tests.factories.events import ParticipationFactory, SessionFactory


@pytest.fixture
def row(conference):
    made = ParticipationFactory(
        session=SessionFactory(conference=conference), state="invited", person__given_name="Ana"
    )
    publish_schedule(conference=conference, name="First", actor=SYSTEM)
    return made


def shown(row):
    conference = row.session.conference
    conference.refresh_from_db()
    return [
        part.given_name
        for s in current_programme(conference).sessions()
        for part in s.participations
    ]


def change(row, **changes):
    change_participation(participation=row, changes=changes, expected=None, actor=SYSTEM)


def test_who_has_not_confirmed_is_shown_where_the_organiser_says_so(row):
    assert shown(row) == []
    change(row, shown_unconfirmed=True)
    assert shown(row) == ["Ana"]
    change(row, shown_unconfirmed=False)
    assert shown(row) == []


@pytest.mark.parametrize("state", ["declined", "replaced"])
def test_who_is_off_the_panel_is_never_shown(row, state):
    change(row, shown_unconfirmed=True, state=state)
    assert shown(row) == []


def test_who_has_confirmed_is_shown_and_stays_until_the_next_version(row):
    change(row, state="confirmed")
    assert shown(row) == ["Ana"]


def test_who_was_taken_off_in_the_draft_stays_as_published(conference):
    row = ParticipationFactory(
        session=SessionFactory(conference=conference), person__given_name="Iva"
    )
    publish_schedule(conference=conference, name="Second", actor=SYSTEM)
    remove_participation(participation=row, expected=None, actor=SYSTEM)
    assert shown(row) == ["Iva"]
