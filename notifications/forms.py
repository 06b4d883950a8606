"""What organisers type about mail; every rule about it stands in a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from core.clock import Offset
from core.text import LANGUAGES, pick_text
from events.enums import ParticipationRole, ParticipationState
from events.forms.base import ServiceForm
from events.models import Conference, Tag
from notifications.enums import Anchor, Audience, InvitationStanding, Late
from notifications.models import Announcement, ReminderRule
from notifications.services.listing import text_name
from notifications.services.own_texts import PARTS, Level
from notifications.services.placeholders import listed
from notifications.services.rules import rule_templates
from notifications.services.sentences import template_name
from notifications.services.texts import Source
from notifications.services.wording import words
from registrations.enums import RegistrationStatus

_UNITS: Final = (("days", "days"), ("hours", "hours"), ("minutes", "minutes"))
_DIRECTIONS: Final = (("before", "before"), ("after", "after"))
_LATE: Final = (
    (Late.SKIP, "They do not get it"),
    (Late.SEND, "They get it at once"),
    (Late.MERGE, "Their confirmation says it already"),
)
# No conference has it for its slug.
ALL_CONFERENCES: Final = "*"


class PauseForm(forms.Form):
    """Why a conference's mail is paused."""

    reason = forms.CharField(
        label="Why",
        max_length=200,
        help_text="Everybody who works on the conference reads it: the room has changed.",
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


class MailTextForm(ServiceForm):
    """A text, part by part."""

    subject = forms.CharField(label="Subject", max_length=200)
    preheader = forms.CharField(
        label="Preview line",
        max_length=200,
        help_text="Mail programs show it beside the subject in their lists.",
    )
    title = forms.CharField(label="Title", max_length=200)
    body = forms.CharField(
        label="Text",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=(
            "An empty line begins a paragraph; one that names something there is none of is left "
            "out. **bold**, *italic*, [words](https://…), - a list, ## a heading."
        ),
    )
    facts = forms.MultipleChoiceField(
        label="Rows of facts",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Each stands in the mail where there is something to say.",
    )
    after = forms.CharField(
        label="Text behind the facts",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    lead = forms.CharField(label="Sentence above the button", required=False, max_length=300)
    button_label = forms.CharField(label="Button", required=False, max_length=80)
    button_url = forms.ChoiceField(label="It leads to", required=False)
    reason = forms.CharField(
        label="Why one gets this mail",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="At the foot, a sentence a line.",
    )

    def __init__(self, *args: Any, source: Source, **kwargs: Any) -> None:
        super().__init__(*args, initial=self._initial(source, kwargs.pop("version", 0)), **kwargs)
        names = listed(source.template)
        labels = words("en").labels
        facts = [row.name for row in names if row.is_fact]
        # Those that are there stand first, in their order.
        order = [*source.facts, *(name for name in facts if name not in source.facts)]
        self.set_choices("facts", [(name, labels.get(name, name)) for name in order])
        links = [(row.name, row.meaning) for row in names if row.is_link]
        self.set_choices("button_url", [("", "No button"), *links])
        for name in ("subject", "preheader", "title", "body", "after", "lead", "button_label"):
            self.fields[name].widget.attrs["lang"] = source.language

    @staticmethod
    def _initial(source: Source, version: int) -> dict[str, Any]:
        parts = {name: getattr(source, name) for name in PARTS}
        return {**parts, "reason": "\n".join(source.reason), "version": version}

    def values(self) -> Mapping[str, Any]:
        """Return what was typed as the service takes it."""
        return {name: self.cleaned_data[name] for name in PARTS}


class NewMailTextForm(ServiceForm):
    """A text of the organisation's own: its name, and what it begins with."""

    name = forms.CharField(
        label="Name", max_length=60, help_text="Only organisers see it: Letter to the press."
    )
    start_from = forms.ChoiceField(label="Begin with the words of")
    language = forms.ChoiceField(label="First language")

    def __init__(self, *args: Any, level: Level, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("start_from", _choices(rule_templates()))
        self.set_choices("language", [(tag, LANGUAGES[tag]) for tag in level.languages])


def _choices(templates: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, text_name(name)) for name in templates]


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
