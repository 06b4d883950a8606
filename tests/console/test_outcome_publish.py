"""The page before an outcome is public: whom it tells, and the two buttons."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages

from events.models import Outcome
from tests.events.views.reading import text_of
from tests.factories.events import ConferenceFactory, OutcomeFactory

PAGE = "/manage/institute/{}/outcome/publish/"


@pytest.fixture
def page(organisation, frozen, client_as, owner):
    """The page of a conference that is over, in the owner's browser."""
    frozen("2027-06-01T10:00")
    conference = ConferenceFactory(organisation=organisation, slug="open-forum")
    row = OutcomeFactory(conference=conference, published_at=None)
    return client_as(owner), PAGE.format(conference.slug), row


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_it_says_what_publishing_does_and_publishes_quietly(page):
    client, url, row = page
    assert "Who is told Nobody. Publish" in text_of(client.get(url))
    answer = client.post(url, {"version": row.version, "tell": "no"})
    assert answer.status_code == 302
    assert said(answer) == ["The outcome is public. Nobody is told."]
    assert Outcome.objects.get().published_at is not None


@pytest.mark.parametrize("number", ["", "\u00b2", "x", "9" * 30])
def test_a_number_that_is_none_is_no_fault_and_nobody_is_said_to_be_told_who_is_not(page, number):
    client, url, row = page
    answer = client.post(url, {"version": row.version, "tell": "yes", "telling": number})
    assert answer.status_code == 302
    assert said(answer) == ["The outcome is public. Those whom it concerns are told by mail."]
