"""What organisers type about a conference."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import Organisation
from core.clock import zone_names
from core.enums import Visibility
from core.text import LANGUAGES
from events.enums import ConferenceKind, ConferenceMode, NeedKind
from events.forms.base import LocalTimeField, ServiceForm
from events.models import Conference, Series, Venue


class ConferenceForm(ServiceForm):
    """A new conference: what, when, where."""

    names = {"venues": "venue"}

    kind = forms.ChoiceField(choices=ConferenceKind.choices)
    slug = forms.CharField(
        label="Address",
        max_length=80,
        help_text="The last part of the page's address: lower-case letters, digits and hyphens.",
    )
    start_local = LocalTimeField(label="Starts")
    end_local = LocalTimeField(label="Ends")
    time_zone = forms.ChoiceField(help_text="The zone whose clocks hang on the wall there.")
    mode = forms.ChoiceField(choices=ConferenceMode.choices, label="How people take part")
    languages_of = forms.MultipleChoiceField(
        label="Languages",
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="Readers get the page in the one that they read, else in the first.",
    )
    venue = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        kwargs.setdefault("languages", organisation.languages or ["en"])
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.venues = {venue.code: venue for venue in organisation.venues.all()}
        self.add_texts("title", "Title", required=True)
        first = self.languages[0]
        self.set_choices(
            "venue",
            [
                ("", "No venue yet"),
                *((code, _name(venue, first)) for code, venue in self.venues.items()),
            ],
        )
        self.set_choices("time_zone", [(name, name) for name in sorted(zone_names())])
        self.order_fields(["version", "kind", *self.text_fields("title"), "slug"])

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the service's names."""
        data = self.cleaned_data
        venue = self.venues.get(data["venue"])
        return {
            "kind": data["kind"],
            "slug": data["slug"],
            "title": self.text_values("title"),
            "start_local": data["start_local"],
            "end_local": data["end_local"],
            "time_zone": data["time_zone"],
            "mode": data["mode"],
            "languages": data["languages_of"],
            "venues": [venue] if venue else [],
        }


