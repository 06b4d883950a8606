"""Going back to a version: what readers get, what the draft keeps, and that it can be undone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.errors import DomainError
from events.models import DraftEdit, Participation, ScheduleVersion
from events.services import panels, schedules, sessions
from events.services.restoring import restore_version
from events.services.restoring_plan import plan_return
from events.signals import SchedulePublished
from tests.factories.events import ParticipationFactory, SessionFactory, TrackFactory

at = dt.datetime.fromisoformat


@pytest.fixture
def world(conference, room, actor):
    """Return a published conference with a panel of two and a keynote."""

    class World:
        def __init__(self):
            self.panel = SessionFactory(
                conference=conference,
                title={"en": "Panel"},
                start_local=at("2027-03-18T10:00"),
                end_local=at("2027-03-18T11:00"),
                room=room,
                track=TrackFactory(conference=conference, slug="media"),
            )
            self.keynote = SessionFactory(
                conference=conference,
                title={"en": "Keynote"},
                start_local=at("2027-03-18T12:00"),
                end_local=at("2027-03-18T13:00"),
            )
            self.ana, self.bo = (
                ParticipationFactory(session=self.panel, order=order) for order in range(2)
            )
            self.first = self.publish()

        def publish(self):
            conference.refresh_from_db()
            return schedules.publish_schedule(conference=conference, name="", actor=actor)

        def restore(self, version, **fields):
            return restore_version(version=version, actor=actor, **fields)

        def move(self, start="14:00", end="15:00"):
            sessions.place_session(
                session=self.panel,
                start_local=f"2027-03-18T{start}",
                end_local=f"2027-03-18T{end}",
                room=None,
                expected=None,
                actor=actor,
            )

        def slots(self):
            return {
                row.title["en"]: f"{row.start_local:%H:%M}" if row.start_local else None
                for row in conference.sessions.all()
            }

        def changes(self):
            conference.refresh_from_db()
            return [change.sentence for change in schedules.programme_changes(conference)]

    return World()


def test_a_version_comes_back_with_its_slots_titles_and_states(
    world, conference, actor, heard, audited
):
    world.move()
    sessions.change_session(
        session=world.panel,
        changes={"title": {"en": "Open panel"}, "track": None},
        expected=None,
        actor=actor,
    )
    sessions.cancel_session(session=world.keynote, expected=None, actor=actor)
    second = world.publish()
    before = world.panel.updated_at
    third = world.restore(world.first)
    assert (third.number, third.name, third.restores_id, third.is_quiet, third.told) == (
        *(3, "Version 3", world.first.pk, True, 0),
    )
    assert third.document == world.first.document
    assert heard[-1] == SchedulePublished(conference.pk, third.pk)
    assert audited() == ("restore_version", [], {"number": 3, "restores": 1, "sessions": 2})
    world.panel.refresh_from_db()
    assert (world.panel.title, world.panel.start_local, world.panel.track.slug) == (
        *({"en": "Panel"}, at("2027-03-18T10:00"), "media"),
    )
    assert (world.panel.starts_at, world.panel.room.name) == (
        *(at("2027-03-18T09:00Z"), {"en": "Red room"}),
    )
    assert world.panel.updated_at > before
    assert world.changes() == []
    # And what was before is one step away.
    fourth = world.restore(second)
    assert fourth.document == second.document
    assert world.slots() == {"Open panel": "14:00", "Keynote": "12:00"}
    assert world.changes() == []


def test_the_draft_that_was_lost_stands_in_one_deed(world, conference):
    world.publish()
    world.move("16:00", "17:00")
    world.restore(world.first)
    (edit,) = DraftEdit.objects.filter(verb="restore_version")
    world.panel.refresh_from_db()
    assert (edit.session_id, edit.verb, edit.version, edit.before["start_local"]) == (
        *(world.panel.pk, "restore_version", world.panel.version, "2027-03-18T16:00:00"),
    )
    assert world.slots()["Panel"] == "10:00"


def test_what_readers_see_since_loses_its_slot_and_what_they_never_saw_stays(
    world, conference, actor
):
    late = SessionFactory(
        conference=conference,
        title={"en": "Late"},
        start_local=at("2027-03-18T13:00"),
        end_local=at("2027-03-18T14:00"),
    )
    second = world.publish()
    loose = SessionFactory(
        conference=conference,
        title={"en": "Idea"},
        start_local=at("2027-03-18T15:00"),
        end_local=at("2027-03-18T16:00"),
    )
    plan = plan_return(conference, world.first)
    assert (plan.unscheduled, plan.kept) == ((late.code,), (loose.code,))
    world.restore(world.first)
    assert world.slots() == {"Panel": "10:00", "Keynote": "12:00", "Late": None, "Idea": "15:00"}
    assert world.changes() == ["“Idea” is new, at 15:00 on 18 March.", "“Late” is new."]
    world.restore(second)
    assert world.slots()["Late"] == "13:00"


def test_answers_count_whatever_comes_back(world, conference, actor):
    panels.change_participation(
        participation=world.bo, changes={"state": "declined"}, expected=None, actor=actor
    )
    for part, fields in ((world.ana, {"minutes": 20, "role": "moderator"}),):
        panels.change_participation(participation=part, changes=fields, expected=None, actor=actor)
    by_hand = ParticipationFactory(session=world.panel, order=5)
    asked = ParticipationFactory(session=world.panel, order=6, asked_at=timezone.now())
    second = world.publish()
    plan = plan_return(conference, world.first)
    assert plan.declined == ((world.bo.person.code, world.panel.code),)
    assert plan.seated == ((asked.person.code, world.panel.code),)
    world.restore(world.first)
    rows = list(
        Participation.objects.filter(session=world.panel).values_list(
            "code", "role", "minutes", "state"
        )
    )
    assert sorted(rows) == sorted(
        [
            (world.ana.code, "panellist", None, "confirmed"),
            (world.bo.code, "panellist", None, "declined"),
            (asked.code, "panellist", None, "confirmed"),
        ]
    )
    public = schedules.current_programme(conference).sessions_by_code[world.panel.code]
    assert [p.code for p in public.participations] == [world.ana.code]
    # Undone: who was put there by hand is there again, in the same part.
    world.restore(second)
    again = Participation.objects.get(code=by_hand.code)
    assert (again.person_id, again.state, again.order) == (by_hand.person_id, "confirmed", 5)
    assert world.changes() == []


def test_who_was_taken_off_comes_back(world, conference, actor):
    panels.remove_participation(participation=world.bo, expected=None, actor=actor)
    second = world.publish()
    world.restore(world.first)
    again = Participation.objects.get(code=world.bo.code)
    assert (again.person_id, again.state) == (world.bo.person_id, "confirmed")
    world.restore(second)
    assert not Participation.objects.filter(code=world.bo.code).exists()


def test_a_version_comes_back_on_the_days_of_now(world, conference, actor):
    from events.services.conferences import change_conference

    world.publish()
    change_conference(
        conference=conference,
        changes={"start_local": "2027-03-25T10:00", "end_local": "2027-03-25T13:30"},
        expected=None,
        actor=actor,
    )
    world.move("10:00", "11:00")
    world.first.refresh_from_db()
    row = world.restore(world.first)
    assert (row.moved_days, row.document["sessions"][0]["slot"]["start"]) == (
        *(0, "2027-03-25T10:00"),
    )
    assert world.slots() == {"Panel": "10:00", "Keynote": "12:00"}


def test_going_back_refuses_without_a_trace(world, conference, actor):
    def refused(kind, version=world.first, **fields):
        with pytest.raises(DomainError) as refusal:
            world.restore(version, **fields)
        assert refusal.value.kind == kind

    refused("wrong-state")
    second = world.publish()
    refused("wrong-state", second)
    refused("stale", expected=1)
    refused("conflict", seen="2-0")
    refused("validation-failed", name="x" * 101)
    refused("conflict", name="Version 2")
    assert (ScheduleVersion.objects.count(), world.slots()["Panel"]) == (2, "10:00")
    plan = plan_return(conference, world.first)
    seen = schedules.stamp_of(second, plan.document)
    assert world.restore(world.first, seen=seen, name="As on Monday").name == "As on Monday"


def test_what_was_looked_at_is_what_is_published(world, conference, actor):
    from events.services.documents import build_document

    conference.refresh_from_db()
    last = conference.schedule_versions.first()
    seen = schedules.stamp_of(last, build_document(conference))
    world.move()
    with pytest.raises(DomainError) as refusal:
        schedules.publish_schedule(conference=conference, name="", actor=actor, seen=seen)
    assert (refusal.value.kind, refusal.value.detail) == ("conflict", schedules.MOVED_ON)
    seen = schedules.stamp_of(last, build_document(conference))
    assert (
        schedules.publish_schedule(conference=conference, name="", actor=actor, seen=seen).number
        == 2
    )
