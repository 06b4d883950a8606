"""The admin is for support staff, and shows no secret."""

from __future__ import annotations

import pytest

from accounts.services.tokens import create_api_token
from core.actors import SYSTEM
from tests.factories.accounts import AccountFactory, MembershipFactory


@pytest.fixture
def browser(client_as, db):
    return client_as(AccountFactory(email="root@example.org", is_staff=True, is_superuser=True))


def test_the_pages_of_accounts_open(browser, organisation):
    member = MembershipFactory(organisation=organisation)
    token, _text = create_api_token(
        organisation=organisation, name="Feed", scopes=["mail:read"], actor=SYSTEM
    )
    for path in [
        "", "accounts/account/", f"accounts/account/{member.account_id}/change/",
        "accounts/organisation/", f"accounts/organisation/{organisation.pk}/change/",
        "accounts/apitoken/", f"accounts/apitoken/{token.pk}/change/",
    ]:  # fmt: skip
        page = browser.get(f"/admin/{path}")
        assert page.status_code == 200, path
        assert token.digest not in page.content.decode()
        assert member.account.password not in page.content.decode()


def test_tokens_and_accounts_are_not_made_here(browser):
    assert browser.get("/admin/accounts/apitoken/add/").status_code == 403
    assert browser.get("/admin/accounts/account/add/").status_code == 403


def test_members_have_no_business_here(client_as, owner):
    assert client_as(owner).get("/admin/").status_code in {302, 403}
    assert client_as(owner).get("/admin/accounts/account/").status_code in {302, 403}
    assert client_as(owner).get("/admin/login/").status_code == 403


def test_staff_make_no_staff(client_as, db):
    from django.contrib.auth.models import Permission

    staff = AccountFactory(is_staff=True)
    staff.user_permissions.set(Permission.objects.filter(codename__endswith="_account"))
    other = AccountFactory()
    client = client_as(staff)
    page = client.get(f"/admin/accounts/account/{other.pk}/change/")
    assert 'name="is_staff"' not in page.content.decode()
    client.post(
        f"/admin/accounts/account/{other.pk}/change/",
        {"name": "x", "language": "en", "is_active": "on", "is_staff": "on",
         "memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0},
    )  # fmt: skip
    other.refresh_from_db()
    assert not other.is_staff
