"""The page on which somebody approves a quote: read as often as one likes, answered by a press."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from events.models import Quote
from events.services.quote_answers import ask_quote, revoke_quote_link, withdraw_quote
from events.services.quote_links import quote_path
from tests.events.views.reading import HOSTILE, html_of, text_of
from tests.factories.events import OutcomeFactory, QuoteFactory


@pytest.fixture
def quote(stage):
    row = QuoteFactory(
        outcome=OutcomeFactory(conference=stage.conference),
        person=stage.panellist.person,
        session=stage.panellist.session,
        text={"en": "Rivers join.", "sr-Latn": "Reke spajaju."},
    )
    row.person.email = "petar@example.org"
    row.person.save()
    return ask_quote(quote=row, expected=None, actor=SYSTEM)


@pytest.fixture
def press(quote, client_as):
    def send(answer, **more):
        data = {"answer": answer, "version": quote.version, **more}
        return client_as().post(quote_path(quote), data)

    return send


def now(quote):
    return Quote.objects.get(pk=quote.pk)


def test_it_shows_the_words_in_all_their_languages_and_changes_nothing(quote, client_as):
    response = client_as().get(quote_path(quote))
    page = text_of(response)
    assert "May we quote you?" in page
    assert "Rivers join." in page
    assert "Reke spajaju." in page
    assert "You may say that I said it" not in page
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert client_as().head(quote_path(quote)).status_code == 200
    assert now(quote).version == quote.version
    assert now(quote).state == "asked"


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ("approve", "approved", "Thank you, you have approved this"),
        ("refuse", "refused", "Thank you, this is not shown"),
    ],
)
def test_one_press_answers(quote, press, client_as, answer, state, words):
    response = press(answer)
    assert (response.status_code, response["Location"]) == (302, quote_path(quote))
    row = now(quote)
    assert (row.state, row.answered_via, row.answered_name) == (state, "link", "")
    assert words in text_of(client_as().get(quote_path(quote)))


def test_an_assistant_proposes_other_words(quote, press, client_as):
    words = {"words_en": "Rivers part.", "words_sr_Latn": "Reke razdvajaju."}
    press("words", answered_by="Iva Marić", comment="Shorter, please", **words)
    row = now(quote)
    assert (row.state, row.answered_via, row.answered_name) == (
        "proposed",
        "assistant",
        "Iva Marić",
    )
    assert row.proposal == {"en": "Rivers part.", "sr-Latn": "Reke razdvajaju."}
    assert (row.text["en"], row.comment) == ("Rivers join.", "Shorter, please")
    assert "Answered by Iva Marić." in text_of(client_as().get(quote_path(quote)))


def test_the_chatham_house_rule_asks_for_the_name(quote, stage, press, client_as):
    session = stage.panellist.session
    session.attribution = "chatham_house"
    session.save()
    assert "You may say that I said it" in text_of(client_as().get(quote_path(quote)))
    press("approve")
    assert now(quote).by_name is False
    client_as().post(
        quote_path(quote), {"answer": "approve", "version": now(quote).version, "by_name": "on"}
    )
    assert now(quote).by_name is True


def test_words_that_changed_meanwhile_are_read_once_more(quote, press):
    Quote.objects.filter(pk=quote.pk).update(version=9, text={"en": "Others."})
    response = press("approve")
    assert response.status_code == 412
    assert "Read them once more" in text_of(response)
    assert "Others." in text_of(response)
    assert now(quote).state == "asked"


@pytest.mark.parametrize("answer", ["", "yes", "<script>"])
def test_what_is_no_answer_is_refused(quote, press, answer):
    assert press(answer).status_code == 400
    assert now(quote).state == "asked"


def test_a_link_that_opens_nothing(quote, client_as):
    path = quote_path(quote)
    assert client_as().get(path.replace(quote.code, "ZZZZZZZZZZ")).status_code == 404
    assert client_as().get(f"{path[:-2]}x/").status_code == 404
    assert client_as().delete(path).status_code == 405
    withdraw_quote(quote=quote, expected=None, actor=SYSTEM)
    closed = client_as().get(path)
    assert (closed.status_code, "being worked on" in text_of(closed)) == (200, True)
    assert "Rivers join." not in text_of(closed)
    revoke_quote_link(quote=quote, expected=None, actor=SYSTEM)
    gone = client_as().get(path)
    assert (gone.status_code, "does not open anything" in text_of(gone)) == (410, True)


def test_what_was_said_in_a_closed_session_is_not_shown_here(quote, stage, press):
    session = stage.panellist.session
    session.attribution = "closed"
    session.save()
    response = press("approve")
    assert "closed session" in text_of(response)
    assert now(quote).state == "asked"


def test_hostile_words_are_words(quote, client_as):
    Quote.objects.filter(pk=quote.pk).update(
        text={"en": HOSTILE}, proposal={"en": HOSTILE}, comment=HOSTILE, answered_name=HOSTILE
    )
    assert HOSTILE not in html_of(client_as().get(quote_path(quote)))
