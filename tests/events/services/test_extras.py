"""Partners, materials and outcomes."""

from __future__ import annotations

import datetime as dt

import pytest

from core.models import StoredFile
from events.models import Conference, Material, Outcome, OutcomeItem, Partner
from events.services import materials, outcomes, partners
from events.services.outcome_publishing import publish_outcome
from events.signals import OutcomePublished
from tests.factories.events import ConferenceFactory, PersonFactory, SessionFactory

at = dt.datetime.fromisoformat


def file_of(organisation):
    return StoredFile.objects.create(
        organisation_id_value=organisation.pk,
        file="paper",
        content_type="application/pdf",
        size=1,
        digest="0" * 64,
    )


def test_partners_raise_the_conference(conference, actor, audited, refused):
    a, b = (
        partners.add_partner(
            conference=conference,
            kind="funder",
            name={"en": name},
            url="https://example.org/",
            logo=file_of(conference.organisation),
            expected=expected,
            actor=actor,
        )
        for name, expected in (("A", 1), ("B", 2))
    )
    partners.change_partner(
        partner=b, changes={"order": 0, "kind": "project"}, expected=3, actor=actor
    )
    assert audited() == ("change_partner", ["kind", "order"], {})
    assert [p.name["en"] for p in conference.partners.all()] == ["B", "A"]
    partners.change_partner(partner=b, changes={"order": 0}, expected=4, actor=actor)
    with refused("stale", conference, a):
        partners.remove_partner(partner=a, expected=3, actor=actor)
    row = partners.remove_partner(partner=b, expected=4, actor=actor)
    assert (row.version, list(row.partners.values_list("order", flat=True))) == (5, [0])


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"kind": "friend"}, "/kind"),
        ({"name": {}}, "/name"),
        ({"url": "gopher://example.org"}, "/url"),
        ({"url": "https://example.org/" + "x" * 200}, "/url"),
    ],
)
def test_a_partner_refuses_without_a_trace(conference, actor, refused, wrong, pointer):
    given = {"kind": "funder", "name": {"en": "A"}, "expected": None, "actor": actor}
    with refused("validation-failed", conference, pointer=pointer):
        partners.add_partner(**{"conference": conference, **given} | wrong)
    assert Partner.objects.count() == 0


def test_a_logo_is_of_the_same_house(conference, actor, refused, other_organisation):
    with refused("validation-failed", conference, pointer="/logo"):
        partners.add_partner(
            conference=conference,
            kind="funder",
            name={"en": "A"},
            logo=file_of(other_organisation),
            expected=None,
            actor=actor,
        )


def test_materials_are_files_or_links(conference, actor, audited, refused):
    session = SessionFactory(conference=conference)

    def create(**fields):
        return materials.create_material(
            **{"conference": conference, "title": {"en": "Paper"}, "actor": actor} | fields
        )

    file = create(kind="file", file=file_of(conference.organisation))
    link = create(kind="link", url="https://example.org/", session=session)
    second = create(kind="joining_link", url="https://example.org/room", session=session)
    assert (file.order, link.order, second.order) == (0, 0, 1)
    row = materials.change_material(
        material=second,
        changes={"order": 0, "release_at": at("2027-03-18T10:00+01:00")},
        expected=1,
        actor=actor,
    )
    assert (row.order, row.release_at, row.version) == (0, at("2027-03-18T09:00Z"), 2)
    assert audited() == ("change_material", ["order", "release_at"], {})
    assert list(session.materials.values_list("code", flat=True)) == [second.code, link.code]
    assert (
        materials.change_material(
            material=row, changes={"release_at": row.release_at}, expected=2, actor=actor
        ).version
        == 2
    )
    with refused("stale", link):
        materials.delete_material(material=link, expected=7, actor=actor)
    materials.delete_material(material=link, expected=None, actor=actor)
    assert Material.objects.count() == 2

    for wrong, pointer in (
        ({"kind": "file"}, "/file"),
        ({"kind": "file", "file": file_of(ConferenceFactory().organisation)}, "/file"),
        ({"kind": "file", "file": file.file, "url": "https://example.org/"}, "/url"),
        ({"kind": "link"}, "/url"),
        ({"kind": "link", "url": "https://example.org/", "file": file.file}, "/file"),
        ({"kind": "link", "url": "https://example.org/", "title": {}}, "/title"),
        ({"kind": "link", "url": "https://example.org/", "session": SessionFactory()}, "/session"),
        ({"kind": "link", "url": "https://e.org", "release_at": at("2027-01-01")}, "/release_at"),
        (
            {"kind": "link", "url": "https://e.org", "release_at": at("1800-01-01T00:00Z")},
            "/release_at",
        ),
    ):
        with refused("validation-failed", conference, pointer=pointer):
            create(**wrong)
    assert Material.objects.count() == 2


