from __future__ import annotations

import datetime as dt
import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import StoredFile
from events.models import Participation, Person, ScheduleVersion
from events.programme import Change
from events.services import panels, people, schedules, sessions
from events.services.conferences import change_conference
from events.signals import SchedulePublished
from tests.factories.events import (
    ParticipationFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    TrackFactory,
)

at = dt.datetime.fromisoformat


def place(conference, start="10:00", end="11:00", **fields):
    return SessionFactory(
        conference=conference,
        start_local=at(f"2027-03-18T{start}"),
        end_local=at(f"2027-03-18T{end}"),
        **fields,
    )


@pytest.fixture
def publish(conference, actor):
    def do(name=""):
        return schedules.publish_schedule(conference=conference, name=name, actor=actor)

    return do


@pytest.fixture
def sentences(conference):
    def read():
        conference.refresh_from_db()
        return [c.sentence for c in schedules.programme_changes(conference)]

    return read


def test_publish_writes_down_the_draft_by_codes(conference, room, publish, heard, audited):
    track = TrackFactory(conference=conference, slug="media", colour="#0b5d5e")
    loose = SessionFactory(conference=conference, title={"en": "To come"})
    session = place(conference, room=room, track=track, attribution="chatham_house")
    part = ParticipationFactory(session=session, minutes=10, honorific="Dr.")
    ParticipationFactory(session=session, state="declined", order=1)

    row = publish()

    assert (row.number, row.name, row.format, row.published_by) == (1, "Version 1", 2, "account:7")
    row.refresh_from_db()
    assert row.document == {
        "format": 2,
        "time_zone": "Europe/Belgrade",
        "rooms": [
            {
                "code": room.code,
                "uid": str(room.uid),
                "name": {"en": "Red room"},
                "venue": room.venue.code,
                "venue_name": room.venue.name,
            }
        ],
        "tracks": [{"slug": "media", "name": {"en": "Media"}, "colour": "#0b5d5e"}],
        "sessions": [
            {
                "code": session.code,
                "uid": str(session.uid),
                "kind": "panel",
                "state": "planned",
                "title": session.title,
                "abstract": {},
                "track": "media",
                "slot": {
                    "start": "2027-03-18T10:00",
                    "end": "2027-03-18T11:00",
                    "room": room.code,
                },
                "order": 0,
                "language": "",
                "attribution": "chatham_house",
                "interpretation": [],
                "recorded": False,
                "participations": [
                    {
                        "code": part.code,
                        "person": part.person.code,
                        "role": "panellist",
                        "order": 0,
                        "minutes": 10,
                        "state": "confirmed",
                        "honorific": "Dr.",
                        "affiliation": "Institute for Testing",
                        "position": "Researcher",
                    }
                ],
            },
            {
                "code": loose.code,
                "uid": str(loose.uid),
                "kind": "panel",
                "state": "planned",
                "title": {"en": "To come"},
                "abstract": {},
                "track": None,
                "slot": None,
                "order": 0,
                "language": "",
                "attribution": "on_the_record",
                "interpretation": [],
                "recorded": False,
                "participations": [],
            },
        ],
    }
    conference.refresh_from_db()
    assert (conference.version, conference.plan_revision) == (2, 2)
    assert heard == [SchedulePublished(conference.pk, row.pk)]
    assert audited() == ("publish_schedule", [], {"number": 1, "sessions": 2})


def test_publish_refuses_without_a_trace(conference, actor, publish, refused):
    with refused("wrong-state", conference):
        publish()
    session = SessionFactory(conference=conference)
    with refused("stale", conference):
        schedules.publish_schedule(conference=conference, name="", actor=actor, expected=4)
    with refused("validation-failed", conference, pointer="/name"):
        publish("x" * 101)
    publish("Final")
    conference.refresh_from_db()
    sessions.cancel_session(session=session, expected=None, actor=actor)
    with refused("conflict", conference, pointer="/name", code="taken"):
        publish("Final")
    assert ScheduleVersion.objects.count() == 1


def test_the_same_programme_can_be_published_again(conference, publish):
    SessionFactory(conference=conference)
    assert [publish("Final").number, publish("Final again").number] == [1, 2]
    assert schedules.current_programme(conference).name == "Final again"


def test_an_unnamed_version_finds_a_free_name(conference, actor, publish):
    session = SessionFactory(conference=conference)
    publish("Version 2")
    sessions.cancel_session(session=session, expected=None, actor=actor)
    assert publish().name == "Version 2+"


