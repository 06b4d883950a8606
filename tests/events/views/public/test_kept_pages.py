"""Public pages under load: no query when warm, never behind a change, five seconds old at most."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client

from accounts.services.organisations import change_organisation
from core.actors import SYSTEM
from core.metrics import count_request
from events import middleware
from events.services import keeping
from events.services.conferences import change_conference
from events.services.lifecycle import postpone_conference
from events.services.panels import change_participation
from events.services.people import change_person
from events.services.schedules import publish_schedule
from events.services.sessions import change_session

PAGE = "/institute/open-forum/"
API = "/api/v1/public/institute/open-forum/"
PAGES = (
    "/institute/",
    PAGE,
    f"{PAGE}programme/",
    f"{PAGE}sessions/PANEL2/",
    f"{PAGE}speakers/MILA22/",
    "/institute/calendar.ics",
    f"{PAGE}calendar.ics",
    f"{PAGE}sessions/PANEL2/calendar.ics",
    f"{PAGE}speakers/MILA22/calendar.ics",
    API,
    f"{API}programme/",
)


@pytest.fixture(autouse=True)
def clock(settings, monkeypatch):
    """Keep pages as in production; return a clock that can be put forward."""
    settings.PUBLIC_KEPT_SECONDS = 5
    cache.clear()
    keeping.forget()
    made = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(keeping, "time", SimpleNamespace(monotonic=lambda: made.seconds))
    yield made
    keeping.forget()


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Return a block after which what it did is committed, as far as those who wait can see."""

    def block(**kwargs):
        # What the test's own rows left to do has been done.
        connection.run_on_commit.clear()
        return django_capture_on_commit_callbacks(**{"execute": True, **kwargs})

    return block


def read(path=f"{PAGE}programme/", **headers):
    return Client().get(path, headers=headers)


@pytest.mark.parametrize("path", PAGES)
def test_a_warm_page_asks_the_database_nothing(stage, path, django_assert_num_queries):
    cold = read(path)
    assert cold.status_code == 200
    with django_assert_num_queries(0):
        warm = read(path)
        unchanged = read(path, **{"If-None-Match": cold["ETag"]})
    ids = {"X-Request-Id"}
    assert warm.content == cold.content
    assert {k: v for k, v in warm.items() if k not in ids} == {
        k: v for k, v in cold.items() if k not in ids
    }
    assert (unchanged.status_code, unchanged.content, unchanged["ETag"]) == (
        *(304, b"", cold["ETag"]),
    )
    assert unchanged["Content-Security-Policy"] == cold["Content-Security-Policy"]
    assert not warm.cookies


def test_head_and_compression_are_answered_from_what_is_kept(stage, django_assert_num_queries):
    read()
    packed = read(**{"Accept-Encoding": "gzip"})
    with django_assert_num_queries(0):
        head = Client().head(f"{PAGE}programme/")
        again = read(**{"Accept-Encoding": "gzip"})
    assert (head.status_code, head.content) == (200, b"")
    assert int(head["Content-Length"]) > 1000
    assert (again["Content-Encoding"], again.content) == ("gzip", packed.content)


def test_languages_are_kept_apart(stage, django_assert_num_queries):
    latin = read(f"{PAGE}programme/?lang=sr-Latn").content.decode()
    english = read(f"{PAGE}programme/?lang=en").content.decode()
    assert ("Ko prvi pije" in latin, "Who drinks first" in english) == (True, True)
    with django_assert_num_queries(0):
        assert read(f"{PAGE}programme/?lang=sr-Latn").content.decode() == latin
        assert read(f"{PAGE}programme/?lang=en").content.decode() == english
        # What nobody asks for in earnest is made anew, from the same facts.
        assert read(f"{PAGE}programme/?lang=en&x=1").status_code == 200


def shown(path=f"{PAGE}programme/"):
    return read(path).content.decode()


def test_a_new_version_shows_at_once(stage, commit):
    assert "Who drinks first" in shown()
    assert "Who drinks first" in shown(f"{API}programme/")
    change_session(
        session=stage.panel, changes={"title": {"en": "Who pays"}}, expected=None, actor=SYSTEM
    )
    with commit():
        publish_schedule(conference=stage.conference, name="", actor=SYSTEM)
    assert "Who pays" in shown()
    assert "Who pays" in shown(f"{API}programme/")


