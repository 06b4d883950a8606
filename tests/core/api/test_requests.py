"""How the API reads requests and says no: bodies, versions, filters, pages, problems."""

from __future__ import annotations

import base64
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import path
from django_filters import rest_framework as filters
from rest_framework import exceptions, serializers
from rest_framework.generics import ListAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Organisation
from core.api.etags import expected_version, not_modified, with_etag
from core.errors import DomainError
from tests.conftest import ApiClient
from tests.factories.accounts import OrganisationFactory


class Open(APIView):
    authentication_classes = ()
    permission_classes = ()


class Echo(Open):
    def post(self, request):
        return Response(request.data)


class Versioned(Open):
    def get(self, request):
        organisation = Organisation.objects.get()
        if not_modified(request, organisation.etag):
            return Response(status=304)
        return with_etag(Response({}), organisation)

    def patch(self, request):
        return Response({"expected": expected_version(request)})


REFUSALS = {
    "http404": Http404("secret"),
    "denied": PermissionDenied("secret"),
    "domain": DomainError("sold-out", "The last place has just gone."),
    "busy": DomainError("busy", "Wait.", retry_after=7),
    "unauthenticated": exceptions.NotAuthenticated(),
    "throttled": exceptions.Throttled(wait=3.2),
    "one": exceptions.ValidationError({"email": ["Wrong."]}),
    "many": exceptions.ValidationError(
        {"a/b~c": ["Wrong."], "items": [{}, {"name": ["Missing."]}], "non_field_errors": ["Both."]}
    ),
    "unacceptable": exceptions.NotAcceptable(),
    "odd": exceptions.APIException(),
}


class Refuse(Open):
    def get(self, request, kind):
        raise REFUSALS[kind]


class Serializer(serializers.ModelSerializer):
    class Meta:
        model = Organisation
        fields = ("slug", "name")


class Filters(filters.FilterSet):
    city = filters.CharFilter()


class Things(Open, ListAPIView):
    queryset = Organisation.objects.all()
    serializer_class = Serializer
    filterset_class = Filters
    ordering_fields = ("name", "created_at")


class Unfiltered(Open, ListAPIView):
    queryset = Organisation.objects.all()
    serializer_class = Serializer


urlpatterns = [
    path("api/echo", Echo.as_view()),
    path("api/versioned", Versioned.as_view()),
    path("api/refuse/<kind>", Refuse.as_view()),
    path("api/things", Things.as_view()),
    path("api/unfiltered", Unfiltered.as_view()),
]
handler404 = "config.views.errors.page_not_found"
pytestmark = pytest.mark.urls(__name__)
client = ApiClient()


# --- Bodies --------------------------------------------------------------------------------------
def test_an_object_is_read_as_it_is():
    body = {"a": [1, 2.5, None, True, "é\u0000".strip("\u0000")], "b": {"c": "x"}}
    assert client.post("/api/echo", body).json() == body


def nested(depth):
    return b'{"a":' * depth + b"1" + b"}" * depth


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"{", "not valid JSON"),
        (b"\xff{}", "not UTF-8"),
        (b'"text"', "is a JSON object"),
        (b"[1]", "is a JSON object"),
        (b"null", "is a JSON object"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"\\u0000": 1}', "NUL"),
        (b'{"a": "\\ud800"}', "half a surrogate"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": NaN}', "NaN is not"),
        (b'{"a": -Infinity}', "-Infinity is not"),
        (nested(25), "too deeply"),
        (nested(100_000), "not valid JSON"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not valid JSON"),
    ],
)
def test_bad_bodies_are_told_what_is_wrong(raw, said):
    response = client.post("/api/echo", raw=raw)
    assert response.status_code == 400
    assert response.json()["type"].endswith("/validation-failed")
    assert said in response.json()["detail"]


def test_twenty_levels_are_enough():
    assert client.post("/api/echo", raw=nested(19)).status_code == 200


