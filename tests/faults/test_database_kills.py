"""T7 for the database: PostgreSQL and all its backends are killed with -9 under a fan-out.

It makes a cluster of its own that waits for the disk, whichever engine the suite runs on.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess

import psutil
import pytest

from scripts.supervisor.children import die_with_parent
from scripts.test_postgres import Cluster
from tests.faults.farm import FULL, Farm, report, wait_until
from tests.faults.sink import Sink

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
MAILS = 10_000 if FULL else 600
KILLS = 20 if FULL else 4


@pytest.fixture
def cluster():
    running = Cluster(is_durable=True)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def kill(cluster):
    """Kill the server and all its backends, and start it again on what had reached the disk."""
    command = cluster.server.args
    family = [cluster.server, *psutil.Process(cluster.server.pid).children(recursive=True)]
    for one in family:
        one.kill()
    cluster.server.wait()
    for left in (cluster.data / "postmaster.pid", *cluster.folder.glob(".s.PGSQL*")):
        left.unlink(missing_ok=True)
    parent = os.getpid()
    cluster.server = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        cwd="/",
        user=cluster.user,
        group=cluster.user,
        extra_groups=None if cluster.user is None else [],
        preexec_fn=lambda: die_with_parent(signal.SIGQUIT, parent),  # noqa: PLW1509
    )


def ask(farm, *words):
    child = farm.start("-m", "tests.faults.elsewhere", *words, output=subprocess.PIPE)
    answer, _nothing = child.communicate(timeout=300)
    return json.loads(answer or b"{}")


def test_t7_nothing_is_lost_or_doubled_when_the_database_is_killed(cluster):
    with Sink() as sink, Farm(sink, DATABASE_URL=cluster.url) as farm:
        ask(farm, "seed", str(MAILS))
        farm.beat()
        farm.worker("prefork")
        for number in range(1, KILLS + 1):
            share = MAILS * number // (KILLS + 1)
            wait_until(lambda share=share: sink.deliveries >= share, 180, f"{share} mails")
            kill(cluster)
        wait_until(lambda: len(sink.distinct) == MAILS, 300, "the end")
        wait_until(lambda: ask(farm, "count") == {"sent": MAILS}, 60, "writing it all down")
        report(
            "T7 database",
            farm,
            database_kills=KILLS,
            mails=MAILS,
            lost=MAILS - len(sink.distinct),
            duplicates=sink.duplicates,
        )
    # No sender died, and each kept the outcome that it knew until it could be written down.
    assert sink.duplicates <= KILLS