def test_a_decline_and_a_confirmation_show_at_once(stage, commit):
    for state, is_there in (("declined", False), ("confirmed", True)):
        assert ("Ilić" in shown()) is not is_there
        with commit():
            change_participation(
                participation=stage.panellist,
                changes={"state": state},
                expected=None,
                actor=SYSTEM,
            )
        assert ("Ilić" in shown()) is is_there
        assert ("Ilić" in shown(f"{API}programme/")) is is_there
        assert read(f"{PAGE}speakers/PETAR2/").status_code == (200 if is_there else 404)


def test_what_somebody_is_called_or_erases_shows_at_once(stage, commit):
    assert "Đorđević" in shown()
    with commit():
        change_person(
            person=stage.people["Mila"],
            changes={"family_name": "Name withdrawn"},
            expected=None,
            actor=SYSTEM,
        )
    for path in (f"{PAGE}programme/", PAGE, f"{PAGE}speakers/MILA22/", f"{API}programme/"):
        page = shown(path)
        assert ("Name withdrawn" in page, "Đorđević" in page) == (True, False)


def test_visibility_and_state_are_respected_at_once(stage, commit):
    for path in PAGES:
        read(path)
    with commit():
        postpone_conference(conference=stage.conference, expected=None, actor=SYSTEM)
    stage.conference.refresh_from_db()
    with commit():
        change_conference(
            conference=stage.conference,
            changes={"visibility": "private"},
            expected=None,
            actor=SYSTEM,
        )
    assert {path: read(path).status_code for path in PAGES} == {
        path: 200 if path in {"/institute/", "/institute/calendar.ics"} else 404 for path in PAGES
    }
    with commit():
        change_organisation(
            organisation=stage.conference.organisation,
            changes={"name": "House of water"},
            expected=None,
            actor=SYSTEM,
        )
    assert "House of water" in shown("/institute/")


def test_what_is_rolled_back_renews_nothing(stage, commit, django_assert_num_queries):
    before = shown()
    with commit() as calls, transaction.atomic():
        change_participation(
            participation=stage.panellist,
            changes={"state": "declined"},
            expected=None,
            actor=SYSTEM,
        )
        transaction.set_rollback(True)
    assert calls == []
    with django_assert_num_queries(0):
        assert shown() == before


def test_a_change_in_another_process_shows_within_a_quarter_of_a_second(stage, clock):
    assert "Ilić" in shown()
    change_participation(
        participation=stage.panellist, changes={"state": "declined"}, expected=None, actor=SYSTEM
    )
    cache.set(f"public-pages:{stage.conference.organisation_id}", "renewed elsewhere", 60)
    clock.seconds += keeping.UNASKED
    assert "Ilić" not in shown()


def test_what_changes_behind_everybodys_back_shows_in_five_seconds(
    stage, clock, django_assert_num_queries
):
    assert "Open Forum" in shown()
    stage.conference.title = {"en": "Closed Forum"}
    stage.conference.save()
    clock.seconds += 4.9
    with django_assert_num_queries(0):
        assert "Open Forum" in shown()
    clock.seconds += 0.1
    assert "Closed Forum" in shown()


def test_without_a_shared_cache_nothing_is_kept(stage, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(
        keeping,
        "cache",
        SimpleNamespace(get=lambda *_: None, add=lambda *_: False, set=lambda *_: None),
    )
    read()
    for _ in range(2):
        with django_assert_num_queries(1):
            assert read().status_code == 200


def test_a_host_that_is_not_ours_and_long_headers_get_nothing_kept(stage, settings):
    read()
    assert Client(SERVER_NAME="evil.example").get(f"{PAGE}programme/").status_code in {200, 400}
    long = read(**{"Accept-Language": "en," * 60})
    assert long.status_code == 200
    assert len(keeping._answers) <= 2


def test_only_so_much_is_kept(stage, monkeypatch):
    monkeypatch.setattr(keeping, "_MOST_ANSWERS", 2)
    for path in PAGES:
        read(path)
    assert len(keeping._answers) <= 2
    monkeypatch.setattr(keeping, "_MOST_BYTES", 10)
    keeping.forget()
    read()
    read(PAGE)
    assert len(keeping._answers) == 1
    monkeypatch.setattr(keeping, "_MOST", 1)
    for path in PAGES:
        read(path)
    assert len(keeping._kept) == 1


def test_kept_answers_are_counted_as_all_others(stage, monkeypatch):
    seen = []
    monkeypatch.setattr(
        middleware, "count_request", lambda route, _method, status, _s: seen.append((route, status))
    )
    read()
    read()
    read(**{"If-None-Match": read()["ETag"]})
    assert seen == [("programme", 200), ("programme", 200), ("programme", 304)]
    assert callable(count_request)
