"""Requests of all web processes are counted together."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest

from core import metrics


@pytest.fixture
def home(settings, tmp_path, monkeypatch):
    monkeypatch.delenv(metrics._FOLDER, raising=False)
    settings.LECTERN_HOME = tmp_path
    yield tmp_path / "metrics"
    os.environ.pop(metrics._FOLDER, None)


def test_each_master_has_a_folder_and_sweeps_what_the_dead_left(home):
    for name in ["999999999", "nonsense", "1", str(os.getpid())]:
        (home / name).mkdir(parents=True)
        (home / name / "histogram_1.db").touch()
    metrics.share_between_processes()
    assert sorted(p.name for p in home.iterdir()) == sorted(["1", str(os.getpid())])
    assert list((home / str(os.getpid())).iterdir()) == []
    assert os.environ[metrics._FOLDER] == str(home / str(os.getpid()))
    metrics.share_between_processes()  # once is enough


def test_another_users_process_is_alive(monkeypatch):
    def refuse(_pid, _signal):
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert metrics._is_alive("1")


def test_without_a_folder_each_process_counts_by_itself(home, caplog):
    home.write_text("a file where the folder should be")
    metrics.share_between_processes()
    assert metrics._FOLDER not in os.environ
    assert "counted in each process" in caplog.text


def test_forked_processes_are_counted_together(tmp_path):
    """In a process of its own: prometheus-client looks at the environment when it is imported."""
    code = textwrap.dedent(
        """
        import os, django
        from core import metrics
        django.setup()
        metrics.share_between_processes()
        metrics.run_checks = dict
        metrics._requests()
        for _ in range(3):
            if os.fork() == 0:
                metrics.count_request("programme", "GET", 200, 0.02)
                metrics.count_request("programme", "BREW", 503, 0.02)
                os._exit(0)
        for _ in range(3):
            os.wait()
        print(metrics.exposition()[0].decode())
        """
    )
    environment = {
        **os.environ,
        "LECTERN_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    count = 'lectern_request_seconds_count{method="%s",route="programme",status="%s"} 3.0'
    assert count % ("GET", "2xx") in done.stdout
    assert count % ("other", "5xx") in done.stdout
