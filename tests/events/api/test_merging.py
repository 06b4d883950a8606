"""People who may be one, their merge and their tags, over the API."""

from __future__ import annotations

import pytest

from accounts.permissions import Permission
from events.models import Person, PersonMerge, Tag
from events.services.tags import tag_rows
from tests.factories.events import PersonFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

HOST = "/api/v1/organisations/institute/"
PEOPLE = f"{HOST}people/"


@pytest.fixture
def two(organisation):
    return [
        PersonFactory(organisation=organisation, code=code, given_name="Mila", family_name=name)
        for code, name in [("KEPT22", "Đorđević"), ("GNE222", "Djordjevic")]
    ]


def test_doubles_are_suggested(api, two):
    assert api.get(f"{PEOPLE}duplicates/").json() == {
        "results": [
            {
                "first": "KEPT22",
                "first_name": "Mila Đorđević",
                "second": "GNE222",
                "second_name": "Mila Djordjevic",
                "reason": "Same name",
                "weight": 2,
            }
        ]
    }


@pytest.mark.parametrize("count", [1, 3])
def test_doubles_cost_the_same_for_one_and_for_three(
    api, organisation, django_assert_num_queries, count
):
    for number in range(count):
        for _ in range(2):
            PersonFactory(organisation=organisation, family_name=f"Petrović{number}")
    with django_assert_num_queries(5):
        assert len(api.get(f"{PEOPLE}duplicates/").json()["results"]) == count


@pytest.mark.parametrize(
    ("at", "body"),
    [("KEPT22", {"gone": "GNE222"}), ("GNE222", {"into": "KEPT22"})],
)
def test_two_are_merged_from_either_side_and_parted(api, two, at, body):
    merged = api.post(f"{PEOPLE}{at}/merge/", {**body, "choices": {"family_name": "gone"}})
    assert merged.status_code == 200
    row = PersonMerge.objects.get()
    assert merged.json() == {
        "code": "GNE222",
        "kept": "KEPT22",
        "merged_at": row.created_at.isoformat().replace("+00:00", "Z"),
        "undo_until": row.undo_until.isoformat().replace("+00:00", "Z"),
        "undone_at": None,
        "can_be_undone": True,
    }
    assert Person.objects.get().family_name == "Djordjevic"
    assert api.get(f"{HOST}person-merges/").json()["results"] == [merged.json()]
    for path in ("", "history/"):
        moved = api.get(f"{PEOPLE}GNE222/{path}")
        assert (moved.status_code, moved["Location"]) == (
            308,
            f"http://testserver{PEOPLE}KEPT22/{path}",
        )
    assert api.patch(f"{PEOPLE}GNE222/", {"phone": "1"}, '"v1"').status_code == 404
    again = api.post(f"{HOST}person-merges/GNE222/undo/", {})
    assert (again.status_code, again.json()["code"]) == (200, "GNE222")
    assert api.get(f"{PEOPLE}KEPT22/").json()["family_name"] == "Đorđević"
    assert api.get(f"{PEOPLE}GNE222/")["ETag"] == again["ETag"]
    assert api.post(f"{HOST}person-merges/GNE222/undo/", {}).status_code == 404
    assert api.get(f"{HOST}person-merges/").json()["results"][0]["can_be_undone"] is False


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/into"),
        ({"into": "GNE222", "gone": "GNE222"}, "/into"),
        ({"gone": "NNBDY2"}, "/gone"),
        ({"into": "NNBDY2"}, "/into"),
        ({"gone": "STRNG2"}, "/gone"),
        ({"gone": "KEPT22"}, ""),
        ({"gone": "GNE222", "choices": {"email": "both"}}, "/choices/email"),
        ({"gone": "GNE222", "choices": {"email": "mine"}}, "/choices/email"),
        ({"gone": "GNE222", "choices": "kept"}, "/choices"),
        ({"gone": "GNE222", "why": "x"}, "/why"),
    ],
)
def test_what_can_not_be_merged_says_why(api, two, other_organisation, body, pointer):
    PersonFactory(organisation=other_organisation, code="STRNG2")
    answer = api.post(f"{PEOPLE}KEPT22/merge/", body)
    assert answer.status_code == 400
    assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]
    assert (Person.objects.count(), PersonMerge.objects.count()) == (3, 0)


def test_two_places_at_one_conference_are_a_conflict(api, two):
    kind = RegistrationTypeFactory(conference__organisation=two[0].organisation)
    for person in two:
        RegistrationFactory(registration_type=kind, person=person)
    answer = api.post(f"{PEOPLE}KEPT22/merge/", {"gone": "GNE222"})
    assert answer.status_code == 409
    assert "Cancel one of them first" in answer.json()["detail"]
    assert not PersonMerge.objects.exists()


