"""Values from outside: stored as they should be, or refused with all that is wrong at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import models

from core import cleaning
from core.cleaning import Wrong, clean
from core.errors import DomainError, FieldError


class Colour(models.TextChoices):
    RED = "red"


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("cleaner", "given", "stored"),
    [
        (cleaning.line(10), "  Ana e\u0301 ", "Ana é"),
        (cleaning.line(10), "", ""),
        (cleaning.paragraphs(), "a\r\nb\tc\n", "a\nb\tc"),
        (cleaning.texts(), {"sr": " Otvaranje ", "en": ""}, {"sr-Latn": "Otvaranje"}),
        (cleaning.known_language, "SR", "sr-Latn"),
        (cleaning.languages, ["en", "sr", "sr-Latn"], ["en", "sr-Latn"]),
        (cleaning.choice(Colour), "red", "red"),
        (cleaning.whole_number(1, 9), 9, 9),
        (cleaning.whole_number(1, 9, required=False), None, None),
        (cleaning.local_time(), "2027-03-28T10:00", dt.datetime(2027, 3, 28, 10)),
        (cleaning.local_time(), dt.datetime(2027, 3, 28, 10, fold=1), dt.datetime(2027, 3, 28, 10)),
        (cleaning.local_time(required=False), "", None),
        (cleaning.instant, "2027-03-28T10:00+02:00", utc(2027, 3, 28, 8)),
        (cleaning.instant, utc(2027, 3, 28, 8), utc(2027, 3, 28, 8)),
        (cleaning.instant, None, None),
        (cleaning.time_zone, "Europe/Belgrade", "Europe/Belgrade"),
        (cleaning.slug(20), "open-forum", "open-forum"),
        (cleaning.web_address, "https://example.org/a?b", "https://example.org/a?b"),
        (cleaning.web_address, "", ""),
        (cleaning.email_address(), "ana@example.org", "ana@example.org"),
        (cleaning.email_address(), "", ""),
        (cleaning.country, "rs", "RS"),
        (cleaning.country, "", ""),
    ],
)
def test_what_can_be_taken(cleaner, given, stored):
    assert cleaner(given) == stored


@pytest.mark.parametrize(
    ("cleaner", "given", "code"),
    [
        (cleaning.line(3), "abcd", "too-long"),
        (cleaning.line(3), 5, "invalid"),
        (cleaning.line(3, required=True), "  ", "required"),
        (cleaning.line(9), "a\nb", "control-character"),
        (cleaning.line(9), "a\x00", "control-character"),
        (cleaning.line(9), "a\ud800", "control-character"),
        (cleaning.line(9), "a\u2028b", "control-character"),
        (cleaning.paragraphs(), "a\x07", "control-character"),
        (cleaning.texts(), "Opening", "invalid"),
        (cleaning.texts(), {"xx": "?"}, "language"),
        (cleaning.texts(3), {"en": "Opening"}, "too-long"),
        (cleaning.known_language, 5, "language"),
        (cleaning.known_language, "not a tag", "language"),
        (cleaning.languages, [], "required"),
        (cleaning.languages, "en", "required"),
        (cleaning.choice(Colour), "blue", "choice"),
        (cleaning.choice(Colour), ["red"], "choice"),
        (cleaning.whole_number(1, 9), 10, "range"),
        (cleaning.whole_number(1, 9), True, "range"),
        (cleaning.whole_number(1, 9), None, "range"),
        (cleaning.local_time(), "2027-03-28", "invalid"),
        (cleaning.local_time(), "soonT", "invalid"),
        (cleaning.local_time(), "", "invalid"),
        (cleaning.local_time(), "2027-03-28T10:00Z", "offset"),
        (cleaning.local_time(), "2027-03-28T10:00:30", "invalid"),
        (cleaning.local_time(), "0001-01-01T00:00", "range"),
        (cleaning.instant, "2027-03-28T10:00", "invalid"),
        (cleaning.instant, "soon", "invalid"),
        (cleaning.instant, utc(9999, 1, 1), "range"),
        (cleaning.time_zone, "Mars/Olympus", "time-zone"),
        (cleaning.time_zone, "../../etc/passwd", "time-zone"),
        (cleaning.slug(20), "Open Forum", "slug"),
        (cleaning.slug(20), "", "required"),
        (cleaning.web_address, "javascript:alert(1)", "url"),
        (cleaning.web_address, "https://", "url"),
        (cleaning.web_address, "https://user@example.org/", "url"),
        (cleaning.web_address, "http://[::1", "url"),
        (cleaning.web_address, "https://1.1.1.1\\@evil.example/", "url"),
        (cleaning.email_address(), "ana", "email"),
        (cleaning.email_address(required=True), "", "required"),
        (cleaning.country, "R1", "country"),
    ],
)
def test_what_can_not(cleaner, given, code):
    with pytest.raises(Wrong) as refused:
        cleaner(given)
    assert refused.value.code == code
    assert refused.value.detail.endswith(".")


def test_all_that_is_wrong_is_said_at_once():
    cleaners = {"name": cleaning.line(5), "slug": cleaning.slug(9), "city": cleaning.line(9)}
    with pytest.raises(DomainError) as refused:
        clean({"name": "too long", "slug": "X", "city": "Niš", "owner": 1}, cleaners, "/of")
    assert [(e.pointer, e.code) for e in refused.value.errors] == [
        ("/of/name", "too-long"), ("/of/slug", "slug"), ("/of/owner", "unknown"),
    ]  # fmt: skip
    assert refused.value.detail == "Some values can not be taken."


def test_one_thing_wrong_is_the_whole_sentence():
    with pytest.raises(DomainError) as refused:
        clean({"name": "too long"}, {"name": cleaning.line(5)})
    assert refused.value.errors == (
        FieldError("/name", "too-long", "This is longer than 5 characters."),
    )
    assert refused.value.detail == "This is longer than 5 characters."


def test_nothing_wrong_gives_the_values():
    assert clean({"name": " Ana "}, {"name": cleaning.line(5)}) == {"name": "Ana"}
