"""What was done in the draft is written down, told and undone: the whole deed or nothing of it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from core.actors import SYSTEM, Actor
from events.models import DraftEdit, Participation, Session, SessionPrecedence
from events.services import sessions
from events.services.edit_words import ago, deed_sentence, rooms_by_code, stale_words, what
from events.services.edits import edits_since, forget_old_edits, last_deed
from events.services.schedules import publish_schedule
from events.services.undoing import undo_edit
from tests.factories.accounts import AccountFactory
from tests.factories.events import ParticipationFactory, RoomFactory, SessionFactory

at = dt.datetime.fromisoformat


@pytest.fixture
def ana():
    return Actor("account", str(AccountFactory(name="Ana Marić").pk))


@pytest.fixture
def session(conference, room):
    return SessionFactory(
        conference=conference,
        title={"en": "Panel"},
        start_local=at("2027-03-18T10:00"),
        end_local=at("2027-03-18T11:00"),
        room=room,
    )


def state(session):
    return Session.objects.filter(pk=session.pk).values("start_local", "state", "title").get()


def move(session, clock, actor, room=None):
    start = at(f"2027-03-18T{clock}")
    return sessions.place_session(
        session=session,
        start_local=start,
        end_local=start + dt.timedelta(hours=1),
        room=room,
        expected=None,
        actor=actor,
    )


def said(edit, conference):
    return what(edit, rooms_by_code(conference))


def test_a_change_is_written_down_with_what_differs_and_who_did_it(conference, session, room, ana):
    hall = RoomFactory(venue=room.venue, name={"en": "Hall B"})
    move(session, "11:30", ana, hall)
    edit = DraftEdit.objects.get()
    assert (edit.verb, edit.version, edit.actor_name) == ("place_session", 2, "Ana Marić")
    assert edit.before == {
        "start_local": "2027-03-18T10:00:00",
        "end_local": "2027-03-18T11:00:00",
        "room": room.code,
    }
    assert said(edit, conference) == "moved it to 11:30 in Hall B"
    assert stale_words(session, 1, rooms_by_code(conference)) == (
        "Ana Marić moved it to 11:30 in Hall B just now."
    )
    assert stale_words(session, 2, {}) == ""
    assert [e.pk for e in edits_since(session, 1)] == [edit.pk]


def test_what_changes_nothing_is_not_written_down(session, room, ana):
    move(session, "10:00", ana, room)
    assert not DraftEdit.objects.exists()


def test_each_verb_is_said_in_words(conference, session, ana):
    words = []

    def note():
        words.append(said(DraftEdit.objects.first(), conference))

    def change(**changes):
        sessions.change_session(session=session, changes=changes, expected=None, actor=ana)
        note()

    change(end_local=at("2027-03-18T11:15"))
    change(title={"en": "Talk"}, kind="keynote")
    change(abstract={"en": "x"}, language="en", attribution="closed", planned_minutes=20)
    sessions.cancel_session(session=session, expected=None, actor=ana)
    note()
    sessions.restore_session(session=session, expected=None, actor=ana)
    note()
    change(start_local=at("2027-03-19T09:00"), end_local=at("2027-03-19T10:00"), room=None)
    sessions.unschedule_session(session=session, expected=None, actor=ana)
    note()
    sessions.delete_session(session=session, expected=None, actor=ana)
    note()
    undo_edit(conference=conference, deed=last_deed(conference).deed, actor=ana)
    note()
    assert words == [
        "moved it to end at 11:15",
        "made it a keynote and changed the title",
        "changed 4 details",
        "cancelled it",
        "took it back in",
        "moved it to 09:00 on 19 March without a room",
        "took its time away",
        "deleted it",
        "undid that and brought it back",
    ]
    assert deed_sentence([DraftEdit.objects.first()], {}, "en") == (
        "undid that and brought “Talk” back"
    )


def test_a_deed_is_said_with_titles_and_how_many_more(conference, session, ana):
    sessions.unschedule_session(session=session, expected=None, actor=ana)
    edit = DraftEdit.objects.get()
    assert deed_sentence([edit], {}, "en") == "took the time of “Panel” away"
    session.refresh_from_db()
    assert session.planned_minutes == 60
    other = SessionFactory(conference=conference, title={"en": "Talk"})
    move(other, "12:00", ana)
    both = list(DraftEdit.objects.order_by("-pk"))
    assert deed_sentence(both, {}, "en") == (
        "moved “Talk” to 12:00 on 18 March and changed 1 more session with it"
    )
    undo_edit(conference=conference, deed=edit.deed, actor=ana)
    session.refresh_from_db()
    assert (session.planned_minutes, session.start_local) == (None, at("2027-03-18T10:00"))


def test_undo_brings_back_what_was_and_redo_undoes_the_undoing(conference, session, room, ana):
    move(session, "11:30", ana)
    first = DraftEdit.objects.get()
    [undone] = undo_edit(conference=conference, deed=first.deed, actor=ana)
    session.refresh_from_db()
    assert (session.start_local, session.room, session.version) == (at("2027-03-18T10:00"), room, 3)
    assert session.starts_at == at("2027-03-18T09:00Z")
    [again] = undo_edit(conference=conference, deed=undone.deed, actor=ana)
    session.refresh_from_db()
    assert (session.start_local, session.room, session.version) == (at("2027-03-18T11:30"), None, 4)
    assert again.undone_at is None


def test_several_deeds_are_undone_one_after_another(conference, session, ana):
    for clock in ("11:00", "12:00", "13:00"):
        move(session, clock, ana)
    deeds = list(DraftEdit.objects.order_by("pk").values_list("deed", flat=True))
    for deed, hour in zip(reversed(deeds), (12, 11, 10), strict=True):
        undo_edit(conference=conference, deed=deed, actor=ana)
        session.refresh_from_db()
        assert session.start_local.hour == hour


def test_what_has_changed_since_is_not_undone(conference, session, ana, refused):
    move(session, "11:00", SYSTEM)
    first = DraftEdit.objects.get()
    move(session, "12:00", ana)
    with refused("conflict", session, first):
        undo_edit(conference=conference, deed=first.deed, actor=ana)
    Session.objects.filter(pk=session.pk).update(version=9)
    with refused("conflict", session):
        undo_edit(conference=conference, deed=last_deed(conference).deed, actor=ana)


def test_a_deed_is_undone_as_a_whole_or_not_at_all(conference, session, ana, refused):
    other = SessionFactory(conference=conference)
    deed = uuid.uuid4()
    for row in (session, other):
        sessions.change_session(
            session=row, changes={"language": "ru"}, expected=None, actor=ana, deed=deed
        )
    sessions.change_session(session=session, changes={"language": "en"}, expected=None, actor=ana)
    with refused("conflict", session, other):
        undo_edit(conference=conference, deed=deed, actor=ana)


def test_nothing_is_undone_twice_or_of_another_conference(conference, session, ana, refused):
    move(session, "11:00", ana)
    deed = DraftEdit.objects.get().deed
    with refused("not-found", session):
        undo_edit(conference=SessionFactory().conference, deed=deed, actor=ana)
    undo_edit(conference=conference, deed=deed, actor=ana)
    with refused("wrong-state", session):
        undo_edit(conference=conference, deed=deed, actor=ana)


def test_undoing_an_addition_takes_it_out_unless_it_is_published(conference, ana, refused):
    def add(title):
        return sessions.create_session(
            conference=conference, kind="panel", title={"en": title}, actor=ana
        )

    add("One")
    undo_edit(conference=conference, deed=last_deed(conference).deed, actor=ana)
    assert not Session.objects.exists()
    row = add("Two")
    publish_schedule(conference=conference, name="", actor=SYSTEM)
    with refused("in-use", row):
        undo_edit(conference=conference, deed=DraftEdit.objects.first().deed, actor=ana)


def test_a_deleted_session_comes_back_with_its_code_people_and_history(
    conference, session, ana, heard
):
    later = SessionFactory(conference=conference)
    SessionPrecedence.objects.create(first=session, then=later)
    ParticipationFactory(session=session, role="moderator", state="invited")
    sure = ParticipationFactory(session=session, order=1, minutes=10)
    move(session, "12:00", ana)
    former = state(session)
    session.refresh_from_db()
    sessions.delete_session(session=session, expected=None, actor=ana)
    undo_edit(conference=conference, deed=DraftEdit.objects.first().deed, actor=ana)
    row = Session.objects.get(code=session.code)
    assert (row.uid, row.version, state(row)) == (session.uid, session.version + 1, former)
    parts = Participation.objects.filter(session=row).order_by("order")
    assert [(p.role, p.state, p.minutes) for p in parts] == [
        ("moderator", "planned", None),
        ("panellist", "confirmed", 10),
    ]
    assert parts[1].code == sure.code
    assert heard[-1].participation_ids == tuple(p.pk for p in parts)
    assert SessionPrecedence.objects.get().first == row
    undo_edit(conference=conference, deed=row.edits.order_by("pk").first().deed, actor=ana)
    row.refresh_from_db()
    assert row.start_local == at("2027-03-18T10:00")


def test_a_room_that_is_gone_is_said_and_nothing_undone(conference, session, room, ana, refused):
    move(session, "10:00", ana)
    room.delete()
    with refused("conflict", session):
        undo_edit(conference=conference, deed=last_deed(conference).deed, actor=ana)


def test_old_edits_are_forgotten_after_thirty_days(session, ana):
    move(session, "11:00", ana)
    move(session, "12:00", ana)
    old = DraftEdit.objects.order_by("pk").first()
    DraftEdit.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=31))
    assert forget_old_edits() == 1
    assert DraftEdit.objects.get().pk != old.pk


def test_how_long_ago_is_said_in_the_largest_unit():
    now = at("2027-03-18T10:00Z")
    spans = {"seconds": 20}, {"minutes": 1}, {"minutes": 59}, {"hours": 5}, {"days": 2}
    assert [ago(now - dt.timedelta(**span), now) for span in spans] == [
        "just now",
        "1 minute ago",
        "59 minutes ago",
        "5 hours ago",
        "on 16 March",
    ]