def save(conference, actor, expected=None, **fields):
    given = {
        "headline": {"en": "What we heard"},
        "summary": {},
        "outlook": {},
        "items": [],
        "related": [],
    }
    return outcomes.save_outcome(
        conference=conference, actor=actor, expected=expected, **given | fields
    )


def test_an_outcome_is_written_as_a_whole(conference, actor, audited):
    person = PersonFactory(organisation=conference.organisation)
    other = ConferenceFactory(organisation=conference.organisation)
    first = save(
        conference,
        actor,
        items=[
            {"kind": "finding", "topic": {"en": "Media"}, "text": {"en": "A third reads."}},
            {"kind": "point", "text": {"en": "Few leave."}, "person": person},
        ],
        related=[other],
    )
    assert (first.version, first.published_at) == (1, None)
    assert list(first.items.values_list("kind", "order", "person_id")) == [
        ("finding", 0, None),
        ("point", 1, person.pk),
    ]
    assert list(first.related.all()) == [other]

    again = save(conference, actor, 1, headline={"en": "News"}, items=[])
    assert (again.pk, again.version, again.items.count(), again.related.count()) == (
        first.pk,
        2,
        0,
        0,
    )
    assert audited() == (
        "save_outcome",
        ["headline", "items", "related"],
        {"items": 0, "related": 0},
    )


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"headline": {}}, "/headline"),
        ({"items": [{"kind": "finding", "text": {}}]}, "/items/0/text"),
        ({"items": [{"kind": "rumour", "text": {"en": "x"}}]}, "/items/0/kind"),
        ({"items": [{"text": {"en": "x"}}]}, "/items/0/kind"),
        ({"items": [{"kind": "point", "text": {"en": "x"}, "by": 1}]}, "/items/0/by"),
        ({"items": [{"kind": "point", "text": {"en": "x"}}] * 101}, "/items"),
    ],
)
def test_an_outcome_refuses_without_a_trace(conference, actor, refused, wrong, pointer):
    with refused("validation-failed", conference, pointer=pointer):
        save(conference, actor, **wrong)
    assert (Outcome.objects.count(), OutcomeItem.objects.count()) == (0, 0)


def test_an_outcome_names_only_its_own_house(conference, actor, refused):
    with refused("validation-failed", conference, pointer="/related"):
        save(conference, actor, related=[ConferenceFactory()])
    with refused("validation-failed", conference, pointer="/related"):
        save(conference, actor, related=[conference])
    point = {"kind": "point", "text": {"en": "x"}, "person": PersonFactory()}
    with refused("validation-failed", conference, pointer="/items/0/person"):
        save(conference, actor, items=[point])
    with refused("stale", conference):
        save(conference, actor, 3)
    row = save(conference, actor, 0)
    with refused("stale", row):
        save(conference, actor, 0)


def test_an_outcome_is_published_once_and_after_the_end(
    conference, actor, refused, heard, frozen, audited
):
    with refused("not-found", conference):
        publish_outcome(conference=conference, expected=None, actor=actor)
    row = save(conference, actor)
    with refused("wrong-state", row):
        publish_outcome(conference=conference, expected=1, actor=actor)
    frozen("2027-03-20T09:00")
    Conference.objects.update(state="draft")
    with refused("wrong-state", row):
        publish_outcome(conference=conference, expected=1, actor=actor)
    Conference.objects.update(state="published")
    with refused("stale", row):
        publish_outcome(conference=conference, expected=2, actor=actor)
    row = publish_outcome(conference=conference, expected=1, actor=actor)
    assert (row.published_at, row.version) == (at("2027-03-20T09:00Z"), 2)
    assert heard == [OutcomePublished(conference.pk, row.pk)]
    assert audited() == ("publish_outcome", ["published_at"], {"told": True})
    with refused("wrong-state", row):
        publish_outcome(conference=conference, expected=None, actor=actor)


def test_an_outcome_may_have_been_public_before_it_came_here(conference, actor, frozen):
    frozen("2027-04-20T09:00")
    save(conference, actor)
    row = publish_outcome(
        conference=conference, expected=None, actor=actor, published_at=at("2027-03-20T09:00Z")
    )
    assert row.published_at == at("2027-03-20T09:00Z")
