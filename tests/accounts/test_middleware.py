"""A former address of an organisation leads to its present one."""

from __future__ import annotations

import pytest

from accounts.services.organisations import change_organisation
from core.actors import SYSTEM


@pytest.fixture
def moved(organisation):
    return change_organisation(
        organisation=organisation, changes={"slug": "present"}, expected=None, actor=SYSTEM
    )


@pytest.mark.parametrize(
    ("former", "present"),
    [
        ("/institute/", "/present/"),
        ("/institute/forum-2027/programme/?lang=sr", "/present/forum-2027/programme/?lang=sr"),
        ("/api/v1/public/institute/forum/programme/", "/api/v1/public/present/forum/programme/"),
    ],
)
def test_a_former_address_redirects_for_ever(client, moved, former, present):
    response = client.get(former)
    assert (response.status_code, response["Location"]) == (301, present)
    assert client.head(former).status_code == 301


def test_pages_of_the_console_too_once_signed_in(client_as, owner, moved):
    assert client_as(owner).get("/manage/institute/team/")["Location"] == "/manage/present/team/"
    assert client_as().get("/manage/institute/team/").status_code == 302


def test_the_api_too(api, moved):
    path = "/api/v1/organisations/institute/"
    assert api.get(path)["Location"] == "/api/v1/organisations/present/"


def test_nothing_is_posted_to_a_former_address(client_as, owner, moved):
    assert client_as(owner).post("/manage/institute/team/", {}).status_code == 404


@pytest.mark.parametrize("path", ["/nobody/", "/manage/", "/static/nothing.css", "/institute", "/"])
def test_the_rest_is_left_alone(client, moved, path):
    assert client.get(path).status_code != 301 or path == "/institute"


def test_a_page_that_is_there_costs_no_query(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/robots.txt").status_code == 200
        assert client.get("/static/nothing.css").status_code == 404
