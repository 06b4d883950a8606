"""Names that strangers type: shown as typed, and nothing else (C8, C9, S13, S14, S15)."""

from __future__ import annotations

import email
import email.policy
import re
import unicodedata
from html.parser import HTMLParser

import pytest
from django.core.mail import EmailMultiAlternatives
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from notifications.services.calendar import calendar_entry
from notifications.services.rendering import SUBJECT_LENGTH, render
from notifications.services.texts import templates
from notifications.services.values import html, line, lines, name, paragraphs
from tests.notifications.mailroom import Mailroom, furnish

EVIL = [
    "[Pay](https://evil.example)",
    "https://evil.example/pay",
    "evil.example",
    "www.evil.example",
    "http:evil.example",
    "//evil.example",
    "mailto:thief@evil.example",
    "thief@evil.example",
    "<a href=https://evil.example>Pay</a>",
    "<https://evil.example>",
    "![x](https://evil.example/x.png)",
    "javascript:alert(1)",
    "Зайди на evil.example сейчас",
    "ｈｔｔｐｓ：//evil.example",
    'x" style="background:url(https://evil.example)',
]
TEMPLATE_TRICKS = [
    "{title}",
    "{title.__init__.__globals__}",
    "{{7*7}}",
    "{% load static %}",
    "{x!r}",
    "{x:>999999999}",
    "%s %(title)s",
    "xPH00x",
    "⟦manage:1⟧",
]
HEADER_TRICKS = [
    "Ana\r\nBcc: all@example.org",
    "Ana\nSubject: other",
    "Ana\r\n\r\nbody",
    "Ana\x00Petrović",
    "Ana\u2028Bcc: x",
    "Ana\u2029Bcc: x",
    "Ana\x85Bcc: x",
    "Ana\x0b\x0c\x1c\x1d\x1eBcc: x",
    "=?utf-8?b?QmNjOiBhbGxAZXhhbXBsZS5vcmc=?=",
    "=?utf-8?q?=0d=0aBcc:_x?=",
    "\u202eevissecorp",
    "Ana\u2066\u2069",
    "Ana;ATTACH:https://evil.example",
    "BEGIN:VEVENT",
    'O’Brien, "Jr."; X-Y=1',
    "Ana\\, Petrović\\n",
]
# What mail programs make links of: a scheme, www, a host with a known end, an address.
LINKIFIED = re.compile(
    r"(?i)\b(?:https?:|ftp:|//)\S*evil|www\.\S*evil|\bevil\.example|\S@\S*evil|mailto:\S*evil"
)
NAMES = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.characters(categories=["L", "M", "Zs", "P"]), max_size=60),
    st.sampled_from(EVIL + TEMPLATE_TRICKS + HEADER_TRICKS),
    st.tuples(st.sampled_from(["Ана", "Zoë", "محمد", "שרה", "李", "Ñ"]), st.text(max_size=10)).map(
        "".join
    ),
)


