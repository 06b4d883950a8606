"""What stands at the top of the checkout holds together."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
ENVIRONMENT_EXAMPLE = (ROOT / ".env.example").read_text()


def test_the_compose_file_follows_the_compose_schema():
    done = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.compose-spec", "docker-compose.yml"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_compose_has_every_part_of_an_installation():
    assert sorted(COMPOSE["services"]) == [
        *("beat", "mail", "migrate", "postgres", "proxy", "redis", "web", "worker"),
    ]
    assert COMPOSE["services"]["mail"]["profiles"] == ["dev"]


def test_only_the_proxy_is_reachable_from_outside():
    published = {
        name: service["ports"]
        for name, service in COMPOSE["services"].items()
        if "ports" in service
    }

    assert published == {
        "proxy": ["80:80", "443:443", "443:443/udp"],
        "mail": ["127.0.0.1:8025:8025"],
    }


def test_redis_keeps_an_append_only_file_and_evicts_nothing():
    command = COMPOSE["services"]["redis"]["command"]

    assert command[command.index("--appendonly") + 1] == "yes"
    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_the_worker_uses_processes_and_the_mail_queue():
    command = COMPOSE["services"]["worker"]["command"]

    assert {"--pool=prefork", "--queues=mail,celery", "-Ofair"} <= set(command)


def test_our_containers_run_without_privileges_on_a_read_only_file_system():
    for name in ("migrate", "web", "worker", "beat"):
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert "\nUSER lectern\n" in (ROOT / "Dockerfile").read_text()


def test_every_variable_that_compose_asks_for_is_explained_in_the_example():
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))

    assert asked <= set(re.findall(r"^#?([A-Z_]+)=", ENVIRONMENT_EXAMPLE, re.MULTILINE))


def test_every_setting_is_explained_in_the_example_and_in_the_operations_guide():
    source = (ROOT / "config" / "settings" / "base.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    # DEBUG is nobody's setting in production; make run says LECTERN_EMBEDDED to its children.
    settings = read - {"DEBUG", "LECTERN_EMBEDDED"}

    operations = (ROOT / "docs" / "operations.md").read_text()

    assert settings - set(re.findall(r"^#?([A-Z_]+)=", ENVIRONMENT_EXAMPLE, re.MULTILINE)) == set()
    assert settings - set(re.findall(r"`([A-Z_]+)`", operations)) == set()


def test_the_example_holds_no_secret():
    keys = re.findall(r"^(?:\w+_KEY|POSTGRES_PASSWORD)=.*$", ENVIRONMENT_EXAMPLE, re.MULTILINE)

    assert keys == ["SECRET_KEY=", "LINK_KEY=", "TICKET_KEY=", "POSTGRES_PASSWORD="]


def test_every_requirement_says_what_it_is_for():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text().splitlines()
        wanted = [line for line in lines if line and not line.startswith(("#", "-r"))]

        assert [
            line for line in wanted if not re.search(r"[=<>~]=?[\d.,<>=]+\S*\s+# \w", line)
        ] == []


def test_make_help_names_every_target_of_the_readme():
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)

    named = set(re.findall(r"^  make ([a-z-]+) ", done.stdout, re.MULTILINE))
    assert {
        *("run", "test", "test-postgres", "lint", "types", "contracts", "format", "templates"),
        *("schema", "schema-check", "migrations-check", "browser", "faults", "faults-full"),
        *("bench", "ci", "clean"),
    } <= named


def test_the_web_server_listens_on_loopback_unless_told_otherwise(monkeypatch):
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.delenv("PORT", raising=False)
    facts: dict[str, object] = {}

    exec((ROOT / "gunicorn.conf.py").read_text(), facts)  # noqa: S102 - our own file

    assert facts["bind"] == "127.0.0.1:8000"
    assert "accesslog" not in facts
