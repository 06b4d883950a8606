"""What people change about their own login."""

from __future__ import annotations

import pytest

from accounts.models import Account
from accounts.services.accounts import change_account
from core.actors import Actor
from core.errors import DomainError
from core.models import AuditEntry
from tests.factories.accounts import AccountFactory


def change(account, **changes):
    actor = Actor("account", str(account.pk))
    return change_account(account=account, changes=changes, actor=actor)


def test_name_and_language_change(db):
    account = AccountFactory(name="Ana")
    change(account, name="Ana P.", language="ru")
    account.refresh_from_db()
    assert (account.name, account.language) == ("Ana P.", "ru")
    entry = AuditEntry.objects.get()
    assert (entry.changed, entry.organisation_id_value) == (["language", "name"], None)
    change(account, name="Ana P.")
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("changes", [{"language": "xx"}, {"is_staff": True}, {"email": "x@y.z"}])
def test_nothing_else_does(db, changes):
    account = AccountFactory()
    with pytest.raises(DomainError):
        change(account, **changes)
    account.refresh_from_db()
    assert not account.is_staff


def test_accounts_are_found_by_one_form_of_their_address(db):
    account = Account.objects.create_user(" Ana@Bücher.Example ", "a long enough password")
    assert account.email == "ana@xn--bcher-kva.example"
    assert account.check_password("a long enough password")
    assert (str(account), account.get_full_name()) == (account.email, account.email)
    assert AccountFactory(name="Ana").get_full_name() == "Ana"
    staff = Account.objects.create_superuser("root@example.org", "a long enough password")
    assert staff.is_staff
    assert staff.is_superuser
    assert not Account.objects.create_user("x@example.org").has_usable_password()
