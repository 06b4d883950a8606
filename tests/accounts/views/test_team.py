"""The team's pages: who belongs to it, its tokens, the organisation, the own account."""

from __future__ import annotations

import re

import pytest
from django.core import mail

from accounts.enums import Role
from accounts.models import ApiToken, Membership
from accounts.services.tokens import create_api_token, find_api_token
from core.actors import SYSTEM
from tests.factories.accounts import AccountFactory, MembershipFactory

TEAM = "/manage/institute/team/"
TOKENS = "/manage/institute/tokens/"
SETTINGS = "/manage/institute/organisation/"


def text_of(response):
    return response.content.decode()


def said(response):
    """Return the messages on the page that follows."""
    return [str(m) for m in response.context["messages"]]


@pytest.fixture
def browser(client_as, owner):
    return client_as(owner)


# --- Members -------------------------------------------------------------------------------------
@pytest.mark.parametrize("members", [1, 3])
def test_the_team_is_one_list_whatever_its_size(
    browser, organisation, members, django_assert_num_queries
):
    for _ in range(members):
        MembershipFactory(organisation=organisation)
    with django_assert_num_queries(4):
        response = browser.get(TEAM)
    assert response.status_code == 200
    assert text_of(response).count('scope="row"') == members + 1
    assert "no-store" in response["Cache-Control"]


def test_who_only_reads_sees_no_buttons(client_as, account_with_role, owner):
    page = text_of(client_as(account_with_role(Role.ORGANISER)).get(TEAM))
    assert owner.email in page
    assert "Add to the team" not in page
    assert "Change role" not in page


@pytest.mark.parametrize("role", [Role.PROGRAMME, Role.REGISTRAR, Role.DOOR, Role.VIEWER])
def test_the_team_is_not_for_every_member(client_as, account_with_role, role):
    client = client_as(account_with_role(role))
    for path in [TEAM, TOKENS, SETTINGS]:
        assert client.get(path).status_code == 403


def test_an_owner_adds_a_member(browser, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = browser.post(
            TEAM, {"email": "ana@example.org", "name": "Ana", "role": "door"}, follow=True
        )
    assert said(response) == ["ana@example.org is added. How to sign in is on its way by mail."]
    assert Membership.objects.get(account__email="ana@example.org").role == Role.DOOR
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "data",
    [{}, {"email": "x", "role": "door"}, {"email": "ana@example.org", "role": "king"}],
)
def test_what_can_not_be_is_said_beside_its_field(browser, data):
    response = browser.post(TEAM, data)
    assert response.status_code == 200
    assert "error-summary" in text_of(response)
    assert Membership.objects.count() == 1


def test_a_member_already_is_said_beside_the_address(browser, owner):
    response = browser.post(TEAM, {"email": owner.email, "role": "door"})
    assert "This person is a member already." in response.context["form"].errors["email"]


def test_a_role_is_changed_by_a_button(browser, account_with_role):
    member = account_with_role(Role.DOOR).memberships.get()
    response = browser.post(f"{TEAM}{member.code}/", {"role": "viewer"}, follow=True)
    assert said(response) == [f"{member.account.email} is viewer now."]
    response = browser.post(f"{TEAM}{member.code}/", {"role": "king"}, follow=True)
    assert said(response) == ["Choose one of owner, organiser, programme, registrar, door, viewer."]
    member.refresh_from_db()
    assert member.role == Role.VIEWER
    assert browser.get(f"{TEAM}{member.code}/").status_code == 405


def test_the_last_owner_is_told_what_to_do(browser, owner):
    member = owner.memberships.get()
    response = browser.post(f"{TEAM}{member.code}/", {"role": "viewer"}, follow=True)
    assert said(response) == [
        "Somebody has to own the organisation. Make another member an owner first."
    ]
    response = browser.post(f"{TEAM}{member.code}/remove/", follow=True)
    assert "Somebody has to own" in said(response)[0]
    assert Membership.objects.count() == 1


def test_removing_asks_first_and_names_the_tokens_that_stay(browser, organisation):
    member = MembershipFactory(organisation=organisation, role=Role.OWNER)
    create_api_token(
        organisation=organisation, name="Feed", scopes=["programme:read"],
        created_by=member.account, actor=SYSTEM,
    )  # fmt: skip
    page = text_of(browser.get(f"{TEAM}{member.code}/remove/"))
    assert "1 token made by them goes on working." in " ".join(page.split())
    assert Membership.objects.count() == 2
    response = browser.post(f"{TEAM}{member.code}/remove/", follow=True)
    assert said(response) == [f"{member.account.email} does not belong to the team any more."]
    assert Membership.objects.count() == 1
    assert browser.get(f"{TEAM}{member.code}/remove/").status_code == 404


def test_who_removes_themselves_is_led_out(browser, owner, organisation):
    MembershipFactory(organisation=organisation, role=Role.OWNER)
    response = browser.post(f"{TEAM}{owner.memberships.get().code}/remove/")
    assert response["Location"] == "/manage/"
    assert browser.get(TEAM).status_code == 404


def test_members_of_another_house_are_not_there(browser, other_organisation):
    member = MembershipFactory(organisation=other_organisation)
    assert browser.post(f"{TEAM}{member.code}/", {"role": "viewer"}).status_code == 404
    assert browser.post(f"{TEAM}{member.code}/remove/").status_code == 404
    member.refresh_from_db()
    assert member.role == Role.OWNER


