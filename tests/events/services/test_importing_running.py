"""A long programme goes in piece by piece, whoever stops or dies; and all of it is undone."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import SYSTEM
from core.errors import DomainError
from events.enums import JobState
from events.incoming import (
    IncomingPart,
    IncomingPerson,
    IncomingProgramme,
    IncomingRoom,
    IncomingSession,
)
from events.models import (
    DraftEdit,
    Participation,
    Person,
    ProgrammeImport,
)
from events.services import importing_running as running
from events.services.importing import (
    keep_programme,
    start_programme_import,
    undo_programme_import,
)
from events.services.importing_running import go_on_with_programmes
from events.services.schedules import publish_schedule
from events.services.sessions import change_session, delete_session
from events.services.undoing import undo_edit
from tests.events.services.incoming_programme import (
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
    MaterialFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def conference(organisation):
    return ConferenceFactory(organisation=organisation)


def long_programme(number):
    """Return so many sessions, each with a speaker of its own."""
    people = tuple(IncomingPerson(f"p{n}", f"Given{n}", f"Family{n}") for n in range(number))
    start = at("08:00")
    sessions = tuple(
        IncomingSession(
            ref=f"s{n}",
            kind="presentation",
            title={"en": f"Talk {n}"},
            start=start + dt.timedelta(minutes=n),
            end=start + dt.timedelta(minutes=n + 30),
            room=f"r{n % 5}",
            parts=(IncomingPart(f"p{n}", "presenter"),),
            line=n + 1,
        )
        for n in range(number)
    )
    rooms = tuple(IncomingRoom(f"r{n}", {"en": f"Room {n}"}) for n in range(5))
    return IncomingProgramme("long", rooms=rooms, people=people, sessions=sessions)


@pytest.fixture
def in_pieces(monkeypatch):
    """Let 12 sessions be a long programme, and three a piece."""
    monkeypatch.setattr("events.services.importing.AT_ONCE", 0)
    monkeypatch.setattr(running, "WHOLE", 5)
    return long_programme(12)


def started(conference, programme):
    row = keep_programme(conference=conference, format="table", text="x", actor=SYSTEM)
    return start_programme_import(programme_import=row, programme=programme, actor=SYSTEM)


def test_a_long_programme_goes_in_pieces(conference, in_pieces):
    row = started(conference, in_pieces)
    assert row.state == JobState.RUNNING
    assert go_on_with_programmes(read=lambda _row: in_pieces, piece=5) == 3
    row.refresh_from_db()
    assert (row.state, row.done, conference.sessions.count()) == (JobState.DONE, 12, 12)
    assert row.report["counts"]["sessions"] == {"added": 12}
    assert DraftEdit.objects.values("deed").distinct().count() == 1


def test_a_stop_is_heard_between_two_pieces_and_the_report_says_what_is_in(
    conference, in_pieces, monkeypatch
):
    row = started(conference, in_pieces)
    write, pieces = running.write_sessions, []

    def write_and_stop(writing, lines):
        write(writing, lines)
        pieces.append(len(lines))
        if len(pieces) == 2:
            ProgrammeImport.objects.update(stop_asked=True)

    monkeypatch.setattr(running, "write_sessions", write_and_stop)
    go_on_with_programmes(read=lambda _row: in_pieces, piece=3)
    row.refresh_from_db()
    assert (row.state, row.done, conference.sessions.count()) == (JobState.STOPPED, 6, 6)
    assert row.report["counts"]["sessions"] == {"added": 6}
    monkeypatch.setattr(running, "write_sessions", write)
    start_programme_import(programme_import=row, programme=in_pieces, actor=SYSTEM)
    go_on_with_programmes(read=lambda _row: in_pieces, piece=3)
    row.refresh_from_db()
    assert (row.state, conference.sessions.count()) == (JobState.DONE, 12)
    assert row.report["counts"]["sessions"] == {"added": 6, "unchanged": 6}


def test_a_worker_that_dies_is_followed_by_the_next_one(conference, in_pieces, monkeypatch):
    row = started(conference, in_pieces)
    write, pieces = running.write_sessions, []

    class Killed(BaseException):
        pass

    def write_and_die(writing, lines):
        write(writing, lines)
        pieces.append(len(lines))
        if len(pieces) == 3:
            raise Killed

    monkeypatch.setattr(running, "write_sessions", write_and_die)
    with pytest.raises(Killed):
        go_on_with_programmes(read=lambda _row: in_pieces, piece=3)
    row.refresh_from_db()
    assert (row.state, row.done, conference.sessions.count()) == (JobState.RUNNING, 6, 6)
    monkeypatch.setattr(running, "write_sessions", write)
    # Nobody takes it up as long as its worker may be alive.
    assert go_on_with_programmes(read=lambda _row: in_pieces, piece=3) == 0
    ProgrammeImport.objects.update(claimed_at=row.claimed_at - 2 * running.SILENCE)
    assert go_on_with_programmes(read=lambda _row: in_pieces, piece=3) == 2
    row.refresh_from_db()
    assert (row.state, row.done, conference.sessions.count()) == (JobState.DONE, 12, 12)
    assert (Person.objects.count(), row.report["counts"]["sessions"]) == (12, {"added": 12})


def test_of_two_workers_one_claims_it(conference, in_pieces):
    started(conference, in_pieces)
    first = running._claim()
    assert first is not None
    assert running._claim() is None
    # Whoever was taken for dead and is not finds that it is another one's now.
    ProgrammeImport.objects.update(claimed_at=first.claimed_at - 2 * running.SILENCE)
    assert running._claim() is not None
    assert running._go_on(first, lambda _row: in_pieces, 3) == 0
    assert conference.sessions.count() == 0


def test_what_a_reader_refuses_is_said_by_the_import(conference, in_pieces):
    row = started(conference, in_pieces)

    def refuses(_row):
        raise DomainError("validation-failed", "The file is torn.")

    go_on_with_programmes(read=refuses)
    row.refresh_from_db()
    assert (row.state, row.error) == (JobState.FAILED, "The file is torn.")


def test_a_mistake_of_ours_ends_an_import_and_is_said(conference, in_pieces, monkeypatch):
    row = started(conference, in_pieces)
    monkeypatch.setattr(running, "write_sessions", lambda *_args: 1 / 0)
    go_on_with_programmes(read=lambda _row: in_pieces)
    row.refresh_from_db()
    assert row.state == JobState.FAILED
    assert conference.sessions.count() == Person.objects.count() == 0


def test_an_import_is_undone_as_a_whole(conference):
    bring(conference)
    later = changed_to(PROGRAMME, end=at("12:00"))
    row = bring(conference, later)
    undo_programme_import(programme_import=row, actor=SYSTEM)
    assert conference.sessions.get(kind="panel").end_local == at("11:45")
    first = ProgrammeImport.objects.order_by("pk").first()
    undo_programme_import(programme_import=first, actor=SYSTEM)
    assert not conference.sessions.exists()
    assert Person.objects.count() == 2
    with pytest.raises(DomainError, match="undone already"):
        undo_programme_import(programme_import=first, actor=SYSTEM)
    bring(conference)
    assert conference.sessions.count() == 2


def test_a_long_import_is_undone_in_one_go_and_can_be_done_again(conference, in_pieces):
    row = started(conference, in_pieces)
    go_on_with_programmes(read=lambda _row: in_pieces, piece=5)
    row.refresh_from_db()
    done = undo_programme_import(programme_import=row, actor=SYSTEM)
    assert done.report["undone"]
    assert not conference.sessions.exists()
    again = DraftEdit.objects.filter(undone_at=None).first()
    undo_edit(conference=conference, deed=again.deed, actor=SYSTEM)
    assert conference.sessions.count() == Participation.objects.count() == 12


@pytest.mark.parametrize("way", ["changed", "published", "asked", "used", "deleted"])
def test_a_long_import_is_undone_whole_or_not_at_all(conference, in_pieces, way):
    row = started(conference, in_pieces)
    go_on_with_programmes(read=lambda _row: in_pieces, piece=5)
    row.refresh_from_db()
    session = conference.sessions.first()
    match way:
        case "changed":
            change_session(session=session, changes={"kind": "panel"}, expected=None, actor=SYSTEM)
        case "published":
            publish_schedule(conference=conference, name="First", actor=SYSTEM)
        case "asked":
            session.participations.update(asked_at=session.created_at)
        case "used":
            MaterialFactory(conference=conference, session=session)
        case "deleted":
            delete_session(session=session, expected=None, actor=SYSTEM)
    before = everything(conference)
    with pytest.raises(DomainError) as refusal:
        undo_programme_import(programme_import=row, actor=SYSTEM)
    assert refusal.value.kind in {"conflict", "in-use"}
    assert everything(conference) == before


def test_what_was_undone_is_not_done_again_by_the_same_file(conference):
    bring(conference)
    later = changed_to(PROGRAMME, end=at("12:00"))
    undo_programme_import(programme_import=bring(conference, later), actor=SYSTEM)
    assert verdicts(plan_of(conference, later)) == ["unchanged", "edited"]
