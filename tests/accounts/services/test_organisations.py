"""Making and changing the owner of conferences."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from accounts.enums import Role
from accounts.models import Organisation, OrganisationSlugHistory
from accounts.services.organisations import change_organisation, create_organisation, present_slug
from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry
from tests.factories.accounts import AccountFactory, OrganisationFactory

ACTOR = Actor("account", "7")


def change(organisation, expected=None, **changes):
    return change_organisation(
        organisation=organisation, changes=changes, expected=expected, actor=ACTOR
    )


def test_an_organisation_begins_with_its_owner(db):
    owner = AccountFactory()
    row = create_organisation(
        slug="institute", name=" Institute ", owner=owner, city="Niš", about={"sr": "O nama"},
        actor=SYSTEM,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.name, row.city, row.about) == ("Institute", "Niš", {"sr-Latn": "O nama"})
    assert (row.languages, row.version) == (["en"], 1)
    assert owner.memberships.get().role == Role.OWNER
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.organisation_id_value) == ("create_organisation", row.pk)


def test_it_may_begin_without_members(db):
    row = create_organisation(slug="institute", name="Institute", actor=SYSTEM)
    assert row.memberships.count() == 0


@pytest.mark.parametrize(
    ("slug", "code"),
    [("manage", "reserved"), ("en", "reserved"), ("ab", "reserved"), ("A b", "slug"),
     ("", "required")],
)  # fmt: skip
def test_some_addresses_are_not_to_be_had(db, slug, code):
    with pytest.raises(DomainError) as refused:
        create_organisation(slug=slug, name="Institute", actor=SYSTEM)
    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/slug", code)]
    assert Organisation.objects.count() == AuditEntry.objects.count() == 0


def test_a_change_says_what_changed_and_raises_the_version(organisation):
    row = change(organisation, expected=1, name="New name", city=organisation.city)
    row.refresh_from_db()
    assert (row.name, row.version) == ("New name", 2)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.changed, entry.facts) == ("change_organisation", ["name"], {})
    assert organisation.name == "Institute for Testing"  # the caller's own row is left alone


def test_a_change_that_changes_nothing_leaves_no_trace(organisation):
    assert change(organisation, expected=1, city=organisation.city).version == 1
    assert AuditEntry.objects.count() == 0


def test_a_change_on_an_older_version_is_refused(organisation):
    change(organisation, city="Niš")
    with pytest.raises(DomainError) as refused:
        change(organisation, expected=1, city="Bar")
    assert refused.value.kind == "stale"
    organisation.refresh_from_db()
    assert organisation.city == "Niš"


def test_what_was_deleted_is_not_found(organisation):
    pk = organisation.pk
    organisation.delete()
    organisation.pk = pk
    with pytest.raises(DomainError) as refused:
        change(organisation, city="Bar")
    assert refused.value.kind == "not-found"


def test_all_that_is_wrong_is_said_at_once(organisation):
    with pytest.raises(DomainError) as refused:
        change(organisation, time_zone="Mars", languages=[], website="ftp://x", version=9)
    assert {e.pointer for e in refused.value.errors} == {
        "/time_zone", "/languages", "/website", "/version",
    }  # fmt: skip


def test_a_former_address_leads_to_the_present_one(organisation):
    change(organisation, slug="second")
    change(organisation, slug="third")
    assert present_slug("institute") == present_slug("second") == "third"
    assert present_slug("third") is None
    assert present_slug("nobody") is None


def test_an_organisation_may_have_its_former_address_back(organisation):
    change(organisation, slug="second")
    row = change(organisation, slug="institute")
    assert row.slug == "institute"
    assert present_slug("institute") is None
    assert present_slug("second") == "institute"


def test_nobody_takes_what_another_one_has_or_had(organisation):
    other = OrganisationFactory(slug="another")
    change(other, slug="renamed")
    for slug in ["renamed", "another"]:
        with pytest.raises(DomainError) as refused:
            change(organisation, slug=slug)
        assert refused.value.kind == "conflict"
        with pytest.raises(DomainError):
            create_organisation(slug=slug, name="Third", actor=SYSTEM)
    assert OrganisationSlugHistory.objects.count() == 1


def test_the_database_says_it_too_when_two_take_it_in_the_same_moment(organisation, monkeypatch):
    OrganisationFactory(slug="taken")
    monkeypatch.setattr("accounts.services.organisations._free_slug", lambda *_: None)
    with pytest.raises(DomainError, match="has or had"):
        change(organisation, slug="taken")
    with pytest.raises(IntegrityError):
        OrganisationFactory(slug="taken")