class SettingsForm(ServiceForm):
    """All that a conference says of itself."""

    names = {"languages": "languages_of", "venues": "venues_of"}

    kind = forms.ChoiceField(choices=ConferenceKind.choices)
    slug = forms.CharField(
        label="Address",
        max_length=80,
        help_text="Another address redirects from this one for ever.",
    )
    start_local = LocalTimeField(label="Starts")
    end_local = LocalTimeField(label="Ends")
    doors_local = LocalTimeField(label="Doors open", required=False)
    changes_until_local = LocalTimeField(
        label="Guests may change or cancel until",
        required=False,
        help_text="Without it: until the start.",
    )
    reply_until_local = LocalTimeField(
        label="Invited guests answer by",
        required=False,
        help_text="Places are kept for them until then. Without it: no deadline and no reminders.",
    )
    time_zone = forms.ChoiceField()
    mode = forms.ChoiceField(choices=ConferenceMode.choices, label="How people take part")
    visibility = forms.ChoiceField(
        choices=[
            (Visibility.PUBLIC, "Public: it stands on your organisation's page"),
            (Visibility.UNLISTED, "Unlisted: whoever has the address can open it"),
            (Visibility.PRIVATE, "Private: only members see it"),
        ],
        widget=forms.RadioSelect,
    )
    languages_of = forms.MultipleChoiceField(
        label="Languages",
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    venues_of = forms.MultipleChoiceField(
        label="Venues", required=False, widget=forms.CheckboxSelectMultiple
    )
    series = forms.ChoiceField(required=False)
    contact_name = forms.CharField(label="Name", required=False, max_length=200)
    contact_email = forms.CharField(
        label="E-mail", required=False, max_length=254, widget=forms.EmailInput
    )
    contact_phone = forms.CharField(label="Phone", required=False, max_length=40)
    speaker_needs = forms.MultipleChoiceField(
        label="What each of them is asked for",
        choices=NeedKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            "They give it on their own page. Consent to recording is asked on every session that "
            "is recorded, whatever stands here."
        ),
    )

    plain = (
        *("kind", "slug", "start_local", "end_local", "doors_local", "changes_until_local"),
        *(
            "reply_until_local",
            "time_zone",
            "mode",
            "visibility",
            "contact_name",
            "contact_email",
            "contact_phone",
            "speaker_needs",
        ),
    )
    texts = ("title", "subtitle", "description", "online_note")

    def __init__(self, *args: Any, conference: Conference, **kwargs: Any) -> None:
        self.conference = conference
        kwargs.setdefault("initial", _initial(conference))
        super().__init__(*args, languages=conference.languages, **kwargs)
        self.add_texts("title", "Title", required=True)
        self.add_texts("subtitle", "Subtitle")
        self.add_texts("description", "What it is about", lines=8, help_text="Markdown.")
        self.add_texts("online_note", "For those who take part online", lines=2)
        first = self.languages[0]
        self.all_venues = {v.code: v for v in conference.organisation.venues.all()}
        self.all_series = {s.slug: s for s in conference.organisation.series.all()}
        self.set_choices("time_zone", [(name, name) for name in sorted(zone_names())])
        self.set_choices(
            "venues_of",
            [(code, _name(venue, first)) for code, venue in self.all_venues.items()],
        )
        self.set_choices(
            "series",
            [
                ("", "None"),
                *((slug, _title(row, first)) for slug, row in self.all_series.items()),
            ],
        )

    def parts(self) -> list[dict[str, Any]]:
        """Return the fields under the headings by which people look for them."""
        moving = (
            "A new time acts at once: public pages, calendar entries and reminders follow, and "
            "whoever has registered is told. On another day the draft's sessions move along."
        )
        parts: list[tuple[str, str, list[str]]] = [
            (
                "What it is",
                "",
                ["kind", *self.text_fields("title", "subtitle", "description"), "series"],
            ),
            (
                "When",
                moving,
                [
                    *("start_local", "end_local", "time_zone", "doors_local"),
                    *("changes_until_local", "reply_until_local"),
                ],
            ),
            ("Where", "", ["mode", "venues_of", *self.text_fields("online_note")]),
            ("Who reads it", "", ["visibility", "slug", "languages_of"]),
            ("Whom guests ask", "", ["contact_name", "contact_email", "contact_phone"]),
            ("Who speaks", "", ["speaker_needs"]),
        ]
        return [
            {
                "legend": legend,
                "note": note,
                "fields": self.first_fields(names),
                "more": self.other_fields(names),
                "more_open": any(field.errors for field in self.other_fields(names)),
            }
            for legend, note, names in parts
        ]

    def changes(self) -> dict[str, Any]:
        """Return what was typed, by the service's names."""
        data = self.cleaned_data
        changes: dict[str, Any] = {name: data[name] for name in self.plain}
        for name in self.texts:
            changes[name] = self.text_values(name, getattr(self.conference, name))
        changes["languages"] = _keep_order(self.conference.languages, data["languages_of"])
        changes["series"] = self.all_series.get(data["series"])
        before = [link.venue.code for link in self.conference.conference_venues.all()]
        chosen = _keep_order(before, data["venues_of"])
        changes["venues"] = [self.all_venues[code] for code in chosen]
        return changes


def _keep_order(before: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """Return what was chosen: first what stood there already, as it stood."""
    wanted = list(chosen)
    kept = [one for one in before if one in wanted]
    return [*kept, *(one for one in wanted if one not in kept)]


def _initial(conference: Conference) -> dict[str, Any]:
    initial: dict[str, Any] = {name: getattr(conference, name) for name in SettingsForm.plain}
    for name in SettingsForm.texts:
        initial |= SettingsForm.initial_texts(name, getattr(conference, name))
    links = conference.conference_venues.select_related("venue")
    return initial | {
        "version": conference.version,
        "languages_of": conference.languages,
        "venues_of": [link.venue.code for link in links],
        "series": conference.series.slug if conference.series else "",
    }


def _name(venue: Venue, language: str) -> str:
    return venue.name.get(language) or next(iter(venue.name.values()), venue.code)


def _title(series: Series, language: str) -> str:
    return series.title.get(language) or next(iter(series.title.values()), series.slug)
