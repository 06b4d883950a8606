"""The demo's mailbox: it shows mails, and nothing else on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.mail import EmailMessage

from core.mail import write_mail
from notifications.services.composing import compose
from notifications.services.inbox import names, read_head, read_mail
from notifications.services.rendering import render
from tests.factories.accounts import AccountFactory, MembershipFactory
from tests.notifications.mailroom import furnish

INBOX = "/manage/inbox/"


@pytest.fixture
def demo(settings):
    settings.LECTERN_DEMO = True


@pytest.fixture
def browser(client_as, demo):
    return client_as(AccountFactory())


@pytest.fixture
def delivered(db):
    """A confirmation in the folder, and its name."""
    room = furnish()
    message = room.message("confirmation")
    message.save()
    return write_mail(compose(message, render(message)).raw).stem


def test_without_the_demo_there_is_no_inbox(client_as, settings):
    settings.LECTERN_DEMO = settings.EMBEDDED = False
    browser = client_as(AccountFactory())
    for address in (INBOX, f"{INBOX}1-00000000/", f"{INBOX}1-00000000/html/"):
        assert browser.get(address).status_code == 404


def test_anonymous_people_are_asked_to_sign_in(client_as, demo):
    assert client_as().get(INBOX).status_code == 302


def test_an_empty_inbox_says_how_to_fill_it(browser):
    assert b"No mail has left yet." in browser.get(INBOX).content


def test_the_newest_mail_stands_first_and_is_open(browser, delivered):
    second = write_mail(
        EmailMessage("Your sign-in code", "ABC123", "a@example.org", ["b@example.org"])
        .message()
        .as_bytes()
    ).stem
    assert names() == [second, delivered]
    html = browser.get(INBOX).content.decode()
    assert html.index("Your sign-in code") < html.index("Your place is confirmed")
    assert "<p>ABC123</p>" in html
    opened = browser.get(f"{INBOX}{delivered}/").content.decode()
    assert f'src="{INBOX}{delivered}/html/"' in opened
    assert "Ana Petrović &lt;ana@example.org&gt;" in opened
    text = browser.get(f"{INBOX}{delivered}/?view=text").content.decode()
    assert '<a href="http://testserver/r/' in text


def test_the_mail_is_shown_with_its_ticket_and_clickable_links(browser, delivered):
    response = browser.get(f"{INBOX}{delivered}/html/")
    html = response.content.decode()
    assert response["Content-Security-Policy"].startswith("sandbox allow-popups")
    assert "allow-scripts" not in response["Content-Security-Policy"]
    assert "data:image/png;base64," in html
    assert "http://testserver/r/" in html
    assert '<base target="_blank">' in html


def test_the_calendar_entry_can_be_saved(browser, delivered):
    mail = read_mail(delivered)
    number = next(n for n, part in enumerate(mail.attachments) if part.name == "invite.ics")
    response = browser.get(f"{INBOX}{delivered}/files/{number}/")
    assert response["Content-Type"] == "text/calendar"
    assert response["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert response.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert browser.get(f"{INBOX}{delivered}/files/99/").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "../1-00000000",
        "..%2f..%2fsecrets.env",
        "%2e%2e%2fsecrets.env",
        "....//secrets",
        "1-00000000%00",
        "1-00000000%0a",
        "1-0000000g",
        "secrets.env",
        "1-00000000",
        "/etc/passwd",
        "١-00000000",
    ],
)
def test_no_other_file_can_be_named(browser, settings, name):
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True)
    (folder.parent / "secrets.env").write_text("SECRET_KEY=1")
    (folder / "secrets.env.eml").write_text("SECRET_KEY=1")
    for rest in ("", "html/", "files/0/"):
        assert browser.get(f"{INBOX}{name}/{rest}").status_code in {400, 404}
    assert read_mail(name) is None
    assert read_head(name) is None
    assert names() == []


def test_a_link_in_the_folder_leads_nowhere(settings, tmp_path):
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(parents=True)
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    (folder / "1-00000000.eml").symlink_to(secret)
    assert read_mail("1-00000000") is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: =?utf-8?b?////?=\r\n\r\n\xff",
        b"Content-Type: text/html; charset=nonsense\r\n\r\n<p>x",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b'To: "<script>alert(1)</script>" <a@b>\r\nSubject: <img src=x onerror=alert(1)>\r\n\r\nx',
    ],
)
def test_broken_mails_break_nothing(browser, raw):
    name = write_mail(raw).stem
    for address in (INBOX, f"{INBOX}{name}/", f"{INBOX}{name}/html/"):
        response = browser.get(address)
        assert response.status_code == 200
        if not address.endswith("html/"):
            assert b"<script>alert" not in response.content
            assert b"<img src=x" not in response.content


def test_a_file_with_an_evil_name_and_type_is_saved_under_a_plain_one(browser):
    raw = (
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: image/svg+xml\r\n"
        b'Content-Disposition: attachment; filename="../a\xc4\x8d;b.svg"\r\n\r\n<svg/>\r\n--x--\r\n'
    )
    name = write_mail(raw).stem
    response = browser.get(f"{INBOX}{name}/files/0/")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith('attachment; filename="')
    assert "/" not in response["Content-Disposition"]
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_member_keeps_the_navigation_of_the_own_organisation(client_as, demo, organisation):
    account = AccountFactory()
    MembershipFactory(organisation=organisation, account=account)
    assert b"Institute for Testing" in client_as(account).get(INBOX).content


def test_many_mails_have_pages(browser):
    for _ in range(31):
        write_mail(b"Subject: x\r\n\r\nx")
    first = browser.get(INBOX).content.decode()
    assert first.count('class="pane-item"') == 30
    assert browser.get(f"{INBOX}?page=2").content.decode().count('class="pane-item"') == 1