def test_a_stale_merge_is_refused_and_a_repeated_one_answers_the_same(api, two):
    url, body = f"{PEOPLE}GNE222/merge/", {"into": "KEPT22"}
    assert api.request("POST", url, body, etag='"v7"').status_code == 412
    first, second = (
        api.request("POST", url, body, etag='"v1"', Idempotency_Key="merge-1") for _ in range(2)
    )
    # The one in the address is gone by then.
    assert (first.status_code, second.status_code) == (200, 404)


def test_scopes(api, two):
    reader = api.of(Permission.PEOPLE_READ)
    assert reader.get(f"{PEOPLE}duplicates/").status_code == 200
    for path in (f"{PEOPLE}KEPT22/merge/", f"{HOST}person-merges/GNE222/undo/", f"{PEOPLE}tags/"):
        assert reader.post(path, {}).status_code == 403
    assert api.of(Permission.PROGRAMME_READ).get(f"{HOST}tags/").status_code == 403


# --- Tags ----------------------------------------------------------------------------------------
def test_tags_are_read_renamed_merged_and_deleted(api, organisation, two):
    vip, _ = tag_rows(organisation.pk, {"vip": "", "press": ""})
    two[0].tags.add(vip)
    assert api.get(f"{HOST}tags/").json()["results"] == [
        {"slug": "vip", "name": "VIP", "people": 1},
        {"slug": "press", "name": "Press", "people": 0},
    ]
    etag = api.get(f"{HOST}tags/vip/")["ETag"]
    renamed = api.patch(f"{HOST}tags/vip/", {"name": "Guests of honour"}, etag)
    assert renamed.json() == {"slug": "guests-of-honour", "name": "Guests of honour", "people": 1}
    url = f"{HOST}tags/guests-of-honour/"
    assert api.patch(url, {"name": "Others"}, etag).status_code == 412
    assert api.patch(url, {"name": "Press"}, renamed["ETag"]).status_code == 409
    assert api.request("DELETE", url, etag=renamed["ETag"]).status_code == 409
    assert api.post(f"{url}merge/", {"into": "nobody"}).json()["errors"][0]["pointer"] == "/into"
    merged = api.post(f"{url}merge/", {"into": "press"})
    assert merged.json() == {"slug": "press", "name": "Press", "people": 1}
    assert api.get(f"{PEOPLE}KEPT22/").json()["tags"] == ["press"]
    two[0].tags.clear()
    gone = api.request("DELETE", f"{HOST}tags/press/", etag=merged["ETag"])
    assert (gone.status_code, Tag.objects.count()) == (204, 0)


def test_many_are_tagged_at_once(api, two):
    body = {"people": ["KEPT22", "GNE222"], "add": ["vip"]}
    assert api.post(f"{PEOPLE}tags/", body).json() == {"changed": 2}
    assert api.post(f"{PEOPLE}tags/", body).json() == {"changed": 0}
    assert api.get(f"{PEOPLE}?tag=vip").json()["results"][0]["code"] == "KEPT22"
    wrong = api.post(f"{PEOPLE}tags/", {"people": ["NNBDY2"], "remove": ["vip"]})
    assert wrong.json()["errors"][0]["pointer"] == "/people"


@pytest.mark.parametrize("count", [1, 3])
def test_tags_cost_the_same_for_one_and_for_three(
    api, organisation, two, django_assert_num_queries, count
):
    two[0].tags.set(tag_rows(organisation.pk, {f"tag-{n}": "" for n in range(count)}))
    with django_assert_num_queries(4):
        assert len(api.get(f"{HOST}tags/").json()["results"]) == count


def test_two_people_are_dismissed_as_a_double_and_recalled(api, two):
    pair = {"first": "GNE222", "second": "KEPT22"}
    answer = api.post(f"{PEOPLE}duplicates/dismiss/", pair)
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.get(f"{PEOPLE}duplicates/").json() == {"results": []}
    assert api.post(f"{PEOPLE}duplicates/recall/", pair).status_code == 204
    assert len(api.get(f"{PEOPLE}duplicates/").json()["results"]) == 1
    again = api.post(f"{PEOPLE}duplicates/recall/", pair)
    assert (again.status_code, again.json()["detail"]) == (
        404,
        "Nobody has said that these are two people.",
    )
    unknown = api.post(f"{PEOPLE}duplicates/dismiss/", {**pair, "second": "NOBODY"})
    assert unknown.json()["errors"] == [
        {"pointer": "/second", "code": "unknown", "detail": "There is no such person."}
    ]
