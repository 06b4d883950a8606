from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.models import StoredFile
from events.models import Assistant, Person, Tag
from events.services import people
from events.services.panels import remove_participation
from events.services.schedules import publish_schedule
from tests.factories.events import ParticipationFactory, PersonFactory


def create(organisation, actor, **fields):
    return people.create_person(
        **{"organisation": organisation, "given_name": "Srđan", "actor": actor} | fields
    )


def photo_of(organisation):
    return StoredFile.objects.create(
        organisation_id_value=organisation.pk,
        file="photo",
        content_type="image/jpeg",
        size=1,
        digest="0" * 64,
    )


def test_create_makes_keys_by_which_both_scripts_find(organisation, actor, audited):
    row = create(
        organisation,
        actor,
        family_name="Đorđević",
        names_by_script={"Cyrl": {"given_name": "Срђан", "family_name": ""}, "Latn": {}},
        email="S@Example.org",
        affiliation="Élan",
    )
    row.refresh_from_db()
    assert row.search_key == "srdjan djordjevic srdjan elan s@example.org"
    assert row.sort_key == "djordjevic srdjan"
    assert row.names_by_script == {"Cyrl": {"given_name": "Срђан", "family_name": ""}}
    assert audited() == ("create_person", [], {})


def test_two_people_may_share_everything_but_their_code(organisation, actor):
    codes = {
        create(organisation, actor, family_name="Ilić", email="a@example.org").code
        for _ in range(2)
    }
    assert len(codes) == 2


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"given_name": " "}, "/given_name"),
        ({"given_name": "A\tB"}, "/given_name"),
        ({"email": "a@"}, "/email"),
        ({"email": "a" * 250 + "@example.org"}, "/email"),
        ({"names_by_script": []}, "/names_by_script"),
        ({"names_by_script": {"Cyrl": "Срђан"}}, "/names_by_script"),
        ({"names_by_script": {"Cyrl": {"title": "x"}}}, "/names_by_script"),
        ({"bio": "text"}, "/bio"),
        ({"tags": 5}, "/tags"),
        ({"tags": ["Not A Slug"]}, "/tags"),
        ({"tags": ["x" * 61]}, "/tags"),
        ({"tags": [7]}, "/tags"),
        ({"nickname": "S"}, "/nickname"),
    ],
)
def test_create_refuses_without_a_trace(organisation, actor, refused, wrong, pointer):
    with refused("validation-failed", organisation, pointer=pointer):
        create(organisation, actor, **wrong)
    assert (Person.objects.count(), Tag.objects.count()) == (0, 0)


def test_a_photo_is_of_the_same_house(organisation, other_organisation, actor, refused):
    row = create(organisation, actor, photo=photo_of(organisation))
    with refused("validation-failed", row, pointer="/photo"):
        people.change_person(
            person=row,
            changes={"photo": photo_of(other_organisation)},
            expected=None,
            actor=actor,
        )


def test_change_says_which_fields_and_keeps_tags_apart(organisation, actor, audited, refused):
    Tag.objects.create(organisation=organisation, slug="vip", name="Very important")
    row = create(organisation, actor, tags=["vip"])
    row = people.change_person(person=row, changes={"family_name": "Ilić"}, expected=1, actor=actor)
    assert audited() == ("change_person", ["family_name"], {})
    row = people.change_person(
        person=row, changes={"tags": ["press", "vip"], "notes": "x"}, expected=2, actor=actor
    )
    assert audited() == ("change_person", ["notes", "tags"], {})
    assert sorted(row.tags.values_list("name", flat=True)) == ["Press", "Very important"]
    same = people.change_person(
        person=row, changes={"tags": ["vip", "press"], "notes": "x"}, expected=3, actor=actor
    )
    assert same.version == 3
    row = people.change_person(
        person=row, changes={"tags": ["vip", "press"], "notes": "y"}, expected=3, actor=actor
    )
    assert audited() == ("change_person", ["notes"], {})
    with refused("stale", row):
        people.change_person(person=row, changes={"notes": "z"}, expected=3, actor=actor)


def test_assistants_are_set_all_at_once(organisation, actor, refused, audited):
    row = PersonFactory(organisation=organisation)
    given = [{"name": "Mia", "email": "mia@example.org", "copy_to_principal": True}]
    row = people.set_assistants(person=row, assistants=given, expected=1, actor=actor)
    assert audited() == ("set_assistants", ["assistants"], {"count": 1})
    assert list(Assistant.objects.values_list("name", "copy_to_principal")) == [("Mia", True)]
    for wrong in ({"name": "Jo"}, {"name": "", "email": "jo@example.org"}):
        with refused("validation-failed", row):
            people.set_assistants(person=row, assistants=[wrong], expected=None, actor=actor)
    assert Assistant.objects.count() == 1


def test_delete_takes_assistants_but_nobody_who_took_part(organisation, actor, refused):
    row = PersonFactory(organisation=organisation)
    people.set_assistants(
        person=row,
        assistants=[{"name": "Mia", "email": "mia@example.org"}],
        expected=None,
        actor=actor,
    )
    with refused("stale", row):
        people.delete_person(person=row, expected=1, actor=actor)
    people.delete_person(person=row, expected=2, actor=actor)
    assert (Person.objects.count(), Assistant.objects.count()) == (0, 0)


def test_who_was_on_a_published_panel_stays(conference, actor, refused):
    part = ParticipationFactory(session__conference=conference)
    with refused("in-use", part.person):
        people.delete_person(person=part.person, expected=None, actor=actor)
    publish_schedule(conference=conference, name="", actor=SYSTEM)
    remove_participation(participation=part, expected=None, actor=actor)
    with refused("in-use", part.person):
        people.delete_person(person=part.person, expected=None, actor=actor)
