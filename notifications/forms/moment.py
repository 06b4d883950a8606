"""The moment at which an announcement leaves."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django import forms

from core.clock import resolve_local, to_local
from core.forms import LocalDateTimeFormField
from events.dates import zone_city
from events.models import Conference

FORMAT: Final = "%Y-%m-%dT%H:%M"


class MomentForm(forms.Form):
    """Date and time on the clocks of a conference; nothing is at once."""

    send_at = LocalDateTimeFormField(required=False)

    all_optional = True  # where it stands it is the one thing that is asked

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        self.zone = conference.time_zone
        super().__init__(*args, **kwargs)
        city = zone_city(self.zone, "en")
        self.fields["send_at"].label = f"Send on ({city} time)"
        self.fields["send_at"].help_text = "Between 20:00 and 08:00 it waits for the morning."

    @property
    def moment(self) -> dt.datetime | None:
        """The instant that was typed; None where nothing was, or nothing that can be read."""
        local = self.cleaned_data.get("send_at") if self.is_valid() else None
        return resolve_local(local, self.zone) if local is not None else None

    @staticmethod
    def typed(moment: dt.datetime | None, zone: str) -> str:
        """Return an instant as the field holds it."""
        return to_local(moment, zone).strftime(FORMAT) if moment is not None else ""
