"""Whose value stays when two people become one: field by field, as somebody chose or by a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.errors import invalid
from events.models import Person

KEPT: Final = "kept"
GONE: Final = "gone"
BOTH: Final = "both"
LABELS: Final[Mapping[str, str]] = {
    "honorific": "Honorific",
    "given_name": "Given name",
    "family_name": "Family name",
    "names_by_script": "Name in other scripts",
    "pronunciation": "Pronunciation",
    "position": "Position",
    "affiliation": "Affiliation",
    "email": "E-mail",
    "phone": "Phone",
    "language": "Writes and reads in",
    "salutation": "Salutation",
    "bio": "Who they are",
    "photo": "Photo",
    "no_photo": "No photo",
    "source": "Source",
    "basis": "Basis for keeping it",
    "notes": "Notes",
}
# What two people may both give: texts by language or script, notes one under the other, and a wish
# not to be photographed, which stays a wish.
_JOINED: Final = frozenset({"names_by_script", "salutation", "bio", "no_photo", "notes"})
_LONGEST_NOTES: Final = 20_000


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One field of two people, side by side.

    Arguments:
        options: what may be chosen: ``kept``, ``gone``, ``both``.
        chosen: what counts.
    """

    name: str
    label: str
    kept: Any
    gone: Any
    options: tuple[str, ...]
    chosen: str
    differs: bool


def field_choices(
    kept: Person, gone: Person, choices: Mapping[str, Any] | None = None
) -> list[FieldChoice]:
    """Return all fields with what counts: what was chosen, else both where both have a place, else
    the value of the one who stays unless that is empty.

    Raises:
        DomainError: ``validation-failed`` for a field or a choice that is not there.
    """
    wanted = dict(choices or {})
    found = []
    for name, label in LABELS.items():
        mine, theirs = getattr(kept, name), getattr(gone, name)
        options = (KEPT, GONE, BOTH) if name in _JOINED else (KEPT, GONE)
        chosen = wanted.pop(name, None) or _usual(name, mine, theirs)
        if chosen not in options:
            raise invalid(f"/choices/{name}", "unknown", f"Choose one of: {', '.join(options)}.")
        found.append(FieldChoice(name, label, mine, theirs, options, chosen, mine != theirs))
    if wanted:
        name = next(iter(wanted))
        raise invalid(f"/choices/{name}", "unknown", "People have no such value to choose.")
    return found


def merged_values(
    kept: Person, gone: Person, choices: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the values of the one who stays after the merge.

    Raises:
        DomainError: as `field_choices`.
    """
    values: dict[str, Any] = {}
    for one in field_choices(kept, gone, choices):
        values[one.name] = _value(one)
        if one.name == "photo":
            whose = gone if one.chosen == GONE else kept
            values["photo_alt"] = whose.photo_alt
    return values


def _usual(name: str, mine: Any, theirs: Any) -> str:
    if name in _JOINED and mine != theirs and mine and theirs:
        return BOTH
    return KEPT if mine or not theirs else GONE


def _value(one: FieldChoice) -> Any:
    if one.chosen == KEPT:
        return one.kept
    if one.chosen == GONE:
        return one.gone
    if isinstance(one.kept, dict):
        said = {tag: text for tag, text in one.kept.items() if text}
        return {**one.gone, **said}
    if isinstance(one.kept, str):
        texts = dict.fromkeys(text for text in (one.kept, one.gone) if text)
        return "\n\n".join(texts)[:_LONGEST_NOTES]
    return one.kept or one.gone
