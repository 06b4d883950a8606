from __future__ import annotations

import pytest

from core.errors import DomainError
from core.models import AuditEntry
from events.models import Person, Tag
from events.services import tagging
from events.services.balance import balance_of, set_balance_tags, shares
from events.services.tags import tag_rows
from tests.factories.events import ParticipationFactory, PersonFactory, SessionFactory
from tests.factories.notifications import AnnouncementFactory


@pytest.fixture
def tags(organisation):
    rows = {row.slug: row for row in tag_rows(organisation.pk, {"vip": "", "press": ""})}
    for slugs in (["vip"], ["vip", "press"], []):
        PersonFactory(organisation=organisation).tags.set([rows[slug] for slug in slugs])
    return rows


def sorted_tags():
    return [sorted(t.slug for t in p.tags.all()) for p in Person.objects.order_by("pk")]


def test_a_tag_is_renamed_and_all_that_names_it_follows(conference, tags, actor, audited):
    set_balance_tags(conference=conference, tags=["press", "vip"], expected=1, actor=actor)
    draft = AnnouncementFactory(conference=conference, audience={"tags": ["vip", "press"]})
    sent = AnnouncementFactory(conference=conference, audience={"tags": ["vip"]})
    type(sent).objects.filter(pk=sent.pk).update(
        state="sent", done_at=sent.created_at, undo_until=sent.created_at
    )
    row = tagging.rename_tag(tag=tags["vip"], name=" Guests of honour ", actor=actor)
    assert (row.slug, row.name) == ("guests-of-honour", "Guests of honour")
    conference.refresh_from_db()
    draft.refresh_from_db()
    sent.refresh_from_db()
    assert conference.balance_tags == ["press", "guests-of-honour"]
    assert draft.audience == {"tags": ["guests-of-honour", "press"]}
    assert sent.audience == {"tags": ["vip"]}
    assert [p.version for p in Person.objects.order_by("pk")] == [2, 2, 1]
    assert audited() == ("rename_tag", ["name"], {})
    again = tagging.rename_tag(tag=row, name="Guests Of Honour", actor=actor)
    assert (again.slug, again.name) == ("guests-of-honour", "Guests Of Honour")


@pytest.mark.parametrize("name", ["", "VIP, press", "★", "x" * 101, "Press"])
def test_a_name_that_can_not_be_is_refused(tags, actor, refused, name):
    kind = "conflict" if name == "Press" else "validation-failed"
    with refused(kind, tags["vip"]):
        tagging.rename_tag(tag=tags["vip"], name=name, actor=actor)
    with refused("stale", tags["vip"]):
        tagging.rename_tag(tag=tags["vip"], name="Fine", expected=1, actor=actor)


def test_two_tags_become_one(conference, tags, actor, audited):
    set_balance_tags(conference=conference, tags=["press", "vip"], expected=None, actor=actor)
    kept = tagging.merge_tags(tag=tags["vip"], into=tags["press"], actor=actor)
    assert kept == tags["press"]
    assert sorted_tags() == [["press"], ["press"], []]
    assert not Tag.objects.filter(slug="vip").exists()
    conference.refresh_from_db()
    assert conference.balance_tags == ["press"]
    assert audited() == ("merge_tags", [], {"people": 2})


def test_a_tag_is_not_merged_into_itself_or_a_strangers(tags, other_organisation, actor, refused):
    stranger = tag_rows(other_organisation.pk, {"vip": ""})[0]
    for into in (tags["vip"], stranger):
        with refused("validation-failed", tags["vip"], pointer="/into"):
            tagging.merge_tags(tag=tags["vip"], into=into, actor=actor)


def test_a_tag_is_deleted_from_as_many_as_were_said(conference, tags, actor, refused):
    with refused("in-use", tags["vip"]):
        tagging.delete_tag(tag=tags["vip"], people=0, actor=actor)
    draft = AnnouncementFactory(conference=conference, audience={"tags": ["vip"]})
    with pytest.raises(DomainError, match="An announcement"):
        tagging.delete_tag(tag=tags["vip"], people=2, actor=actor)
    assert sorted_tags() == [["vip"], ["press", "vip"], []]
    draft.delete()
    tagging.delete_tag(tag=tags["vip"], people=2, actor=actor)
    assert sorted_tags() == [[], ["press"], []]


