"""Who wants no more optional mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from events.forms.base import ServiceForm

# No conference has it for its slug.
ALL_CONFERENCES: Final = "*"


class SuppressionForm(ServiceForm):
    """An address whose owner wants no more optional mail."""

    email = forms.CharField(
        label="E-mail", max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    conference = forms.ChoiceField(label="Mails of", initial=ALL_CONFERENCES)
    note = forms.CharField(
        label="Reason",
        max_length=300,
        help_text="Who asked for it and how: by phone to Mila on 3 March.",
    )

    def __init__(self, *args: Any, conferences: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("conference", [(ALL_CONFERENCES, "All conferences"), *conferences])


class LiftForm(ServiceForm):
    """On whose word somebody gets optional mail again."""

    note = forms.CharField(
        label="Reason", max_length=300, required=False, help_text="Who asked for it and how."
    )

    def __init__(self, *args: Any, needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = needed
