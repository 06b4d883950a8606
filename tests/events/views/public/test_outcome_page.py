"""The outcome as readers see it: approved words, photos with consent, who may be named."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from core.actors import SYSTEM
from events.services.outcome_publishing import unpublish_outcome
from events.services.quote_answers import answer_quote, withdraw_quote
from tests.events.views.reading import HOSTILE, html_of, text_of
from tests.factories.events import (
    OutcomeFactory,
    OutcomeItemFactory,
    OutcomePhotoFactory,
    QuoteFactory,
)

URL = "/institute/open-forum/outcome/"


@pytest.fixture
def outcome(stage):
    return OutcomeFactory(
        conference=stage.conference,
        published_at=stage.conference.announced_at or stage.conference.ends_at,
        record_note={"en": "Quote us by name."},
        press_name="Mila Jović",
        press_email="press@example.org",
        press_phone="+381 11 555",
    )


def quote_of(outcome, stage, words="Rivers join.", **fields):
    row = QuoteFactory(
        outcome=outcome,
        person=stage.panellist.person,
        session=stage.panellist.session,
        text={"en": words},
        **fields,
    )
    return answer_quote(quote=row, answer="approve", via="phone", expected=None, actor=SYSTEM)


def data_of(response):
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html_of(response))
    return json.loads(found[1])


def test_only_approved_words_are_shown_and_gone_at_once(outcome, stage, client_as):
    QuoteFactory(outcome=outcome, person=stage.panellist.person, text={"en": "Not asked."})
    row = quote_of(outcome, stage)
    page = text_of(client_as().get(URL))
    assert "Rivers join." in page
    assert "Petar Ilić" in page
    assert "Not asked." not in page
    withdraw_quote(quote=row, expected=None, actor=SYSTEM)
    assert "Rivers join." not in text_of(client_as().get(URL))


def test_press_contact_and_how_to_quote(outcome, client_as):
    page = text_of(client_as().get(URL))
    for words in ("Quote us by name.", "Mila Jović", "press@example.org", "+381 11 555"):
        assert words in page


def test_the_chatham_house_rule_names_only_who_said_so(outcome, stage, client_as):
    session = stage.panellist.session
    row = quote_of(outcome, stage)
    session.attribution = "chatham_house"
    session.save()
    row.by_name = False
    row.save()
    said = client_as().get(URL)
    assert "Somebody in the room" in text_of(said)
    assert "creator" not in json.dumps(data_of(said)["hasPart"])
    OutcomeItemFactory(
        outcome=outcome,
        kind="point",
        text={"en": "A point."},
        person=stage.panellist.person,
        session=session,
    )
    page = text_of(client_as().get(URL))
    assert "A point." in page
    assert "Ilić" not in page


def test_of_a_closed_session_nothing_is_shown(outcome, stage, client_as):
    session = stage.panellist.session
    quote_of(outcome, stage)
    OutcomeItemFactory(outcome=outcome, kind="point", text={"en": "A point."}, session=session)
    session.attribution = "closed"
    session.save()
    page = text_of(client_as().get(URL))
    assert "Rivers join." not in page
    assert "A point." not in page


def test_photos_come_in_two_sizes_with_words_and_only_when_shown(outcome, client_as):
    shown = OutcomePhotoFactory(outcome=outcome, public=True, credit="Ana", caption={"en": "Hall"})
    hidden = OutcomePhotoFactory(outcome=outcome)
    page = html_of(client_as().get(URL))
    url = reverse("file", args=[shown.file.uid])
    assert f'src="{url}"' in page
    assert 'alt="Three people."' in page
    assert 'loading="lazy"' in page
    assert "Photo: Ana" in page
    assert str(hidden.file.uid) not in page
    assert f'property="og:image" content="http://testserver{url}"' in page


def test_files_of_photos_open_only_while_they_are_shown(outcome, client_as):
    hidden = OutcomePhotoFactory(outcome=outcome)
    shown = OutcomePhotoFactory(outcome=outcome, public=True)
    address = {row.pk: reverse("file", args=[row.file.uid]) for row in (hidden, shown)}
    for row in (hidden, shown):
        row.file.file.save("", ContentFile(b"x"))
    assert client_as().get(address[hidden.pk]).status_code == 404
    assert client_as().get(address[shown.pk]).status_code == 200
    unpublish_outcome(conference=outcome.conference, expected=None, actor=SYSTEM)
    assert client_as().get(address[shown.pk]).status_code == 404
    assert client_as().get(URL).status_code == 404


def test_it_is_a_report_with_quotations_and_pictures(outcome, stage, client_as):
    quote_of(outcome, stage)
    OutcomePhotoFactory(outcome=outcome, public=True, credit="Ana")
    data = data_of(client_as().get(URL))
    assert (data["@type"], data["headline"]) == ("Report", "What we heard")
    assert data["publisher"]["name"] == outcome.conference.organisation.name
    (part,) = data["hasPart"]
    assert (part["@type"], part["text"]) == ("Quotation", "Rivers join.")
    assert part["creator"]["name"] == "Petar Ilić"
    (image,) = data["image"]
    assert (image["width"], image["creditText"]) == (1600, "Ana")


def test_hostile_words_are_words(outcome, stage, client_as):
    outcome.press_name, outcome.press_phone = HOSTILE, HOSTILE[:40]
    outcome.record_note = {"en": HOSTILE}
    outcome.save()
    quote_of(outcome, stage, HOSTILE)
    OutcomePhotoFactory(
        outcome=outcome, shown=True, consent="given", alt={"en": HOSTILE}, credit=HOSTILE
    )
    assert HOSTILE not in html_of(client_as().get(URL))