def test_without_a_version_there_is_an_empty_programme(conference):
    programme = schedules.current_programme(conference)
    assert (programme.version, programme.is_empty, list(programme.sessions())) == (0, True, [])
    assert schedules.programme_changes(conference) == []


def test_the_programme_stands_by_day_then_start_then_room(conference, room, publish):
    second = RoomFactory(venue=room.venue, order=1)
    late = place(conference, "12:00", "13:00", room=room)
    other_room = place(conference, "10:00", "11:00", room=second)
    first = place(conference, "10:00", "11:00", room=room)
    next_day = SessionFactory(
        conference=conference, start_local=at("2027-03-19T09:00"), end_local=at("2027-03-19T10:00")
    )
    loose = SessionFactory(conference=conference)
    publish()
    programme = schedules.current_programme(conference)
    assert [(str(day.date), [s.code for s in day.sessions]) for day in programme.days] == [
        ("2027-03-18", [first.code, other_room.code, late.code]),
        ("2027-03-19", [next_day.code]),
    ]
    assert [s.code for s in programme.unscheduled] == [loose.code]
    assert [s.code for s in programme.sessions()][-2:] == [next_day.code, loose.code]
    assert programme.sessions_by_code[first.code].room.name == {"en": "Red room"}


def test_only_who_confirmed_is_public_and_a_decline_shows_at_once(conference, actor, publish):
    session = place(conference)
    yes, asked = (
        ParticipationFactory(session=session, state=state, order=order)
        for order, state in enumerate(("confirmed", "invited"))
    )
    publish()

    def public():
        view = schedules.current_programme(conference).sessions_by_code[session.code]
        return [p.code for p in view.participations]

    assert public() == [yes.code]
    draft = schedules.draft_programme(conference).sessions_by_code[session.code]
    assert [(p.code, p.state) for p in draft.participations] == [
        (yes.code, "confirmed"),
        (asked.code, "invited"),
    ]
    panels.change_participation(
        participation=asked, changes={"state": "confirmed"}, expected=None, actor=actor
    )
    assert public() == [yes.code, asked.code]
    panels.change_participation(
        participation=yes, changes={"state": "declined"}, expected=None, actor=actor
    )
    assert public() == [asked.code]


def test_who_is_taken_off_the_draft_stays_until_the_next_version(conference, actor, publish):
    session = place(conference)
    leaves = ParticipationFactory(session=session)
    publish()
    panels.remove_participation(participation=leaves, expected=None, actor=actor)
    assert [p.code for p in schedules.current_programme(conference).speakers()] == [leaves.code]
    publish()
    assert schedules.current_programme(conference).speakers() == []


def test_names_are_those_of_now_posts_those_of_the_day(conference, actor, publish):
    part = ParticipationFactory(session=place(conference))
    publish()
    assert [p.name for p in schedules.current_programme(conference).speakers()] == [
        f"Ana {part.person.family_name}"
    ]
    photo = StoredFile.objects.create(
        organisation_id_value=conference.organisation_id,
        file="photo",
        content_type="image/jpeg",
        size=1,
        digest="0" * 64,
        visibility="public",
    )
    people.change_person(
        person=part.person,
        changes={"family_name": "Ilić", "position": "Director", "photo": photo},
        expected=None,
        actor=actor,
    )
    (view,) = schedules.current_programme(conference).speakers()
    assert (view.name, view.position, view.photo) == ("Ana Ilić", "Researcher", str(photo.uid))
    StoredFile.objects.update(visibility="private")
    Person.objects.update(version=9)
    (view,) = schedules.current_programme(conference).speakers()
    assert view.photo == ""


def test_who_is_no_longer_known_is_no_longer_shown(conference, publish):
    part = ParticipationFactory(session=place(conference))
    publish()
    assert schedules.current_programme(conference).speakers() != []
    Participation.objects.all().delete()
    Person.objects.filter(pk=part.person_id).delete()
    assert schedules.current_programme(conference).speakers() == []


def test_a_person_on_two_sessions_stands_once_among_the_speakers(conference, publish):
    first, second = place(conference), place(conference, "12:00", "13:00")
    part = ParticipationFactory(session=first, role="moderator")
    again = ParticipationFactory(session=second, person=part.person)
    publish()
    programme = schedules.current_programme(conference)
    assert [p.code for p in programme.speakers()] == [part.code]
    assert [(s.code, p.code) for s, p in programme.sessions_of(part.person.code)] == [
        (first.code, part.code),
        (second.code, again.code),
    ]
    view = programme.sessions_by_code[first.code]
    assert [p.code for p in view.in_role("moderator")] == [part.code]
    assert view.in_role("panellist") == ()


