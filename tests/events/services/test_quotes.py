"""Quotes: shown when the very words are approved, and asked about anew when they change."""

from __future__ import annotations

import pytest

from events.models import Quote
from events.services import quote_answers as answers
from events.services.outcomes import save_outcome
from events.services.quotes import change_quote, create_quote, delete_quote
from events.signals import QuoteChanged
from tests.factories.events import (
    OutcomeFactory,
    ParticipationFactory,
    PersonFactory,
    QuoteFactory,
    SessionFactory,
)


@pytest.fixture
def outcome(conference):
    return OutcomeFactory(conference=conference)


@pytest.fixture
def session(conference):
    return SessionFactory(conference=conference)


@pytest.fixture
def person(session):
    email = "ana@example.org"
    return ParticipationFactory(session=session, person__email=email).person


@pytest.fixture
def quote(outcome, person, session, actor):
    return create_quote(
        conference=outcome.conference,
        person=person,
        session=session,
        text={"en": "Rivers join.", "ru": "Реки соединяют."},
        actor=actor,
    )


def answer(quote, what, actor, **more):
    given = {"via": "link", "expected": quote.version, "by_quoted": True, **more}
    return answers.answer_quote(quote=quote, answer=what, actor=actor, **given)


def test_a_quote_is_asked_about_and_approved_as_it_is_read(quote, actor, heard, audited):
    assert (quote.state, quote.by_name, quote.order) == ("draft", True, 0)
    asked = answers.ask_quote(quote=quote, expected=1, actor=actor)
    assert (asked.state, asked.asked_at is not None, asked.version) == ("asked", True, 2)
    heard.clear()
    row = answer(asked, "approve", actor, answered_name="Iva", via="assistant")
    assert (row.state, row.by_name) == ("approved", True)
    assert (row.answered_via, row.answered_name) == ("assistant", "Iva")
    assert heard == [QuoteChanged(quote.outcome.conference_id, (quote.code,), "answered")]
    facts = {"from": "asked", "to": "approved", "via": "assistant"}
    assert audited() == ("answer_quote", ["state"], facts)


def test_an_approval_of_other_words_than_were_read_is_none(quote, actor, refused):
    asked = answers.ask_quote(quote=quote, expected=None, actor=actor)
    Quote.objects.filter(pk=quote.pk).update(version=7)
    with refused("stale", quote):
        answer(asked, "approve", actor)


@pytest.mark.parametrize("state", ["approve", "refuse", "words"])
def test_other_words_need_approval_anew(quote, actor, state, heard):
    row = answers.ask_quote(quote=quote, expected=None, actor=actor)
    row = answer(row, state, actor, proposal={"en": "Rivers part.", "ru": ""})
    heard.clear()
    row = change_quote(quote=row, changes={"text": {"en": "New."}}, expected=None, actor=actor)
    assert (row.state, row.answered_at, row.answered_via, row.proposal) == ("draft", None, "", {})
    assert [event.verb for event in heard] == ["taken_back"]


def test_the_same_words_and_another_place_keep_the_answer(quote, actor, outcome):
    QuoteFactory(outcome=outcome, order=1)
    row = answers.ask_quote(quote=quote, expected=None, actor=actor)
    row = answer(row, "approve", actor)
    changes = {"text": dict(row.text), "order": 1}
    row = change_quote(quote=row, changes=changes, expected=None, actor=actor)
    assert (row.state, row.order) == ("approved", 1)


def test_proposed_words_are_taken_over_with_one_press(quote, actor):
    row = answers.ask_quote(quote=quote, expected=None, actor=actor)
    row = answer(row, "words", actor, proposal={"en": "Rivers part."}, comment="Sorry")
    assert (row.state, row.comment) == ("proposed", "Sorry")
    assert row.proposal == {"en": "Rivers part.", "ru": "Реки соединяют."}
    row = answers.accept_proposal(quote=row, expected=row.version, actor=actor)
    assert (row.state, row.proposal) == ("approved", {})
    assert row.text == {"en": "Rivers part.", "ru": "Реки соединяют."}
    assert row.answered_via == "link"


