"""What organisers type about what a programme has to keep to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from core.text import pick_text
from events.enums import ParticipationRole
from events.forms.base import LocalTimeField, ServiceForm
from events.models import Availability, Conference
from events.services.requirements import MOST, NOTHING, Requirement

# So many empty lines stand below the times that are known.
_SPARE = 2


class RequirementsForm(ServiceForm):
    """How many of each role a kind of session needs; empty: any number."""

    all_optional = True

    def __init__(
        self, *args: Any, rows: Sequence[Requirement], version: int, **kwargs: Any
    ) -> None:
        known = {row.role: row.need for row in rows}
        initial: dict[str, Any] = {"version": version}
        for role in ParticipationRole.values:
            need = known.get(role, NOTHING)
            initial |= {f"{role}_least": need.minimum or None, f"{role}_most": need.maximum}
        super().__init__(*args, initial=initial, **kwargs)
        for role, label in ParticipationRole.choices:
            for end, word in (("least", "at least"), ("most", "at most")):
                self.fields[f"{role}_{end}"] = forms.IntegerField(
                    label=f"{label}, {word}", required=False, min_value=0, max_value=MOST
                )

    def lines(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Return each role with its two fields."""
        return [
            (str(label), self[f"{role}_least"], self[f"{role}_most"])
            for role, label in ParticipationRole.choices
        ]

    def values(self) -> dict[str, tuple[int, int | None]]:
        data = self.cleaned_data
        return {
            role: (data[f"{role}_least"] or 0, data[f"{role}_most"])
            for role in ParticipationRole.values
        }

    def _field_of(self, pointer: str) -> str | None:
        role, _, end = pointer.strip("/").partition("/")
        name = f"{role}_{'least' if end == 'minimum' else 'most'}"
        return name if name in self.fields else None


class AvailabilityForm(ServiceForm):
    """When a person can be there: one line a time, the emptied ones go."""

    all_optional = True

    def __init__(
        self, *args: Any, rows: Sequence[Availability], conference: Conference, **kwargs: Any
    ) -> None:
        self.count = len(rows) + _SPARE
        initial: dict[str, Any] = {"version": conference.version}
        for n, row in enumerate(rows):
            initial |= {
                f"start_{n}": row.start_local,
                f"end_{n}": row.end_local,
                f"note_{n}": row.note,
            }
        super().__init__(*args, initial=initial, **kwargs)
        # Between which lines a time that was sent stands.
        self.sent: list[int] = []
        for n in range(self.count):
            self.fields[f"start_{n}"] = LocalTimeField(label="From", required=False)
            self.fields[f"end_{n}"] = LocalTimeField(label="Until", required=False)
            self.fields[f"note_{n}"] = forms.CharField(label="Note", required=False, max_length=200)

    def lines(self) -> list[list[forms.BoundField]]:
        """Return the three fields of each time."""
        return [
            [self[f"{name}_{n}"] for name in ("start", "end", "note")] for n in range(self.count)
        ]

    def values(self) -> list[dict[str, Any]]:
        data = self.cleaned_data
        self.sent = [
            n
            for n in range(self.count)
            if any(data[f"{name}_{n}"] for name in ("start", "end", "note"))
        ]
        return [
            {
                "start_local": data[f"start_{n}"],
                "end_local": data[f"end_{n}"],
                "note": data[f"note_{n}"],
            }
            for n in self.sent
        ]

    def _field_of(self, pointer: str) -> str | None:
        parts = pointer.strip("/").split("/")
        if len(parts) != 3:  # noqa: PLR2004 - windows, which one, its field
            return None
        return f"{parts[2].removesuffix('_local')}_{self.sent[int(parts[1])]}"


class PrecedenceForm(ServiceForm):
    """Which session comes before which other one."""

    first = forms.ChoiceField(label="This session")
    then = forms.ChoiceField(label="has to be over before")

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = conference.sessions.order_by("sort_key", "pk")
        self.sessions = {row.code: row for row in rows}
        choices = [
            (code, pick_text(row.title, conference.first_language))
            for code, row in self.sessions.items()
        ]
        for name in ("first", "then"):
            self.set_choices(name, [("", "Choose a session"), *choices])

    def values(self) -> dict[str, Any]:
        return {name: self.sessions[self.cleaned_data[name]] for name in ("first", "then")}
