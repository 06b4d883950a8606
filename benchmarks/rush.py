"""Claim: when a registration opens and two thousand people come at once, the places go to the first
and not one more is given away; and who registers as the hundred-thousandth waits no longer.

2,000 distinct people, 64 of them at a time, want 500 places, by the public API and by the HTML
form. The cost of a registration is the web server's processor time for it: that of a conference
with a thousand registrations beside one with a hundred thousand, in the same run.

`python -m benchmarks.rush seed …` is the part that runs in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

from benchmarks.clients import run_clients
from benchmarks.harness import ROOT, Row, bare, stack
from benchmarks.registrations import CLIENTS, CREATED, REFUSED, Desk, Way, guest, latencies

PEOPLE: Final = int(os.environ.get("BENCH_RUSH", "2000"))
PLACES: Final = PEOPLE // 4
FEW, MANY = 1_000, int(os.environ.get("BENCH_RUSH_ROWS", "100000"))
COST_ROUNDS: Final = 5
_SERVER_ERROR: Final = 500


def rows(engine: str) -> list[Row]:
    found = []
    with bare(engine) as reference, stack(engine) as lectern:
        desk = Desk(lectern)
        insert = Way(reference, "bare insert", lambda client, _n: client.post("/insert/", guest()))
        insert.rate()
        for way in ("by_api", "by_form"):
            found += _rush(desk, way, insert)
        # What a registration costs, without the mails that it sends.
        lectern.manage("pause_sending", "benchmark")
        found.append(_growth(desk))
    return found


def _rush(desk: Desk, way: str, insert: Way) -> list[Row]:
    """Let everybody come at once; an answer that nobody should get ends the benchmark."""
    slug = desk.open(PLACES)
    sample = run_clients(desk.lectern.url, CLIENTS, -(-PEOPLE // CLIENTS), getattr(desk, way)(slug))
    rate = insert.rate()
    got = sum(sample.statuses[status] for status in CREATED)
    faults = sum(number for status, number in sample.statuses.items() if status >= _SERVER_ERROR)
    taken = desk.taken(slug)
    print(
        f"  {way}: {len(sample.latencies)} people, {CLIENTS} at a time, for {PLACES} places: {got} "
        f"confirmed, {sample.statuses[REFUSED]} refused, taken {taken}, "
        f"oversold {max(0, got - PLACES, taken - PLACES)}, 5xx {faults}, "
        f"{sample.rate:.0f} answers/s, {latencies(sample)}",
        file=sys.stderr,
    )
    if (got, taken, faults) != (PLACES, PLACES, 0):
        raise RuntimeError(f"{way}: {dict(sample.statuses)}, taken {taken}")
    return [
        Row("rush", f"{way}, confirmed", got, "places", PLACES, ""),
        Row("rush, answers", way, sample.rate, insert.name, rate, "/s"),
    ]


def _growth(desk: Desk) -> Row:
    """Compare the processor time of a registration among few and among many others."""
    ways = {}
    for number in (FEW, MANY):
        slug = desk.open(None)
        _seed(desk, slug, number)
        ways[number] = Way(desk.lectern, f"among {number:,}", desk.by_api(slug))
    # In turns, so that what else the machine does hits both alike; the first round warms up.
    for _ in range(COST_ROUNDS + 1):
        for way in ways.values():
            way.rate()
    return Row(
        "cost of a registration",
        f"in a type with {MANY:,} before it",
        ways[MANY].cost,
        f"with {FEW:,}",
        ways[FEW].cost,
        "ms",
    )


def _seed(desk: Desk, slug: str, number: int) -> None:
    demo = desk.lectern.demo
    subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.rush", "seed"),
            *(demo["organisation"], demo["conference"], slug, str(number)),
        ],
        cwd=ROOT,
        env={**desk.lectern.environment, "DJANGO_SETTINGS_MODULE": "config.settings.base"},
        check=True,
    )


def run_seed(organisation: str, conference: str, slug: str, number: str) -> None:
    """Make so many confirmed registrations of a type, each with its place."""
    from copy import copy
    from uuid import uuid4

    from django.db.models import F

    from core.codes import registration_code
    from registrations.models import Allotment, Registration, RegistrationPlace, RegistrationType
    from registrations.services.registration_rows import set_keys

    kind = RegistrationType.objects.select_related("conference").get(
        conference__organisation__slug=organisation, conference__slug=conference, slug=slug
    )
    first = Registration.objects.filter(conference=kind.conference, status="confirmed")[0]
    allotment = kind.allotments.get()
    for begin in range(0, int(number), 5_000):
        made = []
        for n in range(begin, min(begin + 5_000, int(number))):
            row = copy(first)
            row.pk, row.uid, row.code, row.person = None, uuid4(), registration_code(), None
            row.registration_type = kind
            row.given_name, row.family_name = "Ana", f"Petrović {n}"
            row.email = row.email_key = f"seed{n}.{slug}@example.org"
            set_keys(row)
            made.append(row)
        Registration.objects.bulk_create(made, batch_size=500)
        RegistrationPlace.objects.bulk_create(
            [RegistrationPlace(registration=row, allotment=allotment) for row in made],
            batch_size=1_000,
        )
    Allotment.objects.filter(pk=allotment.pk).update(taken=F("taken") + int(number))


if __name__ == "__main__":
    import django

    name, *words = sys.argv[1:]
    django.setup()
    {"seed": run_seed}[name](*words)