def test_other_words_that_are_the_same_are_an_approval(quote, actor):
    row = answers.ask_quote(quote=quote, expected=None, actor=actor)
    row = answer(row, "words", actor, proposal={"en": "Rivers join.", "ru": ""})
    assert row.state == "approved"


def test_a_mind_may_change_and_a_withdrawn_quote_asks_nobody(quote, actor, refused):
    with refused("wrong-state", quote):
        answer(quote, "approve", actor)
    row = answers.ask_quote(quote=quote, expected=None, actor=actor)
    row = answer(row, "approve", actor)
    with refused("wrong-state", quote):
        answers.ask_quote(quote=row, expected=None, actor=actor)
    row = answer(row, "refuse", actor)
    assert row.state == "refused"
    row = answers.withdraw_quote(quote=row, expected=None, actor=actor)
    assert (row.state, row.asked_at) == ("draft", None)
    with refused("wrong-state", quote):
        answers.withdraw_quote(quote=row, expected=None, actor=actor)
    with refused("wrong-state", quote):
        answers.accept_proposal(quote=row, expected=None, actor=actor)


def test_where_the_chatham_house_rule_holds_a_name_needs_its_own_yes(quote, session, actor):
    session.attribution = "chatham_house"
    session.save()
    row = change_quote(quote=quote, changes={"text": {"en": "So."}}, expected=None, actor=actor)
    assert row.by_name is False
    row = answers.ask_quote(quote=row, expected=None, actor=actor)
    assert answer(row, "approve", actor).by_name is False
    row.refresh_from_db()
    assert answer(row, "approve", actor, by_name=True).by_name is True


def test_a_closed_session_is_not_quoted(outcome, session, person, quote, actor, refused):
    row = answers.ask_quote(quote=quote, expected=None, actor=actor)
    session.attribution = "closed"
    session.save()
    conference = outcome.conference
    for pointer, said_in in (("/session", session), ("/person", None)):
        with refused("validation-failed", outcome, pointer=pointer, code="closed"):
            create_quote(
                conference=conference,
                person=person,
                session=said_in,
                text={"en": "x"},
                actor=actor,
            )
    with refused("wrong-state", quote):
        answer(row, "approve", actor)
    with refused("wrong-state", quote):
        answers.ask_quote(quote=row, expected=None, actor=actor)


def test_only_people_sessions_and_languages_of_the_house(outcome, conference, actor, refused):
    own = PersonFactory(organisation=conference.organisation)
    for wrong, pointer in (
        ({"person": PersonFactory()}, "/person"),
        ({"session": SessionFactory()}, "/session"),
        ({"text": {"ru": "x"}}, "/text"),
        ({"text": {"en": "x" * 2001}}, "/text"),
    ):
        given = {"person": own, "text": {"en": "x"}, **wrong}
        with refused("validation-failed", outcome, pointer=pointer):
            create_quote(conference=conference, actor=actor, **given)


def test_who_has_no_address_is_not_asked(quote, person, actor, refused):
    person.email = ""
    person.save()
    with refused("wrong-state", quote):
        answers.ask_quote(quote=quote, expected=None, actor=actor)
    row = answer(quote, "approve", actor, via="phone", by_quoted=False)
    assert row.state == "approved"


def test_another_person_gets_a_link_of_their_own(quote, conference, actor):
    other = PersonFactory(organisation=conference.organisation)
    row = change_quote(quote=quote, changes={"person": other}, expected=None, actor=actor)
    assert row.link_generation == 2
    row = answers.revoke_quote_link(quote=row, expected=None, actor=actor)
    assert row.link_generation == 3


def test_a_quote_that_goes_lets_the_others_move_up(quote, outcome, actor, conference):
    second = QuoteFactory(outcome=outcome, order=1)
    delete_quote(quote=quote, expected=None, actor=actor)
    second.refresh_from_db()
    assert (list(outcome.quotes.all()), second.order) == ([second], 0)
    before = outcome.version
    outcome.refresh_from_db()
    assert outcome.version > before
    saved = save_outcome(
        conference=conference,
        headline={"en": "Still"},
        summary={},
        outlook={},
        actor=actor,
        expected=None,
    )
    assert saved.quotes.count() == 1
