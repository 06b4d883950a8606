"""What is typed at the door: as little as can be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from core.forms import ServiceForm
from registrations.validators import MAX_EMAIL, MAX_LINE, MAX_NAME


def _field(label: str, longest: int, *, required: bool = False, **attrs: Any) -> forms.CharField:
    widget = forms.TextInput(
        attrs={"maxlength": longest, "autocomplete": "off", "enterkeyhint": "next", **attrs}
    )
    return forms.CharField(label=label, required=required, widget=widget)


class WalkInForm(ServiceForm):
    """Somebody who stands there."""

    given_name = _field("Given name", MAX_NAME, required=True, autofocus=True)
    family_name = _field("Family name", MAX_NAME)
    affiliation = _field("Organisation", MAX_LINE)
    email = _field("E-mail", MAX_EMAIL, inputmode="email", autocapitalize="none")
    registration_type = forms.ChoiceField(label="Kind of place", widget=forms.RadioSelect)

    names = {"type_slug": "registration_type"}

    def __init__(self, *args: Any, types: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("registration_type", types)

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the service's names."""
        names = ("given_name", "family_name", "affiliation", "email")
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in names}
        return values | {"type_slug": self.cleaned_data["registration_type"]}