def test_a_new_zone_acts_on_the_published_programme_at_once(conference, actor, publish):
    session = place(conference)
    publish()
    before = schedules.current_programme(conference).sessions_by_code[session.code]
    row = change_conference(
        conference=conference, changes={"time_zone": "Europe/London"}, expected=None, actor=actor
    )
    after = schedules.current_programme(row).sessions_by_code[session.code]
    assert (before.start_local, after.start_local) == (session.start_local, session.start_local)
    assert (before.starts_at, after.starts_at) == (
        at("2027-03-18T09:00Z"),
        at("2027-03-18T10:00Z"),
    )


def move(conference, actor, start, end):
    return change_conference(
        conference=conference,
        changes={"start_local": start, "end_local": end},
        expected=None,
        actor=actor,
    )


def test_a_move_to_another_day_takes_what_is_published_along(conference, actor, publish, sentences):
    session = place(conference)
    loose = SessionFactory(conference=conference)
    version = publish()
    schedules.current_programme(conference)  # so that the cache knows the former day
    row = move(conference, actor, "2027-03-29T10:00", "2027-03-29T13:30")

    programme = schedules.current_programme(row)
    view = programme.sessions_by_code[session.code]
    assert [day.date for day in programme.days] == [dt.date(2027, 3, 29)]
    assert (view.start_local, view.starts_at) == (
        at("2027-03-29T10:00"),
        at("2027-03-29T08:00Z"),
    )
    assert programme.sessions_by_code[loose.code].starts_at is None
    assert sentences() == []
    before = version.document
    version.refresh_from_db()
    assert (version.document, version.moved_days) == (before, 11)

    back = move(row, actor, "2027-03-17T09:00", "2027-03-17T13:30")
    view = schedules.current_programme(back).sessions_by_code[session.code]
    assert view.start_local == at("2027-03-17T10:00")


def test_what_is_only_in_the_draft_stays_there_when_the_conference_moves(
    conference, actor, publish, sentences
):
    session = place(conference, title={"en": "Panel"})
    publish()
    sessions.change_session(
        session=session, changes={"end_local": "2027-03-18T11:30"}, expected=None, actor=actor
    )
    row = move(conference, actor, "2027-03-19T10:00", "2027-03-19T13:30")
    view = schedules.current_programme(row).sessions_by_code[session.code]
    assert view.end_local == at("2027-03-19T11:00")
    assert sentences() == ["“Panel” ends at 11:30 on 19 March instead of 11:00 on 19 March."]
    assert publish().number == 2
    assert schedules.current_programme(row).sessions_by_code[session.code].end_local == at(
        "2027-03-19T11:30"
    )


def test_a_longer_conference_leaves_what_is_published_where_it_is(conference, actor, publish):
    session = place(conference)
    publish()
    row = move(conference, actor, "2027-03-17T10:00", "2027-03-18T13:30")
    view = schedules.current_programme(row).sessions_by_code[session.code]
    assert view.start_local == at("2027-03-18T10:00")


def test_reading_again_comes_from_the_cache(conference, publish, django_assert_num_queries):
    ParticipationFactory(session=place(conference))
    publish()
    first = schedules.current_programme(conference)
    with django_assert_num_queries(3):
        assert schedules.current_programme(conference) == first


def test_without_a_cache_the_answer_is_the_same(conference, publish, settings):
    ParticipationFactory(session=place(conference))
    publish()
    kept = schedules.current_programme(conference)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert schedules.current_programme(conference) == kept


def test_changes_are_said_in_sentences(conference, actor, room, publish, sentences):
    gone = place(conference, title={"en": "Lunch"})
    moved = place(conference, title={"en": "Panel"})
    publish()
    assert sentences() == []

    place(conference, "12:00", "12:30", title={"en": "Coffee"})
    SessionFactory(conference=conference, title={"en": "Loose"})
    sessions.change_session(
        session=moved,
        changes={
            "start_local": "2027-03-18T10:30",
            "room": room,
            "title": {"en": "Open panel"},
            "abstract": {"en": "Come."},
        },
        expected=None,
        actor=actor,
    )
    sessions.cancel_session(session=gone, expected=None, actor=actor)
    TrackFactory(conference=conference)
    change_conference(
        conference=conference, changes={"time_zone": "Europe/London"}, expected=None, actor=actor
    )
    assert sentences() == [
        "“Lunch” is cancelled.",
        "“Open panel” starts at 10:30 on 18 March instead of 10:00 on 18 March and is in Red room.",
        "“Panel” is called “Open panel” now.",
        "“Open panel” has another abstract.",
        "“Coffee” is new, at 12:00 on 18 March.",
        "“Loose” is new.",
        "The tracks have changed.",
        "Times are now those of Europe/London.",
    ]


