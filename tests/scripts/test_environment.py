from __future__ import annotations

import base64
import socket
import stat

import pytest

from scripts.supervisor.environment import (
    StartError,
    check_port,
    child_environment,
    ensure_secrets,
    lock_home,
    prepare_home,
    read_dotenv,
    read_port,
)


def test_a_dotenv_file_is_read_like_the_settings_read_it(tmp_path):
    path = tmp_path / ".env"
    path.write_text(
        "# a comment\n\nPORT=8001\nexport BASE_URL = https://example.org \n"
        "SECRET_KEY='with = and # inside'\nLOG_LEVEL=DEBUG # noisy\nEMPTY=\nnot a line\n1X=2\n"
    )

    assert read_dotenv(path) == {
        "PORT": "8001",
        "BASE_URL": "https://example.org",
        "SECRET_KEY": "with = and # inside",
        "LOG_LEVEL": "DEBUG",
        "EMPTY": "",
    }


def test_a_missing_dotenv_file_says_nothing(tmp_path):
    assert read_dotenv(tmp_path / ".env") == {}


@pytest.mark.parametrize("text", ["0", "65536", "-1", "eighty", "", "8000.0"])
def test_a_port_that_is_none_is_refused_in_one_sentence(text):
    with pytest.raises(StartError, match="PORT must be a number from 1 to 65535"):
        read_port(text)


def test_a_port_in_use_names_another_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(StartError) as refusal:
            check_port("127.0.0.1", port)

    sentence = str(refusal.value)
    assert sentence.startswith(f"Port {port} is in use: stop the other program or choose another")
    assert " PORT=" in sentence
    assert "\n" not in sentence


def test_a_free_port_is_taken():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    check_port("127.0.0.1", port)


def test_the_home_folder_belongs_to_its_owner_alone(tmp_path):
    home = tmp_path / "deep" / "var"

    prepare_home(home)

    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert list(home.iterdir()) == []


def test_a_home_that_is_a_file_is_refused_in_one_sentence(tmp_path):
    home = tmp_path / "var"
    home.write_text("")

    with pytest.raises(StartError, match="cannot be written"):
        prepare_home(home)


def test_secrets_are_made_once_and_readable_by_the_owner_alone(tmp_path):
    path = ensure_secrets(tmp_path)
    first = path.read_bytes()

    assert ensure_secrets(tmp_path).read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    values = read_dotenv(path)
    assert list(values) == ["SECRET_KEY", "LINK_KEY", "TICKET_KEY"]
    assert len(values["SECRET_KEY"]) >= 60
    assert [len(base64.urlsafe_b64decode(values[n] + "=")) for n in ("LINK_KEY", "TICKET_KEY")] == [
        32,
        32,
    ]


def test_two_installations_have_different_secrets(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    first, second = (read_dotenv(ensure_secrets(tmp_path / name)) for name in "ab")

    assert not set(first.values()) & set(second.values())


def test_a_secret_that_is_missing_is_added_and_the_others_stay(tmp_path):
    path = tmp_path / "secrets.env"
    path.write_text("SECRET_KEY=kept\n")

    ensure_secrets(tmp_path)

    values = read_dotenv(path)
    assert values["SECRET_KEY"] == "kept"
    assert set(values) == {"SECRET_KEY", "LINK_KEY", "TICKET_KEY"}


def test_a_second_start_on_the_same_home_is_refused(tmp_path):
    lock = lock_home(tmp_path)
    assert lock > 0

    with pytest.raises(StartError, match="already runs"):
        lock_home(tmp_path, patience=0)


def test_children_write_bytecode_and_know_home_and_port(tmp_path):
    base = {"PYTHONDONTWRITEBYTECODE": "1", "MAKEFLAGS": "x", "LANG": "C.UTF-8", "PORT": "1"}

    assert child_environment(base, tmp_path, "127.0.0.1", 8001) == {
        "LANG": "C.UTF-8",
        "LECTERN_HOME": str(tmp_path),
        "HOST": "127.0.0.1",
        "PORT": "8001",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        "MALLOC_ARENA_MAX": "2",
    }
