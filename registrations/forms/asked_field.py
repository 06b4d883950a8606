"""One question as a field: its control, and what the page says around it."""

from __future__ import annotations

import json
from typing import Any, Final

from django import forms

from registrations.enums import QuestionKind
from registrations.services.answer_values import Given
from registrations.services.form_definition import Ask
from registrations.services.uploads import ACCEPT

# What browsers can fill in, by the names that such questions usually have.
_AUTOFILL: Final = {
    "address": "street-address",
    "birthday": "bday",
    "city": "address-level2",
    "country": "country",
    "date-of-birth": "bday",
    "job-title": "organization-title",
    "mobile": "tel",
    "nickname": "nickname",
    "phone": "tel",
    "postal-code": "postal-code",
    "telephone": "tel",
    "website": "url",
    "zip": "postal-code",
}


class MayBeFull(forms.widgets.ChoiceWidget):
    """Options without a place left are shown and can not be taken."""

    full: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.full:
            option["attrs"]["disabled"] = True
        return option


class Buttons(MayBeFull, forms.RadioSelect):
    pass


class Boxes(MayBeFull, forms.CheckboxSelectMultiple):
    pass


class List(MayBeFull, forms.Select):
    pass


class AskBoundField(forms.BoundField):
    """A question as the page shows it, with the sentence that says when it is asked."""

    field: AskField
    form: Any

    @property
    def rule(self) -> str:
        return self.field.rule

    @property
    def rule_id(self) -> str:
        return f"{self.auto_id}_rule"

    @property
    def ask(self) -> Ask:
        return self.field.ask

    @property
    def types(self) -> str:
        return " ".join(sorted(self.field.ask.types))

    @property
    def shown_if(self) -> str:
        """The name of the field on which it depends."""
        before = self.form.form_definition.before(self.field.ask)
        return field_name(before) if before else ""

    @property
    def kept_file(self) -> str:
        """The name of the file that is here already."""
        name: str = self.form.file_name(self.field.ask)
        return name

    @property
    def may_remove_file(self) -> bool:
        return self.field.ask.slug in self.form.given and not self.field.required

    @property
    def consent_text(self) -> str:
        """What is agreed to: the words that stand, else those that count now."""
        ask = self.field.ask
        words = self.form.standing.get(ask.slug) or (ask.wording.text if ask.wording else {})
        text: str = self.form.reader.text(words)
        return text

    @property
    def shown_if_answers(self) -> str:
        condition = self.field.ask.shown_if
        return json.dumps(condition.answers if condition else [])

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if not self.rule:
            return described
        return " ".join(one for one in (self.rule_id, described) if one)

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        if self.rule:
            # Whether it is needed depends on other answers.
            built.pop("required", None)
        return built


class AskField(forms.Field):
    """Shows one question and hands on what was sent, whatever it is."""

    ask: Ask
    rule: str = ""
    template_name: str | None

    def clean(self, value: Any) -> Any:
        return value

    def get_bound_field(self, form: Any, field_name: str) -> AskBoundField:
        return AskBoundField(form, self, field_name)


def field_name(ask: Ask) -> str:
    """Return the name of a question's field."""
    return f"{'c' if ask.is_consent else 'q'}-{ask.slug}"


def plain_widget(ask: Ask) -> forms.Widget:
    """Return the control of a question to which the answer is typed."""
    autofill = _AUTOFILL.get(ask.slug, "")
    attrs: dict[str, Any] = {"autocomplete": autofill} if autofill else {}
    if ask.kind == QuestionKind.LONG_TEXT:
        return forms.Textarea(attrs=attrs | {"rows": 4})
    if ask.kind == QuestionKind.NUMBER:
        return forms.TextInput(attrs=attrs | {"inputmode": "decimal", "class": "short"})
    if ask.kind == QuestionKind.DATE:
        return forms.DateInput(attrs=attrs | {"type": "date"})
    if ask.kind == QuestionKind.FILE:
        return forms.FileInput(attrs={"accept": ACCEPT})
    return forms.TextInput(attrs=attrs)


def initial_of(given: Given | None) -> Any:
    """Return an earlier answer as its field begins with it."""
    if given is None or given.file:
        return None
    if given.ask.kind == QuestionKind.CHOICES:
        return [option.slug for option in given.options]
    return given.options[0].slug if given.options else given.text
