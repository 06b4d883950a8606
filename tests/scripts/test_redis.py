from __future__ import annotations

import os
import stat

from scripts.supervisor.redis import (
    LONGEST_PATH,
    NAME,
    command,
    find_server,
    is_private,
    is_up,
    socket_folder,
    url,
)


def test_the_socket_lies_in_a_private_folder_of_the_home(tmp_path):
    home = tmp_path.parent / "h"
    home.mkdir(exist_ok=True)

    folder = socket_folder(home)

    assert folder == home / "redis"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_home_too_deep_for_a_socket_gets_a_short_private_folder(tmp_path):
    home = tmp_path / ("deep" * 30)
    runtime = tmp_path.parent

    folder = socket_folder(home, runtime=str(runtime))
    again = socket_folder(home, runtime=str(runtime))

    assert len(os.fsencode(folder / NAME)) <= LONGEST_PATH
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert again == folder


def test_two_homes_never_share_a_socket(tmp_path):
    homes = [tmp_path / (letter * 110) for letter in "ab"]

    first, second = (socket_folder(home, runtime=str(tmp_path.parent)) for home in homes)

    assert first != second


def test_a_folder_that_others_may_enter_is_not_private(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    link = tmp_path / "link"
    link.symlink_to(tmp_path)

    assert [is_private(folder), is_private(link), is_private(tmp_path / "new")] == [
        False,
        False,
        True,
    ]


def test_the_server_listens_on_no_port_and_writes_to_disk(tmp_path):
    line = command("/bin/server", tmp_path, tmp_path)

    options = dict(zip(line[1::2], line[2::2], strict=True))
    assert line[0] == "/bin/server"
    assert options["--port"] == "0"
    assert options["--unixsocketperm"] == "700"
    assert (options["--appendonly"], options["--appendfsync"]) == ("yes", "everysec")
    assert options["--maxmemory-policy"] == "noeviction"


def test_the_wheels_server_can_be_run():
    assert os.access(find_server(), os.X_OK)


def test_the_url_of_a_socket_survives_odd_folder_names(tmp_path):
    assert url(tmp_path / "a b") == f"unix://{tmp_path}/a%20b/redis.sock?db=0"


def test_a_server_that_is_not_there_is_not_up(tmp_path):
    assert is_up(tmp_path) is False
