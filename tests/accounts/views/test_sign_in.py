"""Signing in: by password, by mailed code; strangers learn nothing, `next` leads only to us."""

from __future__ import annotations

import re
import time

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.adapter import AccountAdapter
from accounts.models import Account
from accounts.views import steady
from tests.factories.accounts import PASSWORD, AccountFactory

LOGIN, CODE, CONFIRM = "/accounts/login/", "/accounts/login/code/", "/accounts/login/code/confirm/"
RESET = "/accounts/password/reset/"


@pytest.fixture
def account(db):
    return AccountFactory(email="ana@example.org")


@pytest.fixture
def rates(settings):
    """The limits that the suite otherwise goes without."""
    settings.ACCOUNT_RATE_LIMITS = {}
    settings.THROTTLE = True
    cache.clear()


def sign_in(client, email="ana@example.org", password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password, **extra})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def plain(response):
    """Return a page without what differs by chance."""
    text = response.content.decode()
    return re.sub(r'(csrfmiddlewaretoken" value="|x-csrftoken": ")[^"]+', "", text)


# --- By password ---------------------------------------------------------------------------------
def test_a_password_signs_in_and_leads_to_the_console(client, account):
    page = client.get(LOGIN)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    response = sign_in(client, " ANA@Example.org ")
    assert (response.status_code, response["Location"]) == (302, "/manage/")
    assert is_signed_in(client)


def test_the_session_is_a_new_one(client, account):
    client.get(LOGIN)
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key
    client.cookies["lectern"] = before
    sign_in(client)
    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("email", "password"),
    [("ana@example.org", "wrong"), ("stranger@example.org", PASSWORD), ("", ""),
     ("ana@example.org\x00", PASSWORD), ("\u0430na@example.org", PASSWORD)],
)  # fmt: skip
def test_wrong_ones_do_not(client, account, email, password):
    assert sign_in(client, email, password).status_code in {200, 400}
    assert not is_signed_in(client)


def test_an_account_that_was_closed_does_not_sign_in(client, account):
    Account.objects.update(is_active=False)
    sign_in(client)
    assert not is_signed_in(client)


def test_forms_of_other_sites_do_not_sign_in(account):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "where",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "http:///evil.example", "http://testserver@evil.example/",
        "/\t/evil.example", "http://testserver/manage/x/", "data:text/html,x", " //evil.example",
        "/\n/evil.example", "manage/", "", "ftp://testserver/", "///evil.example",
    ],
)  # fmt: skip
def test_next_leads_only_to_paths_of_ours(client, account, where):
    response = sign_in(client, next=where)
    assert response["Location"] == "/manage/"


def test_next_leads_to_the_page_that_was_asked_for(client, account):
    response = sign_in(client, next="/manage/institute/team/?page=2")
    assert response["Location"] == "/manage/institute/team/?page=2"


def test_who_is_signed_in_already_is_not_led_away_either(client, account):
    client.force_login(account)
    response = client.get(LOGIN, {"next": "https://evil.example/"})
    assert response["Location"] == "/manage/"


# --- By code -------------------------------------------------------------------------------------
def test_a_mailed_code_signs_in_once(client, account):
    Account.objects.get().set_unusable_password()
    assert client.get(CODE).status_code == 200
    assert client.post(CODE, {"email": "Ana@example.org"})["Location"] == CONFIRM
    (sent,) = mail.outbox
    code = sent.subject.rsplit(" ", 1)[1]
    assert client.post(CONFIRM, {"code": code})["Location"] == "/manage/"
    assert is_signed_in(client)
    other = Client()
    other.post(CONFIRM, {"code": code})
    assert not is_signed_in(other)


def test_a_code_leads_to_next_and_only_to_us(client, account):
    client.post(f"{CODE}?next=/manage/institute/", {"email": "ana@example.org"})
    page = client.get(f"{CONFIRM}?next=/manage/institute/")
    assert page.status_code == 200
    code = mail.outbox[0].subject.rsplit(" ", 1)[1]
    response = client.post(CONFIRM, {"code": code, "next": "/manage/institute/"})
    assert response["Location"] == "/manage/institute/"


