"""Previews and tests: what a real recipient would see, without a single right in it."""

from __future__ import annotations

import re

import pytest

from core.actors import SYSTEM
from core.models import AuditEntry
from core.tickets import ticket_code, ticket_text
from notifications.models import Message, RenderedMail
from notifications.services.delivery import send_due_messages
from notifications.services.previewing import preview, send_test_mail
from notifications.services.qr import ticket_png
from notifications.services.texts import LANGUAGES, delivered, templates
from notifications.services.trials import samples_of
from registrations.services.links import manage_url
from tests.factories.accounts import AccountFactory
from tests.factories.events import ConferenceFactory
from tests.factories.notifications import guests_of
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


def everything(mail):
    return mail.subject + mail.text + mail.html + repr(mail.headers) + repr(mail.links)


def key_of(registration):
    return manage_url(registration).rstrip("/").rpartition("/")[2]


@pytest.mark.parametrize("template", templates())
def test_every_text_can_be_looked_at_for_guests_speakers_and_nobody(room, template):
    for language in LANGUAGES:
        source = delivered(template, language)
        for sample in (f"r.{room.registration.code}", f"p.{room.moderator.code}", "", "r.GONE"):
            mail = preview(room.conference, source, sample)
            assert mail.subject
            assert key_of(room.registration) not in everything(mail)
            assert not re.search(r"xPH\d\dx", everything(mail))
            assert "⟦" not in everything(mail)
            assert all(part.content_id for part in mail.attachments)


def test_a_preview_greets_the_one_and_its_links_and_ticket_open_nothing(room):
    source = delivered("confirmation", "en")
    mail = preview(room.conference, source, f"r.{room.registration.code}")
    assert "Dear Ana Petrović," in mail.text
    assert "See or change my registration:\nhttp://testserver/r/\n" in mail.text
    assert 'href="http://testserver/r/"' in mail.html
    (ticket,) = mail.attachments
    assert ticket.content != ticket_png(room.registration.code)
    assert ticket_code(ticket_text(room.registration.code)) == room.registration.code
    assert ticket_code("Preview, not a ticket") is None
    assert not RenderedMail.objects.exists()


def test_a_person_with_a_salutation_is_greeted_by_it(room):
    room.moderator.salutation = {"en": "Your Excellency"}
    room.moderator.save()
    for template in ("briefing", "confirmation"):
        mail = preview(room.conference, delivered(template, "en"), f"p.{room.moderator.code}")
        assert "Your Excellency," in mail.text


def test_samples_are_this_conferences_people_and_few(room):
    foreign = guests_of(ConferenceFactory())[0]
    kind = RegistrationTypeFactory(conference=room.conference, capacity=100)
    RegistrationFactory.create_batch(12, registration_type=kind, honorific="")
    RegistrationFactory(
        registration_type=kind, honorific="H.E.", given_name="Amal", family_name="Haddad"
    )
    found = samples_of(room.conference)
    assert len(found) == 8 + 2 + 1
    assert found[0][1] == "H.E. Amal Haddad, registered"
    assert found[-2][1].endswith("Radina Vasić, speaks")
    assert found[-1][0] == f"i.{room.invitation.code}"
    assert foreign.code not in str(found)
    mail = preview(room.conference, delivered("reminder", "en"), f"r.{foreign.code}")
    assert "Dear Ana Example," in mail.text
    assert samples_of(room.conference, "invitation") == [found[-1], *found[:-1]]
    assert samples_of(None) == []
    assert samples_of(ConferenceFactory()) == [("", "An example guest")]


def test_a_test_goes_to_the_writer_alone_and_gives_no_right(room, transport, outbox):
    account = AccountFactory(email="mila@example.org")
    sample = f"r.{room.registration.code}"
    source = delivered("confirmation", "en")
    rows = [
        send_test_mail(
            conference=room.conference, source=source, sample=sample, account=account, actor=SYSTEM
        )
        for _ in range(2)
    ]
    assert rows[0].pk == rows[1].pk or len(outbox()) == 2  # the minute may turn between the two
    row = rows[0]
    assert (row.kind, row.registration, row.person) == ("test", None, None)
    assert row.key.startswith(f"test:{account.pk}:")
    send_due_messages()
    assert set(transport.recipients) == {"mila@example.org"}
    row.refresh_from_db()
    assert row.state == "sent"
    assert row.rendered.subject == "[Test] Your place is confirmed: Rivers and borders"
    raw = b"".join(mail.raw for mail in transport.mails).decode()
    assert key_of(room.registration) not in raw.replace("=\r\n", "")
    assert "text/calendar" not in raw
    assert Message.objects.filter(registration=room.registration).count() == 0
    assert AuditEntry.objects.filter(verb="send_test_mail").exists()


def test_a_test_of_somebody_who_has_left_is_still_made(room, transport):
    send_test_mail(
        conference=room.conference,
        source=delivered("reminder", "sr-Latn"),
        sample="r.GONE",
        account=AccountFactory(),
        actor=SYSTEM,
    )
    assert send_due_messages().sent == 1
    assert RenderedMail.objects.get().subject.startswith("[Test] Četvrtak")
