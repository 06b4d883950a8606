"""Kept mails: no link that gives rights is in them, and the reader's copy is whole again."""

from __future__ import annotations

import json

import pytest

from notifications.models import RenderedMail
from notifications.services.rendering import archive, render, reveal
from notifications.services.texts import templates
from notifications.services.unsubscribing import unsubscribe_url
from registrations.services.invitation_links import invitation_url
from registrations.services.links import find_by_link, manage_url

pytestmark = pytest.mark.django_db


def opens(address, registration):
    code, token = address.split("/r/")[1].strip("/").split("/")
    assert code == registration.code
    return find_by_link(code, token) is not None


@pytest.mark.parametrize("template", templates())
def test_what_is_kept_opens_nothing_and_what_is_read_is_what_was_sent(room, template):
    message = room.message(template)
    mail = render(message)
    urls = (manage_url(room.registration), invitation_url(room.invitation))
    kept = archive(mail)
    for url in (*urls, unsubscribe_url(message)):
        assert url.rstrip("/").rpartition("/")[2] not in json.dumps(kept)
    read = reveal(RenderedMail(message=message, **kept), message.registration)
    assert (read.subject, read.text, read.html) == (mail.subject, mail.text, mail.html)
    assert (read.headers, read.reply_to) == (mail.headers, mail.reply_to)


def test_attachments_are_named_and_the_ticket_is_drawn_anew(room):
    mail = render(room.message("confirmation"))
    kept = archive(mail)
    assert [(part["name"], part["content_id"]) for part in kept["attachments"]] == [
        ("ticket.png", "ticket@lectern"),
        ("invite.ics", None),
    ]
    assert "bytes" not in json.dumps(kept)
    read = reveal(RenderedMail(**kept), room.registration)
    assert read.attachments[0].content == mail.attachments[0].content
    assert read.attachments[1].content == b""


def test_a_revoked_link_is_shown_as_it_was_sent_and_is_dead(room):
    message = room.message("reminder")
    mail = render(message)
    kept = RenderedMail(message=message, **archive(mail))
    old = manage_url(room.registration)
    assert opens(old, room.registration)
    room.registration.link_generation += 1
    room.registration.save()
    assert reveal(kept, room.registration).text == mail.text
    assert old != manage_url(room.registration)
    assert not opens(old, room.registration)
    assert room.registration.link_generation == 2


def test_without_the_registration_its_links_are_gone(room):
    kept = RenderedMail(**archive(render(room.message("reminder"))))
    read = reveal(kept, None)
    assert "http://testserver/r/cancel/" in read.text
    assert room.registration.code not in read.text + read.html


def test_a_name_can_not_pretend_to_be_a_link(room):
    room.registration.given_name = "⟦manage:1⟧"
    kept = RenderedMail(**archive(render(room.message("pending"))))
    read = reveal(kept, room.registration)
    assert read.text.count("/r/") == 1
    assert "Dear [manage:1] Petrović" in read.text.replace("\u200b", "")
