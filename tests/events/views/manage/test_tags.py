"""Tags on pages: their list, one of them, many people at once; and the balance of panels."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from core.actors import SYSTEM
from events.models import Person, Tag
from events.services.balance import set_balance_tags
from events.services.tags import tag_rows
from tests.events.views.reading import HOSTILE, html_of, text_of
from tests.factories.events import ParticipationFactory, PersonFactory, SessionFactory

PEOPLE = "/manage/institute/people/"
TAGS = f"{PEOPLE}tags/"
BALANCE = "/manage/institute/open-forum/balance/"
PANEL = "/manage/institute/open-forum/sessions/PANEL2/"


@pytest.fixture
def tags(organisation):
    return {row.slug: row for row in tag_rows(organisation.pk, {"vip": "", "press": ""})}


@pytest.mark.parametrize("count", [1, 3])
def test_tags_are_listed_with_their_people(
    owner, organisation, client_as, django_assert_num_queries, count
):
    for number in range(count):
        tag = Tag.objects.create(organisation=organisation, slug=f"t{number}", name=f"T{number}")
        PersonFactory(organisation=organisation).tags.add(tag)
    client = client_as(owner)
    with django_assert_num_queries(4):
        page = text_of(client.get(TAGS))
    assert page.count("1 Rename, merge or delete") == count


def test_a_tag_is_renamed_merged_and_deleted(owner, organisation, tags, client_as):
    PersonFactory(organisation=organisation).tags.add(tags["vip"])
    client = client_as(owner)
    url = f"{TAGS}vip/"
    assert "1 person has it" in text_of(client.get(url))
    assert client.post(url, {"verb": "rename", "name": "Guests"})["Location"] == TAGS
    again = client.post(f"{TAGS}guests/", {"verb": "rename", "name": "Press"})
    assert "There is a tag of that name." in text_of(again)
    wrong = client.post(f"{TAGS}guests/", {"verb": "merge", "into": "nobody"})
    assert (wrong.status_code, Tag.objects.count()) == (200, 2)
    assert client.post(f"{TAGS}guests/", {"verb": "merge", "into": "press"})["Location"] == TAGS
    stays = client.post(f"{TAGS}press/", {"verb": "delete", "people": "7"})
    assert "1 people have this tag." in text_of(stays)
    assert client.post(f"{TAGS}press/", {"verb": "delete", "people": "1"})["Location"] == TAGS
    assert not Tag.objects.exists()
    assert "There is no tag yet." in text_of(client.get(TAGS))


def test_many_people_are_tagged_from_the_list(owner, organisation, tags, client_as):
    people = PersonFactory.create_batch(3, organisation=organisation)
    people[0].tags.add(tags["press"])
    client = client_as(owner)
    codes = [person.code for person in people[:2]]
    form = {"pick": codes, "add": "Žene, VIP", "remove": "press", "q": "ana"}
    answer = client.post(f"{PEOPLE}tag/", form)
    assert answer["Location"] == f"{PEOPLE}?q=ana"
    assert "2 people have other tags now." in text_of(client.get(answer["Location"]))
    assert [sorted(t.slug for t in p.tags.all()) for p in people] == [
        ["vip", "zene"], ["vip", "zene"], [],
    ]  # fmt: skip
    for wrong in ({"pick": codes}, {"pick": codes, "remove": "nobody"}, {"add": "VIP"}):
        assert client.post(f"{PEOPLE}tag/", wrong)["Location"] == PEOPLE
    assert Person.objects.filter(version=2).count() == 2


def test_people_are_filtered_by_what_they_did(owner, stage, client_as):
    PersonFactory(organisation=stage.conference.organisation, given_name="New")
    client = client_as(owner)
    assert "1 found" in text_of(client.get(PEOPLE, {"standing": "never"}))
    assert "0 found" in text_of(client.get(PEOPLE, {"standing": "spoke"}))
    assert "4 known" in text_of(client.get(PEOPLE, {"standing": "nonsense"}))


def test_tags_are_not_for_every_role(organisation, tags, account_with_role, client_as):
    registrar = client_as(account_with_role(Role.REGISTRAR))
    assert registrar.get(TAGS).status_code == 200
    assert registrar.get(f"{TAGS}vip/").status_code == 403
    assert registrar.post(f"{PEOPLE}tag/").status_code == 403
    viewer = client_as(account_with_role(Role.VIEWER))
    assert viewer.get(TAGS).status_code == 403
    assert client_as(account_with_role(Role.ORGANISER)).get(f"{TAGS}nobody/").status_code == 404


def test_the_balance_of_panels_is_off_until_tags_are_chosen(owner, stage, tags, client_as):
    client = client_as(owner)
    stage.people["Mila"].tags.add(tags["vip"])
    assert "on this panel" not in text_of(client.get(PANEL))
    page = client.get(BALANCE)
    version = page.context["form"].initial["version"]
    saved = client.post(BALANCE, {"balance_tags": ["vip", "press"], "version": version})
    assert saved["Location"] == BALANCE
    hint = "1 of 2 on this panel has the tag VIP; 0 of 2 Press"
    assert hint in text_of(client.get(PANEL))
    assert hint in text_of(client.get("/manage/institute/open-forum/sessions/"))
    stale = client.post(BALANCE, {"balance_tags": [], "version": version})
    assert "changed this" in text_of(stale)


def test_who_may_not_read_people_is_told_no_balance(
    stage, tags, owner, account_with_role, client_as
):
    set_balance_tags(conference=stage.conference, tags=["vip"], expected=None, actor=SYSTEM)
    viewer = client_as(account_with_role(Role.VIEWER))
    assert "on this panel" not in text_of(viewer.get(PANEL))
    assert viewer.get(BALANCE).status_code == 403
    assert "on this panel" in text_of(client_as(owner).get(PANEL))


@pytest.mark.parametrize("count", [1, 3])
def test_the_hint_costs_the_same_for_one_and_for_three_sessions(
    owner, stage, tags, client_as, django_assert_num_queries, count
):
    set_balance_tags(conference=stage.conference, tags=["vip"], expected=None, actor=SYSTEM)
    for _ in range(count):
        session = SessionFactory(conference=stage.conference)
        ParticipationFactory.create_batch(2, session=session)
    client = client_as(owner)
    with django_assert_num_queries(20):
        client.get("/manage/institute/open-forum/sessions/")


def test_hostile_words_are_only_words(owner, stage, tags, client_as):
    Tag.objects.filter(slug="vip").update(name=HOSTILE[:100])
    stage.people["Mila"].tags.add(tags["vip"])
    set_balance_tags(conference=stage.conference, tags=["vip"], expected=None, actor=SYSTEM)
    part = stage.moderator.code
    for url in (TAGS, f"{TAGS}vip/", BALANCE, PANEL, f"{PANEL}?part={part}", PEOPLE):
        page = html_of(client_as(owner).get(url))
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page
        assert "alert(1)" in page, url
