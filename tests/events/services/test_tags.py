"""Tags are found by a slug and shown as they were typed."""

from __future__ import annotations

import pytest

from events.models import Tag
from events.services.tags import read_tags, tag_rows, tags_as_typed
from tests.factories.accounts import OrganisationFactory


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("VIP, Public sector", {"vip": "VIP", "public-sector": "Public sector"}),
        ("vip; VIP", {"vip": "vip"}),
        ("Žene / Млади|press", {"zene": "Žene", "mladi": "Млади", "press": "press"}),
        (" , ", {}),
        ("a" * 70, {"a" * 60: "a" * 70}),
        ("★", {"★": "★"}),  # refused where it is saved
    ],
)
def test_words_become_slugs_and_stay_as_they_are(typed, wanted):
    assert read_tags(typed) == wanted


@pytest.mark.django_db
def test_a_new_tag_is_written_as_it_was_typed_and_an_old_one_stays():
    host = OrganisationFactory()
    Tag.objects.create(organisation=host, slug="press", name="The press")
    rows = tag_rows(host.pk, {**read_tags("EU, NGOs, žene, Press"), "vip": "", "think-tank": ""})
    assert {row.slug: row.name for row in rows} == {
        "eu": "EU",
        "ngos": "NGOs",
        "zene": "Žene",
        "press": "The press",
        "vip": "VIP",
        "think-tank": "Think tank",
    }


@pytest.mark.django_db
def test_a_form_shows_tags_so_that_it_reads_the_same_ones_again():
    host = OrganisationFactory()
    rows = [
        Tag(organisation=host, slug="vip", name="VIP"),
        Tag(organisation=host, slug="press", name="The press"),
        Tag(organisation=host, slug="zene", name="Žene"),
    ]
    assert tags_as_typed(rows) == "VIP, press, Žene"
    assert list(read_tags(tags_as_typed(rows))) == ["vip", "press", "zene"]
