"""Own texts: who may have which, which one holds, and what a change does at once."""

from __future__ import annotations

import re

import pytest
from django.db import IntegrityError, transaction

from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from notifications.models import MailTemplate
from notifications.services.delivery import send_due_messages
from notifications.services.listing import entries, entry
from notifications.services.mail_templates import (
    add_mail_template,
    reset_mail_template,
    set_mail_template,
)
from notifications.services.markup import TextError
from notifications.services.own_texts import PARTS, Level, held, own_slugs, text_for
from notifications.services.rendering import RenderingError, render
from notifications.services.rules import create_reminder_rule, rule_templates
from notifications.services.texts import load
from registrations.services.links import manage_url
from tests.factories.accounts import OrganisationFactory
from tests.factories.events import ConferenceFactory
from tests.factories.notifications import MailTemplateFactory, MessageFactory

pytestmark = pytest.mark.django_db
OWN = "press-briefing"


@pytest.fixture
def here(room):
    return Level(room.conference.organisation, room.conference)


@pytest.fixture
def wide(room):
    return Level(room.conference.organisation)


def write(level, template="reminder", language="en", expected=None, **values):
    return set_mail_template(
        level=level,
        template=template,
        language=language,
        values=values,
        expected=expected,
        actor=SYSTEM,
    )


def reset(level, template="reminder", language="en", expected=None):
    reset_mail_template(
        level=level, template=template, language=language, expected=expected, actor=SYSTEM
    )


def subject(room, language="en", template="reminder"):
    """Return the subject of a mail whose conference has just been read, as senders do."""
    room.conference.refresh_from_db()
    return render(room.message(template, language)).subject


def refused(call):
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value.kind, [(e.pointer, e.code) for e in caught.value.errors]


def test_the_conferences_text_wins_over_the_organisations_and_that_one_over_the_delivered(
    room, here, wide
):
    first = subject(room)
    assert first == "Thursday, 18 March, 10:00: Rivers and borders"
    write(wide, subject="House: {title}")
    assert subject(room) == "House: Rivers and borders"
    write(here, subject="Here: {title}")
    assert subject(room) == "Here: Rivers and borders"
    other = ConferenceFactory(organisation=room.conference.organisation)
    assert text_for(other, "reminder", "en").subject.startswith("House")
    reset(here)
    assert subject(room) == "House: Rivers and borders"
    reset(wide)
    assert subject(room) == first


def test_what_is_not_named_stays_as_the_text_that_holds_has_it(here, wide):
    write(wide, subject="House: {title}")
    row = write(here, title="Soon")
    built_in = load("reminder", "en")
    assert (row.subject, row.title) == ("House: {title}", "Soon")
    assert row.facts == list(built_in.facts)
    assert row.button_url == built_in.button_url
    assert row.body.startswith("{greeting}")


def test_the_readers_language_comes_before_the_level(room, here, wide):
    write(here, subject="Here: {title}")
    write(wide, language="ru", subject="Дом: {title}")
    assert subject(room, "ru") == "Дом: Реки и границы"
    assert subject(room, "sr-Latn") == "Četvrtak, 18. mart, u 10:00: Reke i granice"
    assert subject(room, "de") == "Here: Rivers and borders"


def test_a_text_of_ones_own_is_read_in_the_first_language_that_it_has(room, here):
    MailTemplateFactory(conference=room.conference, slug=OWN, language="ru", subject="Наше")
    mail = render(_own(room, "en"))
    assert (mail.subject, mail.headers["Content-Language"]) == ("Наше", "ru")
    assert "Здравствуйте, Ana Petrović." in mail.text
    write(here, OWN, "sr-Latn", subject="Naše", preheader="a", title="b", reason="c", body="d")
    assert render(_own(room, "en")).subject == "Naše"
    assert render(_own(room, "ru")).subject == "Наше"


def _own(room, language):
    room.conference.refresh_from_db()
    message = room.message("reminder", language)
    message.template = OWN
    return message


def test_a_text_that_nobody_has_written_can_not_be_sent(room):
    with pytest.raises(RenderingError, match="There is no text called “press-briefing”"):
        render(_own(room, "en"))
    with pytest.raises(TextError):
        text_for(room.conference, OWN, "en")


def test_a_thousand_mails_read_the_own_texts_once(room, here, django_assert_num_queries):
    write(here, subject="Here: {title}")
    room.conference.refresh_from_db()
    message = room.message("reminder")
    render(message)
    with django_assert_num_queries(0):
        for _ in range(20):
            assert render(message).subject == "Here: Rivers and borders"