class Links(HTMLParser):
    """Collects every address that a page would open or load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        assert not any(key.startswith("on") for key, _ in attrs)
        self.found += [value or "" for key, value in attrs if key in {"href", "src", "action"}]

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def room(django_db_setup, django_db_blocker) -> Mailroom:
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        yield furnish()
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def renamed(room: Mailroom, given_name: str, family_name: str = "") -> Mailroom:
    for one in (room.registration, room.invitation.person, room.moderator):
        one.given_name, one.family_name, one.honorific = given_name, family_name, ""
    return room


@pytest.mark.parametrize("template", templates())
@pytest.mark.parametrize("typed", EVIL)
def test_a_name_that_would_be_a_link_is_plain_words_in_every_part(room, typed, template):
    mail = render(renamed(room, typed).message(template))
    page = Links(mail.html)
    own = ("http://testserver/", "mailto:desk@example.org", "tel:", "cid:ticket@lectern")
    assert [link for link in page.found if not link.startswith(own)] == []
    # No mail program reads a link on over a zero-width space.
    for words in (mail.text, *page.words):
        assert not LINKIFIED.search(words.replace("\u200b", " "))
    assert "evil" not in mail.subject
    shown = mail.text.replace("\u200b", "")
    assert line(typed) in shown


@pytest.mark.parametrize("typed", TEMPLATE_TRICKS)
def test_a_name_is_never_formatted_or_filled_a_second_time(room, typed):
    mail = render(renamed(room, typed).message("confirmation"))
    shown = typed.replace("⟦", "[").replace("⟧", "]")
    assert f"Dear {shown}," in mail.text.replace("\u200b", "")
    assert f"Dear {html(shown)}," in mail.html.replace("\u200b", "")


@pytest.mark.parametrize("typed", HEADER_TRICKS)
@pytest.mark.parametrize("column", ["given_name", "title", "organisation", "venue", "contact"])
def test_nothing_typed_adds_a_header_a_recipient_or_a_calendar_line(db, typed, column):
    room = furnish()
    plain = render(room.message("confirmation"))
    if column == "given_name":
        renamed(room, typed, typed)
    elif column == "title":
        room.conference.title = {"en": typed}
    elif column == "organisation":
        room.conference.organisation.name = typed
    elif column == "contact":
        room.conference.contact_name = typed
    else:
        room.conference.conference_venues.update()
        link = room.conference.conference_venues.get()
        # Read back from the database, and PostgreSQL holds no NUL in a JSON text.
        link.venue.name = {"en": typed.replace("\x00", "")}
        link.venue.save()
    room.conference.version += 1
    mail = render(room.message("confirmation"))
    assert set(mail.headers) == set(plain.headers)
    assert len(mail.subject.splitlines()) <= 1
    entry = Calendar.from_ical(mail.attachments[1].content)
    assert [part.name for part in entry.walk()].count("VEVENT") == 1
    assert [key for key, _ in entry.events[0].property_items()] == [
        key
        for key, _ in Calendar.from_ical(plain.attachments[1].content).events[0].property_items()
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(given_name=NAMES, family_name=NAMES)
def test_any_name_makes_one_greeting_in_a_mail_of_the_same_shape(room, given_name, family_name):
    mail = render(renamed(room, given_name, family_name).message("confirmation"))
    greeting = mail.text.split("\n")[2]
    assert greeting.endswith(",")
    assert mail.text.count("\n") == 26
    assert all(unicodedata.category(char) != "Cc" for char in greeting)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", greeting)
    page = Links(mail.html)
    assert len(page.found) == 4
    message = EmailMultiAlternatives(
        mail.subject, mail.text, "desk@example.org", ["ana@example.org"], headers=dict(mail.headers)
    )
    message.attach_alternative(mail.html, "text/html")
    parsed = email.message_from_bytes(message.message().as_bytes(), policy=email.policy.default)
    assert sorted(parsed.keys()) == sorted(
        [
            *("Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID"),
            *("Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language"),
        ]
    )
    assert message.recipients() == ["ana@example.org"]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(title=NAMES, place=NAMES, who=NAMES)
@example(title="Forum", place="Hall", who="Institute \\")
def test_any_text_makes_one_calendar_entry_of_exact_lines(room, title, place, who):
    facts = {
        "title": line(title),
        "place": lines((place, title)),
        "organisation": line(who),
        "entrance": paragraphs(place),
        "contact_email": "desk@example.org",
        "manage_url": "http://testserver/r/CODE/TOKEN/",
        "conference_url": "http://testserver/institute/forum/",
    }
    raw = calendar_entry(
        method="PUBLISH",
        conference=room.conference,
        registration=room.registration,
        sequence=3,
        facts=facts,
    )
    assert all(len(row) <= 75 for row in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    unfolded = raw.replace(b"\r\n ", b"").split(b"\r\n")
    names = [re.split(rb"[:;]", row, maxsplit=1)[0].decode() for row in unfolded]
    place_row = ["LOCATION"] if facts["place"] else []
    assert names[unfolded.index(b"BEGIN:VEVENT") :] == [
        *("BEGIN", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "DESCRIPTION"),
        *place_row,
        *("ORGANIZER", "STATUS", "URL", "END", "END", ""),
    ]
    entry = Calendar.from_ical(raw).events[0]
    assert str(entry["SUMMARY"]) == facts["title"]
    assert str(entry["ORGANIZER"]) == "mailto:desk@example.org"


def test_a_very_long_subject_is_cut(db):
    room = furnish()
    room.conference.title = {"en": "Š" * 1000}
    room.conference.version += 1
    subject = render(room.message("reminder")).subject
    assert len(subject) == SUBJECT_LENGTH
    assert subject.endswith("Š…")


def test_plain_names_are_left_alone():
    for typed in ("Ana", "J. R. R. Tolkien", "Prof. Dr. Šćepan", "O’Brien-Smith", "d'Arc, Jr."):
        assert name(typed) == typed
    assert name("  Ana \t Petrović ") == "Ana Petrović"
    assert lines(("a", "", None, "b\nc")) == "a\nb c"
    assert paragraphs("one\r\n\r\n two \u2028three") == "one\ntwo\nthree"
    assert html('<a & "b">\nc') == "&lt;a &amp; &quot;b&quot;&gt;<br>\nc"
