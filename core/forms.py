"""Form fields that several apps share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.cleaning import Wrong, local_time


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