def test_a_code_is_guessed_three_times_at_most(client, account):
    client.post(CODE, {"email": "ana@example.org"})
    code = mail.outbox[0].subject.rsplit(" ", 1)[1]
    for _ in range(3):
        client.post(CONFIRM, {"code": "AAAAAA"})
    client.post(CONFIRM, {"code": code})
    assert not is_signed_in(client)


def test_a_code_ends_after_minutes(client, account, frozen):
    clock = frozen("2026-11-22T10:00")
    client.post(CODE, {"email": "ana@example.org"})
    clock.shift(200)
    client.post(CONFIRM, {"code": mail.outbox[0].subject.rsplit(" ", 1)[1]})
    assert not is_signed_in(client)


# --- Strangers learn nothing ---------------------------------------------------------------------
@pytest.fixture(params=["up", "down"])
def mail_server(request, settings):
    if request.param == "down":
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def answers(path, field, email):
    """Return all that a stranger sees after asking for `email`."""
    client = Client()
    client.get(path)
    response = client.post(path, {field: email, "password": "wrong"})
    seen = [response.status_code, response.get("Location"), plain(response).replace(email, "@")]
    if response.status_code == 302:
        page = client.get(response["Location"])
        seen += [page.status_code, plain(page).replace(email, "@")]
    return seen


@pytest.mark.parametrize(("path", "field"), [(LOGIN, "login"), (CODE, "email"), (RESET, "email")])
def test_an_unknown_address_gets_the_answer_of_a_known_one(account, mail_server, path, field):
    known = answers(path, field, "ana@example.org")
    unknown = answers(path, field, "xyz@example.org")
    assert known == unknown


def test_only_known_addresses_get_mail(account):
    for email in ["stranger@example.org", "\u0430na@example.org", "ana@example.org."]:
        Client().post(CODE, {"email": email})
        Client().post(RESET, {"email": email})
    assert mail.outbox == []


def test_an_address_that_looks_alike_gets_nothing(db):
    AccountFactory(email="mike@example.org")
    for twin in ["m\u0131ke@example.org", "mi\u212ae@example.org", "M\u0130KE@example.org"]:
        Client().post(RESET, {"email": twin})
        Client().post(CODE, {"email": twin})
    assert {address for sent in mail.outbox for address in sent.to} <= {"mike@example.org"}


def test_answers_take_the_same_time(client, account, monkeypatch):
    monkeypatch.setattr(steady, "SECONDS", 0.3)
    for email in ["ana@example.org", "stranger@example.org"]:
        began = time.monotonic()
        Client().post(CODE, {"email": email})
        assert 0.3 <= time.monotonic() - began < 0.6
    began = time.monotonic()
    client.get(CODE)
    sign_in(client)  # who gets in need not wait
    assert time.monotonic() - began < 0.3


def test_nobody_signs_up(client, db):
    page = client.get("/accounts/signup/")
    assert page.status_code == 200
    client.post("/accounts/signup/", {"email": "x@example.org", "password1": PASSWORD})
    assert Account.objects.count() == 0


@pytest.mark.parametrize(
    "path", ["/accounts/email/", "/accounts/confirm-email/", "/accounts/3rdparty/"]
)
def test_the_librarys_other_pages_are_not_there(client_as, account, path):
    assert client_as(account).get(path).status_code == 404


# --- Limits --------------------------------------------------------------------------------------
def test_wrong_passwords_are_cut_off_before_the_hasher(account, rates, monkeypatch):
    tried = []
    monkeypatch.setattr(
        "accounts.models.Account.check_password", lambda *_: tried.append(1) or False
    )
    for _ in range(20):
        sign_in(Client(), password="wrong")
    assert len(tried) == 5
    response = sign_in(Client(), password="wrong")
    assert "Too many failed login attempts" in response.content.decode()


