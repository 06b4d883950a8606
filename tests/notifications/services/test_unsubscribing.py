"""The link that stops mails: whom it names, how long it opens, and the headers around it."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.links import link_token
from notifications.enums import MessageKind
from notifications.models import Message, RenderedMail
from notifications.services import delivery
from notifications.services.composing import compose
from notifications.services.invitation_facts import ABOUT_AN_INVITATION
from notifications.services.kinds import KINDS
from notifications.services.quote_facts import ABOUT_A_QUOTE, facts_of_asking
from notifications.services.rendering import render
from notifications.services.speaker_facts import ABOUT_SPEAKING
from notifications.services.texts import delivered
from notifications.services.trials import facts_of
from notifications.services.unsubscribing import (
    find_by_unsubscribe_link,
    list_headers,
    unsubscribe_path,
    unsubscribe_url,
)
from registrations.services.links import manage_path
from tests.factories.events import ParticipationFactory, QuoteFactory
from tests.factories.notifications import (
    MessageFactory,
    SentInvitationFactory,
    conference_in,
    guests_of,
)

pytestmark = pytest.mark.django_db


def token_of(message):
    return unsubscribe_path(message).split("/")[2]


@pytest.fixture
def message():
    return MessageFactory(kind=MessageKind.REMINDER)


def test_it_names_the_message_and_says_nothing_of_its_reader(message):
    token = token_of(message)
    assert re.fullmatch(r"[A-Za-z0-9_-]{49}", token)
    assert find_by_unsubscribe_link(token) == message
    assert unsubscribe_url(message) == f"http://testserver/u/{token}/"
    assert message.to_email.split("@")[0] not in token


def test_it_opens_for_years_after_mail_and_registration_are_gone(message, transport):
    Message.objects.filter(pk=message.pk).update(kind="manage_link", template="manage_link")
    delivery.send_due_messages()
    token = token_of(message)
    assert RenderedMail.objects.filter(message=message).delete()[0] == 1
    registration = message.registration
    registration.link_generation += 1
    registration.save()
    assert find_by_unsubscribe_link(token) == message
    message.registration.delete()
    assert find_by_unsubscribe_link(token) == message


def test_only_a_new_key_ends_it(message, settings):
    token = token_of(message)
    old = settings.LINK_KEY
    settings.LINK_KEY = "another key"
    assert find_by_unsubscribe_link(token) is None
    settings.LINK_KEYS_OLD = [old]
    assert find_by_unsubscribe_link(token) == message
    assert token_of(message) != token


def test_who_had_the_mail_before_opens_nothing_of_who_gets_it_now(message):
    token = token_of(message)
    Message.objects.filter(pk=message.pk).update(to_email="somebody.else@example.org")
    assert find_by_unsubscribe_link(token) is None


def test_the_token_of_one_message_opens_no_other(message):
    other = MessageFactory(kind=MessageKind.REMINDER, to_email=message.to_email)
    mine, theirs = token_of(message), token_of(other)
    for mixed in (mine[:22] + theirs[22:], theirs[:22] + mine[22:]):
        assert find_by_unsubscribe_link(mixed) is None
    # A key for something else, or of the row's number, is none here.
    for purpose in ("manage", "unsubscribe"):
        wrong = mine[:22] + link_token(purpose, message.pk, 1)
        assert find_by_unsubscribe_link(wrong) is None
    assert manage_path(message.registration).split("/")[3] not in mine


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=60), at=st.integers(0, 48), char=st.sampled_from("AZaz09_-"))
def test_no_other_text_opens_it(message, text, at, char):
    token = token_of(message)
    assert find_by_unsubscribe_link(text) is None
    changed = token[:at] + char + token[at + 1 :]
    assert (find_by_unsubscribe_link(changed) is not None) == (changed == token)
    assert find_by_unsubscribe_link(token + text) is None or not text


@pytest.mark.parametrize("kind", list(KINDS))
def test_optional_mails_have_the_headers_and_the_others_have_none(kind, settings):
    settings.BASE_URL = "https://events.example.org"
    settings.MAIL_HOST = "events.example.org"
    conference = conference_in(slug="forum", organisation__slug="institute")
    message = MessageFactory(kind=kind, registration=guests_of(conference)[0])
    if kind in ABOUT_AN_INVITATION:
        invitation = SentInvitationFactory(registration_type__conference=conference)
        message.registration = None
        message.invitation, message.person = invitation, invitation.person
    if kind in ABOUT_SPEAKING:
        message.registration = None
        message.participation = ParticipationFactory(session__conference=conference)
        message.person = message.participation.person
    if kind in ABOUT_A_QUOTE:
        quote = QuoteFactory(outcome__conference=conference, asked=True)
        message.registration = None
        message.facts, message.person = facts_of_asking(quote), quote.person
    if kind == "test":
        message.template = "reminder"
        message.facts = facts_of(delivered("reminder", "en"), "")
    content = render(message)
    raw = compose(message, content).raw
    found = message_from_bytes(raw, policy=policy.default)
    names = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
    address = f"https://events.example.org{unsubscribe_path(message)}"
    if not KINDS[kind].optional and not KINDS[kind].listed:
        assert [found[name] for name in names] == [None, None, None]
        assert "/u/" not in content.text + content.html
        return
    head = raw.split(b"\r\n\r\n")[0].decode().split("\r\n")
    assert [line for line in head if line.startswith("List-")] == [
        "List-Id: <forum.institute.events.example.org>",
        f"List-Unsubscribe: <{address}>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ]
    assert content.text.count(address) == 1
    assert content.html.count(f'href="{address}"') == 1
    assert set(list_headers(message, address)) == set(names)
