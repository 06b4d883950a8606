"""A series' page, years on the host's page, and the way from a conference to its series."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from core.actors import SYSTEM
from events.services.series import change_series
from events.validators import RESERVED_CONFERENCE_SLUGS
from tests.events.views.reading import HOSTILE, get, html_of, text_of
from tests.factories.events import ConferenceFactory, SeriesFactory

PATH = "/institute/series/forums/"


def held(organisation, day, **fields):
    start = dt.datetime.fromisoformat(f"{day}T10:00")
    end = start + dt.timedelta(hours=2)
    return ConferenceFactory(organisation=organisation, start_local=start, end_local=end, **fields)


@pytest.fixture
def series(organisation):
    return SeriesFactory(
        organisation=organisation,
        slug="forums",
        title={"en": "Forums", "sr-Latn": "Forumi"},
        description={"en": "Once a year, *on rivers*."},
    )


def test_a_series_lists_its_conferences_by_year(organisation, series, client_as, frozen):
    frozen("2026-11-22T12:00")
    held(organisation, "2027-03-18", title={"en": "Third"}, series=series)
    held(organisation, "2026-03-18", title={"en": "Second"}, series=series)
    held(organisation, "2025-03-18", title={"en": "First"}, series=series)
    held(organisation, "2025-04-18", title={"en": "Elsewhere"})
    held(organisation, "2025-05-18", title={"en": "Hidden"}, series=series, visibility="unlisted")
    page = html_of(get(client_as, PATH))
    assert "<h1>Forums</h1>" in page
    assert "<em>on rivers</em>" in page
    assert re.findall(r'<h2 id="[\w-]+">(.*?)</h2>', page) == ["Coming up", "2026", "2025"]
    words = text_of(get(client_as, PATH))
    assert words.index("Third") < words.index("Second") < words.index("First")
    assert "Elsewhere" not in words
    assert "Hidden" not in words


def test_the_host_says_which_series_there_are(organisation, series, client_as):
    SeriesFactory(organisation=organisation, title={"en": "Nothing yet"})
    ConferenceFactory(organisation=organisation, series=series)
    ConferenceFactory(organisation=organisation, series=series)
    ConferenceFactory(organisation=organisation, series=series, state="draft")
    page = text_of(get(client_as, "/institute/"))
    assert "Forums 2 conferences" in page
    assert "Nothing yet" not in page


def test_a_conference_leads_to_its_series_in_the_reader_s_language(series, client_as, organisation):
    row = ConferenceFactory(organisation=organisation, series=series, slug="third")
    path = f"/institute/{row.slug}/"
    assert f'<a href="{PATH}?lang=sr-Latn">' in html_of(get(client_as, f"{path}?lang=sr-Latn"))
    row.visibility = "unlisted"
    row.save()
    assert PATH not in html_of(get(client_as, path))


def test_a_change_shows_at_once_on_all_pages(series, client_as, organisation):
    ConferenceFactory(organisation=organisation, series=series, slug="third")
    paths = (PATH, "/institute/", "/institute/third/")
    before = [get(client_as, path)["ETag"] for path in paths]
    change_series(series=series, changes={"title": {"en": "Rivers"}}, expected=None, actor=SYSTEM)
    for path, etag in zip(paths, before, strict=True):
        answer = get(client_as, path, **{"If-None-Match": etag})
        assert answer.status_code == 200
        assert "Rivers" in answer.content.decode()


def test_a_warm_page_costs_one_query(series, client_as, organisation, django_assert_num_queries):
    ConferenceFactory(organisation=organisation, series=series)
    get(client_as, PATH)
    with django_assert_num_queries(1):
        get(client_as, PATH)


def test_there_is_no_page_without_a_public_conference(series, client_as, organisation):
    assert get(client_as, PATH).status_code == 404
    ConferenceFactory(organisation=organisation, series=series, state="draft")
    ConferenceFactory(organisation=organisation, series=series, visibility="unlisted")
    assert get(client_as, PATH).status_code == 404
    assert get(client_as, "/institute/series/nothing/").status_code == 404
    assert get(client_as, "/nobody/series/forums/").status_code == 404


def test_what_was_written_by_others_is_shown_as_it_is(client_as, organisation):
    row = SeriesFactory(
        organisation=organisation, title={"en": HOSTILE}, description={"en": HOSTILE}
    )
    ConferenceFactory(organisation=organisation, series=row)
    for path in (f"/institute/series/{row.slug}/", "/institute/"):
        page = get(client_as, path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_no_conference_stands_where_series_do():
    assert "series" in RESERVED_CONFERENCE_SLUGS


def test_the_calendar_is_offered_on_the_hosts_page_and_on_that_of_a_series(organisation, client_as):
    row = SeriesFactory(organisation=organisation)
    ConferenceFactory(organisation=organisation, series=row)
    for path in (f"/institute/series/{row.slug}/", "/institute/"):
        page = get(client_as, path).content.decode()
        assert 'href="webcal://testserver/institute/calendar.ics"' in page
