"""A programme that comes in: the plan, the deed, and the same file once more."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from events.enums import JobState
from events.incoming import (
    IncomingPart,
    IncomingPerson,
    IncomingProgramme,
    IncomingRoom,
    IncomingSession,
)
from events.models import (
    Material,
    Participation,
    Person,
    ProgrammeImport,
)
from events.services import importing_running as running
from events.services.importing import (
    forget_waiting_programmes,
    keep_programme,
    set_up_programme_import,
    start_programme_import,
    stop_programme_import,
)
from events.services.panels import change_participation
from events.services.people import change_person
from events.services.schedules import publish_schedule
from events.services.sessions import change_session, delete_session
from registrations.models import Registration
from tests.events.services.incoming_programme import (
    MILA,
    OPENING,
    PANEL,
    PETAR,
    PROGRAMME,
    at,
    bring,
    changed_to,
    everything,
    plan_of,
    verdicts,
)
from tests.factories.events import (
    ConferenceFactory,
    PersonFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference(organisation):
    return ConferenceFactory(organisation=organisation)


def test_a_dry_run_writes_nothing_and_says_everything(conference):
    before = everything(conference)
    plan = plan_of(conference)
    assert everything(conference) == before
    assert verdicts(plan) == ["added", "added"]
    assert [one.verdict for one in plan.people.values()] == ["added", "added"]
    assert not plan.does_nothing


def test_a_programme_comes_in_whole(conference):
    row = bring(conference)
    assert (row.state, row.done, row.total, row.text) == (JobState.DONE, 2, 2, "")
    panel = conference.sessions.get(kind="panel")
    assert panel.title == {"en": "Who drinks first"}
    assert (panel.start_local, panel.end_local) == (at("10:15"), at("11:45"))
    assert panel.starts_at == dt.datetime(2027, 3, 18, 9, 15, tzinfo=dt.UTC)
    assert panel.search_key.startswith("who drinks first")
    assert (panel.room.name, panel.room.capacity) == ({"en": "Great hall"}, 120)
    assert (panel.track.slug, panel.track.colour) == ("water-rights", "#0b5d5e")
    assert panel.version == 1
    seats = list(panel.participations.values_list("person__given_name", "role", "state", "minutes"))
    assert seats == [("Mila", "moderator", "planned", 10), ("Petar", "panellist", "planned", None)]
    assert panel.participations.first().affiliation == "Institute of Rivers"
    assert panel.materials.get().url == "https://example.org/paper.pdf"
    assert conference.venues.get().name == {"en": conference.title["en"]}
    assert row.report["counts"]["sessions"] == {"added": 2}
    assert row.report["counts"]["people"] == {"added": 2}
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"create_session", "create_person", "create_room", "add_participation"} <= verbs
    assert not Registration.objects.exists()


def test_the_same_file_once_more_changes_nothing(conference):
    bring(conference)
    before = everything(conference)
    row = bring(conference)
    assert everything(conference) == before
    assert row.report["counts"]["sessions"] == {"unchanged": 2}
    assert plan_of(conference).does_nothing


def test_a_changed_file_updates_only_what_differs(conference):
    bring(conference)
    later = changed_to(PROGRAMME, start=at("10:30"), end=at("12:00"))
    plan = plan_of(conference, later)
    assert verdicts(plan) == ["unchanged", "changed"]
    assert [(c.name, c.old, c.new) for c in plan.sessions[1].changes] == [
        ("start_local", "2027-03-18T10:15", "2027-03-18T10:30"),
        ("end_local", "2027-03-18T11:45", "2027-03-18T12:00"),
    ]
    bring(conference, later)
    panel, opening = (
        conference.sessions.get(kind="panel"),
        conference.sessions.exclude(kind="panel"),
    )
    assert (panel.start_local, panel.version) == (at("10:30"), 2)
    assert [row.version for row in opening] == [1]


def test_what_was_edited_here_stays_until_somebody_takes_the_source(conference):
    bring(conference)
    panel = conference.sessions.get(kind="panel")
    change_session(
        session=panel, changes={"title": {"en": "Who drinks last"}}, expected=None, actor=SYSTEM
    )
    assert verdicts(plan_of(conference)) == ["unchanged", "edited"]
    before = everything(conference)
    bring(conference)
    assert everything(conference) == before
    later = changed_to(PROGRAMME, title={"en": "Who pays"}, end=at("12:00"))
    bring(conference, later)
    panel.refresh_from_db()
    assert (panel.title, panel.end_local) == ({"en": "Who drinks last"}, at("12:00"))
    decisions = {"sessions": {"s2": {"take": ["title:en"]}}}
    bring(conference, later, decisions=decisions)
    panel.refresh_from_db()
    assert panel.title == {"en": "Who pays"}


def test_people_of_a_session_follow_the_source(conference):
    bring(conference)
    panel = conference.sessions.get(kind="panel")
    other = IncomingPerson("p3", "Vera", "Cvijić")
    parts = (IncomingPart("p3", "panellist"), IncomingPart("p1", "host"))
    later = replace(changed_to(PROGRAMME, parts=parts), people=(MILA, PETAR, other))
    bring(conference, later)
    seats = list(panel.participations.values_list("person__given_name", "role"))
    assert seats == [("Vera", "panellist"), ("Mila", "host")]
    panel.refresh_from_db()
    assert panel.version == 2
    before = everything(conference)
    bring(conference, later)
    assert everything(conference) == before


def test_who_was_asked_stays_on_though_the_source_drops_them(conference):
    bring(conference)
    panel = conference.sessions.get(kind="panel")
    seat = panel.participations.get(role="panellist")
    change_participation(
        participation=seat, changes={"state": "tentative"}, expected=None, actor=SYSTEM
    )
    later = changed_to(PROGRAMME, parts=PANEL.parts[:1])
    plan = plan_of(conference, later)
    assert [part.verdict for part in plan.sessions[1].parts] == ["unchanged", "stays"]
    bring(conference, later)
    assert panel.participations.count() == 2


def test_who_was_taken_off_here_does_not_come_back(conference):
    bring(conference)
    panel = conference.sessions.get(kind="panel")
    panel.participations.get(role="panellist").delete()
    assert verdicts(plan_of(conference)) == ["unchanged", "edited"]
    bring(conference)
    assert panel.participations.count() == 1
    bring(conference, decisions={"sessions": {"s2": {"take": ["people"]}}})
    assert panel.participations.count() == 2


def test_vanished_sessions_are_listed_and_taken_out_by_a_tick(conference):
    bring(conference)
    panel = conference.sessions.get(kind="panel")
    later = replace(PROGRAMME, sessions=(OPENING,))
    assert [row.pk for row in plan_of(conference, later).vanished] == [panel.pk]
    row = bring(conference, later)
    assert conference.sessions.count() == 2
    assert row.report["lines"][-1]["what"] == "vanished"
    Material.objects.all().delete()
    row = bring(conference, later, vanished=[panel.code])
    assert conference.sessions.count() == 1
    assert row.report["lines"][-1]["what"] == "deleted"


def test_a_vanished_session_that_readers_have_seen_is_cancelled(conference):
    bring(conference)
    publish_schedule(conference=conference, name="First", actor=SYSTEM)
    panel = conference.sessions.get(kind="panel")
    bring(conference, replace(PROGRAMME, sessions=(OPENING,)), vanished=[panel.code])
    panel.refresh_from_db()
    assert panel.state == "cancelled"
    assert plan_of(conference, replace(PROGRAMME, sessions=(OPENING,))).vanished == []


def test_a_session_whose_identifier_changed_is_the_same_by_its_title(conference):
    bring(conference)
    renamed = replace(
        PROGRAMME, sessions=(OPENING, replace(PANEL, ref="s99", end=at("11:30"), links=()))
    )
    plan = plan_of(conference, renamed)
    assert (verdicts(plan), plan.vanished) == (["unchanged", "changed"], [])
    bring(conference, renamed)
    assert conference.sessions.count() == 2
    assert verdicts(plan_of(conference, renamed)) == ["unchanged", "unchanged"]


def test_a_session_that_was_typed_here_before_is_not_overwritten(conference):
    SessionFactory(
        conference=conference,
        kind="discussion",
        title={"en": "Who drinks first"},
        start_local=at("10:15"),
        end_local=at("11:00"),
    )
    plan = plan_of(conference)
    line = plan.sessions[1]
    assert line.verdict == "changed"
    assert {c.name for c in line.edited} == {"kind", "end_local"}
    bring(conference)
    assert conference.sessions.count() == 2


def test_a_person_of_exactly_this_name_is_the_same_until_somebody_says_otherwise(conference):
    here = PersonFactory(
        organisation=conference.organisation, given_name="Petar", family_name="Ilić",
        affiliation="", email="petar@example.org",
    )  # fmt: skip
    plan = plan_of(conference)
    assert (plan.people["p2"].by, plan.people["p2"].person) == ("name", here)
    bring(conference)
    assert Person.objects.filter(family_name="Ilić").count() == 1
    here.refresh_from_db()
    assert here.affiliation == "Water Works"


def test_somebody_may_be_a_new_person_of_the_same_name(conference):
    PersonFactory(organisation=conference.organisation, given_name="Petar", family_name="Ilić")
    bring(conference, decisions={"people": {"p2": {"is": "new"}}})
    assert Person.objects.filter(family_name="Ilić").count() == 2
    before = everything(conference)
    bring(conference)
    assert everything(conference) == before


def test_of_several_people_of_one_name_none_is_taken_unless_the_house_fits(conference):
    for house in ("Water Works", "Ministry"):
        PersonFactory(
            organisation=conference.organisation, given_name="Петар", family_name="Илић",
            affiliation=house,
        )  # fmt: skip
    plan = plan_of(conference)
    assert plan.people["p2"].person.affiliation == "Water Works"
    nowhere = replace(PROGRAMME, people=(MILA, replace(PETAR, affiliation="")))
    assert plan_of(conference, nowhere).people["p2"].person is None


def test_people_who_have_agreed_get_a_place_and_tbc_does_not(conference):
    bring(conference, people="agreed")
    states = dict(Participation.objects.values_list("role", "state"))
    assert states == {
        "opening_remarks": "confirmed",
        "moderator": "confirmed",
        "panellist": "planned",
    }
    assert [row.family_name for row in Registration.objects.all()] == ["Đorđević"]


def test_people_may_be_shown_before_they_have_answered(conference):
    bring(conference, people="shown")
    shown = dict(Participation.objects.values_list("role", "shown_unconfirmed"))
    assert shown == {"opening_remarks": True, "moderator": True, "panellist": False}


def test_decisions_correct_a_line_and_leave_one_out(conference):
    decisions = {
        "sessions": {
            "s1": {"skip": True},
            "s2": {
                "kind": "discussion",
                "title": "Who drinks",
                "start": "2027-03-18T10:20",
                "parts": {"0": {"role": "host"}, "1": {"skip": True}},
            },
        },
        "people": {"p1": {"family_name": "Đurić"}},
    }
    plan = plan_of(conference, decisions=decisions)
    assert verdicts(plan) == ["left_out", "added"]
    bring(conference, decisions=decisions)
    row = conference.sessions.get()
    assert (row.kind, row.title, row.start_local) == (
        "discussion",
        {"en": "Who drinks"},
        at("10:20"),
    )
    assert list(row.participations.values_list("person__family_name", "role")) == [
        ("Đurić", "host")
    ]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"title": {"en": " "}}, "It has no title."),
        ({"end": at("09:00")}, "It ends before it begins."),
        ({"end": at("09:00", 31)}, "It lasts longer than seven days."),
        ({"kind": "song"}, "There is no kind “song”."),
        ({"ref": "s1"}, "Its identifier stands twice in the source."),
    ],
)
def test_what_can_not_come_in_is_left_out_with_its_reason(conference, broken, reason):
    plan = plan_of(conference, changed_to(PROGRAMME, **broken))
    assert verdicts(plan) == ["added", "left_out"]
    assert plan.sessions[1].reason == reason
    bring(conference, changed_to(PROGRAMME, **broken))
    assert conference.sessions.count() == 1


def test_a_session_in_an_hour_that_clocks_skip_is_left_out(organisation):
    conference = ConferenceFactory(organisation=organisation)
    gap = changed_to(PROGRAMME, start=at("02:00", 28), end=at("03:00", 28))
    row = bring(conference, gap)
    assert row.report["counts"]["sessions"] == {"added": 1, "left_out": 1}


def test_its_days_may_be_moved_to_those_of_the_conference(conference):
    off = dt.timedelta(days=400)
    former = replace(
        PROGRAMME,
        sessions=tuple(replace(s, start=s.start - off, end=s.end - off) for s in (OPENING, PANEL)),
    )
    assert "outside of the conference's days" in plan_of(conference, former).notices[0]
    bring(conference, former, move=True)
    assert conference.sessions.get(kind="panel").start_local == at("10:15")


def test_nothing_is_in_when_something_breaks(conference, monkeypatch):
    before = everything(conference)

    def breaks(*_args):
        raise RuntimeError("no more paper")

    row = keep_programme(conference=conference, format="agenda", text="x", actor=SYSTEM)
    monkeypatch.setattr(running, "write_sessions", breaks)
    with pytest.raises(RuntimeError):
        start_programme_import(programme_import=row, programme=PROGRAMME, actor=SYSTEM)
    row.refresh_from_db()
    assert row.state == JobState.WAITING
    after = everything(conference)
    after["audits"] = before["audits"] = 0
    assert after == before


def test_one_that_waits_can_be_dropped_and_is_forgotten_after_a_day(conference):
    row = keep_programme(conference=conference, format="agenda", text="x", actor=SYSTEM)
    stop_programme_import(programme_import=row, actor=SYSTEM)
    with pytest.raises(DomainError, match="over already"):
        stop_programme_import(programme_import=row, actor=SYSTEM)
    waiting = keep_programme(
        conference=conference, format="table", content=b"Title\nOpening\n", name="a.csv",
        actor=SYSTEM,
    )  # fmt: skip
    ProgrammeImport.objects.update(updated_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert forget_waiting_programmes() == 1
    assert list(ProgrammeImport.objects.values_list("code", "text")) == [(row.code, "")]
    assert waiting.file.__class__.objects.count() == 0


def test_settings_are_cleaned(conference):
    row = keep_programme(conference=conference, format="agenda", text="x", actor=SYSTEM)
    for wrong in (
        {"colour": "red"},
        {"people": "maybe"},
        {"first_day": "soon"},
        {"decisions": {"weather": {}}},
        {"decisions": {"sessions": {"s1": {"kind": "song"}}}},
        {"decisions": {"sessions": {"s1": {"start": "now"}}}},
    ):
        with pytest.raises(DomainError):
            set_up_programme_import(programme_import=row, settings=wrong, actor=SYSTEM)
    row.refresh_from_db()
    assert row.settings == {}


def test_without_sessions_there_is_nothing_to_bring_in(conference):
    row = keep_programme(conference=conference, format="agenda", text="x", actor=SYSTEM)
    with pytest.raises(DomainError, match="No session"):
        start_programme_import(
            programme_import=row, programme=IncomingProgramme("empty"), actor=SYSTEM
        )


def test_a_deleted_session_and_a_renamed_person_do_not_trip_it(conference):
    bring(conference)
    opening = conference.sessions.get(kind="opening_remarks")
    delete_session(session=opening, expected=None, actor=SYSTEM)
    mila = Person.objects.get(given_name="Mila")
    change_person(person=mila, changes={"family_name": "Stone"}, expected=None, actor=SYSTEM)
    bring(conference)
    assert conference.sessions.count() == 2
    mila.refresh_from_db()
    assert mila.family_name == "Stone"


TITLES = st.sampled_from(["Opening", "Panel", "Coffee", "Keynote"])
SESSIONS = st.builds(
    lambda ref, title, kind, hour, room, people: IncomingSession(
        ref=ref,
        kind=kind,
        title={"en": title},
        start=at(f"{hour:02}:00") if hour else None,
        end=at(f"{hour + 1:02}:00") if hour else None,
        room=room if hour else "",
        parts=tuple(IncomingPart(person, role) for person, role in people),
    ),
    st.sampled_from(["a", "b", "c", "d", "e"]),
    TITLES,
    st.sampled_from(["panel", "keynote", "break"]),
    st.sampled_from([None, 9, 10, 11]),
    st.sampled_from(["", "r0", "r1"]),
    st.lists(
        st.tuples(st.sampled_from(["p0", "p1", "p2"]), st.sampled_from(["moderator", "panellist"])),
        max_size=4,
    ),
)


def _some(sessions):
    people = tuple(IncomingPerson(f"p{n}", f"Given{n}", f"Family{n}") for n in range(3))
    rooms = tuple(IncomingRoom(f"r{n}", {"en": f"Room {n}"}) for n in range(2))
    return IncomingProgramme("some", rooms=rooms, people=people, sessions=tuple(sessions))


@given(st.lists(SESSIONS, min_size=1, max_size=5), st.lists(SESSIONS, min_size=1, max_size=5))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_comes_in_twice_changes_nothing_the_second_time(organisation, first, second):
    conference = ConferenceFactory(organisation=organisation)
    for sessions in (first, second):
        bring(conference, _some(sessions))
        before = everything(conference)
        assert plan_of(conference, _some(sessions)).does_nothing
        bring(conference, _some(sessions))
        assert everything(conference) == before
