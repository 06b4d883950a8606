"""T7 for the database: PostgreSQL and all its backends are killed with -9 under a fan-out.

It makes a cluster of its own that waits for the disk, whichever engine the suite runs on.
"""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.faults.durable import DurableCluster
from tests.faults.farm import FULL, Farm, report, wait_until
from tests.faults.sink import Sink

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MAILS = 10_000 if FULL else 600
KILLS = 20 if FULL else 4


def ask(farm, *words):
    child = farm.start("-m", "tests.faults.elsewhere", *words, output=subprocess.PIPE)
    answer, _nothing = child.communicate(timeout=300)
    return json.loads(answer or b"{}")


def test_t7_nothing_is_lost_or_doubled_when_the_database_is_killed():
    with (
        DurableCluster() as cluster,
        Sink() as sink,
        Farm(sink, DATABASE_URL=cluster.url) as farm,
    ):
        ask(farm, "seed", str(MAILS))
        farm.beat()
        farm.worker("prefork")
        for number in range(1, KILLS + 1):
            share = MAILS * number // (KILLS + 1)
            wait_until(lambda share=share: sink.deliveries >= share, 180, f"{share} mails")
            cluster.kill()
            farm.kills["database"] += 1
            cluster.start_again()
        wait_until(lambda: len(sink.distinct) == MAILS, 300, "the end")
        wait_until(lambda: ask(farm, "count") == {"sent": MAILS}, 60, "writing it all down")
        report(
            "T7 database",
            farm,
            mails=MAILS,
            lost=MAILS - len(sink.distinct),
            duplicates=sink.duplicates,
        )
    # No sender died, and each kept the outcome that it knew until it could be written down.
    assert sink.duplicates <= KILLS
