"""Two people side by side before they become one: whose values stay, what moves, what does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from core.text import LANGUAGES, full_name, pick_text
from events.models import (
    Assistant,
    Availability,
    Candidate,
    OutcomeItem,
    Participation,
    Person,
)
from events.services.merge_fields import FieldChoice, field_choices
from events.services.merge_rows import Join, joins_of
from notifications.models import Message
from registrations.models import Invitation, Registration
from registrations.services.merging_people import in_the_way

# So many sessions are named, the others counted.
_MOST_NAMED: Final = 10
_SCRIPTS: Final = {"Cyrl": "Cyrillic", "Latn": "Latin"}


@dataclass(frozen=True, slots=True)
class Row:
    """A field as it is shown: the words of both, and what may be chosen."""

    choice: FieldChoice
    kept: str
    gone: str
    options: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that who merges two people should see first.

    Arguments:
        rows: fields that differ; `same` are the labels of those that do not.
        moves, joins: sentences.
        obstacles: why it can not be done yet, sentence by sentence.
    """

    rows: list[Row]
    same: list[str]
    moves: list[str]
    joins: list[str]
    obstacles: list[str]


def compare_people(kept: Person, gone: Person) -> Comparison:
    """Return what merging these two would do; the number of queries does not depend on them."""
    fields = field_choices(kept, gone)
    joined = joins_of(kept, gone)
    return Comparison(
        rows=[_row(one) for one in fields if one.differs],
        same=[one.label for one in fields if not one.differs and one.kept],
        moves=_moves(gone, {join.goes.pk for join in joined} | {j.stays.pk for j in joined}),
        joins=[_join(join) for join in joined],
        obstacles=in_the_way(kept.pk, gone.pk),
    )


def _row(one: FieldChoice) -> Row:
    names = {"kept": "Who stays", "gone": "Who goes", "both": "Both"}
    return Row(one, words_of(one.kept), words_of(one.gone), [(o, names[o]) for o in one.options])


def words_of(value: Any) -> str:
    """Return a person's value as somebody reads it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict):
        return "\n".join(filter(None, (_entry(tag, said) for tag, said in value.items())))
    if value is None or value == "":
        return ""
    return value if isinstance(value, str) else "A photo"


def _entry(tag: str, said: Any) -> str:
    if isinstance(said, dict):
        name = full_name(said.get("given_name", ""), said.get("family_name", ""))
        return f"{_SCRIPTS.get(tag, tag)}: {name}" if name else ""
    return f"{LANGUAGES.get(tag, tag)}: {said}" if said else ""


def _moves(gone: Person, joined: set[int]) -> list[str]:
    parts = (
        Participation.objects.filter(person=gone)
        .exclude(pk__in=joined)
        .select_related("session__conference")
        .order_by("-session__conference__starts_at", "pk")
    )
    lines = [_part(part) for part in parts[:_MOST_NAMED]]
    more = parts.count() - len(lines)
    if more > 0:
        lines.append(f"{more} more sessions")
    counted = [
        (Candidate.objects.filter(person=gone).count(), "place on a shortlist", "shortlists"),
        (Invitation.objects.filter(person=gone).count(), "invitation", "invitations"),
        (Registration.objects.filter(person=gone).count(), "registration", "registrations"),
        (Message.objects.filter(person=gone).count(), "mail", "mails"),
        (Assistant.objects.filter(person=gone).count(), "assistant", "assistants"),
        (Availability.objects.filter(person=gone).count(), "time of presence", "times of presence"),
        (OutcomeItem.objects.filter(person=gone).count(), "quote in an outcome", "quotes"),
        (gone.tags.count(), "tag", "tags"),
    ]
    return lines + [f"{n} {one if n == 1 else many}" for n, one, many in counted if n]


def _part(part: Participation) -> str:
    conference = part.session.conference
    title = pick_text(part.session.title, "en", conference.languages)
    at = pick_text(conference.title, "en", conference.languages)
    return f"{part.get_role_display()} on “{title}” at “{at}” ({part.get_state_display().lower()})"


def _join(join: Join) -> str:
    part = join.stays
    title = pick_text(part.session.title, "en", part.session.conference.languages)
    return (
        f"Both are {part.get_role_display().lower()} on “{title}”. "
        f"One stays, {part.get_state_display().lower()}; the other one "
        f"({join.goes.get_state_display().lower()}) goes."
    )
