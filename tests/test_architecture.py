"""Arrows that point one way, and rooms that know nothing of their neighbours."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
APPS = ["config", "console", "notifications", "registrations", "events", "accounts", "core"]
# The rooms in which the rules stand: they know neither pages nor the API nor the task queue.
ROOMS = ["services", "models", "querysets", "exchange", "validators", "permissions", "signals"]
STRANGERS = [
    "celery",
    "django.contrib.messages",
    "django.http",
    "django.shortcuts",
    "django.views",
    "rest_framework",
]
# Markup that is put into pages without escaping, each with its reason where it stands.
UNESCAPED = re.compile(r"\bmark_safe\b|SafeString\(")
MAY_MARK_SAFE = {
    "config/templatetags/look.py",  # our own icons
    "events/templatetags/lectern.py",  # Markdown without HTML, cleaned by nh3
    "events/views/public/structured_data.py",  # JSON without < > &
    "notifications/services/layout.py",  # blocks that Django's templates have escaped
}
MAY_SAY_SAFE = {
    "config/templates/django/forms/field.html",  # Django's own template says so too
    "config/templates/mail/layout.html",  # our stylesheet
}


def modules(*names):
    """Return the source files of these rooms in all apps."""
    found = []
    for app in APPS:
        for name in names:
            found += [ROOT / app / f"{name}.py", *(ROOT / app / name).rglob("*.py")]
    return sorted(path for path in found if path.is_file())


def imports_of(path):
    """Return the names of the modules that a file imports at run time."""
    tree = ast.parse(path.read_text())
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            skipped |= set(ast.walk(node))
    names = set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def relative(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def test_the_contracts_of_imports_are_kept():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "0 broken" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize("path", modules(*ROOMS), ids=lambda p: str(p.relative_to(ROOT)))
def test_rules_know_neither_pages_nor_the_api_nor_the_queue(path):
    known = {
        name
        for name in imports_of(path)
        for stranger in STRANGERS
        if name == stranger or name.startswith(f"{stranger}.")
    }
    assert known == set()


def test_only_services_and_models_write_audit_entries():
    writers = [
        path
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "audit.record(" in path.read_text() and "services" not in path.parts
    ]
    assert relative(writers) == []


def test_markup_is_trusted_only_where_somebody_said_why():
    python = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if UNESCAPED.search(path.read_text())
    }
    assert python - MAY_MARK_SAFE == set()
    templates = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.html")
        if re.search(r"\|\s*safe\b|autoescape off", path.read_text())
    }
    assert templates - MAY_SAY_SAFE == set()


@pytest.mark.parametrize(
    "word", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("]
)
def test_our_scripts_never_write_markup(word):
    scripts = (ROOT / "config/static/lectern/js").glob("*.js")
    assert [path.name for path in scripts if word in path.read_text()] == []