def test_mails_that_wait_go_out_in_the_new_words(here, room, transport):
    row = MessageFactory(registration=room.registration)
    write(here, "confirmation", subject="Come: {title}")
    send_due_messages()
    row.refresh_from_db()
    assert row.rendered.subject == "Come: Rivers and borders"
    again = MessageFactory(registration=room.registration)
    write(here, "confirmation", subject="Do come: {title}")
    send_due_messages()
    assert again.rendered.subject == "Do come: Rivers and borders"


def test_another_house_notices_nothing(room, wide):
    other = ConferenceFactory()
    write(wide, subject="House: {title}")
    write(Level(wide.organisation), OWN, **_words())
    assert not text_for(other, "reminder", "en").subject.startswith("House")
    assert own_slugs(other) == ()
    assert held(Level(other.organisation, other), OWN) == {}


def _words():
    return {"subject": "a", "preheader": "b", "title": "c", "reason": "d", "body": "e"}


def test_versions_count_from_none_and_an_old_one_is_refused(here):
    assert refused(lambda: write(here, expected=1, subject="x")) == ("stale", [])
    assert write(here, expected=0, subject="x").version == 1
    assert refused(lambda: write(here, expected=0, subject="y")) == ("stale", [])
    assert write(here, expected=1, subject="y").version == 2
    assert write(here, expected=2, subject="y").version == 2
    assert refused(lambda: reset(here, expected=1)) == ("stale", [])
    reset(here, expected=2)
    assert refused(lambda: reset(here)) == ("not-found", [])
    assert not MailTemplate.objects.exists()


def test_deeds_are_written_down_without_the_words(here):
    write(here, subject="Secret words")
    write(here, title="Other")
    reset(here)
    entries = AuditEntry.objects.filter(object_type="notifications.mailtemplate").order_by("pk")
    assert [(e.verb, e.changed) for e in entries] == [
        ("set_mail_template", sorted(PARTS)),
        ("set_mail_template", ["title"]),
        ("reset_mail_template", []),
    ]
    assert entries[0].facts == {"text": "reminder", "language": "en"}


@pytest.mark.parametrize(
    ("template", "language", "values", "errors"),
    [
        ("reminder", "de", {}, [("/language", "language")]),
        ("Not A Slug", "en", {}, [("/template", "slug")]),
        ("ab", "en", _words(), [("/template", "slug")]),
        (OWN, "en", {"subject": "x"}, [(f"/{n}", "required") for n in _words() if n != "subject"]),
        ("reminder", "en", {"colour": "red"}, [("/colour", "unknown")]),
        ("reminder", "en", {"subject": ""}, [("/subject", "required")]),
        ("reminder", "en", {"subject": "a\x07b"}, [("/subject", "control-character")]),
        ("reminder", "en", {"body": " \n "}, [("/body", "required")]),
        ("reminder", "en", {"body": "x" * 8001}, [("/body", "too-long")]),
        ("reminder", "en", {"facts": "when"}, [("/facts", "invalid")]),
        ("reminder", "en", {"facts": ["when", 5]}, [("/facts", "invalid")]),
        ("reminder", "en", {"reason": "\n"}, [("/reason", "required")]),
        ("reminder", "en", {"body": "{event.x}"}, [("/body", "placeholder")]),
        ("confirmation", "en", {"body": "{sessions}"}, [("/body", "placeholder")]),
    ],
)
def test_what_can_not_be_is_refused_and_leaves_no_trace(here, template, language, values, errors):
    assert refused(lambda: write(here, template, language, **values)) == (
        "validation-failed",
        errors,
    )
    assert not MailTemplate.objects.exists()
    assert not AuditEntry.objects.filter(verb="set_mail_template").exists()


