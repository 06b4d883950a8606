"""Mails about signing in go to accounts only, in their language, and never fail a page."""

from __future__ import annotations

import pytest
from django.core import mail

from accounts.services import mails
from accounts.services.mails import KINDS, mail_later
from tests.factories.accounts import AccountFactory

FACTS = {"code": "ABC234", "path": "/accounts/x/", "organisation": "Institute & <b>Sons</b>"}


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("language", ["en", "sr-latn", "sr-cyrl", "ru"])
def test_each_mail_has_a_subject_and_a_text(db, kind, language):
    AccountFactory(email="ana@example.org", language=language)
    mail_later(kind, "ANA@example.org", FACTS)
    (sent,) = mail.outbox
    assert sent.to == ["ana@example.org"]
    assert 10 < len(sent.subject) < 80
    assert "\n" not in sent.subject
    assert "&amp;" not in sent.body + sent.subject
    assert sent.body.endswith("http://testserver\n")
    sent.message()


def test_what_is_in_them(db):
    AccountFactory(email="ana@example.org")
    for kind in ["login_code", "password_reset_key"]:
        mail_later(kind, "ana@example.org", FACTS)
    code, key = mail.outbox
    assert "ABC234" in code.subject
    assert "\n    ABC234\n" in code.body
    assert "\nhttp://testserver/accounts/x/\n" in key.body


def test_nobody_else_gets_one(db):
    AccountFactory(email="gone@example.org", is_active=False)
    for email in ["stranger@example.org", "gone@example.org", "", "\u017fam@example.org"]:
        mail_later("login_code", email, FACTS)
    mail_later("unknown_account", "gone@example.org", FACTS)
    assert mail.outbox == []


def test_a_mail_server_that_is_down_is_our_problem_only(db, settings, caplog):
    AccountFactory(email="ana@example.org")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    mail_later("login_code", "ana@example.org", FACTS)
    assert "could not be sent" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_they_leave_from_a_thread(monkeypatch):
    from concurrent.futures import ThreadPoolExecutor

    AccountFactory(email="ana@example.org")
    with ThreadPoolExecutor(1) as threads:
        monkeypatch.setattr(mails, "_senders", threads)
        mail_later("login_code", "ana@example.org", FACTS)
    assert len(mail.outbox) == 1
