"""What organisers type about mail; every rule about it stands in a service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from core.clock import Offset
from core.text import LANGUAGES, pick_text
from events.enums import ParticipationRole, ParticipationState
from events.forms.base import ServiceForm
from events.models import Conference, Tag
from notifications.enums import Anchor, Audience, InvitationStanding, Late
from notifications.models import Announcement, ReminderRule
from notifications.services.rules import rule_templates
from notifications.services.sentences import template_name
from registrations.enums import RegistrationStatus

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
    enabled = forms.BooleanField(label="Switched on", required=False)

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sessions = conference.sessions.order_by("starts_at", "order", "pk")
        self.fields["session"].choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            ("", "No session"),
            *((s.code, pick_text(s.title, "en", conference.languages)) for s in sessions),
        ]
        self.fields["template"].choices = [  # type: ignore[attr-defined]  # it is a ChoiceField
            (name, template_name(name)) for name in rule_templates()
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
            "enabled": rule.enabled,
        }

    def values(self) -> Mapping[str, Any]:
        """Return what was typed as the service takes it."""
        typed = self.cleaned_data
        return {
            **{name: typed[name] for name in ("name", "template", "audience", "role", "anchor")},
            **{name: typed[name] for name in ("at", "late", "quiet_hours", "enabled")},
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


class AnnouncementForm(ServiceForm):
    """A mail to a chosen audience: subject and text per language, and whom it is for."""

    registrations = forms.MultipleChoiceField(
        label="Registered",
        required=False,
        choices=RegistrationStatus.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    checked_in = forms.ChoiceField(
        label="Of the registered",
        required=False,
        choices=[("", "All"), ("yes", "Only who came"), ("no", "Only who did not come")],
    )
    types = forms.MultipleChoiceField(
        label="Registered as", required=False, widget=forms.CheckboxSelectMultiple
    )
    speakers = forms.MultipleChoiceField(
        label="Speakers",
        required=False,
        choices=ParticipationState.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    roles = forms.MultipleChoiceField(
        label="In the role",
        required=False,
        choices=ParticipationRole.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    sessions = forms.MultipleChoiceField(
        label="Of the session", required=False, widget=forms.CheckboxSelectMultiple
    )
    invitations = forms.MultipleChoiceField(
        label="Invited by name",
        required=False,
        choices=InvitationStanding.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    tags = forms.MultipleChoiceField(
        label="Tagged", required=False, widget=forms.CheckboxSelectMultiple
    )
    reads = forms.MultipleChoiceField(
        label="Who read",
        required=False,
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    # A draft may lack everything, so no field says so.
    all_optional = True
    _lists = ("registrations", "types", "speakers", "roles", "sessions", "invitations", "tags")

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        super().__init__(*args, languages=conference.languages, **kwargs)
        self.add_texts("subject", "Subject")
        self.add_texts("body", "Text", lines=12)
        known = conference.languages
        self.set_choices(
            "types",
            (
                (row.slug, pick_text(row.name, "en", known))
                for row in conference.registration_types.order_by("pk")
            ),
        )
        self.set_choices(
            "sessions",
            (
                (row.code, pick_text(row.title, "en", known))
                for row in conference.sessions.order_by("starts_at", "order", "pk")
            ),
        )
        tags = Tag.objects.filter(organisation_id=conference.organisation_id)
        self.set_choices("tags", tags.values_list("slug", "name"))

    @property
    def word_fields(self) -> list[forms.BoundField]:
        """The fields of subject and text in the first language."""
        return self.first_fields(self.text_fields("subject", "body"))

    @property
    def language_fields(self) -> list[list[forms.BoundField]]:
        """Subject and text in each further language."""
        return [
            [self[self.text_name(name, tag)] for name in ("subject", "body")]
            for tag in self.languages[1:]
        ]

    @property
    def others_open(self) -> bool:
        """Whether something is written, or wrong, in a further language."""
        return self.others_wrong() or any(field.value() for field in self.other_fields())

    def _has(self, *names: str) -> bool:
        return any(self[name].value() for name in names)

    @property
    def narrows_registered(self) -> bool:
        return self._has("checked_in", "types")

    @property
    def narrows_speakers(self) -> bool:
        return self._has("roles", "sessions")

    @property
    def narrows_all(self) -> bool:
        return self._has("tags", "reads")

    @classmethod
    def initial_of(cls, row: Announcement) -> dict[str, Any]:
        """Return an announcement as the form shows it."""
        chosen = row.audience
        came = {True: "yes", False: "no"}
        return {
            "version": row.version,
            **cls.initial_texts("subject", row.subject),
            **cls.initial_texts("body", row.body),
            **{name: chosen.get(name, []) for name in cls._lists},
            "reads": chosen.get("languages", []),
            "checked_in": came.get(chosen.get("checked_in"), ""),
        }

    def typed_texts(self, kept: Announcement | None = None) -> dict[str, dict[str, str]]:
        """Return subject and text as they were typed."""
        return {
            "subject": self.text_values("subject", kept.subject if kept else None),
            "body": self.text_values("body", kept.body if kept else None),
        }

    def audience(self) -> dict[str, Any]:
        """Return the filters that were chosen."""
        typed = self.cleaned_data
        return {
            **{name: typed[name] for name in self._lists},
            "languages": typed["reads"],
            "checked_in": {"yes": True, "no": False}.get(typed["checked_in"]),
        }

    def values(self, kept: Announcement | None = None) -> dict[str, Any]:
        """Return what was typed as the service takes it."""
        return {**self.typed_texts(kept), "audience": self.audience()}
