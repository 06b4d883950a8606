"""How public pages are served: in whose language, from the cache, to whom at all."""

from __future__ import annotations

import gzip
import re

import pytest

from core.actors import SYSTEM
from events.enums import ConferenceState
from events.services.panels import change_participation
from events.services.people import change_person
from tests.events.views.reading import PAGE, get, html_of, text_of
from tests.factories.events import ConferenceFactory

DOT = re.DOTALL


def test_it_sets_no_cookie_and_touches_no_session(stage, client_as):
    response = get(client_as)
    assert response.cookies == {}
    assert response["Vary"] == "Accept-Language, Accept-Encoding"
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"


def test_a_decline_shows_at_once_without_a_new_version(stage, client_as):
    assert "Petar" in text_of(get(client_as))
    change_participation(
        participation=stage.panellist, changes={"state": "declined"}, expected=None, actor=SYSTEM
    )
    assert "Petar" not in text_of(get(client_as))


def test_a_new_name_shows_at_once(stage, client_as):
    get(client_as)
    change_person(
        person=stage.people["Petar"], changes={"family_name": "Savić"}, expected=None, actor=SYSTEM
    )
    assert "Savić" in text_of(get(client_as))


@pytest.mark.parametrize(
    ("asked", "accepted", "tag", "title"),
    [
        ("", "sr", "sr-Latn", "Otvoreni forum"),
        ("", "de", "en", "Open Forum"),
        ("?lang=sr-Latn", "en", "sr-Latn", "Otvoreni forum"),
        ("?lang=ru", "sr", "sr-Latn", "Otvoreni forum"),
    ],
)
def test_the_reader_chooses_the_language(stage, client_as, asked, accepted, tag, title):
    response = get(client_as, PAGE + asked, accept_language=accepted)
    assert response["Content-Language"] == tag
    assert f'<html lang="{tag}">' in response.content.decode()
    assert f"<h1>{title}</h1>" in response.content.decode()


def test_a_text_in_another_language_says_so_and_links_keep_the_chosen_one(stage, client_as):
    page = html_of(get(client_as, PAGE + "?lang=sr-Latn"))
    assert '<p class="lead"><span lang="en">Two hours on rivers</span></p>' in page
    assert 'href="/institute/open-forum/sessions/PANEL2/?lang=sr-Latn"' in page
    assert 'href="/institute/open-forum/register/?lang=sr-Latn"' in page
    assert 'hreflang="sr-Latn" href="http://testserver/institute/open-forum/?lang=sr-Latn"' in page


def test_the_page_is_made_once_and_then_costs_one_query(
    stage, client_as, django_assert_num_queries
):
    client = client_as()
    with django_assert_num_queries(12):
        first = client.get(PAGE)
    with django_assert_num_queries(1):
        second = client.get(PAGE)
    assert first.content == second.content


def test_who_has_the_page_already_gets_304(stage, client_as):
    client = client_as()
    tag = client.get(PAGE)["ETag"]
    again = client.get(PAGE, headers={"If-None-Match": f"W/{tag}"})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    other = client.get(PAGE, headers={"If-None-Match": tag, "Accept-Language": "sr"})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip, br", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("br", False),
        ("", False),
    ],
)
def test_who_takes_gzip_gets_the_page_packed_under_a_tag_of_its_own(
    stage, client_as, accepted, packed
):
    plain = get(client_as)
    answer = get(client_as, accept_encoding=accepted)
    assert answer.has_header("Content-Encoding") is packed
    assert (gzip.decompress(answer.content) if packed else answer.content) == plain.content
    assert (answer["ETag"] != plain["ETag"]) is packed
    again = get(client_as, accept_encoding=accepted, if_none_match=answer["ETag"])
    assert (again.status_code, again.has_header("Content-Encoding")) == (304, False)


@pytest.mark.parametrize(
    "change",
    [
        {"state": ConferenceState.DRAFT},
        {"visibility": "private"},
    ],
)
def test_what_is_not_for_everybody_is_not_found(stage, client_as, change):
    for name, value in change.items():
        setattr(stage.conference, name, value)
    stage.conference.save()
    for path in ("", "programme/", "sessions/PANEL2/", "speakers/MILA22/", "outcome/"):
        assert get(client_as, PAGE + path).status_code == 404


def test_an_old_address_leads_to_the_new_one_for_ever(stage, client_as, organisation):
    stage.conference.slug_history.create(slug="old-forum")
    organisation.slug_history.create(slug="old-institute")
    moved = get(client_as, "/old-institute/old-forum/sessions/PANEL2/?lang=sr-Latn")
    assert (moved.status_code, moved["Location"]) == (
        301,
        "/institute/open-forum/sessions/PANEL2/?lang=sr-Latn",
    )
    home = get(client_as, "/old-institute/")
    assert (home.status_code, home["Location"]) == (301, "/institute/")


def test_an_old_address_of_a_draft_leads_nowhere(client_as, organisation):
    draft = ConferenceFactory(organisation=organisation, state=ConferenceState.DRAFT)
    draft.slug_history.create(slug="old-forum")
    assert get(client_as, "/institute/old-forum/").status_code == 404
    assert get(client_as, "/nobody/old-forum/").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["schedule.xml", "schedule.json", "invitations/", "check-ins/", "questions/"],
)
def test_parts_that_do_not_exist_yet_are_not_found(stage, client_as, path):
    assert get(client_as, PAGE + path).status_code == 404


def test_only_reading_is_possible(stage, client_as):
    assert client_as().post(PAGE).status_code == 405
    assert client_as().head(PAGE).status_code == 200
