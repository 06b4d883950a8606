"""The rows of options below a question: added, moved and taken out without any script."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict

from core.errors import DomainError
from core.forms import ServiceForm
from events.models import Conference
from registrations.models import Question
from registrations.services.question_cleaning import MAX_OPTIONS

_COUNT: Final = "option-rows"
_FIRST_ROWS: Final = 3


class OptionForm(ServiceForm):
    """One answer to choose."""

    slug = forms.CharField(required=False, widget=forms.HiddenInput)
    capacity = forms.IntegerField(label="Places", required=False, min_value=0)
    active = forms.BooleanField(label="Offered", required=False)

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, languages=conference.languages, **kwargs)
        del self.fields["version"]
        self.add_texts("label", "Answer")
        # A page of rows says it once.
        self.all_optional = True

    def first_labels(self) -> list[forms.BoundField]:
        return self.first_fields(self.text_fields("label"))

    def other_labels(self) -> list[forms.BoundField]:
        return self.other_fields()

    @property
    def is_blank(self) -> bool:
        names = ["slug", "capacity", *self.text_fields("label")]
        return not any(self.cleaned_data.get(name) for name in names)

    def values(self, kept: Mapping[str, str] | None) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "slug": typed["slug"] or None,
            "label": self.text_values("label", kept),
            "capacity": typed["capacity"],
            "active": typed["active"],
        }


class OptionRows:
    """All options of a question as they are shown or were sent.

    Arguments:
        used: slugs that somebody has chosen; they are not taken out.
    """

    def __init__(
        self,
        *,
        conference: Conference,
        question: Question | None = None,
        data: QueryDict | None = None,
        used: Collection[str] = (),
    ) -> None:
        self.conference = conference
        self.used = set(used)
        rows = question.options.select_related("allotment") if question else []
        self.known = {one.slug: one for one in rows}
        if data is not None:
            self.forms = [
                self._form(n, data=data) for n in range(min(_count(data), MAX_OPTIONS + 1))
            ]
        else:
            self._begin()

    @property
    def count_name(self) -> str:
        return _COUNT

    def _begin(self) -> None:
        rows: list[dict[str, Any]] = [
            {
                "slug": one.slug,
                "active": one.active,
                "capacity": one.allotment.capacity if one.allotment else None,
                **OptionForm.initial_texts("label", one.label),
            }
            for one in self.known.values()
        ]
        self._show(rows or [{"active": True} for _ in range(_FIRST_ROWS)])

    def _show(self, rows: list[dict[str, Any]]) -> None:
        self.forms = [self._form(n, initial=row) for n, row in enumerate(rows)]

    def _form(self, number: int, **kwargs: Any) -> OptionForm:
        return OptionForm(conference=self.conference, prefix=f"option-{number}", **kwargs)

    def rearrange(self, data: QueryDict, do: str) -> None:
        """Show what was sent once more, unjudged, with a row added, moved or taken out."""
        rows = [
            {
                name: field.widget.value_from_datadict(data, {}, form.add_prefix(name))
                for name, field in form.fields.items()
            }
            for form in self.forms
        ]
        verb, _dash, text = do.partition("-")
        number = int(text) if text.isdecimal() and len(text) < len(str(10**4)) else -1
        if verb == "add" and len(rows) < MAX_OPTIONS:
            rows.append({"active": True})
        elif 0 <= number < len(rows):
            row = rows.pop(number)
            if verb == "up":
                rows.insert(max(0, number - 1), row)
            elif verb == "down":
                rows.insert(number + 1, row)
            elif row["slug"] in self.used:
                rows.insert(number, row)
        self._show(rows)

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms])  # noqa: C419 - judge them all

    def values(self) -> list[dict[str, Any]]:
        """Return the rows that say something, by the service's names."""
        self.said = [form for form in self.forms if not form.is_blank]
        return [form.values(self._label(form.cleaned_data["slug"])) for form in self.said]

    def _label(self, slug: str) -> Mapping[str, str] | None:
        one = self.known.get(slug)
        return one.label if one is not None else None

    def refuse(self, refusal: DomainError) -> DomainError | None:
        """Say beside the rows what is about them; return the rest."""
        rest = []
        for error in refusal.errors:
            _empty, name, *path = [*error.pointer.split("/"), "", ""][:4]
            number = int(path[0]) if path[0].isdecimal() else -1
            if name != "options" or not 0 <= number < len(self.said):
                rest.append(error)
                continue
            form = self.said[number]
            field = form.text_name("label", form.languages[0]) if path[1] == "label" else path[1]
            form.add_error(field if field in form.fields else None, error.detail)
        if rest or not refusal.errors:
            return DomainError(refusal.kind, refusal.detail, errors=rest)
        return None

    def can_go(self) -> list[tuple[OptionForm, bool]]:
        """Return the rows, each with whether it can be taken out."""
        return [(form, form["slug"].value() not in self.used) for form in self.forms]


def _count(data: QueryDict) -> int:
    text = data.get(_COUNT, "")
    return int(text) if text.isdecimal() and len(text) < len(str(10**4)) else 0
