"""Claim: a programme of 872 sessions, 841 people and 35 rooms is in within 20 seconds.

It is a schedule.xml as large conferences publish it (the numbers are those of FOSDEM 2020), with
abstracts and links; the speakers come in as not asked yet. Measured is the worker's part: reading
the file, planning, writing in pieces; then the same file once more, which changes nothing; and
undoing it. Memory is what the process grows by at its peak, beside what it takes before.

`python -m benchmarks.importing seed|bring` are the parts that run in processes of their own;
`python -m benchmarks.importing bring FILE` brings a file of one's own in.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from benchmarks.harness import Row, answer_of, database
from benchmarks.made_up import FAMILY, GIVEN, SUBJECTS, TURNS

SESSIONS: Final = 872
PEOPLE: Final = 841
ROOMS: Final = 35
GOAL_SECONDS: Final = 20.0
GOAL_MB: Final = 200.0
_PROSE: Final = "What was tried, what came of it, and what nobody should try again. "


def rows(engine: str) -> list[Row]:
    """Bring the programme in, once more, and undo it."""
    with tempfile.TemporaryDirectory(prefix="lectern-bench-") as home, database(engine) as settings:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "LECTERN_HOME": home,
            "SECRET_KEY": "benchmark",
            "LOG_LEVEL": "ERROR",
            **settings,
        }
        answer_of("benchmarks.importing", environment, "seed")
        found: dict[str, Any] = answer_of("benchmarks.importing", environment, "bring")
    print(f"  on {engine}: {found}", file=sys.stderr)
    claim = f"import, {SESSIONS} sessions"
    return [
        Row(claim, "all of it", found["seconds"], "goal", GOAL_SECONDS, "s"),
        Row(claim, "all of it, processor", found["processor"], "goal", GOAL_SECONDS, "s"),
        Row(claim, "the same file once more", found["again"], "goal", GOAL_SECONDS, "s"),
        Row(claim, "undoing it", found["undone"], "goal", GOAL_SECONDS, "s"),
        Row(claim, "memory at its peak", found["megabytes"], "goal", GOAL_MB, "MB"),
    ]


def schedule_xml(sessions: int = SESSIONS, people: int = PEOPLE, rooms: int = ROOMS) -> bytes:
    """Return a schedule.xml of two days with as many sessions, people and rooms."""
    days: list[str] = []
    for day in range(2):
        date = dt.date(2027, 2, 6) + dt.timedelta(days=day)
        found: dict[int, list[str]] = {room: [] for room in range(rooms)}
        for number in range(day, sessions, 2):
            found[number // 2 % rooms].append(_event(number, people, rooms))
        inside = "".join(
            f'<room name="H.{1300 + room}">{"".join(events)}</room>'
            for room, events in found.items()
        )
        days.append(f'<day index="{day + 1}" date="{date}">{inside}</day>')
    return (
        '<?xml version="1.0" encoding="UTF-8"?><schedule><conference><acronym>large-2027</acronym>'
        "<title>Large meeting</title><start>2027-02-06</start><end>2027-02-07</end>"
        f"<day_change>09:00:00</day_change></conference>{''.join(days)}</schedule>"
    ).encode()


def _event(number: int, people: int, rooms: int) -> str:
    place = number // 2 // rooms
    start = dt.datetime(2027, 2, 6, 9, 30) + dt.timedelta(minutes=35 * place)  # noqa: DTZ001 - local
    title = f"{TURNS[number % len(TURNS)]} {SUBJECTS[number % len(SUBJECTS)]} ({number})"
    who = {number % people, number * 7 % people} if number % 9 == 0 else {number % people}
    persons = "".join(f'<person id="{one}">{escape(_name(one))}</person>' for one in sorted(who))
    return (
        f'<event id="{9000 + number}"><start>{start:%H:%M}</start><duration>00:30</duration>'
        f"<room>H.{1300 + number // 2 % rooms}</room><title>{escape(title)}</title>"
        f"<track>{SUBJECTS[number % len(SUBJECTS)]}</track><type>lecture</type>"
        f"<abstract>&lt;p&gt;{_PROSE * 4}&lt;/p&gt;</abstract>"
        f"<description>&lt;p&gt;{_PROSE * 12}&lt;/p&gt;</description><persons>{persons}</persons>"
        f'<links><link href="https://example.org/{number}/paper.pdf">Paper</link></links></event>'
    )


def _name(number: int) -> str:
    turn, place = divmod(number, len(GIVEN) * len(FAMILY))
    name = f"{GIVEN[place % len(GIVEN)]} {FAMILY[place // len(GIVEN)]}"
    return f"{name} {'ABCDEFGH'[turn]}" if turn else name


def run_seed() -> None:
    """Make the database and an empty conference."""
    from django.core.management import call_command

    from accounts.models import Organisation
    from core.actors import SYSTEM
    from events.services.conferences import create_conference

    call_command("migrate", verbosity=0)
    organisation = Organisation.objects.create(slug="bench", name="Bench", languages=["en"])
    create_conference(
        organisation=organisation,
        slug="large",
        kind="conference",
        title={"en": "Large meeting"},
        start_local="2027-02-06T09:00",
        end_local="2027-02-07T18:00",
        time_zone="Europe/Belgrade",
        actor=SYSTEM,
    )
    print("{}")


def run_bring(file: str = "") -> None:
    """Bring the programme in as the worker does, twice, and undo it; print figures."""
    from core.actors import SYSTEM
    from events.models import Conference, Person, ProgrammeImport, Session
    from events.services.importing import undo_programme_import

    conference = Conference.objects.get()
    content = Path(file).read_bytes() if file else schedule_xml()
    before, clock, processor = _peak(), time.perf_counter(), time.process_time()
    row = _bring(conference, content)
    seconds, used = time.perf_counter() - clock, time.process_time() - processor
    grown = _peak() - before
    counted = {"sessions": Session.objects.count(), "people": Person.objects.count()}
    clock = time.perf_counter()
    again = _bring(conference, content)
    twice = time.perf_counter() - clock
    clock = time.perf_counter()
    undo_programme_import(programme_import=ProgrammeImport.objects.get(pk=row.pk), actor=SYSTEM)
    undone = time.perf_counter() - clock
    print(
        json.dumps(
            {
                **counted,
                "seconds": round(seconds, 2),
                "processor": round(used, 2),
                "again": round(twice, 2),
                "undone": round(undone, 2),
                "megabytes": round(grown, 1),
                "counts": row.report["counts"]["sessions"],
                "counts_again": again.report["counts"]["sessions"],
            }
        )
    )


def _bring(conference: Any, content: bytes) -> Any:
    from core.actors import SYSTEM
    from events.enums import ProgrammeFormat
    from events.exchange.programme import guess_format, programme_of
    from events.services.importing import keep_programme, start_programme_import
    from events.services.importing_running import go_on_with_programmes

    row = keep_programme(
        conference=conference,
        format=guess_format(content) or ProgrammeFormat.SCHEDULE_XML,
        content=content,
        name="schedule",
        actor=SYSTEM,
    )
    start_programme_import(programme_import=row, programme=programme_of(row), actor=SYSTEM)
    go_on_with_programmes(read=programme_of)
    row.refresh_from_db()
    return row


def _peak() -> float:
    """Return the most memory that this process has had since it began, in megabytes.

    Not getrusage: its figure begins with that of the process that started this one.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (kilobytes,) = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(kilobytes) / 1024


if __name__ == "__main__":
    import django

    django.setup()
    {"seed": run_seed, "bring": run_bring}[sys.argv[1]](*sys.argv[2:])
