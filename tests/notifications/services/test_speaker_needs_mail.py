"""Mails to who speaks: what is still needed, where it is given, and none when nothing is."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import SYSTEM
from events.models import Participation
from events.services.needs import settle_need
from events.services.schedules import publish_schedule
from events.services.speaker_links import speaker_url
from notifications.enums import Audience, MessageState
from notifications.models import Message, RenderedMail
from notifications.services.audience_reasons import Door, Human, why_not_for
from notifications.services.fitness import why_not
from notifications.services.message_reasons import Code, Mail, say_mail
from notifications.services.refusals import Refusal
from notifications.services.rendering import archive, render, reveal
from notifications.services.replanning import plan_rule
from tests.factories.events import ParticipationFactory, SessionFactory
from tests.factories.notifications import ReminderRuleFactory

LANGUAGES = ("en", "sr-Latn", "sr-Cyrl", "ru")


@pytest.fixture
def part(room):
    return Participation.objects.select_related("session__conference", "person").get(
        person=room.moderator
    )


def message(room, part, template="speakers_needs", language="en"):
    columns = {"registration": None, "person": part.person, "participation": part}
    return room.message(template, language, **columns)


@pytest.mark.parametrize(
    ("language", "label", "photo"),
    [
        ("en", "Still needed", "A photo"),
        ("sr-Latn", "Još nam treba", ""),
        ("sr-Cyrl", "Још нам треба", ""),
        ("ru", "Ещё нужно", ""),
    ],
)
def test_what_is_needed_and_where_to_give_it_stand_in_the_mail(room, part, language, label, photo):
    mail = render(message(room, part, language=language))
    assert f"{label}: " in mail.text
    assert photo in mail.text
    assert f"{speaker_url(part)}give/" in mail.text
    assert f"{speaker_url(part)}give/" in mail.html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_briefings_link_stands_in_its_mail(room, part, language):
    mail = render(message(room, part, "briefing", language))
    assert f"{speaker_url(part)}briefing/" in mail.text
    assert f'href="{speaker_url(part)}briefing/"' in mail.html


def test_of_several_sessions_each_thing_stands_with_the_one_that_needs_it(room, part):
    room.conference.speaker_needs = ["photo", "slides"]
    room.conference.save()
    other = SessionFactory(conference=room.conference, title={"en": "Closing [x](http://evil)"})
    ParticipationFactory(session=other, person=part.person)
    text = render(message(room, part)).text
    assert (
        "Still needed: Who owns a river: A photo, Slides\n  Closing [x](http://evil): Slides"
        in text
    )


def test_a_kept_mail_holds_no_link_that_opens_anything(room, part):
    row = message(room, part)
    mail = render(row)
    token = speaker_url(part).rstrip("/").rsplit("/", 1)[1]
    kept = RenderedMail(message=row, **archive(mail))
    assert token not in kept.text + kept.html
    assert reveal(kept, None).text == mail.text
    part.link_generation = 2
    assert reveal(kept, None).text == mail.text


def give_everything(part):
    for kind in ("bio", "photo"):
        settle_need(participation=part, kind=kind, state="waived", actor=SYSTEM)


@pytest.fixture
def rule(room):
    return ReminderRuleFactory(
        conference=room.conference, audience=Audience.SPEAKERS, template="speakers_needs"
    )


def plan(rule):
    plan_rule(rule.pk)
    return list(
        Message.objects.filter(rule=rule, state=MessageState.QUEUED)
        .order_by("to_email")
        .values_list("person", flat=True)
    )


def test_who_has_given_everything_is_not_in_the_audience(room, part, rule):
    give_everything(part)
    assert plan(rule) == list(
        Participation.objects.filter(session=part.session)
        .exclude(pk=part.pk)
        .values_list("person", flat=True)
    )
    human = Human("Radina", person=part.person, roles=[(part.session.code, "moderator")])
    why = why_not_for(human, rule, Door(), room.conference)
    assert why == "Nothing is needed of them any more: they have given everything."


def test_another_text_goes_to_everybody(room, part, rule):
    rule.template = "practical"
    rule.save()
    give_everything(part)
    assert part.person_id in plan(rule)


def test_a_mail_that_waits_does_not_go_after_everything_was_given(part, rule):
    assert part.person_id in plan(rule)
    row = Message.objects.select_related("conference", "person", "participation").get(
        person=part.person
    )
    assert why_not(row) is None
    give_everything(part)
    row.conference.refresh_from_db()
    Message.objects.update(plan_revision=row.conference.plan_revision)
    row.plan_revision = row.conference.plan_revision
    assert why_not(row) is Refusal.ANSWERED
    row.state, row.cancelled_for = "cancelled", "answered"
    said = say_mail(Mail(row), dt.datetime.now(dt.UTC), None)
    assert said == (Code.ANSWERED, "They have given all that was needed of them.")


def test_a_new_session_needs_its_own_slides_once_more(room, part, rule):
    give_everything(part)
    room.conference.speaker_needs = ["slides"]
    room.conference.save()
    publish_schedule(conference=room.conference, name="", actor=SYSTEM)
    assert part.person_id in plan(rule)
