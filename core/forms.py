"""Form fields that several apps share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.cleaning import Wrong, local_time
from core.errors import DomainError
from core.text import LANGUAGES


class LocalDateTimeFormField(forms.Field):
    """A wall-clock time without zone, to the minute; Django's own field would give it one."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": _("Give date and time, such as 2027-03-28T10:00.")}

    def to_python(self, value: Any) -> dt.datetime | None:
        if isinstance(value, str):
            value = value.strip()
        try:
            moment: dt.datetime | None = local_time(required=False)(value)
        except Wrong as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        return moment

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != self.to_python(initial))
        except ValidationError:
            return True


class ServiceForm(forms.Form):
    """A form that only reads what was typed; every rule stands in a service, which says no.

    `version` is the one that the reader had before them; it goes to the service as `expected`.
    """

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # Where a service's name of a value is not the form's: {"start_local": "start"}.
    names: Mapping[str, str] = {}
    texts: Sequence[str] = ()

    def __init__(self, *args: Any, languages: Sequence[str] = ("en",), **kwargs: Any) -> None:
        self.languages = [tag for tag in languages if tag in LANGUAGES] or ["en"]
        # The texts in the second and further languages.
        self.folded: set[str] = set()
        super().__init__(*args, **kwargs)

    def add_texts(
        self,
        name: str,
        label: str,
        *,
        required: bool = False,
        lines: int = 0,
        help_text: str = "",
    ) -> None:
        """Add a text as one field a language; only the first language's can be required."""
        for position, tag in enumerate(self.languages):
            several = len(self.languages) > 1
            widget = forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput()
            widget.attrs["lang"] = tag
            if position:
                self.folded.add(self.text_name(name, tag))
            self.fields[self.text_name(name, tag)] = forms.CharField(
                label=f"{label} ({LANGUAGES[tag]})" if several else label,
                required=required and position == 0,
                widget=widget,
                help_text=help_text if position == 0 else "",
            )

    def set_choices(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        """Say what may be chosen in a field, from rows of the database."""
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(f"{name} is nothing to choose from")
        field.choices = list(choices)

    @staticmethod
    def text_name(name: str, tag: str) -> str:
        """Return the name of the field that holds this text in this language."""
        return f"{name}_{tag.replace('-', '_')}"

    def first_fields(self, names: Sequence[str] | None = None) -> list[forms.BoundField]:
        """Return the visible fields but those of the second and further languages."""
        wanted = [f.name for f in self.visible_fields()] if names is None else names
        return [self[name] for name in wanted if name not in self.folded]

    def other_fields(self, names: Sequence[str] | None = None) -> list[forms.BoundField]:
        """Return the fields of the second and further languages, which the page folds away."""
        return [
            self[name] for name in (self.fields if names is None else names) if name in self.folded
        ]

    def others_wrong(self) -> bool:
        """Tell whether something is wrong where it is folded away."""
        return any(field.errors for field in self.other_fields())

    def text_fields(self, *names: str) -> list[str]:
        """Return the names of the fields that hold these texts, language by language."""
        return [self.text_name(name, tag) for name in names for tag in self.languages]

    def text_values(self, name: str, kept: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return what was typed as the service wants it.

        Arguments:
            kept: the text as it stands; languages that the form does not ask for stay as they are.
        """
        found = dict(kept or {})
        for tag in self.languages:
            found[tag] = self.cleaned_data[self.text_name(name, tag)]
        return found

    @classmethod
    def initial_texts(cls, name: str, texts: Mapping[str, str]) -> dict[str, str]:
        """Return a text as the values with which its fields begin."""
        return {cls.text_name(name, tag): text for tag, text in texts.items()}

    @property
    def expected(self) -> int | None:
        """The version that the reader had before them."""
        version: int | None = self.cleaned_data.get("version")
        return version

    def on_version(self, version: int) -> None:
        """Stand on a newer version: what was typed stays, saving again is the reader's decision."""
        data = cast("QueryDict", self.data).copy()
        data["version"] = str(version)
        self.data = data

    def refuse(self, refusal: DomainError, sentence: str = "") -> None:
        """Say a service's refusal beside the fields that it is about."""
        for error in refusal.errors:
            self.add_error(self._field_of(error.pointer), error.detail)
        if not refusal.errors:
            self.add_error(None, sentence or refusal.detail)

    def _field_of(self, pointer: str) -> str | None:
        name = pointer.strip("/").split("/")[0]
        name = self.names.get(name, name)
        if name in self.fields:
            return name
        first = self.text_name(name, self.languages[0])
        return first if first in self.fields else None
