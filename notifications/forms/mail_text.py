"""Texts of mails, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from core.text import LANGUAGES
from events.forms.base import ServiceForm
from notifications.services.listing import text_name
from notifications.services.own_texts import PARTS, Level
from notifications.services.placeholders import listed
from notifications.services.rules import rule_templates
from notifications.services.texts import Source
from notifications.services.wording import words


class MailTextForm(ServiceForm):
    """A text, part by part."""

    subject = forms.CharField(label="Subject", max_length=200)
    preheader = forms.CharField(
        label="Preview line",
        max_length=200,
        help_text="Mail programs show it beside the subject in their lists.",
    )
    title = forms.CharField(label="Title", max_length=200)
    body = forms.CharField(
        label="Text",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=(
            "An empty line begins a paragraph; one that names something there is none of is left "
            "out. **bold**, *italic*, [words](https://…), - a list, ## a heading."
        ),
    )
    facts = forms.MultipleChoiceField(
        label="Rows of facts",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Each stands in the mail where there is something to say.",
    )
    after = forms.CharField(
        label="Text behind the facts",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    lead = forms.CharField(label="Sentence above the button", required=False, max_length=300)
    button_label = forms.CharField(label="Button", required=False, max_length=80)
    button_url = forms.ChoiceField(label="It leads to", required=False)
    reason = forms.CharField(
        label="Why one gets this mail",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="At the foot, a sentence a line.",
    )

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, initial=self._initial(source, kwargs.pop("version", 0)), **kwargs)
        names = listed(source.template)
        labels = words("en").labels
        facts = [row.name for row in names if row.is_fact]
        # Those that are there stand first, in their order.
        order = [*source.facts, *(name for name in facts if name not in source.facts)]
        self.set_choices("facts", [(name, labels.get(name, name)) for name in order])
        links = [(row.name, row.meaning) for row in names if row.is_link]
        self.set_choices("button_url", [("", "No button"), *links])
        for name in ("subject", "preheader", "title", "body", "after", "lead", "button_label"):
            self.fields[name].widget.attrs["lang"] = source.language

    @staticmethod
    def _initial(source: Source, version: int) -> dict[str, Any]:
        parts = {name: getattr(source, name) for name in PARTS}
        return {**parts, "reason": "\n".join(source.reason), "version": version}

    def values(self) -> Mapping[str, Any]:
        """Return what was typed as the service takes it."""
        return {name: self.cleaned_data[name] for name in PARTS}


class NewMailTextForm(ServiceForm):
    """A text of the organisation's own: its name, and what it begins with."""

    name = forms.CharField(
        label="Name", max_length=60, help_text="Only organisers see it: Letter to the press."
    )
    start_from = forms.ChoiceField(label="Begin with the words of")
    language = forms.ChoiceField(label="First language")

    def __init__(self, *args: Any, level: Level, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("start_from", _choices(rule_templates()))
        self.set_choices("language", [(tag, LANGUAGES[tag]) for tag in level.languages])


def _choices(templates: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, text_name(name)) for name in templates]
