"""What search engines find: public conferences, each page in each language, and nothing else."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from events.enums import ConferenceState
from events.views.public import sitemaps
from tests.events.views.reading import PAGE, get
from tests.factories.accounts import OrganisationFactory
from tests.factories.events import ConferenceFactory, OutcomeFactory

HERE = "http://testserver"
MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def urls(client_as, path):
    """Return the addresses in a list, each with what it says of other languages."""
    response = get(client_as, path)
    assert (response.status_code, response["Content-Type"]) == (
        *(200, "application/xml; charset=utf-8"),
    )
    root = ET.fromstring(response.content)  # noqa: S314 - our own
    assert all(one.find(f"{MAPS}lastmod") is not None for one in root)
    return {
        one.find(f"{MAPS}loc").text: {
            link.get("hreflang"): link.get("href") for link in one.findall(f"{XHTML}link")
        }
        for one in root
    }


def test_robots_are_led_to_the_list_of_lists(client_as, db):
    assert f"\nSitemap: {HERE}/sitemap.xml\n" in get(client_as, "/robots.txt").content.decode()


def test_the_list_of_lists_names_public_conferences_and_their_hosts(
    stage, client_as, organisation, django_assert_num_queries
):
    other = OrganisationFactory(slug="other-house")
    for house, slug, change in [
        (organisation, "hidden", {"visibility": "unlisted"}),
        (organisation, "closed", {"visibility": "private"}),
        (organisation, "draft", {"state": ConferenceState.DRAFT}),
        (organisation, "off", {"state": ConferenceState.CANCELLED}),
        (other, "drawer", {"state": ConferenceState.DRAFT}),
    ]:
        ConferenceFactory(organisation=house, slug=slug, **change)
    with django_assert_num_queries(1):
        found = urls(client_as, "/sitemap.xml")
    assert list(found) == [
        f"{HERE}/institute/sitemap.xml",
        f"{HERE}/institute/off/sitemap.xml",
        f"{HERE}/institute/open-forum/sitemap.xml",
    ]
    assert [get(client_as, url.removeprefix(HERE)).status_code for url in found] == [200] * 3
    for path in ("/institute/hidden", "/institute/closed", "/institute/draft", "/other-house"):
        assert get(client_as, f"{path}/sitemap.xml").status_code == 404


def test_who_has_the_list_already_gets_304(stage, client_as):
    first = get(client_as, "/sitemap.xml")
    again = get(client_as, "/sitemap.xml", if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    ConferenceFactory(organisation=stage.conference.organisation)
    assert get(client_as, "/sitemap.xml", if_none_match=first["ETag"]).status_code == 200


def test_each_page_is_named_in_each_of_its_languages(stage, client_as):
    OutcomeFactory(conference=stage.conference, published_at=stage.conference.ends_at)
    found = urls(client_as, f"{PAGE}sitemap.xml")
    pages = [
        *("", "programme/", "speakers/", "outcome/", "sessions/KEYN22/", "sessions/PANEL2/"),
        *("speakers/VERA22/", "speakers/PETAR2/", "speakers/MILA22/"),
    ]
    assert list(found) == [
        f"{HERE}{PAGE}{page}{query}"
        for page in pages
        for query in ("", "?lang=en", "?lang=sr-Latn")
    ]
    page = f"{HERE}{PAGE}programme/"
    others = {"en": f"{page}?lang=en", "sr-Latn": f"{page}?lang=sr-Latn", "x-default": page}
    assert found[page] == found[f"{page}?lang=en"] == found[f"{page}?lang=sr-Latn"] == others
    assert {get(client_as, url.removeprefix(HERE)).status_code for url in found} == {200}


def test_a_page_in_one_language_is_named_once(stage, client_as):
    stage.conference.languages = ["en"]
    stage.conference.save()
    found = urls(client_as, f"{PAGE}sitemap.xml")
    assert found[f"{HERE}{PAGE}"] == {}
    assert not any("lang=" in url for url in found)


def test_a_host_is_named_with_its_own_page(stage, client_as):
    assert f"{HERE}/institute/" in urls(client_as, "/institute/sitemap.xml")


@pytest.mark.parametrize("change", [{"visibility": "unlisted"}, {"state": ConferenceState.DRAFT}])
def test_what_is_public_no_more_is_gone_at_once(stage, client_as, change):
    urls(client_as, f"{PAGE}sitemap.xml")
    for name, value in change.items():
        setattr(stage.conference, name, value)
    stage.conference.save()
    assert get(client_as, f"{PAGE}sitemap.xml").status_code == 404
    assert urls(client_as, "/sitemap.xml") == {}


def test_a_list_is_never_longer_than_may_be(stage, client_as, monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST", 7)
    assert len(urls(client_as, f"{PAGE}sitemap.xml")) == 6  # two pages in three forms
