"""One answer: cleaned from what came in, as a program reads it, as people read it."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.cleaning import Wrong
from core.countries import country_name, is_country
from events import dates
from registrations import validators
from registrations.enums import QuestionKind
from registrations.services.form_definition import Ask, Choice

LONGEST_LINE: Final = 500
LONGEST_TEXT: Final = 5000
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YES_NO: Final = {"yes": "yes", "no": "no", True: "yes", False: "no"}
# So many digits survive a program's floating point numbers.
_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that was taken already.

    Arguments:
        upload: the GuestUpload under which it waits; None once it belongs to an answer.
    """

    file: int
    name: str
    digest: str
    upload: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to one question."""

    ask: Ask
    text: str = ""
    options: tuple[Choice, ...] = ()
    file: FileRef | None = None

    @property
    def words(self) -> frozenset[str]:
        """What a condition compares: slugs of options, "yes" or "no"."""
        return frozenset([one.slug for one in self.options] or [self.text])

    @property
    def key(self) -> object:
        """What makes it the same answer as another one."""
        return (self.text, tuple(one.id for one in self.options), self.file and self.file.file)

    @property
    def value(self) -> Any:
        """The answer as JSON says it; cleaning it again gives the same."""
        if self.ask.kind == QuestionKind.CHOICE:
            return self.options[0].slug
        if self.ask.kind == QuestionKind.CHOICES:
            return [one.slug for one in self.options]
        if self.ask.kind == QuestionKind.FILE:
            return {"name": self.file.name} if self.file else None
        return value_of(self.ask.kind, self.text)


def value_of(kind: str, text: str) -> Any:
    """Return a stored text as JSON says it: numbers as numbers, yes and no as true and false."""
    if kind == QuestionKind.NUMBER:
        return float(text) if "." in text else int(text)
    if kind == QuestionKind.YES_NO:
        return text == "yes"
    return text


def words_of(kind: str, text: str, language: str) -> str:
    """Return a stored text as people read it."""
    if kind == QuestionKind.YES_NO:
        return _("Yes") if text == "yes" else _("No")
    if kind == QuestionKind.COUNTRY:
        return country_name(text, language)
    if kind == QuestionKind.DATE:
        return dates.say_date(dt.date.fromisoformat(text), language)
    return text


def clean_answer(ask: Ask, raw: Any, *, kept: frozenset[int] = frozenset()) -> Given | None:
    """Return an answer as it is stored; None for none.

    Arguments:
        raw: what a form or a JSON body holds, a FileRef, or a Given that is passed through.
        kept: ids of options that may be chosen though they are not offered any more.

    Raises:
        Wrong: what it can not be taken for.
    """
    if isinstance(raw, Given):
        return raw if raw.ask.id == ask.id else None
    if isinstance(raw, str):
        raw = raw.strip()
    if raw is None or (isinstance(raw, str | list | tuple) and not raw):
        return None
    return _CLEANERS[ask.kind](ask, raw, kept)


def _clean_text(ask: Ask, raw: Any, _kept: frozenset[int]) -> Given | None:
    longest = min(ask.highest or LONGEST_LINE, LONGEST_TEXT)
    return _long_enough(ask, str(validators.line(longest)(raw)))


def _clean_long_text(ask: Ask, raw: Any, _kept: frozenset[int]) -> Given | None:
    longest = min(ask.highest or LONGEST_TEXT, LONGEST_TEXT)
    return _long_enough(ask, str(validators.paragraphs(longest)(raw)))


def _long_enough(ask: Ask, text: str) -> Given | None:
    if not text:
        return None
    least = ask.lowest or 0
    if len(text) < least:
        raise Wrong(
            "too-short",
            ngettext(
                "Write at least %(least)d character.", "Write at least %(least)d characters.", least
            )
            % {"least": least},
        )
    return Given(ask, text)


def _clean_number(ask: Ask, raw: Any, _kept: frozenset[int]) -> Given:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Wrong("invalid", _("Give a number."))
    if isinstance(raw, int) and abs(raw) >= 10**13:
        text = ""  # writing it out may take long
    elif isinstance(raw, float):
        text = _plain(Decimal(f"{raw:.6f}")) if math.isfinite(raw) else ""
    else:
        text = "".join(str(raw).split())
        text = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
    if not _NUMBER.fullmatch(text) or sum(map(str.isdigit, text)) > _DIGITS:
        raise Wrong("invalid", _("Give a number."))
    number = Decimal(text)
    lowest, highest = ask.lowest, ask.highest
    if (lowest is not None and number < lowest) or (highest is not None and number > highest):
        raise Wrong("range", _range_sentence(lowest, highest))
    return Given(ask, _plain(number))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _range_sentence(lowest: int | None, highest: int | None) -> str:
    if lowest is None:
        return _("Give a number up to %(highest)d.") % {"highest": highest}
    if highest is None:
        return _("Give a number from %(lowest)d.") % {"lowest": lowest}
    return _("Give a number from %(lowest)d to %(highest)d.") % {
        "lowest": lowest,
        "highest": highest,
    }


def _chosen(ask: Ask, raw: Any, kept: frozenset[int]) -> Choice:
    option = ask.option(raw) if isinstance(raw, str) else None
    if option is None or not (option.active or option.id in kept):
        raise Wrong("unknown", _("Choose one of the answers that are offered."))
    return option


def _clean_choice(ask: Ask, raw: Any, kept: frozenset[int]) -> Given:
    return Given(ask, options=(_chosen(ask, raw, kept),))


def _clean_choices(ask: Ask, raw: Any, kept: frozenset[int]) -> Given | None:
    if not isinstance(raw, list | tuple):
        raise Wrong("invalid", _("Give a list of answers."))
    chosen = {_chosen(ask, one, kept).id for one in raw}
    options = tuple(one for one in ask.options if one.id in chosen)
    return Given(ask, options=options)


def _clean_yes_no(ask: Ask, raw: Any, _kept: frozenset[int]) -> Given:
    # 1 == True, and a list has no hash.
    text = _YES_NO.get(raw) if isinstance(raw, str | bool) else None
    if text is None:
        raise Wrong("invalid", _("Answer yes or no."))
    return Given(ask, text)


def _clean_date(ask: Ask, raw: Any, _kept: frozenset[int]) -> Given:
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        raise Wrong("invalid", _("Give a date as year-month-day, such as 2027-03-28."))
    try:
        day = dt.date.fromisoformat(raw)
    except ValueError as error:
        raise Wrong("invalid", _("There is no such day.")) from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        sentence = _("Give a year from %(first)d to %(last)d.")
        raise Wrong("range", sentence % {"first": FIRST_YEAR, "last": LAST_YEAR})
    return Given(ask, day.isoformat())


def _clean_country(ask: Ask, raw: Any, _kept: frozenset[int]) -> Given:
    code = raw.upper() if isinstance(raw, str) and len(raw) == 2 else ""  # noqa: PLR2004 - two letters
    if not is_country(code):
        raise Wrong("unknown", _("Choose a country."))
    return Given(ask, code)


def _clean_file(ask: Ask, raw: Any, _kept: frozenset[int]) -> Given:
    if not isinstance(raw, FileRef):
        raise Wrong("invalid", _("Choose a file."))
    return Given(ask, file=raw)


_CLEANERS: Final[Mapping[QuestionKind, Callable[[Ask, Any, frozenset[int]], Given | None]]] = {
    QuestionKind.TEXT: _clean_text,
    QuestionKind.LONG_TEXT: _clean_long_text,
    QuestionKind.NUMBER: _clean_number,
    QuestionKind.CHOICE: _clean_choice,
    QuestionKind.CHOICES: _clean_choices,
    QuestionKind.YES_NO: _clean_yes_no,
    QuestionKind.DATE: _clean_date,
    QuestionKind.COUNTRY: _clean_country,
    QuestionKind.FILE: _clean_file,
}
