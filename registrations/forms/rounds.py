"""What organisers type about a round of "still coming?"."""

from __future__ import annotations

from typing import Any

from django import forms

from core.text import pick_text
from events.forms.base import LocalTimeField, ServiceForm
from events.models import Conference
from registrations.models import Reconfirmation

_PLAIN = ("ask_local", "until_local", "releases", "registration_types")


class RoundForm(ServiceForm):
    """When to ask, until when, whom, and what silence means."""

    ask_local = LocalTimeField(label="Ask on")
    until_local = LocalTimeField(label="Answers until")
    registration_types = forms.MultipleChoiceField(
        label="Whom",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Everybody with a place, unless you choose. Speakers are not asked.",
    )
    releases = forms.BooleanField(
        label="Who stays silent gives the place to the next on the waiting list",
        required=False,
        help_text="Never those who were invited by name.",
    )

    field_order = ("version", "ask_local", "until_local", "registration_types", "releases")

    def __init__(
        self, *args: Any, conference: Conference, row: Reconfirmation | None = None, **kwargs: Any
    ) -> None:
        if row is not None:
            initial = {
                "ask_local": row.ask_local,
                "until_local": row.until_local,
                "releases": row.releases,
                "registration_types": [one.slug for one in row.registration_types.all()],
                "version": row.version,
            }
            kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        types = conference.registration_types.exclude(kind="speaker")
        self.set_choices(
            "registration_types",
            [(one.slug, pick_text(one.name, "en", conference.languages)) for one in types],
        )

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _PLAIN}
