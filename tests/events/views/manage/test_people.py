"""The people whom an organisation knows."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from events.models import Person, Tag
from tests.events.views.reading import filled, text_of
from tests.factories.events import (
    ParticipationFactory,
    PersonFactory,
)

PEOPLE = "/manage/institute/people/"
VENUES = "/manage/institute/venues/"
TRACKS = "/manage/institute/open-forum/tracks/"
SCHEDULE = "/manage/institute/open-forum/schedule/"


@pytest.mark.parametrize("count", [1, 3])
def test_people_cost_the_same_for_one_and_for_three(
    owner, organisation, client_as, django_assert_num_queries, count
):
    tag = Tag.objects.create(organisation=organisation, slug="vip", name="VIP")
    for _ in range(count):
        part = ParticipationFactory(session__conference__organisation=organisation)
        part.person.tags.add(tag)
    client = client_as(owner)
    with django_assert_num_queries(7):
        page = text_of(client.get(PEOPLE))
    assert page.count("@example.org VIP 1") == count


def test_people_are_found_by_words_and_by_tag(owner, organisation, client_as):
    tag = Tag.objects.create(organisation=organisation, slug="press", name="Press")
    PersonFactory(organisation=organisation, given_name="Jovan", family_name="Cvijić").tags.add(tag)
    PersonFactory(organisation=organisation, given_name="Ana", family_name="Cvijić")
    client = client_as(owner)
    both = text_of(client.get(PEOPLE, {"q": "Цвијић"}))
    assert "2 found" in both
    one = text_of(client.get(PEOPLE, {"q": "cvijic", "tag": "press"}))
    assert "Jovan Cvijić" in one
    assert "Ana Cvijić" not in one
    assert "Nobody fits this." in text_of(client.get(PEOPLE, {"q": "zz"}))


def test_a_long_list_has_pages(owner, organisation, client_as):
    for _ in range(51):
        PersonFactory(organisation=organisation)
    client = client_as(owner)
    assert "1–50 of 51" in text_of(client.get(PEOPLE))
    assert "51–51 of 51" in text_of(client.get(PEOPLE, {"page": "2"}))
    assert "51–51 of 51" in text_of(client.get(PEOPLE, {"page": "99"}))


def test_somebody_is_added_with_tags_and_a_name_in_cyrillic(owner, organisation, client_as):
    client = client_as(owner)
    assert client.get(f"{PEOPLE}new/").status_code == 200
    answer = client.post(
        f"{PEOPLE}new/",
        {
            "given_name": "Jovan",
            "family_name": "Cvijić",
            "cyrillic_given_name": "Јован",
            "cyrillic_family_name": "Цвијић",
            "tags": "Vip, civil society",
            "salutation_en": "Dear Professor",
        },
    )
    row = Person.objects.get()
    assert answer["Location"] == f"{PEOPLE}{row.code}/"
    assert row.names_by_script == {"Cyrl": {"given_name": "Јован", "family_name": "Цвијић"}}
    assert sorted(tag.slug for tag in row.tags.all()) == ["civil-society", "vip"]
    assert row.salutation == {"en": "Dear Professor"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_name": ""}, "given_name"),
        ({"email": "nobody"}, "email"),
        ({"tags": "★"}, "tags"),
        ({"cyrillic_given_name": "x" * 121}, "cyrillic_given_name"),
    ],
)
def test_what_can_not_be_stands_beside_its_field(owner, organisation, client_as, changes, field):
    answer = client_as(owner).post(f"{PEOPLE}new/", {"given_name": "Ana", **changes})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Person.objects.exists()


def test_a_person_shows_where_they_take_part_and_is_changed(owner, stage, client_as):
    client = client_as(owner)
    url = f"{PEOPLE}MILA22/"
    page = client.get(url)
    assert "Who drinks first Open Forum 18 Mar 2027 Moderator Confirmed" in text_of(page)
    url = f"{PEOPLE}MILA22/edit/"
    data = filled(client.get(url).context["form"])
    assert client.post(url, data | {"phone": "+381 11 123"}).status_code == 302
    assert Person.objects.get(code="MILA22").phone == "+381 11 123"
    assert "Owner changed this at" in text_of(client.post(url, data | {"phone": "2"}))


@pytest.mark.parametrize("count", [1, 3])
def test_changing_a_person_costs_the_same_for_one_and_for_three_parts(
    owner, organisation, client_as, django_assert_num_queries, count
):
    person = PersonFactory(organisation=organisation, code="ANA222")
    for _ in range(count):
        ParticipationFactory(session__conference__organisation=organisation, person=person)
    client = client_as(owner)
    with django_assert_num_queries(5):
        client.get(f"{PEOPLE}ANA222/edit/")


def test_only_who_took_part_in_nothing_is_deleted(owner, stage, client_as):
    PersonFactory(organisation=stage.conference.organisation, code="FREE22")
    client = client_as(owner)
    assert "Delete Mila Đorđević?" in text_of(client.get(f"{PEOPLE}MILA22/delete/"))
    assert client.post(f"{PEOPLE}MILA22/delete/")["Location"] == f"{PEOPLE}MILA22/"
    assert "They were not deleted." in text_of(client.get(f"{PEOPLE}MILA22/"))
    assert client.post(f"{PEOPLE}FREE22/delete/")["Location"] == PEOPLE
    assert not Person.objects.filter(code="FREE22").exists()
    assert client.get(f"{PEOPLE}FREE22/").status_code == 404


def test_people_are_not_for_every_role(stage, account_with_role, client_as):
    viewer = client_as(account_with_role(Role.VIEWER))
    assert [viewer.get(path).status_code for path in (PEOPLE, f"{PEOPLE}MILA22/")] == [403, 403]
    registrar = client_as(account_with_role(Role.REGISTRAR))
    assert registrar.get(f"{PEOPLE}MILA22/").status_code == 200
    assert registrar.get(f"{PEOPLE}MILA22/edit/").status_code == 200
    assert registrar.post(f"{PEOPLE}MILA22/edit/", {"given_name": "x"}).status_code == 403
    assert registrar.get(f"{PEOPLE}new/").status_code == 403
