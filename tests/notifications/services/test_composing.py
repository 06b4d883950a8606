"""From what was rendered to a whole mail."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from django.core.mail import BadHeaderError

from notifications.models import message_uid
from notifications.services.archive import MailAttachment, MailContent
from notifications.services.composing import compose
from notifications.services.headers import AddressError
from tests.factories.notifications import MessageFactory

EVIL = ["\r\nBcc: x@example.org", "\nX: y", "\r", "\x00", "\x1b[2J", "\x7f"]


def content(**more):
    return MailContent(
        **{
            "subject": "Сутра у 10:00",
            "text": "Добар дан\n.\nFrom here\n",
            "html": "<p>Добар дан</p>\n.\n",
            "headers": {"Auto-Submitted": "auto-generated"},
            "attachments": (),
            "reply_to": "office@example.org",
            "links": {},
            **more,
        }
    )


@pytest.fixture
def message(db, settings):
    settings.DEFAULT_FROM_EMAIL = "Lectern <mail@example.org>"
    settings.MAIL_HOST = "mail.example.org"
    row = MessageFactory(to_name="Петровић, Ана", to_email="ana@example.org")
    row.conference.organisation.name = "Institute, „Čitaonica“"
    return row


def read(mail):
    return message_from_bytes(mail.raw, policy=policy.default)


def test_a_mail_has_one_of_each_header_and_both_forms(message):
    mail = compose(message, content())
    found = read(mail)
    uid = message_uid(message.key)
    assert (mail.sender, mail.recipient) == ("mail@example.org", "ana@example.org")
    assert mail.message_id == f"<{uid}@mail.example.org>"
    assert found.keys() == [
        "From", "To", "Subject", "Date", "Message-ID", "Idempotency-Key", "Reply-To",
        "Auto-Submitted", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert found["From"].addresses[0].display_name == "Institute, „Čitaonica“"
    assert found["To"].addresses[0].display_name == "Петровић, Ана"
    assert found["Subject"] == "Сутра у 10:00"
    assert found["Message-ID"] == mail.message_id
    assert found["Idempotency-Key"] == str(uid)
    assert found["Reply-To"] == "office@example.org"
    assert found.get_content_type() == "multipart/alternative"
    plain, html = found.iter_parts()
    assert plain.get_content() == "Добар дан\r\n.\r\nFrom here\r\n"
    assert html.get_content() == "<p>Добар дан</p>\r\n.\r\n"
    assert mail.raw.isascii()
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 998
    assert b"\n" not in mail.raw.replace(b"\r\n", b"")


def test_the_message_id_is_the_same_over_all_tries(message, settings):
    first = compose(message, content()).message_id
    message.message_id = first
    settings.MAIL_HOST = "elsewhere.example.org"
    assert compose(message, content()).message_id == first


def test_pictures_stand_inside_the_html_and_files_beside_it(message):
    parts = (
        MailAttachment("ticket.png", "image/png", b"\x89PNG", "ticket@lectern"),
        MailAttachment("invite.ics", "text/calendar; method=PUBLISH; charset=UTF-8", b"BEGIN\r\n"),
    )
    found = read(compose(message, content(attachments=parts)))
    alternative, calendar = found.iter_parts()
    plain, related = alternative.iter_parts()
    html, ticket = related.iter_parts()
    assert [found.get_content_type(), alternative.get_content_type()] == [
        "multipart/mixed",
        "multipart/alternative",
    ]
    assert [plain.get_content_type(), html.get_content_type()] == ["text/plain", "text/html"]
    assert (related.get_content_type(), ticket["Content-ID"]) == (
        "multipart/related",
        "<ticket@lectern>",
    )
    assert (ticket.get_content(), ticket.get_content_disposition()) == (b"\x89PNG", "inline")
    assert calendar.get_content_type() == "text/calendar"
    assert dict(calendar["Content-Type"].params) == {"method": "PUBLISH", "charset": "UTF-8"}
    assert (calendar.get_filename(), calendar.get_payload(decode=True)) == (
        "invite.ics",
        b"BEGIN\r\n",
    )


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize(
    "place", ["to_name", "to_email", "subject", "reply_to", "header", "sender"]
)
def test_no_value_reaches_another_header(message, place, evil):
    more = {}
    if place in {"to_name", "to_email"}:
        setattr(message, place, getattr(message, place) + evil)
    elif place == "sender":
        message.conference.organisation.name += evil
    elif place == "header":
        more["headers"] = {"X-Note": f"a{evil}"}
    else:
        more[place] = f"office@example.org{evil}"
    with pytest.raises(BadHeaderError):
        compose(message, content(**more))


@pytest.mark.parametrize("name", ["Bcc", "to", "Content-Type", "MESSAGE-ID", "Sender"])
def test_what_was_rendered_sets_no_header_of_ours(message, name):
    with pytest.raises(BadHeaderError):
        compose(message, content(headers={name: "x@example.org"}))


def test_an_address_that_is_none_is_refused(message):
    message.to_email = "nobody"
    with pytest.raises(AddressError):
        compose(message, content())


def test_without_an_organisers_address_nobody_is_to_be_answered(message):
    assert read(compose(message, content(reply_to="")))["Reply-To"] is None


def test_letters_before_the_at_need_a_server_that_knows_them(message):
    message.to_email = "ана@example.org"
    mail = compose(message, content())
    assert mail.needs_smtputf8
    assert "ана@example.org".encode() in mail.raw