def test_changes_of_slots_and_rooms(conference, actor, room, publish, sentences):
    longer = place(conference, title={"en": "A"}, room=room)
    unplaced = place(conference, title={"en": "B"})
    placed = SessionFactory(conference=conference, title={"en": "C"})
    back = place(conference, title={"en": "D"}, state="cancelled")
    removed = place(conference, title={"en": "E"})
    publish()
    RoomFactory(venue=room.venue)
    sessions.change_session(
        session=longer,
        changes={"end_local": "2027-03-18T11:30", "room": None},
        expected=None,
        actor=actor,
    )
    sessions.unschedule_session(session=unplaced, expected=None, actor=actor)
    sessions.place_session(
        session=placed,
        start_local="2027-03-18T09:00",
        end_local="2027-03-18T09:30",
        room=None,
        expected=None,
        actor=actor,
    )
    sessions.restore_session(session=back, expected=None, actor=actor)
    removed.delete()
    assert sorted(sentences()) == [
        "The rooms have changed.",
        "“A” ends at 11:30 on 18 March instead of 11:00 on 18 March and has no room any more.",
        "“B” has no time any more.",
        "“C” now starts at 09:00 on 18 March.",
        "“D” takes place after all.",
        "“E” is no longer in the programme.",
    ]


def test_changes_of_people(conference, actor, publish, sentences, organisation):
    session = place(conference, title={"en": "Panel"})
    leaves = ParticipationFactory(session=session, person__family_name="Ilić")
    stays = ParticipationFactory(session=session, order=1)
    publish()
    panels.remove_participation(participation=leaves, expected=None, actor=actor)
    new = PersonFactory(organisation=organisation, given_name="Mia", family_name="Bek")
    panels.add_participation(session=session, person=new, role="moderator", actor=actor)
    assert sentences() == ["“Panel”: Mia Bek joined and Ana Ilić left."]
    publish()
    panels.change_participation(
        participation=stays, changes={"minutes": 3}, expected=None, actor=actor
    )
    assert schedules.programme_changes(conference) == [
        Change("people", session.code, "“Panel”: order, minutes or posts have changed.")
    ]


WORDS = st.text(string.ascii_letters + "čćžšđ љњ", min_size=1, max_size=20).filter(str.strip)
SLOTS = st.one_of(st.none(), st.tuples(st.integers(0, 1400), st.integers(1, 600), st.booleans()))


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(st.tuples(WORDS, SLOTS, st.integers(0, 2)), min_size=1, max_size=5))
def test_what_is_published_is_what_is_read(conference, actor, room, rows):
    conference.sessions.all().delete()
    ScheduleVersion.objects.all().delete()
    made = []
    for title, slot, people_count in rows:
        fields = {}
        if slot is not None:
            start = at("2027-03-27T00:00") + dt.timedelta(minutes=slot[0])
            fields = {
                "start_local": start,
                "end_local": start + dt.timedelta(minutes=slot[1]),
                "room": room if slot[2] else None,
            }
        session = sessions.create_session(
            conference=conference, kind="panel", title={"en": title}, actor=actor, **fields
        )
        for _ in range(people_count):
            ParticipationFactory(session=session, order=session.participations.count())
        made.append(session)
    schedules.publish_schedule(conference=conference, name="", actor=actor)
    assert schedules.programme_changes(conference) == []

    public = schedules.current_programme(conference)
    draft = schedules.draft_programme(conference)
    assert public.sessions_by_code == draft.sessions_by_code
    assert (public.days, public.unscheduled) == (draft.days, draft.unscheduled)
    for session in made:
        view = public.sessions_by_code[session.code]
        assert (view.title, view.start_local, view.end_local, view.starts_at, view.ends_at) == (
            session.title,
            session.start_local,
            session.end_local,
            session.starts_at,
            session.ends_at,
        )
        assert len(view.participations) == session.participations.count()
