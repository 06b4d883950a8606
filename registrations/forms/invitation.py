"""What a guest types beside an answer. The rules stand in the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from registrations.validators import MAX_EMAIL, MAX_LINE, MAX_NAME

_MAX_REASON = 500


def _text(label: Any, autofill: str, longest: int, *, required: bool = True) -> forms.CharField:
    attrs = {"autocomplete": autofill, "maxlength": longest}
    return forms.CharField(label=label, required=required, widget=forms.TextInput(attrs=attrs))


class AnswerForm(forms.Form):
    """What every form of the answer page carries along."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    answered_by = forms.CharField(
        required=False, max_length=MAX_LINE, widget=forms.HiddenInput, strip=True
    )

    # The part of the service's pointers that belongs to this form's fields.
    pointer = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def refuse(self, refusal: DomainError) -> None:
        """Say a service's refusal beside the fields that it is about."""
        for error in refusal.errors:
            name = error.pointer.removeprefix(self.pointer).strip("/")
            self.add_error(name if name in self.fields else None, error.detail)
        if not refusal.errors:
            self.add_error(None, refusal.detail)


class SpeakerAnswerForm(AnswerForm):
    """Who answers for whom was asked to speak, and why they can not."""

    reason = forms.CharField(
        label=_("Why you can not speak, if you want to say it"),
        required=False,
        max_length=_MAX_REASON,
        help_text=_("Only the hosts read it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": _MAX_REASON}),
    )


class ColleagueForm(AnswerForm):
    """Who comes in the guest's place."""

    given_name = _text(_("Given name"), "off", MAX_NAME)
    family_name = _text(_("Family name"), "off", MAX_NAME)
    position = _text(_("Position"), "off", MAX_LINE, required=False)
    email = forms.CharField(
        label=_("E-mail"),
        required=False,
        help_text=_("The ticket goes there; without an address it comes to you."),
        widget=forms.EmailInput(
            attrs={"autocomplete": "off", "maxlength": MAX_EMAIL, "spellcheck": "false"}
        ),
    )
    pointer = "/delegate"

    def colleague(self) -> dict[str, str]:
        names = ("given_name", "family_name", "position", "email")
        return {name: self.cleaned_data[name] for name in names}


class CompanionForm(AnswerForm):
    """Who comes along; the name may come later."""

    given_name = _text(_("Given name"), "off", MAX_NAME)
    family_name = _text(_("Family name"), "off", MAX_NAME)
    pointer = "/companion"

    def names(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("given_name", "family_name")}


class PhoneForm(AnswerForm):
    """How the hosts reach the guest on the day."""

    phone = _text(_("Phone on the day"), "tel", 40)


class RegretForm(AnswerForm):
    """What a guest who does not come may add."""

    reason = _text(_("Reason"), "off", _MAX_REASON, required=False)
    wants_findings = forms.BooleanField(
        label=_("Please send me the findings afterwards"), required=False
    )
