"""An announcement: words, and to whom."""

from __future__ import annotations

from typing import Any

from django import forms

from core.text import LANGUAGES, pick_text
from events.enums import ParticipationRole, ParticipationState
from events.forms.base import ServiceForm
from events.models import Conference, Tag
from notifications.enums import InvitationStanding
from notifications.models import Announcement
from registrations.enums import RegistrationStatus


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
