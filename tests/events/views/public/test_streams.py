"""Streams: named on pages, loaded only on a page of their own, which may frame that one host."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from events.services import keeping
from events.views.public.streams import frame_of
from tests.events.views.reading import PAGE, html_of, text_of
from tests.factories.events import MaterialFactory

VIDEO = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"


@pytest.fixture(autouse=True)
def _nothing_kept():
    keeping.forget()
    yield
    keeping.forget()


def stream(stage, **fields):
    values = {
        "conference": stage.conference,
        "session": stage.panel,
        "kind": "stream",
        "title": {"en": "Live from the hall"},
        "url": VIDEO,
        "file": None,
        "code": "STREAM2222",
    }
    return MaterialFactory(**{**values, **fields})


def read(path):
    return Client().get(f"{PAGE}{path}")


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        (VIDEO, "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        (
            "https://www.youtube.com/live/dQw4w9WgXcQ?feature=share",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
        ),
        ("https://vimeo.com/123456", "https://player.vimeo.com/video/123456?dnt=1"),
        ("https://live.example.org/hall", "https://live.example.org/hall"),
        ("https://www.youtube.com/watch?v=%22onload", ""),
        ("https://vimeo.com/about", ""),
        ("http://live.example.org/hall", ""),
        ("https://user@live.example.org/hall", ""),
        ("https://live.example.org;script-src *", ""),
    ],
)
def test_known_hosts_are_framed_without_their_cookies(address, frame):
    assert frame_of(address) == frame


def test_a_session_names_its_stream_and_loads_nothing_of_it(stage):
    stream(stage)
    for path in ("sessions/PANEL2/", "programme/", "now/", "streams/STREAM2222/"):
        page = read(path)
        assert "Live from the hall" in text_of(page)
        assert "<iframe" not in html_of(page)
        assert "frame-src 'none'" in page["Content-Security-Policy"]
    assert "youtube.com" in text_of(read("streams/STREAM2222/"))


def test_only_its_own_page_frames_its_one_host(stage, settings):
    stream(stage)
    settings.PUBLIC_KEPT_SECONDS = 5
    for _ in range(2):  # the second time from memory
        page = read("streams/STREAM2222/watch/")
        assert 'src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"' in html_of(page)
        policy = page["Content-Security-Policy"]
        assert "frame-src https://www.youtube-nocookie.com;" in f"{policy};"
        assert "frame-ancestors 'none'" in policy


def test_what_can_not_be_framed_is_opened_there(stage):
    stream(stage, url="http://radio.example.org/live")
    assert read("streams/STREAM2222/watch/").status_code == 404
    page = html_of(read("streams/STREAM2222/"))
    assert ("Load the stream" in page, 'href="http://radio.example.org/live"' in page) == (
        *(False, True),
    )


@pytest.mark.parametrize("kind", ["joining_link", "link"])
def test_no_other_link_has_a_page(stage, kind):
    stream(stage, kind=kind)
    assert read("streams/STREAM2222/").status_code == 404
    assert read("streams/STREAM2222/watch/").status_code == 404


def test_before_its_time_hidden_or_behind_closed_doors_there_is_none(stage):
    later = stream(stage, release_at=timezone.now() + dt.timedelta(days=1))
    assert read("streams/STREAM2222/").status_code == 404
    later.release_at, later.shown = None, False
    later.save()
    assert read("streams/STREAM2222/watch/").status_code == 404
    later.shown = True
    later.save()
    stage.panel.attribution = "closed"
    stage.panel.save()
    assert read("streams/STREAM2222/").status_code == 404
    assert "Live from" not in text_of(read("programme/"))
