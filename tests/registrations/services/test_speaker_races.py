"""Two answers at once: both are written one after the other, and what stands is one of them."""

from __future__ import annotations

from functools import partial

import pytest

from core.actors import SYSTEM
from core.models import AuditEntry
from events.models import Participation
from events.services.asking import ask_speaker
from events.services.replacing import replace_speaker
from events.services.speaker_answers import answer_ask
from registrations.models import Registration
from tests.factories.events import ParticipationFactory, PersonFactory, SessionFactory
from tests.registrations.services.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def row():
    session = SessionFactory()
    made = ParticipationFactory(session=session, state="planned", person__email="ana@example.org")
    return ask_speaker(participation=made, actor=SYSTEM)


def answer(row, state, by):
    fresh = Participation.objects.select_related("session__conference").get(pk=row.pk)
    return lambda: answer_ask(
        participation=fresh,
        state=state,
        via="assistant",
        answered_by=by,
        by_speaker=True,
        actor=SYSTEM,
    )


def test_two_answers_at_once_leave_one_of_them_whole(row):
    done = at_once([answer(row, "confirmed", "Ana"), answer(row, "declined", "Jovan")])
    assert [one.state for one in done] == ["confirmed", "declined"]
    row.refresh_from_db()
    assert (row.state, row.answered_by) in {("confirmed", "Ana"), ("declined", "Jovan")}
    assert AuditEntry.objects.filter(verb="answer_ask").count() == 2
    places = Registration.objects.filter(person=row.person)
    is_there = [place.status for place in places] == ["confirmed"]
    assert is_there is (row.state == "confirmed")


def test_a_yes_and_a_replacement_at_once_seat_one_person(row):
    person = PersonFactory(organisation=row.person.organisation)
    fresh = Participation.objects.select_related("session__conference").get(pk=row.pk)
    swap = partial(replace_speaker, participation=fresh, person=person, actor=SYSTEM)
    done = at_once([answer(row, "confirmed", "Ana"), swap])
    assert [type(one) for one in done] == [Participation, Participation]
    row.refresh_from_db()
    assert row.state == "replaced"
    assert Participation.objects.filter(session=row.session).exclude(state="replaced").count() == 1