# --- Tokens --------------------------------------------------------------------------------------
def test_a_token_is_shown_once(browser, organisation, owner):
    data = {"name": "Feed", "scopes": ["programme:read", "conference:read"], "expiry": "30"}
    response = browser.post(TOKENS, data)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    (token,) = re.findall(r'value="(lec_[0-9a-f]{8}_[\w-]{43})"', text_of(response))
    row = find_api_token(token)
    assert (row.organisation, row.created_by) == (organisation, owner)
    assert (row.expires_at - row.created_at).days in {29, 30}
    again = text_of(browser.get(TOKENS))
    assert token not in again
    assert f"lec_{row.prefix}" in again
    assert "Change the programme" not in again.split("</table>")[0]


def test_sending_the_form_again_makes_no_second_token(browser):
    data = {"name": "Feed", "scopes": ["programme:read"], "expiry": "never"}
    browser.post(TOKENS, data)
    response = browser.post(TOKENS, data)
    assert "A token of this name is there already." in text_of(response)
    assert ApiToken.objects.count() == 1
    assert ApiToken.objects.get().expires_at is None


def test_a_token_needs_a_name_and_something_to_do(browser):
    response = browser.post(TOKENS, {"name": "", "scopes": ["everything"], "expiry": "7"})
    assert set(response.context["form"].errors) == {"name", "scopes", "expiry"}
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_tokens_are_one_list(browser, organisation, number, django_assert_num_queries):
    for n in range(number):
        create_api_token(
            organisation=organisation, name=f"Token {n}", scopes=["mail:read"], actor=SYSTEM
        )
    with django_assert_num_queries(4):
        assert text_of(browser.get(TOKENS)).count('scope="row"') == number


def test_without_tokens_the_page_says_so(client_as, account_with_role):
    page = text_of(client_as(account_with_role(Role.ORGANISER)).get(TOKENS))
    assert "No program has a token yet." in page
    assert "Make the token" not in page


def test_revoking_asks_first(browser, organisation):
    row, text = create_api_token(
        organisation=organisation, name="Feed", scopes=["mail:read"], actor=SYSTEM
    )
    path = f"{TOKENS}{row.prefix}/revoke/"
    assert "can not be undone" in text_of(browser.get(path))
    assert find_api_token(text)
    response = browser.post(path, follow=True)
    assert said(response) == ["“Feed” opens nothing any more."]
    assert find_api_token(text) is None
    assert "revoked" in text_of(response)


def test_tokens_of_another_house_are_not_there(browser, other_organisation):
    row, text = create_api_token(
        organisation=other_organisation, name="Feed", scopes=["mail:read"], actor=SYSTEM
    )
    assert browser.post(f"{TOKENS}{row.prefix}/revoke/").status_code == 404
    assert find_api_token(text)


# --- The organisation ----------------------------------------------------------------------------
@pytest.fixture
def filled(browser):
    """What the form holds when nobody has touched it."""
    form = browser.get(SETTINGS).context["form"]
    return {name: form.get_initial_for_field(f, name) or "" for name, f in form.fields.items()}


def test_an_owner_changes_the_organisation(browser, organisation, filled):
    data = filled | {
        "name": "Renamed", "about_en": "We test.", "about_sr_Latn": "Testiramo.",
        "languages": ["ru", "sr-Latn"],
    }  # fmt: skip
    response = browser.post(SETTINGS, data, follow=True)
    assert said(response) == ["Saved. Public pages show it at once."]
    organisation.refresh_from_db()
    assert organisation.name == "Renamed"
    assert organisation.about == {"en": "We test.", "sr-Latn": "Testiramo."}
    assert organisation.languages == ["sr-Latn", "ru"]  # what was first stays first
    assert organisation.version == 2


def test_a_new_address_is_where_the_page_goes_on(browser, filled):
    response = browser.post(SETTINGS, filled | {"slug": "renamed"})
    assert response["Location"] == "/manage/renamed/organisation/"
    assert browser.get("/manage/renamed/organisation/").status_code == 200


def test_what_is_wrong_stands_beside_its_field(browser, filled):
    response = browser.post(SETTINGS, filled | {"slug": "manage", "website": "javascript:x"})
    assert set(response.context["form"].errors) == {"slug", "website"}


def test_what_was_changed_meanwhile_is_not_overwritten(browser, organisation, filled):
    browser.post(SETTINGS, filled | {"city": "Niš"})
    response = browser.post(SETTINGS, filled | {"name": "Mine"})
    assert "Somebody else changed this" in text_of(response)
    organisation.refresh_from_db()
    assert (organisation.name, organisation.city) == ("Institute for Testing", "Niš")
    assert 'value="Mine"' in text_of(response)  # what was typed is kept, on the new version
    assert 'name="version" value="2"' in text_of(response)


def test_an_organiser_reads_it_only(client_as, account_with_role, organisation):
    client = client_as(account_with_role(Role.ORGANISER))
    assert "Only an owner changes these." in text_of(client.get(SETTINGS))
    assert client.post(SETTINGS, {"name": "Mine"}).status_code == 403


# --- The own account -----------------------------------------------------------------------------
def test_everybody_changes_their_own_account(client_as, db):
    account = AccountFactory(name="Ana")
    client = client_as(account)
    page = text_of(client.get("/manage/account/"))
    assert account.email in page
    assert "Change the password" in page
    response = client.post("/manage/account/", {"name": "Ana P.", "language": "ru"}, follow=True)
    assert said(response) == ["Saved."]
    account.refresh_from_db()
    assert (account.name, account.language) == ("Ana P.", "ru")


def test_wrong_values_of_the_account_are_said(client_as, db):
    client = client_as(AccountFactory())
    assert client.post("/manage/account/", {"language": "xx"}).context["form"].errors
    response = client.post("/manage/account/", {"name": "a\u2028b", "language": "en"})
    assert "can not be printed" in text_of(response)


def test_who_has_no_password_may_choose_one(client_as, db):
    account = AccountFactory()
    account.set_unusable_password()
    account.save()
    assert "Choose a password" in text_of(client_as(account).get("/manage/account/"))