def test_the_database_keeps_one_text_a_level_language_and_name(room):
    organisation = room.conference.organisation
    for conference in (room.conference, None):
        fields = {"organisation": organisation, "conference": conference}
        MailTemplateFactory(**fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            MailTemplateFactory(**fields)
    for wrong in ({"subject": ""}, {"body": ""}, {"button_label": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MailTemplateFactory(conference=room.conference, language="ru", **wrong)


def test_rules_choose_among_the_conferences_own_texts_too(room, here, wide):
    row = add_mail_template(
        level=wide, name="Press briefing", language="en", start_from="practical", actor=SYSTEM
    )
    assert (row.slug, row.subject) == (OWN, "Before you come: {title}, {short_date}")
    add_mail_template(level=here, name="Позив", language="ru", start_from="reminder", actor=SYSTEM)
    assert own_slugs(room.conference) == ("poziv", OWN)
    assert rule_templates(room.conference) == (*rule_templates(), "poziv", OWN)
    other = ConferenceFactory(organisation=wide.organisation)
    assert own_slugs(other) == (OWN,)
    values = {
        "name": "Press",
        "audience": "attendees",
        "anchor": "conference_start",
        "offset": "-P2D",
    }
    rule = create_reminder_rule(
        conference=room.conference, values={**values, "template": OWN}, actor=SYSTEM
    )
    assert rule.template == OWN
    assert refused(
        lambda: create_reminder_rule(
            conference=other, values={**values, "template": "poziv"}, actor=SYSTEM
        )
    ) == ("validation-failed", [("/template", "choice")])


@pytest.mark.parametrize(
    ("name", "code"),
    [("Press briefing", "taken"), ("press  BRIEFING", "taken"), ("!!", "slug"), ("Re", "slug")],
)
def test_a_name_is_taken_once_and_has_letters(here, name, code):
    write(here, OWN, **_words())
    assert refused(
        lambda: add_mail_template(
            level=here, name=name, language="en", start_from="reminder", actor=SYSTEM
        )
    ) == ("validation-failed", [("/name", code)])


def test_the_name_of_a_delivered_text_is_taken(here):
    for name in ("Reminder", "Changed time"):
        assert refused(
            lambda name=name: add_mail_template(
                level=here, name=name, language="en", start_from="reminder", actor=SYSTEM
            )
        ) == ("validation-failed", [("/name", "taken")])


def test_the_last_text_that_a_rule_or_a_waiting_mail_names_stays(room, here, wide):
    write(wide, OWN, **_words())
    rule = room.conference.reminder_rules.create(
        name="x", audience="attendees", anchor="conference_start", offset="-P1D", template=OWN
    )
    assert refused(lambda: reset(wide, OWN)) == ("in-use", [])
    write(here, OWN, "ru", **_words())
    reset(wide, OWN)
    assert refused(lambda: reset(here, OWN, "ru")) == ("in-use", [])
    write(here, OWN, **_words())
    reset(here, OWN, "ru")
    rule.delete()
    message = MessageFactory(registration=room.registration, kind="reminder", template=OWN)
    assert refused(lambda: reset(here, OWN)) == ("in-use", [])
    message.delete()
    reset(here, OWN)
    assert own_slugs(room.conference) == ()


def test_a_delivered_text_can_always_be_taken_back(room, here):
    write(here)
    room.conference.reminder_rules.create(
        name="x", audience="attendees", anchor="conference_start", offset="-P1D",
        template="reminder",
    )  # fmt: skip
    reset(here)


@pytest.mark.parametrize(
    "name",
    [
        "[Pay](https://evil.example)",
        "https://evil.example/x",
        "www.evil.example",
        "<a href='https://evil.example'>Ana</a>",
        "{manage_url} {title.__class__}",
        "xPH00x xPH33x",
        "⟦manage:1⟧",
    ],
)
def test_a_strangers_name_is_never_a_link_nor_looked_into_in_own_words(room, here, name):
    write(here, body="**{greeting}** [{greeting}](https://host.example/) *{greeting}*")
    room.conference.refresh_from_db()
    plain = render(room.message("reminder"))
    room.registration.given_name = name
    mail = render(room.message("reminder"))
    assert "evil.example" not in mail.text + mail.html
    assert re.findall(r'href="[^"]*"', mail.html) == re.findall(r'href="[^"]*"', plain.html)
    assert mail.html.count("<a ") == plain.html.count("<a ")
    # Nothing in the name was taken for a placeholder.
    assert mail.text.count("Rivers and borders") == plain.text.count("Rivers and borders")
    assert mail.text.count(manage_url(room.registration)) == 1


def test_levels_speak_the_languages_of_their_readers(room):
    assert Level(room.conference.organisation, room.conference).languages == (
        "en",
        "sr-Latn",
        "sr-Cyrl",
        "ru",
    )
    assert Level(OrganisationFactory(languages=[])).languages == ("en",)


def test_the_frame_of_announcements_is_nobodys_own_text():
    """Its words are each announcement's, so a text in its place would say nothing."""
    level = Level(OrganisationFactory())
    assert held(level, "announcement") == {}
    assert entry(level, "announcement") is None
    assert "announcement" not in {one.slug for one in entries(level)}
    with pytest.raises(DomainError) as caught:
        set_mail_template(
            level=level,
            template="announcement",
            language="en",
            values={"subject": "Ours"},
            expected=None,
            actor=SYSTEM,
        )
    assert [(e.pointer, e.code) for e in caught.value.errors] == [("/template", "unknown")]