def test_only_json_is_read():
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data",
                         "application/xml"]:  # fmt: skip
        response = client.post("/api/echo", raw=b"a=1", content_type=content_type)
        assert response.status_code == 415
        assert response.json()["type"].endswith("/unsupported-media-type")


def test_a_body_over_the_limit_is_refused_even_if_its_length_lied(settings):
    settings.BODY_LIMIT = 10
    from core.api.parsers import StrictJSONParser

    class Stream:
        def read(self, size):
            return b"x" * size

    with pytest.raises(DomainError) as refused:
        StrictJSONParser().parse(Stream())
    assert refused.value.status == 413


# --- Versions ------------------------------------------------------------------------------------
def test_a_change_says_on_which_version_it_was_made():
    assert client.patch("/api/versioned", {}, '"v7"').json() == {"expected": 7}
    missing = client.patch("/api/versioned", {})
    assert (missing.status_code, missing.json()["title"]) == (428, "Precondition required")
    for wrong in ["*", "v7", '"7"', 'W/"v7"', '"v7", "v8"', '"v12345678901"', '"v٧"']:
        assert client.patch("/api/versioned", {}, wrong).status_code == 412


def test_who_has_it_already_gets_nothing_again(db):
    OrganisationFactory()
    first = client.get("/api/versioned")
    assert first["ETag"] == '"v1"'
    assert client.get("/api/versioned", If_None_Match='"x", W/"v1"').status_code == 304
    assert client.get("/api/versioned", If_None_Match='"v2"').status_code == 200


# --- Refusals ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "status", "word"),
    [
        ("http404", 404, "not-found"),
        ("denied", 403, "forbidden"),
        ("domain", 409, "sold-out"),
        ("busy", 503, "busy"),
        ("unauthenticated", 403, "not-authenticated"),
        ("throttled", 429, "throttled"),
        ("one", 400, "validation-failed"),
        ("unacceptable", 406, "not-acceptable"),
    ],
)
def test_refusals_have_one_shape(kind, status, word):
    response = client.get(f"/api/refuse/{kind}")
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    if kind == "unauthenticated":
        status = 401
        assert response["WWW-Authenticate"] == "Bearer"
    assert (response.status_code, body["status"]) == (status, status)
    assert body["type"] == f"http://testserver/api/v1/problems/{word}"
    assert b"secret" not in response.content


def test_a_wait_is_told_in_whole_seconds():
    assert client.get("/api/refuse/throttled")["Retry-After"] == "5"
    assert client.get("/api/refuse/busy")["Retry-After"] == "7"


def test_each_wrong_value_is_pointed_at():
    body = client.get("/api/refuse/many").json()
    assert body["detail"] == "Some values can not be taken."
    assert body["errors"] == [
        {"pointer": "/a~1b~0c", "code": "invalid", "detail": "Wrong."},
        {"pointer": "/items/1/name", "code": "invalid", "detail": "Missing."},
        {"pointer": "", "code": "invalid", "detail": "Both."},
    ]
    assert client.get("/api/refuse/one").json()["detail"] == "Wrong."


def test_a_method_that_is_not_taken_is_told_which_are():
    response = client.post("/api/versioned", {})
    assert response.status_code == 405
    assert response["Allow"] == "GET, PATCH, HEAD, OPTIONS"


def test_a_fault_is_not_a_refusal():
    with pytest.raises(exceptions.APIException):
        client.get("/api/refuse/odd")


# --- Lists ---------------------------------------------------------------------------------------
@pytest.fixture
def things(db):
    for n in range(5):
        OrganisationFactory(slug=f"s{n}", name=f"{'ABABA'[n]}", city="Niš" if n % 2 else "Bar")


def slugs(response):
    return [thing["slug"] for thing in response.json()["results"]]


def test_a_list_begins_with_the_oldest(things):
    response = client.get("/api/things")
    assert slugs(response) == ["s0", "s1", "s2", "s3", "s4"]
    assert response.json()["next"] is response.json()["previous"] is None
    assert "Link" not in response


