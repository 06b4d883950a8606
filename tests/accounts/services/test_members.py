"""Who belongs to an organisation; somebody always owns it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.db import IntegrityError, connections

from accounts.enums import Role
from accounts.models import Account, Membership
from accounts.services import members
from accounts.services.members import add_member, change_role, remove_member
from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry
from tests.factories.accounts import AccountFactory, MembershipFactory, OrganisationFactory

ACTOR = Actor("account", "7")


def add(organisation, email="new@example.org", role=Role.PROGRAMME, actor=ACTOR, **fields):
    return add_member(organisation=organisation, email=email, role=role, actor=actor, **fields)


def test_a_new_address_gets_an_account_without_a_password_and_a_mail(
    organisation, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        member = add(organisation, " New.Person@Example.org ", name="New Person", language="ru")
    account = member.account
    assert (account.email, account.name, account.language) == (
        "new.person@example.org", "New Person", "ru",
    )  # fmt: skip
    assert not account.has_usable_password()
    assert (member.role, len(member.code)) == (Role.PROGRAMME, 6)
    (sent,) = mail.outbox
    assert sent.to == ["new.person@example.org"]
    assert organisation.name in sent.subject
    assert "http://testserver/accounts/login/code/" in sent.body
    assert sent.extra_headers == {"Auto-Submitted": "auto-generated"}
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.facts) == ("add_member", {"role": "programme"})


def test_an_account_that_is_there_keeps_what_is_its_own(organisation):
    account = AccountFactory(email="ana@example.org", name="Ana", language="ru")
    member = add(organisation, "ANA@example.org", name="Somebody else")
    account.refresh_from_db()
    assert member.account == account
    assert (account.name, account.language) == ("Ana", "ru")
    assert account.has_usable_password()
    assert Account.objects.count() == 1


def test_who_is_a_member_already_is_not_added_twice(organisation, owner):
    with pytest.raises(DomainError) as refused:
        add(organisation, owner.email)
    assert (refused.value.kind, refused.value.errors[0].pointer) == ("conflict", "/email")
    assert organisation.memberships.get().role == Role.OWNER
    assert AuditEntry.objects.count() == 0
    with pytest.raises(IntegrityError):
        MembershipFactory(organisation=organisation, account=owner)


@pytest.mark.parametrize(
    "fields", [{"email": "nobody"}, {"email": ""}, {"role": "king"}, {"language": "xx"},
               {"name": "a\x00"}],
)  # fmt: skip
def test_wrong_values_are_refused_without_a_trace(organisation, fields):
    with pytest.raises(DomainError) as refused:
        add(organisation, **fields)
    assert refused.value.kind == "validation-failed"
    assert Account.objects.count() == Membership.objects.count() == 0
    assert mail.outbox == []


def test_only_so_many_people_are_mailed_in_an_hour(organisation, settings, monkeypatch, frozen):
    frozen("2026-11-22T10:15")
    settings.THROTTLE = True
    monkeypatch.setattr(members, "MOST_AN_HOUR", 2)
    add(organisation, "a@example.org")
    add(organisation, "b@example.org")
    with pytest.raises(DomainError) as refused:
        add(organisation, "c@example.org")
    assert (refused.value.kind, refused.value.retry_after) == ("throttled", 2701)
    add(OrganisationFactory(), "c@example.org")
    add(organisation, "d@example.org", actor=SYSTEM)


def test_an_account_made_in_the_same_moment_is_found(organisation, monkeypatch):
    account = AccountFactory(email="new@example.org")
    seen = iter([None])
    first = Account.objects.filter

    class Blind:
        @staticmethod
        def first():
            return next(seen)

    monkeypatch.setattr(Account.objects, "filter", lambda **_: Blind(), raising=False)
    member = add(organisation)
    monkeypatch.setattr(Account.objects, "filter", first)
    assert member.account == account


def test_a_role_is_changed(organisation, owner, account_with_role):
    member = account_with_role(Role.DOOR).memberships.get()
    assert change_role(membership=member, role="viewer", actor=ACTOR).role == Role.VIEWER
    member.refresh_from_db()
    assert member.role == Role.VIEWER
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.changed, entry.facts) == (
        "change_role", ["role"], {"from": "door", "to": "viewer"},
    )  # fmt: skip
    change_role(membership=member, role="viewer", actor=ACTOR)
    assert AuditEntry.objects.count() == 1
    with pytest.raises(DomainError):
        change_role(membership=member, role="king", actor=ACTOR)


def test_the_last_owner_stays(organisation, owner, account_with_role):
    account_with_role(Role.ORGANISER)
    member = owner.memberships.get()
    for act in [
        lambda: change_role(membership=member, role="viewer", actor=ACTOR),
        lambda: remove_member(membership=member, actor=ACTOR),
    ]:
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.kind == "in-use"
    assert owner.memberships.get().role == Role.OWNER
    assert AuditEntry.objects.count() == 0


def test_an_owner_who_can_not_sign_in_does_not_count(organisation, owner):
    MembershipFactory(
        organisation=organisation, account=AccountFactory(is_active=False), role=Role.OWNER
    )
    MembershipFactory(account=owner, role=Role.OWNER)  # of another house
    with pytest.raises(DomainError):
        remove_member(membership=organisation.memberships.get(account=owner), actor=ACTOR)


def test_a_second_owner_lets_the_first_one_go(organisation, owner):
    MembershipFactory(organisation=organisation, role=Role.OWNER)
    remove_member(membership=owner.memberships.get(), actor=ACTOR)
    assert owner.memberships.count() == 0
    assert Account.objects.filter(pk=owner.pk).exists()
    assert AuditEntry.objects.get().verb == "remove_member"


def test_who_is_gone_already_is_not_found(organisation, owner, account_with_role):
    member = account_with_role(Role.DOOR).memberships.get()
    remove_member(membership=member, actor=ACTOR)
    member.pk = 10**9
    with pytest.raises(DomainError) as refused:
        remove_member(membership=member, actor=ACTOR)
    assert refused.value.kind == "not-found"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", range(3))
def test_two_owners_who_leave_in_the_same_moment_do_not_both_go(run):
    organisation = OrganisationFactory()
    both = [MembershipFactory(organisation=organisation, role=Role.OWNER) for _ in range(2)]
    barrier = threading.Barrier(2)

    def leave(member):
        try:
            barrier.wait()
            remove_member(membership=member, actor=ACTOR)
        except DomainError as refusal:
            return refusal.kind
        finally:
            connections.close_all()
        return "gone"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, both)) == ["gone", "in-use"]
    assert organisation.memberships.filter(role=Role.OWNER).count() == 1
