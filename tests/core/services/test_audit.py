"""Who did what, without names and without values."""

from __future__ import annotations

from core.actors import Actor
from core.models import AuditEntry
from core.services import audit


def test_an_entry_says_who_did_what_to_what(organisation):
    actor = Actor("account", "7", "abcdefgh")
    audit.record(
        verb="change_organisation",
        obj=organisation,
        organisation_id=organisation.pk,
        actor=actor,
        changed=["name", "city"],
        facts={"from": "a"},
    )
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.object_type) == ("change_organisation", "accounts.organisation")
    assert entry.object_uid == str(organisation.uid)
    assert entry.organisation_id_value == organisation.pk
    assert (entry.actor_kind, entry.actor_id, entry.request_id) == ("account", "7", "abcdefgh")
    assert (entry.changed, entry.facts) == (["city", "name"], {"from": "a"})
    assert str(entry) == f"change_organisation accounts.organisation {organisation.uid}"


def test_what_has_no_permanent_id_is_named_by_its_number(owner):
    membership = owner.memberships.get()
    audit.record(verb="x", obj=membership, organisation_id=None, actor=Actor("system"))
    entry = AuditEntry.objects.get()
    assert (entry.object_uid, entry.organisation_id_value) == (str(membership.pk), None)


def test_an_entry_outlives_its_object(organisation):
    audit.record(
        verb="delete", obj=organisation, organisation_id=organisation.pk, actor=Actor("system")
    )
    organisation.delete()
    assert AuditEntry.objects.count() == 1