def test_pages_lead_to_each_other(things):
    first = client.get("/api/things?page_size=2")
    assert slugs(first) == ["s0", "s1"]
    assert first["Link"] == f'<{first.json()["next"]}>; rel="next"'
    second = client.get(first.json()["next"])
    assert slugs(second) == ["s2", "s3"]
    assert 'rel="prev"' in second["Link"]
    third = client.get(second.json()["next"])
    assert slugs(third) == ["s4"]
    assert slugs(client.get(third.json()["previous"])) == ["s2", "s3"]


def test_equal_values_are_ordered_by_age(things):
    assert slugs(client.get("/api/things?ordering=name")) == ["s0", "s2", "s4", "s1", "s3"]
    assert slugs(client.get("/api/things?ordering=-name")) == ["s3", "s1", "s4", "s2", "s0"]
    first = client.get("/api/things?ordering=name&page_size=2")
    assert slugs(client.get(first.json()["next"])) == ["s4", "s1"]


def test_a_list_is_filtered_by_what_it_names(things):
    assert slugs(client.get("/api/things?city=Niš")) == ["s1", "s3"]


@pytest.mark.parametrize(
    "query",
    [
        "secret=1", "memberships__account__password=x", "slug__regex=.", "city=%00",
        "ordering=slug", "ordering=", "ordering=--name", "ordering=memberships__account__password",
        "page_size=0", "page_size=201", "page_size=x", "page_size=-1", "page_size=٣",
        "page_size=99999999999999999999", "cursor=x", "cursor=cD0%3D", "cursor=%FF", "offset=1",
    ],
)  # fmt: skip
def test_what_a_list_does_not_name_is_refused(things, query):
    response = client.get(f"/api/things?{query}")
    assert response.status_code == 400
    assert response.json()["type"].endswith("/validation-failed")


def test_a_list_without_filters_refuses_them_all(things):
    assert client.get("/api/unfiltered?city=Bar").status_code == 400
    assert slugs(client.get("/api/unfiltered?page_size=1")) == ["s0"]


def test_cursors_that_nobody_was_given_are_refused(things):
    past = "1900-01-01T00:00:00Z"
    for values in [
        [], [False], [False, past], [False, past, 1, 2], ["x", past, 1], [False, "soon", 1],
        [False, past, "x"], [False, past, "\x00"], [False, [past], 1],
        [False, None, 1], {"a": 1}, 5, [False, past, 1.5], [True, "99999-01-01", 1],
    ]:  # fmt: skip
        text = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
        assert client.get(f"/api/things?cursor={text}").status_code == 400, values
    assert client.get(f"/api/things?cursor={'A' * 2001}").status_code == 400
    deep = base64.urlsafe_b64encode(b"[" * 1400).decode()
    assert client.get(f"/api/things?cursor={deep}").status_code == 400


def test_rows_that_come_and_go_neither_repeat_nor_skip_others(things):
    first = client.get("/api/things?page_size=2")
    Organisation.objects.filter(slug__in=["s0", "s1"]).delete()
    OrganisationFactory(slug="s9")
    second = client.get(first.json()["next"])
    assert slugs(second) == ["s2", "s3"]
    assert slugs(client.get(second.json()["next"])) == ["s4", "s9"]


@pytest.mark.parametrize("ordering", ["name", "-name", "name,-created_at", "-created_at"])
def test_walking_forth_and_back_shows_every_row_once(things, ordering):
    Organisation.objects.update(name="all the same")
    seen, url, pages = [], f"/api/things?ordering={ordering}&page_size=2", []
    while url:
        page = client.get(url)
        pages.append(slugs(page))
        seen += slugs(page)
        url = page.json()["next"]
    assert sorted(seen) == ["s0", "s1", "s2", "s3", "s4"]
    back = [pages[-1]]
    while previous := page.json()["previous"]:
        page = client.get(previous)
        back.insert(0, slugs(page))
    assert back == pages


def test_a_page_costs_one_query_and_is_ordered_by_an_index(things, django_assert_num_queries):
    following = client.get("/api/things?page_size=2").json()["next"]
    with django_assert_num_queries(1):
        client.get(following)
