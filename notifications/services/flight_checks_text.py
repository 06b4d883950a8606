"""Checks of an announcement's words: subject, text, links, dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from core.enums import Visibility
from core.text import LANGUAGES
from notifications.services import flight_words as words
from notifications.services.announcement_texts import OFFERED, named_in
from notifications.services.flight_facts import Flight, LanguageText
from notifications.services.flight_found import Found, people, some, stop, warn
from notifications.services.flight_links import Link
from notifications.services.survey import PERSONAL
from notifications.services.wording import long_date

# Mail programs cut what is larger.
LARGEST: Final = 102 * 1024
_SHOWN_LINKS: Final = 8
_PUBLIC_PAGES: Final = frozenset({"conference_url", "programme_url", "outcome_url"})
_OWN_LINKS: Final = frozenset({"manage_url", "place_url", "answer_url"})


def _written(flight: Flight) -> list[LanguageText]:
    """Return the texts that count: those that somebody gets, all of them while nobody does."""
    return flight.read or list(flight.texts)


def _in(flight: Flight, text: LanguageText) -> str:
    return f" in {text.label}" if len(flight.texts) > 1 else ""


# --- Subject -------------------------------------------------------------------------------------
def subject_empty(flight: Flight) -> Iterator[Found]:
    if not flight.texts:
        yield stop("There is no subject.")
    for text in _written(flight):
        if not text.subject.strip():
            yield stop(f"There is no subject{_in(flight, text)}.")


def subject_long(flight: Flight) -> Iterator[Found]:
    for text in _written(flight):
        if len(text.subject) > words.SUBJECT_LENGTH:
            yield warn(
                f"The subject{_in(flight, text)} has {len(text.subject)} characters; phones show "
                f"fewer than {words.SUBJECT_LENGTH}."
            )


def subject_shouts(flight: Flight) -> Iterator[Found]:
    for text in _written(flight):
        if how := words.shouts(text.subject):
            yield warn(f"The subject{_in(flight, text)} {how}.")


# --- Text ----------------------------------------------------------------------------------------
def body_empty(flight: Flight) -> Iterator[Found]:
    if not flight.texts:
        yield stop("There is no text.")
    for text in _written(flight):
        if not text.body.strip():
            yield stop(f"There is no text{_in(flight, text)}.")


def plain_empty(flight: Flight) -> Iterator[Found]:
    for text in _written(flight):
        if text.body.strip() and not text.trouble and not any(map(str.isalnum, text.plain)):
            yield stop(f"It says nothing of its own{_in(flight, text)}.")


def text_broken(flight: Flight) -> Iterator[Found]:
    for text in _written(flight):
        if text.trouble and text.body.strip() and text.subject.strip():
            yield stop(text.trouble)


def language_missing(flight: Flight) -> Iterator[Found]:
    for language, number in flight.survey.by_language.most_common():
        body, subject = flight.announcement.body, flight.announcement.subject
        if not body.get(language):
            name = LANGUAGES.get(language, language)
            yield warn(f"{people(number)} read {name}; they get another language.", language)
        elif not subject.get(language):
            yield stop(f"The subject is missing in {LANGUAGES.get(language, language)}.")


def placeholder_unknown(flight: Flight) -> Iterator[Found]:
    for text in _written(flight):
        unknown = (named_in(text.subject) | named_in(text.body)) - set(OFFERED)
        for name in sorted(unknown):
            yield stop(f"There is no {{{name}}}{_in(flight, text)}.")


def placeholder_empty(flight: Flight) -> Iterator[Found]:
    for text in _written(flight):
        for name in sorted(text.empty - {"outcome_url"}):
            yield warn(
                f"{{{name}}} has no value for this conference{_in(flight, text)}; its paragraph is "
                "left out for everybody.",
                f"{name} {text.language}",
            )
        gone = sorted(named_in(text.subject) & text.empty)
        if gone:
            yield stop(f"The subject names {{{gone[0]}}}, which has no value.")


def merge_gaps(flight: Flight) -> Iterator[Found]:
    named = frozenset().union(*(text.named for text in _written(flight)))
    for what, placeholders in PERSONAL.items():
        used, tally = sorted(placeholders & named), flight.survey.lacking.get(what)
        if used and tally:
            yield warn(
                f"{people(tally.number)} have no {what}: paragraphs with "
                f"{', '.join(f'{{{name}}}' for name in used)} are left out for "
                f"{some(tally.names, tally.number)}."
            )


def greeting_missing(flight: Flight) -> Iterator[Found]:
    for text in _written(flight):
        if text.body.strip() and "greeting" not in text.named:
            yield warn(f"Nobody is greeted{_in(flight, text)}: begin with {{greeting}}.")


def html_typed(flight: Flight) -> Iterator[Found]:
    for text in _written(flight):
        if words.has_tags(text.body):
            yield warn(f"HTML is shown as it is typed{_in(flight, text)}. Use Markdown.")


def images(flight: Flight) -> Iterator[Found]:
    for text in _written(flight):
        if words.has_images(text.body):
            yield stop(f"Mails carry no pictures{_in(flight, text)}. Link to a page instead.")


def size(flight: Flight) -> Iterator[Found]:
    for text in _written(flight):
        if text.size > LARGEST:
            yield stop(
                f"The mail{_in(flight, text)} has {text.size // 1024} kB; mail programs cut it at "
                f"{LARGEST // 1024} kB."
            )


# --- Links ---------------------------------------------------------------------------------------
def _links(flight: Flight) -> list[Link]:
    return list({k.address: k for text in _written(flight) for k in text.links}.values())


def link_malformed(flight: Flight) -> Iterator[Found]:
    for link in _links(flight):
        if link.fault:
            yield stop(f"“{link.address[:80]}” is no address: {link.fault}.")


def link_dead(flight: Flight) -> Iterator[Found]:
    for link, why in flight.dead:
        yield stop(f"{link.address[:120]} does not open: {why}.")


def link_foreign(flight: Flight) -> Iterator[Found]:
    foreign = [link.address for link in _links(flight) if link.host]
    if foreign:
        yield warn(
            f"{len(foreign)} {'link leads' if len(foreign) == 1 else 'links lead'} to another "
            f"house; nobody has opened them: {', '.join(foreign[:_SHOWN_LINKS])}."
        )


def link_plain_http(flight: Flight) -> Iterator[Found]:
    plain = [link.address for link in _links(flight) if link.is_plain_http]
    if plain:
        yield warn(f"Begin with https:// where there is one: {', '.join(plain[:_SHOWN_LINKS])}.")


def link_personal(flight: Flight) -> Iterator[Found]:
    for text in _written(flight):
        if not text.named & _OWN_LINKS and words.speaks_of_a_link(text.body):
            yield warn(
                f"The text speaks of the reader's link{_in(flight, text)} and has none. Add "
                "{manage_url}."
            )


def link_private(flight: Flight) -> Iterator[Found]:
    if flight.conference.visibility != Visibility.PRIVATE:
        return
    named = sorted(frozenset().union(*(text.named for text in _written(flight))) & _PUBLIC_PAGES)
    if named:
        yield warn(
            f"The conference is private, so {' and '.join(f'{{{name}}}' for name in named)} "
            f"{'opens' if len(named) == 1 else 'open'} for members only.",
            *named,
        )


def outcome_unpublished(flight: Flight) -> Iterator[Found]:
    if flight.has_outcome:
        return
    for text in _written(flight):
        if "outcome_url" in text.named:
            yield stop(
                f"The outcome is not published, so {{outcome_url}}{_in(flight, text)} is empty."
            )


# --- Dates ---------------------------------------------------------------------------------------
def _dates(flight: Flight) -> list[words.NamedDate]:
    start = flight.conference.start_local
    year = start.year if start else flight.today.year
    return [
        date
        for text in _written(flight)
        for date in words.dates_in(f"{text.subject}. {text.body}", year)
    ]


def date_past(flight: Flight) -> Iterator[Found]:
    days = sorted({date.day for date in _dates(flight)})
    past = [day for day in days if day < flight.today]
    if past:
        yield warn(f"Already past: {_named(past)}.", *map(str, past))
    soon = [day for day in days if flight.today <= day < flight.leaving_day]
    if soon:
        yield warn(f"Past when it leaves: {_named(soon)}.", *map(str, soon))


def _named(days: list[dt.date]) -> str:
    return "; ".join(long_date(day, "en") for day in days)


def date_weekday(flight: Flight) -> Iterator[Found]:
    for day, weekday in sorted({(d.day, d.weekday) for d in _dates(flight) if d.is_wrong}):
        _right, _comma, date = long_date(day, "en").partition(", ")
        yield warn(
            f"{date} is a {words.WEEKDAY_NAMES[day.weekday()]}, not a "
            f"{words.WEEKDAY_NAMES[weekday or 0]}."
        )


def date_differs(flight: Flight) -> Iterator[Found]:
    start, end = flight.conference.start_local, flight.conference.end_local
    days = [date.day for date in _dates(flight)]
    if start is None or end is None or not days:
        return
    if not any(start.date() <= day <= end.date() for day in days):
        yield warn(
            f"The text names dates, and none is the conference's: {long_date(start.date(), 'en')}.",
            f"{start.date()}",
        )
