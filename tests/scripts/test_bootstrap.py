from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import bootstrap

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "scripts" / "bootstrap.py"


def fake_python(folder, name, script):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def test_python_3_6_can_parse_it():
    ast.parse(SOURCE.read_text(), feature_version=(3, 6))


def test_the_interpreter_that_runs_the_tests_is_good_enough():
    assert bootstrap.probe(sys.executable) == (sys.version_info[:2], True)


def test_a_shim_that_runs_nothing_is_not_an_interpreter(tmp_path):
    shim = fake_python(tmp_path, "python3.13", "echo 'not installed' >&2; exit 127")

    assert bootstrap.probe(shim) == ((0, 0), False)


def test_the_first_interpreter_that_works_is_chosen(tmp_path, monkeypatch):
    shim = fake_python(tmp_path, "python3.14", "exit 127")
    old = fake_python(tmp_path, "python3", "echo 3 9")
    good = fake_python(tmp_path, "python3.12", "echo 3 12")
    monkeypatch.setattr(bootstrap, "candidates", lambda: [shim, old, good])

    assert bootstrap.choose_python("") == good


def test_only_old_interpreters_are_named_in_one_sentence(tmp_path, monkeypatch):
    old = fake_python(tmp_path, "python3", "echo 3 9")
    monkeypatch.setattr(bootstrap, "candidates", lambda: [old])

    with pytest.raises(bootstrap.BootstrapError) as refusal:
        bootstrap.choose_python("")

    assert str(refusal.value) == (
        "Lectern needs Python 3.11 or newer with ssl, sqlite3 and venv, and found "
        f"3.9 at {old}: install one, or name it with PYTHON=/path/to/python3 make run."
    )


def test_an_interpreter_without_pip_names_the_package_to_install(tmp_path, monkeypatch):
    bare = fake_python(tmp_path, "python3", "echo 3 11; exit 1")
    monkeypatch.setattr(bootstrap, "candidates", lambda: [bare])

    with pytest.raises(bootstrap.BootstrapError, match="apt-get install python3-venv"):
        bootstrap.choose_python("")
    assert bootstrap.choose_python("/usr/bin/uv") == bare


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        (
            "ERROR: Could not find a version that satisfies django (from versions: none)",
            "The Python package index could not be reached",
        ),
        ("Temporary failure in name resolution", "The Python package index could not be reached"),
        ("error: boom\n\n", "The packages could not be installed (error: boom)"),
        ("", "The packages could not be installed (no output)"),
    ],
)
def test_a_failed_installation_is_explained_in_one_sentence(tmp_path, log, sentence):
    path = tmp_path / "install.log"
    path.write_text(log)

    explained = bootstrap.explain(path)

    assert explained.startswith(sentence)
    assert "\n" not in explained


def installed(tmp_path):
    """A checkout whose environment is complete."""
    (tmp_path / "requirements.txt").write_text("Django\n")
    (tmp_path / "requirements-dev.txt").write_text("pytest\n")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    fake_python(tmp_path / ".venv" / "bin", "python", "echo 3 11")
    for files in (bootstrap.RUN_FILES, bootstrap.DEV_FILES):
        stamp = bootstrap.expected_stamp(tmp_path, tmp_path / ".venv", files)
        bootstrap.stamp_path(tmp_path / ".venv", files).write_text(stamp)
    return tmp_path


def test_a_complete_environment_is_left_alone(tmp_path, monkeypatch):
    root = installed(tmp_path)
    monkeypatch.setattr(bootstrap, "install", lambda *_: pytest.fail("installed again"))

    bootstrap.bootstrap(root, bootstrap.RUN_FILES)
    bootstrap.bootstrap(root, bootstrap.DEV_FILES)


def test_a_changed_requirement_is_installed_and_remembered(tmp_path, monkeypatch):
    root = installed(tmp_path)
    (root / "requirements.txt").write_text("Django\nredis\n")
    calls = []
    monkeypatch.setattr(bootstrap, "install", lambda *arguments: calls.append(arguments))

    bootstrap.bootstrap(root, bootstrap.RUN_FILES)
    bootstrap.bootstrap(root, bootstrap.RUN_FILES)

    assert calls == [(root, root / ".venv", bootstrap.RUN_FILES)]
    assert not bootstrap.is_current(root, root / ".venv", bootstrap.DEV_FILES)


def test_a_moved_checkout_makes_its_environment_anew(tmp_path):
    root = installed(tmp_path)

    assert bootstrap.is_usable(root, root / ".venv")
    assert not bootstrap.is_usable(root / "elsewhere", root / ".venv")


def test_an_unreachable_index_ends_with_one_sentence_and_code_1(tmp_path):
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "bootstrap.py").write_text(SOURCE.read_text())
    (tmp_path / "requirements.txt").write_text("a-package-of-nobody\n")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "UV_"))}

    done = subprocess.run(
        [sys.executable, str(tmp_path / "scripts" / "bootstrap.py")],
        capture_output=True,
        text=True,
        check=False,
        env={
            **clean,
            "PATH": "/usr/bin:/bin",
            "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_RETRIES": "0",
        },
    )

    *progress, sentence = done.stderr.splitlines()
    assert done.returncode == 1
    assert sentence.startswith("The Python package index could not be reached")
    assert "Traceback" not in done.stderr
    assert len(progress) == 2
