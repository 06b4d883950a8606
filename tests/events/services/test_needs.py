"""What is needed of who speaks: by the conference, by the person, by what was settled."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from events.enums import NeedKind, NeedState
from events.models import SpeakerNeed
from events.services.conferences import change_conference
from events.services.needs import (
    ensure_needs,
    needs_of,
    open_needs,
    open_needs_by_person,
    settle_need,
    with_needs,
)
from events.signals import ParticipationChanged
from tests.factories.events import ParticipationFactory, PersonFactory, SessionFactory

K, S = NeedKind, NeedState


@pytest.fixture
def part(conference):
    session = SessionFactory(conference=conference)
    person = PersonFactory(organisation=conference.organisation, email="")
    return ParticipationFactory(session=session, person=person, state="invited")


def states(part):
    part.refresh_from_db()
    row = with_needs(type(part).objects.filter(pk=part.pk)).get()
    return {need.kind: need.state for need in needs_of(row)}


def test_what_the_conference_asks_of_everybody_is_open_without_a_row(part):
    assert states(part) == {K.BIO: S.OPEN, K.PHOTO: S.OPEN}
    assert SpeakerNeed.objects.count() == 0


@pytest.mark.parametrize("state", ["planned", "declined", "replaced"])
def test_of_who_is_not_asked_or_does_not_come_nothing_is_needed(part, state):
    part.state = state
    part.save()
    assert states(part) == {}
    ensure_needs(part)
    assert SpeakerNeed.objects.count() == 0


def test_a_recorded_session_asks_for_consent_and_an_answer_settles_it(part):
    part.session.recorded = True
    part.session.save()
    assert states(part)[K.RECORDING] == S.OPEN
    part.recording_consent = "refused"
    part.save()
    assert states(part)[K.RECORDING] == S.GIVEN


def test_interpreters_stand_on_no_page(part):
    part.role = "interpreter"
    part.save()
    part.session.conference.speaker_needs = ["bio", "photo", "slides", "travel"]
    part.session.conference.save()
    assert states(part) == {K.TRAVEL: S.OPEN}


def test_a_bio_counts_on_every_session_and_no_photo_is_no_need(part):
    other = ParticipationFactory(session__conference=part.session.conference, person=part.person)
    part.person.bio = {"en": "Reads maps."}
    part.person.no_photo = True
    part.person.save()
    assert states(part) == states(other) == {K.BIO: S.GIVEN, K.PHOTO: S.WAIVED}


def test_ensure_makes_each_row_once(part):
    ensure_needs(part)
    ensure_needs(part)
    assert list(part.needs.values_list("kind", "state")) == [("bio", "open"), ("photo", "open")]


def test_an_organiser_settles_and_asks_again(part, actor, audited, heard):
    need = settle_need(
        participation=part, kind="slides", state="waived", note="By hand", actor=actor
    )
    assert (need.kind, need.state, need.note) == (K.SLIDES, S.WAIVED, "By hand")
    assert need.settled_at is not None
    assert audited() == ("settle_need", ["slides"], {"to": "waived"})
    assert heard == [
        ParticipationChanged(
            conference_id=part.session.conference_id, participation_ids=(part.pk,), verb="given"
        )
    ]
    settle_need(participation=part, kind="slides", state="open", actor=actor)
    assert states(part)[K.SLIDES] == S.OPEN


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"kind": "hat", "state": "open"}, "/kind"),
        ({"kind": "bio", "state": "lost"}, "/state"),
        ({"kind": "bio", "state": "given", "note": "x" * 501}, "/note"),
    ],
)
def test_what_can_not_be_settled_leaves_no_trace(part, refused, actor, values, pointer):
    with refused("validation-failed", part, pointer=pointer):
        settle_need(participation=part, actor=actor, **values)
    assert SpeakerNeed.objects.count() == 0


def test_what_is_there_can_not_be_asked_for_and_nothing_of_who_declined(part, refused, actor):
    part.person.bio = {"en": "Reads maps."}
    part.person.save()
    with refused("wrong-state", part):
        settle_need(participation=part, kind="bio", state="open", actor=actor)
    part.state = "declined"
    part.save()
    with refused("wrong-state", part):
        settle_need(participation=part, kind="bio", state="given", actor=actor)
    assert SpeakerNeed.objects.count() == 0


def test_what_a_conference_no_longer_asks_of_everybody_is_open_no_more(part, conference, actor):
    ensure_needs(part)
    settle_need(participation=part, kind="photo", state="given", actor=actor)
    changes = {"speaker_needs": ["travel", "slides"]}
    row = change_conference(conference=conference, changes=changes, expected=None, actor=SYSTEM)
    assert row.speaker_needs == ["slides", "travel"]
    part.session.conference.refresh_from_db()
    assert states(part) == {K.PHOTO: S.GIVEN, K.SLIDES: S.OPEN, K.TRAVEL: S.OPEN}


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_open_is_named_once_a_person_in_two_queries(
    conference, part, count, django_assert_num_queries
):
    conference.speaker_needs = ["bio", "slides"]
    conference.save()
    for _ in range(count - 1):
        ParticipationFactory(session__conference=conference, person=part.person, state="invited")
    nobody = ParticipationFactory(session__conference=conference, state="declined").person
    with django_assert_num_queries(2):
        found = open_needs_by_person(conference, [part.person_id, nobody.pk])
    assert [kinds for _row, kinds in found[part.person_id]] == [
        [K.BIO, K.SLIDES],
        *[[K.SLIDES]] * (count - 1),
    ]
    assert set(found) == {part.person_id}


def test_the_database_keeps_the_rule_too(part):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        SpeakerNeed.objects.create(participation=part, kind="bio", state="given")
    assert open_needs(part) == [K.BIO, K.PHOTO]
