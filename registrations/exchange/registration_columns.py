"""The columns of the list of registrations, for the page and for its files alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.clock import to_local
from core.text import LANGUAGES, full_name, pick_text
from registrations.models import Registration
from registrations.services.answer_columns import AnswerColumn

Value = str | int | float | dt.datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Arguments:
        label: its heading on the page; "" where the page has it not as a column of its own.
        of: its value in files; wall-clock times of `zone` are datetimes without an offset.
        shown: its value on the page, where people read another word than programs.
    """

    label: str
    of: Callable[[Registration, str], Value]
    shown: Callable[[Registration], str] | None = None

    def on_page(self, row: Registration, zone: str) -> Value:
        return self.shown(row) if self.shown is not None else self.of(row, zone)


def _plain(name: str) -> Callable[[Registration, str], Value]:
    return lambda row, _zone: getattr(row, name)


def _moment(name: str) -> Callable[[Registration, str], Value]:
    def local(row: Registration, zone: str) -> Value:
        moment: dt.datetime | None = getattr(row, name)
        return to_local(moment, zone).replace(second=0, microsecond=0) if moment else None

    return local


def _type_name(row: Registration) -> str:
    return pick_text(row.registration_type.name, "en")


def _tags(row: Registration) -> str:
    return ", ".join(tag.name for tag in row.person.tags.all()) if row.person else ""


def _code(row: Registration, _zone: str) -> Value:
    return row.access_code.code if row.access_code else ""


def _lead(row: Registration, _zone: str) -> Value:
    return row.lead.code if row.lead else ""


def _person(row: Registration, _zone: str) -> Value:
    return row.person.code if row.person else ""


def _tag_slugs(row: Registration, _zone: str) -> Value:
    return ",".join(tag.slug for tag in row.person.tags.all()) if row.person else ""


COLUMNS: Final[Mapping[str, Column]] = {
    "code": Column("Code", _plain("code")),
    "status": Column("Status", _plain("status"), lambda row: row.get_status_display()),
    "registration_type": Column("Kind", lambda row, _zone: row.registration_type.slug, _type_name),
    "honorific": Column("", _plain("honorific")),
    "given_name": Column("", _plain("given_name")),
    "family_name": Column("", _plain("family_name")),
    "email": Column("E-mail", _plain("email")),
    "affiliation": Column("Organisation", _plain("affiliation")),
    "position": Column("Position", _plain("position")),
    "phone": Column("Phone", _plain("phone")),
    "language": Column(
        "Language", _plain("language"), lambda row: LANGUAGES.get(row.language, row.language)
    ),
    "source": Column("Came by", _plain("source"), lambda row: row.get_source_display()),
    "registered": Column("Registered", _moment("created_at")),
    "confirmed": Column("Confirmed", _moment("confirmed_at")),
    "cancelled": Column("Cancelled", _moment("cancelled_at")),
    "checked_in": Column("Arrived", _moment("checked_in_at")),
    "lead": Column(
        "Comes with",
        _lead,
        lambda row: full_name(row.lead.given_name, row.lead.family_name) if row.lead else "",
    ),
    "access_code": Column("Access code", _code),
    "tags": Column("Tags", _tag_slugs, _tags),
    "person": Column("", _person),
}
ON_PAGE: Final = {name: column for name, column in COLUMNS.items() if column.label}
STANDARD: Final = ("status", "registration_type", "affiliation", "email", "registered")
# Who a row is about stands in every file.
_ALWAYS: Final = ("code", "honorific", "given_name", "family_name")


def values_of(row: Registration, columns: Sequence[str], zone: str) -> list[Value]:
    """Return a row of a file."""
    return [COLUMNS[name].of(row, zone) for name in columns]


def name_of(row: Registration) -> str:
    """Return how a row of the page is called; a place without a name yet says so, and who knows."""
    name = full_name(row.given_name, row.family_name)
    if not name:
        contact = row.booking.contact_name
        return f"Name to come ({contact})" if contact else "Name to come"
    return f"{row.honorific} {name}" if row.honorific else name


@dataclass(frozen=True, slots=True)
class Chosen:
    """The columns of a page or of a file: those of the registration, and those of questions."""

    columns: tuple[str, ...]
    answers: tuple[AnswerColumn, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.columns, *(one.name for one in self.answers))

    @property
    def is_sensitive(self) -> bool:
        return any(one.sensitivity for one in self.answers)


def chosen_for_page(names: Collection[str], offered: Sequence[AnswerColumn]) -> Chosen:
    """Return the columns that are named, in their order; the usual ones, without answers, for none.

    Arguments:
        offered: what may be chosen of the answers.
    """
    columns = tuple(name for name in ON_PAGE if name in names)
    answers = tuple(one for one in offered if one.name in names)
    return Chosen(columns, answers) if columns or answers else Chosen(STANDARD)


def chosen_for_file(
    names: Collection[str], offered: Sequence[AnswerColumn], *, sensitive: bool = False
) -> Chosen:
    """Return the columns of a file: those named and who it is about; all for none.

    Answers about food and access are in it only where they are named, or asked for by `sensitive`.
    """
    known = {name for name in names if name in COLUMNS}
    asked = {one.name for one in offered if one.name in names}
    everything = not known and not asked
    columns = tuple(name for name in COLUMNS if everything or name in known or name in _ALWAYS)
    answers = tuple(
        one
        for one in offered
        if one.name in asked
        or (everything and not one.sensitivity)
        or (sensitive and one.sensitivity)
    )
    return Chosen(columns, answers)
