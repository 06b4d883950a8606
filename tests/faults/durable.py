"""A PostgreSQL that waits for the disk and is killed with all its backends, as by a power cut."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import contextmanager

import environ
import psutil
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from scripts.supervisor.children import die_with_parent
from scripts.test_postgres import Cluster


class DurableCluster(Cluster):
    """`with DurableCluster() as cluster:` has an empty database of its own.

    Arguments:
        environment: what the server finds in its environment beside our own.
    """

    def __init__(self, environment=None):
        super().__init__(is_durable=True)
        self.environment = environment or {}

    def start(self):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            super().start()

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_error):
        self.stop()

    def kill(self):
        """Kill the server and all its backends."""
        family = [self.server, *psutil.Process(self.server.pid).children(recursive=True)]
        for one in family:
            one.kill()
        self.server.wait()

    def start_again(self):
        """Start the server on what had reached the disk, as a service manager would."""
        command = self.server.args
        for left in (self.data / "postmaster.pid", *self.folder.glob(".s.PGSQL*")):
            left.unlink(missing_ok=True)
        parent = os.getpid()
        self.server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            cwd="/",
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
            preexec_fn=lambda: die_with_parent(signal.SIGQUIT, parent),  # noqa: PLW1509
        )


@contextmanager
def working_on(cluster):
    """Have this process, too, work on the cluster's database, which gets its tables first."""
    usual = connection.settings_dict
    connection.close()
    connection.settings_dict = {**usual, **environ.Env.db_url_config(cluster.url)}
    ContentType.objects.clear_cache()
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict = usual
        ContentType.objects.clear_cache()
