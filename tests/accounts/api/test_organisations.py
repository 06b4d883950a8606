"""The organisation by API, and the door of the API itself."""

from __future__ import annotations

import base64
import io

import pytest
from django.core.cache import cache
from PIL import Image

from accounts.api import authentication
from accounts.permissions import Permission
from accounts.services.tokens import create_api_token
from core.actors import SYSTEM
from tests.conftest import ApiClient

PATH = "/api/v1/organisations/institute/"


def test_it_is_read(api, organisation):
    response = api.get(PATH)
    assert response.status_code == 200
    assert response["ETag"] == '"v1"'
    assert response.json() == {
        "slug": "institute",
        "name": "Institute for Testing",
        "short_name": "",
        "about": {},
        "city": "Belgrade",
        "country": "RS",
        "time_zone": "Europe/Belgrade",
        "languages": ["en", "sr-Latn"],
        "website": "",
        "contact_email": "office@example.org",
        "contact_phone": "",
        "imprint": {},
        "accent": "",
        "logo_url": "",
    }
    assert api.get(PATH, If_None_Match='"v1"').status_code == 304


def test_it_is_changed(api, organisation):
    response = api.patch(PATH, {"about": "We test.", "city": "Niš"}, '"v1"')
    assert response.status_code == 200
    assert response["ETag"] == '"v2"'
    organisation.refresh_from_db()
    assert (organisation.about, organisation.city) == ({"en": "We test."}, "Niš")
    assert api.patch(PATH, {"city": "Bar"}, '"v1"').status_code == 412
    assert api.patch(PATH, {"city": "Bar"}).status_code == 428


def test_a_new_slug_is_where_it_is_then(api, organisation):
    assert api.patch(PATH, {"slug": "present"}, '"v1"').json()["slug"] == "present"
    assert api.get(PATH).status_code == 301
    assert api.get("/api/v1/organisations/present/").status_code == 200


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"slug": "manage"}, "/slug"),
        ({"time_zone": "Mars"}, "/time_zone"),
        ({"languages": ["xx"]}, "/languages"),
        ({"languages": "en"}, "/languages"),
        ({"name": ["x"]}, "/name"),
        ({"name": None}, "/name"),
        ({"about": 5}, "/about"),
        ({"id": 5}, "/id"),
        ({"version": 9}, "/version"),
        ({"memberships": []}, "/memberships"),
    ],
)
def test_what_can_not_be_is_pointed_at(api, organisation, body, pointer):
    response = api.patch(PATH, body, '"v1"')
    assert response.status_code == 400
    assert [e["pointer"] for e in response.json()["errors"]] == [pointer]
    organisation.refresh_from_db()
    assert organisation.version == 1


def test_tokens_do_what_their_scopes_say(api, organisation):
    reader = api.of(Permission.CONFERENCE_READ)
    assert reader.get(PATH).status_code == 200
    refused = reader.patch(PATH, {"city": "Bar"}, '"v1"')
    assert refused.status_code == 403
    assert refused.json()["detail"] == "This token lacks the scope “team:write”."
    assert api.of(Permission.MAIL_READ).get(PATH).status_code == 403


def test_tokens_of_another_house_see_nothing(api, organisation, other_organisation):
    stranger = api.of(organisation=other_organisation)
    there, missing = stranger.get(PATH), stranger.get("/api/v1/organisations/nobody/")
    assert there.status_code == missing.status_code == 404
    assert there.content == missing.content
    assert stranger.patch(PATH, {"city": "Bar"}, '"v1"').status_code == 404


def test_without_a_token_there_is_no_answer(api, organisation):
    response = api.anonymous.get(PATH)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert response.json()["type"].endswith("/not-authenticated")


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer x", "Bearer a b", "Bearer lec_x_y", "Bearer \xe9", "Basic dTpw", "Token x"],
)
def test_wrong_tokens_are_refused(organisation, header):
    assert ApiClient().get(PATH, Authorization=header).status_code == 401


def test_the_word_bearer_in_any_case(api, organisation):
    assert ApiClient().get(PATH, Authorization=f"bearer {api.token}").status_code == 200


def test_a_sessions_cookie_is_no_token(client_as, owner):
    assert client_as(owner).get(PATH).status_code == 401


def test_who_searches_for_tokens_is_stopped_soon(api, organisation, settings):
    settings.THROTTLE = True
    cache.clear()
    statuses = [ApiClient("lec_00000000_x").get(PATH).status_code for _ in range(20)]
    assert statuses == [401] * authentication.WRONG_A_MINUTE + [429] * 5
    stopped = ApiClient("lec_00000000_x").get(PATH)
    assert int(stopped["Retry-After"]) <= 62
    assert api.get(PATH).status_code == 200  # who has one is not kept out by a neighbour


def test_a_revoked_token_is_refused_at_once(organisation):
    from accounts.services.tokens import revoke_api_token

    row, text = create_api_token(
        organisation=organisation, name="Feed", scopes=["conference:read"], actor=SYSTEM
    )
    assert ApiClient(text).get(PATH).status_code == 200
    revoke_api_token(token=row, actor=SYSTEM)
    assert ApiClient(text).get(PATH).status_code == 401


def test_the_colour_is_changed(api, organisation):
    assert api.patch(PATH, {"accent": "#FFDD00"}, '"v1"').json()["accent"] == "#ffdd00"
    refused = api.patch(PATH, {"accent": "yellow"}, '"v2"')
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [("/accent", "colour")]


def test_a_logo_is_put_and_deleted(api, organisation):
    out = io.BytesIO()
    Image.new("RGB", (60, 20)).save(out, "PNG")
    body = {"name": "mark.png", "content": base64.b64encode(out.getvalue()).decode()}
    put = api.put(f"{PATH}logo/", body, '"v1"')
    organisation.refresh_from_db()
    assert (put.status_code, put["ETag"]) == (200, '"v2"')
    assert put.json()["logo_url"].endswith(f"/files/{organisation.logo.uid}/")
    assert api.put(f"{PATH}logo/", body).status_code == 428
    assert api.put(f"{PATH}logo/", body, '"v1"').status_code == 412
    assert api.delete(f"{PATH}logo/", '"v2"').status_code == 204
    assert api.get(PATH).json()["logo_url"] == ""


@pytest.mark.parametrize(
    ("content", "code"), [("not base64", "base64"), ("QUJD", "type"), ("čć", "base64")]
)
def test_what_is_no_picture_is_no_logo(api, organisation, content, code):
    refused = api.put(f"{PATH}logo/", {"content": content}, '"v1"')
    assert refused.status_code == 400
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [("/content", code)]
