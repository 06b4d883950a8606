"""The question whether somebody may be quoted: one letter an asking, none for other words."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from events.services.people import set_assistants
from events.services.quote_answers import (
    answer_quote,
    ask_quote,
    revoke_quote_link,
    withdraw_quote,
)
from events.services.quote_links import quote_url
from events.services.quotes import change_quote, delete_quote
from notifications.models import Message, RenderedMail
from notifications.services.archive import archive, reveal
from notifications.services.delivery import send_due_messages
from notifications.services.rendering import render
from tests.factories.events import OutcomeFactory, PersonFactory, QuoteFactory
from tests.notifications.mailroom import furnish

pytestmark = pytest.mark.django_db
TAGS = ("en", "sr-Latn", "sr-Cyrl", "ru")


@pytest.fixture
def quote():
    room = furnish()
    outcome = OutcomeFactory(conference=room.conference)
    texts = {"en": "Rivers join.", "sr-Latn": "Reke spajaju.", "ru": "Реки соединяют."}
    return QuoteFactory(outcome=outcome, person=room.moderator, text=texts)


def ask(quote):
    return ask_quote(quote=quote, expected=None, actor=SYSTEM)


def states():
    return list(Message.objects.order_by("pk").values_list("state", "cancelled_for"))


def test_the_letter_has_the_words_and_a_link_of_its_own(quote):
    row = ask(quote)
    message = Message.objects.get()
    assert (message.kind, message.template) == ("quote_ask", "quote_ask")
    assert message.facts["quote"] == row.code
    mail = render(message)
    assert mail.subject == "May we quote you? Rivers and borders"
    assert "Rivers join." in mail.text
    assert quote_url(row) in mail.text
    assert quote_url(row) in mail.html
    kept = archive(mail)
    assert quote_url(row) not in str(kept)
    read = reveal(RenderedMail(message=message, **kept), None)
    assert (read.text, read.html) == (mail.text, mail.html)


@pytest.mark.parametrize(
    ("tag", "words", "subject"),
    [
        ("sr-Latn", "Reke spajaju.", "Smemo li da Vas citiramo? Reke i granice"),
        ("sr-Cyrl", "Rivers join.", "Смемо ли да Вас цитирамо? Реке и границе"),
        ("ru", "Реки соединяют.", "Можно ли Вас процитировать? Реки и границы"),
    ],
)
def test_the_letter_is_in_the_language_of_its_reader(quote, tag, words, subject):
    quote.person.language = tag
    quote.person.save()
    ask(quote)
    mail = render(Message.objects.get())
    assert mail.subject == subject
    assert words in mail.text


def test_an_assistant_gets_it_and_the_person_a_copy_where_that_is_wished(quote):
    quote.person.email = "ana@example.org"
    quote.person.save()
    helper = {"name": "Iva", "email": "iva@example.org", "copy_to_principal": True}
    set_assistants(person=quote.person, assistants=[helper], expected=None, actor=SYSTEM)
    ask(quote)
    found = Message.objects.order_by("pk").values_list("to_email", flat=True)
    assert list(found) == ["iva@example.org", "ana@example.org"]


def test_asking_again_overtakes_what_waits(quote):
    ask(ask(quote))
    assert states() == [("cancelled", "plan"), ("queued", "")]


def _approve(row):
    answer_quote(quote=row, answer="approve", via="phone", expected=None, actor=SYSTEM)


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        (
            lambda row: change_quote(
                quote=row, changes={"text": {"en": "Other."}}, expected=None, actor=SYSTEM
            ),
            "organiser",
        ),
        (lambda row: withdraw_quote(quote=row, expected=None, actor=SYSTEM), "organiser"),
        (lambda row: delete_quote(quote=row, expected=None, actor=SYSTEM), "organiser"),
        (lambda row: revoke_quote_link(quote=row, expected=None, actor=SYSTEM), "organiser"),
        (_approve, "answered"),
    ],
)
def test_what_waits_is_taken_back(quote, deed, reason):
    row = ask(quote)
    deed(row)
    assert states() == [("cancelled", reason)]


def test_another_place_among_the_others_takes_nothing_back(quote):
    QuoteFactory(outcome=quote.outcome, order=1)
    row = ask(quote)
    change_quote(quote=row, changes={"order": 1}, expected=None, actor=SYSTEM)
    assert states() == [("queued", "")]


@pytest.mark.django_db(transaction=True)
def test_what_was_answered_elsewhere_is_not_begun(quote):
    row = ask(quote)
    type(row).objects.filter(pk=row.pk).update(state="draft")
    send_due_messages()
    assert states() == [("cancelled", "answered")]


def test_what_somebody_else_is_asked_stays(quote):
    other = QuoteFactory(
        outcome=quote.outcome, person=PersonFactory(organisation=quote.person.organisation)
    )
    ask(quote)
    withdraw_quote(quote=ask(other), expected=None, actor=SYSTEM)
    assert states() == [("queued", ""), ("cancelled", "organiser")]
