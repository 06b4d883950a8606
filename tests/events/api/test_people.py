from __future__ import annotations

import pytest

from accounts.permissions import Permission
from events.models import Person, Tag
from tests.factories.events import ParticipationFactory, PersonFactory

PEOPLE = "/api/v1/organisations/institute/people/"


def test_a_person_is_made_with_tags_and_found_in_any_script(api, organisation):
    made = api.post(
        PEOPLE,
        {
            "honorific": "Dr.",
            "given_name": "Srđan",
            "family_name": "Đorđević",
            "email": "srdjan@example.org",
            "tags": ["vip", "embassy"],
            "names_by_script": {"Cyrl": {"given_name": "Срђан", "family_name": "Ђорђевић"}},
            "bio": "Reads maps.",
        },
    )
    assert (made.status_code, made["ETag"]) == (201, '"v1"')
    row = Person.objects.get()
    assert made["Location"] == f"http://testserver{PEOPLE}{row.code}/"
    assert made.json() == {
        "code": row.code,
        "uid": str(row.uid),
        "honorific": "Dr.",
        "given_name": "Srđan",
        "family_name": "Đorđević",
        "names_by_script": {"Cyrl": {"given_name": "Срђан", "family_name": "Ђорђевић"}},
        "pronunciation": "",
        "email": "srdjan@example.org",
        "phone": "",
        "affiliation": "",
        "position": "",
        "bio": {"en": "Reads maps."},
        "photo_alt": {},
        "no_photo": False,
        "salutation": {},
        "language": "",
        "tags": ["embassy", "vip"],
        "source": "",
        "basis": "",
        "notes": "",
    }
    assert sorted(Tag.objects.values_list("slug", "name")) == [
        ("embassy", "Embassy"),
        ("vip", "VIP"),
    ]
    for words in ("djordjevic", "Ђорђевић", "srdjan example.org", "Đorđević Dr"):
        found = api.get(f"{PEOPLE}?search={words}").json()["results"]
        assert len(found) == (0 if words.endswith("Dr") else 1)
    assert len(api.get(f"{PEOPLE}?tag=vip").json()["results"]) == 1
    assert api.get(f"{PEOPLE}?tag=press").json()["results"] == []


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"given_name": ""}, "/given_name"),
        ({"given_name": "A\u0000"}, ""),
        ({"given_name": "x" * 121}, "/given_name"),
        ({"email": "not an address"}, "/email"),
        ({"tags": "vip"}, "/tags"),
        ({"tags": ["Very Important"]}, "/tags"),
        ({"tags": [f"tag-{n}" for n in range(51)]}, "/tags"),
        ({"names_by_script": {"Grek": {"given_name": "Α"}}}, "/names_by_script"),
        ({"names_by_script": {"Cyrl": {"nickname": "А"}}}, "/names_by_script"),
        ({"language": "tlh"}, "/language"),
        ({"status": "vip"}, "/status"),
    ],
)
def test_a_person_says_what_is_wrong(api, organisation, wrong, pointer):
    answer = api.post(PEOPLE, {"given_name": "Ana", **wrong})
    assert answer.status_code == 400
    assert [e["pointer"] for e in answer.json().get("errors", [{"pointer": ""}])] == [pointer]
    assert (Person.objects.count(), Tag.objects.count()) == (0, 0)


def test_a_person_is_changed_and_deleted(api, organisation):
    row = PersonFactory(organisation=organisation)
    path = f"{PEOPLE}{row.code}/"
    changed = api.patch(path, {"family_name": "Цвијић", "tags": ["vip"]}, '"v1"')
    assert (changed.status_code, changed["ETag"]) == (200, '"v2"')
    row.refresh_from_db()
    assert row.sort_key == "cvijic ana"
    assert api.patch(path, {"tags": ["vip"]}, '"v2"')["ETag"] == '"v2"'
    assert api.patch(path, {"tags": []}, '"v2"').json()["tags"] == []
    assert api.delete(path, '"v3"').status_code == 204
    assert Person.objects.count() == 0


def test_who_took_part_stays(api, conference):
    part = ParticipationFactory(session__conference=conference)
    answer = api.delete(f"{PEOPLE}{part.person.code}/", '"v1"')
    assert (answer.status_code, answer.json()["type"].rsplit("/")[-1]) == (409, "in-use")
    assert Person.objects.count() == 1


def test_speakers_are_read_only_and_say_nothing_private(api, conference, base):
    part = ParticipationFactory(session__conference=conference, role="moderator")
    ParticipationFactory(session__conference=conference, state="declined")
    reader = api.of(Permission.PROGRAMME_READ)

    rows = reader.get(f"{base}/speakers/").json()["results"]
    assert rows == [
        {
            "code": part.person.code,
            "honorific": "",
            "given_name": "Ana",
            "family_name": part.person.family_name,
            "affiliation": "Institute for Testing",
            "position": "Researcher",
            "bio": {},
            "participations": [
                {
                    "participation": part.code,
                    "session": part.session.code,
                    "role": "moderator",
                    "state": "confirmed",
                }
            ],
        }
    ]
    one = f"{base}/speakers/{part.person.code}/"
    assert reader.get(one).json() == rows[0]
    assert reader.get(PEOPLE).status_code == 403
    for method in ("POST", "PATCH", "DELETE", "PUT"):
        assert api.request(method, one, {}, etag='"v1"').status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_people_ask_as_often_for_many_as_for_one(
    api, conference, base, count, django_assert_num_queries
):
    ParticipationFactory.create_batch(count, session__conference=conference)
    api.get(PEOPLE)  # the token notes its first use
    with django_assert_num_queries(4):
        assert len(api.get(PEOPLE).json()["results"]) == count
    with django_assert_num_queries(5):
        assert len(api.get(f"{base}/speakers/").json()["results"]) == count