def test_who_guesses_does_not_lock_the_owner_out(account, rates):
    for _ in range(10):
        Client(REMOTE_ADDR="203.0.113.9").post(LOGIN, {"login": account.email, "password": "wrong"})
    owner = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(owner).status_code == 302


def test_a_made_up_forwarded_address_gains_nothing(account, rates, monkeypatch):
    tried = []
    monkeypatch.setattr(
        "accounts.models.Account.check_password", lambda *_: tried.append(1) or False
    )
    for n in range(20):
        Client(headers={"X-Forwarded-For": f"198.51.100.{n}"}).post(
            LOGIN, {"login": account.email, "password": "wrong"}
        )
    assert len(tried) == 5


def test_one_password_is_not_tried_on_a_thousand_accounts(db, rates):
    refused = 0
    for n in range(60):
        response = Client().post(LOGIN, {"login": f"n{n}@example.org", "password": "Summer2026"})
        refused += response.status_code == 429 or b"Too many failed" in response.content
    assert refused >= 50


def test_many_addresses_together_are_cut_off_too(account, rates, monkeypatch):
    monkeypatch.setattr("accounts.adapter.WRONG_IN_A_QUARTER", 3)
    for n in range(4):
        response = Client(REMOTE_ADDR=f"198.51.100.{n}").post(
            LOGIN, {"login": account.email, "password": "wrong"}
        )
    assert b"Too many failed login attempts" in response.content


def test_codes_are_not_mailed_without_end(account, rates):
    for _ in range(10):
        Client().post(CODE, {"email": account.email})
    assert len(mail.outbox) == 3


def test_an_ipv6_client_is_its_network():
    from django.test import RequestFactory

    request = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2:3::9")
    assert AccountAdapter(request).get_client_ip(request) == "2001:db8:1:2::"


# --- Passwords -----------------------------------------------------------------------------------
def test_a_forgotten_password_is_chosen_anew_by_a_link_of_ours(client, account):
    evil = {"Host": "localhost"}  # allowed, and still not where the link leads
    client.post(RESET, {"email": "ana@example.org"}, headers=evil)
    (sent,) = mail.outbox
    (path,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", sent.body)
    assert "localhost" not in sent.body
    page = client.get(path, follow=True)
    data = {"password1": "another long password", "password2": "another long password"}
    client.post(page.redirect_chain[-1][0], data)
    account.refresh_from_db()
    assert account.check_password("another long password")
    assert mail.outbox[1].subject == "Your password was changed"
    assert not is_signed_in(client)
    assert "This link no longer works" in client.get(path, follow=True).content.decode()


def test_a_new_password_ends_all_other_sessions(client_as, account):
    here, there = client_as(account), client_as(account)
    data = {
        "oldpassword": PASSWORD,
        "password1": "another long password",
        "password2": "another long password",
    }
    assert here.get("/accounts/password/change/").status_code == 200
    assert here.post("/accounts/password/change/", data).status_code == 302
    assert here.get("/manage/account/").status_code == 200
    assert there.get("/manage/account/").status_code == 302
    assert mail.outbox[0].to == ["ana@example.org"]


def test_short_and_common_passwords_are_refused(client_as, account):
    client = client_as(account)
    for weak in ["short", "password123", "ana@example.org"]:
        data = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        assert client.post("/accounts/password/change/", data).status_code == 200
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


# --- Signing out ---------------------------------------------------------------------------------
def test_only_a_post_signs_out(client_as, account):
    client = client_as(account)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(client)
    old = client.session.session_key
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert not is_signed_in(client)
    client.cookies["lectern"] = old
    assert client.get("/manage/account/").status_code == 302


def test_support_staff_sign_in_at_the_same_door(client, account):
    response = client.get("/admin/login/?next=/admin/")
    assert response.status_code == 302
    assert response["Location"].startswith(LOGIN)
