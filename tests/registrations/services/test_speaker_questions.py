"""Guests' questions for those who speak reach the moderator's briefing, without a name."""

from __future__ import annotations

import pytest

from events.services.audience_questions import questions_for
from registrations.models import Answer
from registrations.services.speaker_questions import SLUG
from tests.factories.events import SessionFactory
from tests.factories.registrations import (
    QuestionFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)


@pytest.mark.django_db
def test_those_with_a_place_are_heard_in_the_order_in_which_they_asked(
    organisation, django_assert_num_queries
):
    kind = RegistrationTypeFactory(conference__organisation=organisation)
    question = QuestionFactory(conference=kind.conference, slug=SLUG, kind="long_text")
    other = QuestionFactory(conference=kind.conference, slug="phone", kind="text")
    session = SessionFactory(conference=kind.conference)
    for text, status in (
        ("Who pays?", "confirmed"),
        ("", "confirmed"),
        ("From afar", "waiting_list"),
        ("Why <b>now</b>?", "confirmed"),
    ):
        guest = RegistrationFactory(registration_type=kind, status=status)
        Answer.objects.create(registration=guest, question=question, text=text)
        Answer.objects.create(registration=guest, question=other, text="+381")
    with django_assert_num_queries(1):
        assert questions_for(session) == ("Who pays?", "Why <b>now</b>?")
    elsewhere = SessionFactory(conference__organisation=organisation)
    assert questions_for(elsewhere) == ()
