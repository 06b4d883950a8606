"""Making series and putting conferences in them, in the console and by API."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from accounts.permissions import Permission
from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from events.models import Series
from events.services.series import change_series, put_in_series
from tests.events.views.reading import filled
from tests.factories.events import ConferenceFactory, SeriesFactory

LIST = "/manage/institute/series/"
API = "/api/v1/organisations/institute/series/"


def said(response):
    return [str(m) for m in response.context["messages"]]


@pytest.fixture
def browser(client_as, owner):
    return client_as(owner)


def test_a_series_is_added_changed_and_deleted(browser, organisation):
    data = {"title_en": "Forums", "slug": "forums", "description_en": "On rivers."}
    answer = browser.post(LIST, data)
    assert answer["Location"] == f"{LIST}forums/"
    form = browser.get(f"{LIST}forums/").context["form"]
    answer = browser.post(f"{LIST}forums/", filled(form) | {"title_en": "Open forums"}, follow=True)
    assert said(answer)[-1] == "Saved. Its page shows it at once."
    row = Series.objects.get()
    assert (row.title, row.description) == ({"en": "Open forums"}, {"en": "On rivers."})
    assert "Delete Open forums?" in browser.get(f"{LIST}forums/delete/").content.decode()
    browser.post(f"{LIST}forums/delete/", {"version": row.version})
    assert not Series.objects.exists()


def test_a_taken_address_is_said_beside_its_field(browser, organisation):
    SeriesFactory(organisation=organisation, slug="forums")
    answer = browser.post(LIST, {"title_en": "Forums", "slug": "forums"})
    assert set(answer.context["form"].errors) == {"slug"}


def test_conferences_are_put_in_and_taken_out(browser, organisation, other_organisation):
    series = SeriesFactory(organisation=organisation, slug="forums")
    one, two = (ConferenceFactory(organisation=organisation) for _ in range(2))
    theirs = ConferenceFactory(organisation=other_organisation, slug="theirs")
    page = browser.get(f"{LIST}forums/").content.decode()
    assert page.count('name="conference"') == 2
    path = f"{LIST}forums/conferences/"
    answer = browser.post(path, {"conference": [one.slug, "theirs"], "version": "1"}, follow=True)
    assert said(answer) == ["1 conference in this series now."]
    assert list(series.conferences.all()) == [one]
    browser.post(path, {"conference": [two.slug], "version": "2"})
    assert list(series.conferences.all()) == [two]
    theirs.refresh_from_db()
    assert theirs.series is None
    answer = browser.post(path, {"conference": [], "version": "2"}, follow=True)
    assert "changed this" in said(answer)[-1]
    assert list(series.conferences.all()) == [two]


def test_nothing_changes_where_nothing_is_chosen_anew(organisation):
    series = SeriesFactory(organisation=organisation)
    one = ConferenceFactory(organisation=organisation, series=series)
    assert put_in_series(series=series, conferences=[one], expected=1, actor=SYSTEM).version == 1
    assert AuditEntry.objects.count() == 0


def test_a_conference_of_another_house_is_refused(organisation, other_organisation):
    series = SeriesFactory(organisation=organisation)
    theirs = ConferenceFactory(organisation=other_organisation)
    with pytest.raises(DomainError):
        put_in_series(series=series, conferences=[theirs], expected=None, actor=SYSTEM)
    series.refresh_from_db()
    assert (series.version, series.conferences.count()) == (1, 0)


def test_the_address_of_a_page_that_was_public_stays(organisation):
    series = SeriesFactory(organisation=organisation, slug="forums")
    draft = ConferenceFactory(
        organisation=organisation, series=series, state="draft", announced_at=None
    )
    change_series(series=series, changes={"slug": "open"}, expected=None, actor=SYSTEM)
    ConferenceFactory(organisation=organisation, series=series)
    with pytest.raises(DomainError) as refused:
        change_series(series=series, changes={"slug": "other"}, expected=None, actor=SYSTEM)
    assert (refused.value.kind, refused.value.errors[0].pointer) == ("in-use", "/slug")
    draft.series.refresh_from_db()
    assert draft.series.slug == "open"


def test_who_only_reads_sees_no_buttons(client_as, account_with_role, organisation):
    SeriesFactory(organisation=organisation, slug="forums")
    client = client_as(account_with_role(Role.VIEWER))
    page = client.get(LIST).content.decode()
    assert "Add the series" not in page
    assert client.get(f"{LIST}forums/").status_code == 403
    assert client.post(f"{LIST}forums/conferences/").status_code == 403


def test_series_of_another_house_are_not_there(browser, other_organisation, organisation):
    SeriesFactory(organisation=other_organisation, slug="forums")
    for path in ("", "conferences/", "delete/"):
        assert browser.post(f"{LIST}forums/{path}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_is_read_in_as_many_queries_whatever_its_size(
    browser, organisation, count, django_assert_num_queries
):
    for _ in range(count):
        ConferenceFactory(
            organisation=organisation, series=SeriesFactory(organisation=organisation)
        )
    with django_assert_num_queries(4):
        browser.get(LIST)


def test_series_by_api(api, organisation):
    made = api.post(API, {"slug": "forums", "title": "Forums"})
    assert (made.status_code, made["ETag"]) == (201, '"v1"')
    assert made["Location"].endswith("/series/forums/")
    body = {"slug": "forums", "title": {"en": "Forums"}, "description": {}}
    assert api.get(f"{API}forums/").json() == body
    assert api.get(API).json()["results"] == [body]
    changed = api.patch(f"{API}forums/", {"description": "On rivers."}, '"v1"')
    assert changed.json()["description"] == {"en": "On rivers."}
    conference = ConferenceFactory(organisation=organisation)
    path = f"/api/v1/organisations/institute/conferences/{conference.slug}/"
    assert api.patch(path, {"series": "forums"}, '"v1"').json()["series"] == "forums"
    refused = api.delete(f"{API}forums/", '"v2"')
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[1]) == (409, "in-use")
    api.patch(path, {"series": None}, '"v2"')
    assert api.delete(f"{API}forums/", '"v2"').status_code == 204


def test_series_take_the_rights_of_conferences(api, organisation):
    reader = api.of(Permission.CONFERENCE_READ)
    assert reader.get(API).status_code == 200
    assert reader.post(API, {"slug": "forums", "title": "Forums"}).status_code == 403
