"""Forms that only read what was typed: every rule stands in a service, which says what is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from core.forms import ServiceForm

__all__ = ["LocalTimeField", "ServiceForm"]


class LocalTimeField(forms.CharField):
    """A wall-clock time as the browser's own control writes it: 2027-03-28T10:00."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, dt.datetime) else value
