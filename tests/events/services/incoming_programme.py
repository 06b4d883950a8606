"""A programme of two sessions and two people as a source hands it over, and ways to bring it in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from core.actors import SYSTEM
from core.models import AuditEntry
from events.incoming import (
    IncomingLink,
    IncomingPart,
    IncomingPerson,
    IncomingProgramme,
    IncomingRoom,
    IncomingSession,
    IncomingTrack,
)
from events.models import (
    DraftEdit,
    ExternalRef,
    Material,
    Participation,
    Person,
    ProgrammeImport,
    Room,
    Session,
    Track,
    Venue,
)
from events.services.importing import (
    keep_programme,
    start_programme_import,
)
from events.services.importing_running import go_on_with_programmes, plan_programme


def at(clock, day=18):
    return dt.datetime.fromisoformat(f"2027-03-{day:02}T{clock}")


MILA = IncomingPerson(
    "p1", "Mila", "Đorđević", "Prof. Dr.", "Institute of Rivers", "Director", line=3
)
PETAR = IncomingPerson("p2", "Petar", "Ilić", affiliation="Water Works", line=4)
OPENING = IncomingSession(
    ref="s1",
    kind="opening_remarks",
    title={"en": "Opening"},
    start=at("10:00"),
    end=at("10:15"),
    room="r1",
    parts=(IncomingPart("p1", "opening_remarks"),),
    line=2,
)
PANEL = IncomingSession(
    ref="s2",
    kind="panel",
    title={"en": "Who drinks first"},
    abstract={"en": "Four views."},
    start=at("10:15"),
    end=at("11:45"),
    room="r1",
    track="t1",
    parts=(
        IncomingPart("p1", "moderator", minutes=10),
        IncomingPart("p2", "panellist", confirmed=False),
    ),
    links=(IncomingLink("Paper", "https://example.org/paper.pdf"),),
    line=5,
)
PROGRAMME = IncomingProgramme(
    source="rivers-2027",
    title="Rivers 2027",
    rooms=(IncomingRoom("r1", {"en": "Great hall"}, 120),),
    tracks=(IncomingTrack("t1", {"en": "Water rights"}, "#0b5d5e"),),
    people=(MILA, PETAR),
    sessions=(OPENING, PANEL),
)


def bring(conference, programme=PROGRAMME, *, shape="schedule_json", **said):
    """Import a programme as a person does it, and return the import as it is then."""
    row = keep_programme(
        conference=conference, format=shape, text="as handed over", settings=said, actor=SYSTEM
    )
    start_programme_import(programme_import=row, programme=programme, actor=SYSTEM)
    go_on_with_programmes(read=lambda _row: programme)
    row.refresh_from_db()
    return row


def plan_of(conference, programme=PROGRAMME, *, shape="schedule_json", **said):
    row = ProgrammeImport(conference=conference, format=shape, settings=said)
    return plan_programme(row, programme)


def verdicts(plan):
    return [line.verdict for line in plan.sessions]


def everything(conference):
    """Return the whole state that an import might touch."""
    models = (Session, Participation, Person, Room, Track, Venue, Material, ExternalRef, DraftEdit)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models} | {
        "audits": AuditEntry.objects.exclude(object_type="events.programmeimport").count()
    }


def changed_to(programme, **of_session):
    """Return the programme with the panel altered."""
    return replace(
        programme,
        sessions=tuple(
            replace(s, **of_session) if s.ref == "s2" else s for s in programme.sessions
        ),
    )