def test_many_are_tagged_at_once(organisation, tags, actor, django_assert_num_queries):
    codes = list(Person.objects.values_list("code", flat=True))
    with django_assert_num_queries(14):
        changed = tagging.tag_people(
            organisation=organisation, codes=codes, add={"speaker": "Speaker"}, remove=["vip"],
            actor=actor,
        )  # fmt: skip
    assert changed == 3
    assert sorted_tags() == [["speaker"], ["press", "speaker"], ["speaker"]]
    assert [p.version for p in Person.objects.all()] == [2, 2, 2]
    assert AuditEntry.objects.filter(verb="tag_people").count() == 3
    again = tagging.tag_people(organisation=organisation, codes=codes, add=["speaker"], actor=actor)
    assert again == 0


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({}, "/add"),
        ({"add": ["No Slug"]}, "/tags"),
        ({"add": ["vip"], "remove": ["vip"]}, "/remove"),
        ({"add": ["vip"], "codes": []}, "/people"),
        ({"add": ["vip"], "codes": ["NNBDY2"]}, "/people"),
        ({"add": [f"tag-{n}" for n in range(50)]}, "/add"),
    ],
)
def test_who_can_not_be_tagged_is_refused(organisation, tags, actor, refused, more, pointer):
    people = list(Person.objects.filter(tags=tags["vip"]))
    given = {"codes": [p.code for p in people], "actor": actor, "organisation": organisation}
    with refused("validation-failed", *people, pointer=pointer):
        tagging.tag_people(**{**given, **more})
    assert Tag.objects.count() == 2


def test_strangers_people_are_not_there(organisation, other_organisation, tags, actor, refused):
    stranger = PersonFactory(organisation=other_organisation)
    with refused("validation-failed", stranger, pointer="/people"):
        tagging.tag_people(
            organisation=organisation, codes=[stranger.code], add=["vip"], actor=actor
        )


def test_a_panel_is_counted_by_chosen_tags_only(
    conference, organisation, actor, audited, django_assert_num_queries
):
    women, state = tag_rows(organisation.pk, {"women": "Women", "government": "Government"})
    panel, alone = SessionFactory.create_batch(2, conference=conference)
    first = ParticipationFactory(session=panel)
    first.person.tags.add(women)
    ParticipationFactory(session=panel, person=first.person, role="moderator")
    ParticipationFactory(session=panel, state="planned")
    ParticipationFactory(session=panel, state="declined").person.tags.add(women, state)
    ParticipationFactory(session=alone)
    conference.refresh_from_db()
    with django_assert_num_queries(0):
        assert balance_of(conference) == {}
    row = set_balance_tags(
        conference=conference, tags=["women", "government"], expected=conference.version,
        actor=actor,
    )  # fmt: skip
    assert audited() == ("set_balance_tags", ["balance_tags"], {"count": 2})
    with django_assert_num_queries(2):
        found = balance_of(row)
    assert [one.words for one in found[panel.pk]] == [
        "1 of 2 on this panel has the tag Women",
        "0 of 2 on this panel have the tag Government",
    ]
    assert found[alone.pk] == []
    assert balance_of(row, [alone.pk]) == {alone.pk: []}
    assert shares([], {"women": "Women"}) == []


@pytest.mark.parametrize("tags", [["nobody"], ["No Slug"], [f"t-{n}" for n in range(11)], "vip"])
def test_tags_that_are_not_there_balance_nothing(conference, actor, refused, tags):
    with refused("validation-failed", conference):
        set_balance_tags(conference=conference, tags=tags, expected=None, actor=actor)
    with refused("stale", conference):
        set_balance_tags(conference=conference, tags=[], expected=9, actor=actor)
