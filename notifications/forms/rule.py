"""A rule of reminders, as organisers type it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from core.clock import Offset
from core.text import pick_text
from events.enums import ParticipationRole
from events.forms.base import ServiceForm
from events.models import Conference
from notifications.enums import Anchor, Audience, Late
from notifications.models import ReminderRule
from notifications.services.rules import rule_templates
from notifications.services.sentences import template_name

_UNITS: Final = (("days", "days"), ("hours", "hours"), ("minutes", "minutes"))
_DIRECTIONS: Final = (("before", "before"), ("after", "after"))
_LATE: Final = (
    (Late.SKIP, "They do not get it"),
    (Late.SEND, "They get it at once"),
    (Late.MERGE, "Their confirmation says it already"),
)


class RuleForm(ServiceForm):
    """A rule: its moment is typed as a number, a unit and an anchor, and kept as ISO 8601."""

    names = {"offset": "amount"}

    name = forms.CharField(
        label="Name", max_length=120, help_text="Only organisers see it: Reminder one day before."
    )
    template = forms.ChoiceField(label="Text")
    audience = forms.ChoiceField(label="To whom", choices=Audience.choices)
    session = forms.ChoiceField(
        label="Session",
        required=False,
        help_text="Only for the people of one session, or for a moment that counts from it.",
    )
    role = forms.ChoiceField(
        label="Role", required=False, choices=[("", "Any role"), *ParticipationRole.choices]
    )
    amount = forms.IntegerField(label="How long", min_value=0, max_value=99999)
    unit = forms.ChoiceField(label="Unit", choices=_UNITS)
    direction = forms.ChoiceField(label="Before or after", choices=_DIRECTIONS)
    anchor = forms.ChoiceField(label="Counted from", choices=Anchor.choices)
    at = forms.TimeField(
        label="At a time of day",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=(
            "With whole days only, in the zone of the conference. Empty: at the same time of day."
        ),
    )
    late = forms.ChoiceField(label="Who registers after that moment", choices=_LATE)
    quiet_hours = forms.BooleanField(
        label="Not between 20:00 and 08:00",
        required=False,
        help_text="It then goes at 08:00, or at 19:59 where 08:00 would be too late.",
    )
    working_days = forms.BooleanField(
        label="Only from Monday to Friday",
        required=False,
        help_text="It then goes on the Friday before, or on the Monday after.",
    )
    enabled = forms.BooleanField(label="Switched on", required=False)

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sessions = conference.sessions.order_by("starts_at", "order", "pk")
        self.fields["session"].choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            ("", "No session"),
            *((s.code, pick_text(s.title, "en", conference.languages)) for s in sessions),
        ]
        self.fields["template"].choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            (name, template_name(name)) for name in rule_templates(conference)
        ]

    @staticmethod
    def initial_of(rule: ReminderRule) -> dict[str, Any]:
        """Return a rule as the form shows it."""
        return {
            "version": rule.version,
            "name": rule.name,
            "template": rule.template,
            "audience": rule.audience,
            "session": rule.session.code if rule.session is not None else "",
            "role": rule.role,
            **_length(rule.offset),
            "anchor": rule.anchor,
            "at": rule.at,
            "late": rule.late,
            "quiet_hours": rule.quiet_hours,
            "working_days": rule.working_days,
            "enabled": rule.enabled,
        }

    def values(self) -> Mapping[str, Any]:
        """Return what was typed as the service takes it."""
        typed = self.cleaned_data
        return {
            **{name: typed[name] for name in ("name", "template", "audience", "role", "anchor")},
            **{name: typed[name] for name in ("at", "late", "quiet_hours", "enabled")},
            "working_days": typed["working_days"],
            "session": typed["session"] or None,
            "offset": self._offset(),
        }

    def _offset(self) -> str:
        typed = self.cleaned_data
        kept = self.initial.get("offset", "")
        if kept and not {"amount", "unit", "direction"} & set(self.changed_data):
            return str(kept)  # days and hours together, which only the API can say
        sign = "-" if typed["direction"] == "before" and typed["amount"] else ""
        letters = {"days": "P{}D", "hours": "PT{}H", "minutes": "PT{}M"}
        return sign + letters[typed["unit"]].format(typed["amount"])


def _length(text: str) -> dict[str, Any]:
    offset = Offset(text)
    minutes = abs(int(offset.exact.total_seconds())) // 60
    if offset.days or not minutes:
        amount, unit = abs(offset.days), "days"
    elif minutes % 60 == 0:
        amount, unit = minutes // 60, "hours"
    else:
        amount, unit = minutes, "minutes"
    direction = "before" if offset.is_before else "after"
    return {"offset": text, "amount": amount, "unit": unit, "direction": direction}
