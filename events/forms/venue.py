"""What organisers type about venues, rooms, tracks and a schedule version's name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from events.forms.base import ServiceForm
from events.models import Conference, Room, Track, Venue


class VenueForm(ServiceForm):
    """A house, and how guests get in."""

    street = forms.CharField(required=False, max_length=200)
    postal_code = forms.CharField(required=False, max_length=20)
    city = forms.CharField(required=False, max_length=100)
    country = forms.CharField(required=False, max_length=2, help_text="Two letters, such as RS.")
    latitude = forms.CharField(required=False, max_length=20)
    longitude = forms.CharField(required=False, max_length=20)

    plain = ("street", "postal_code", "city", "country", "latitude", "longitude")
    texts = ("name", "entrance", "directions", "access")

    def __init__(
        self, *args: Any, languages: Sequence[str], venue: Venue | None = None, **kwargs: Any
    ) -> None:
        self.venue = venue
        if venue is not None:
            initial: dict[str, Any] = {name: getattr(venue, name) for name in self.plain}
            for name in self.texts:
                initial |= self.initial_texts(name, getattr(venue, name))
            kwargs.setdefault("initial", initial | {"version": venue.version})
        super().__init__(*args, languages=languages, **kwargs)
        self.add_texts("name", "Name", required=True)
        self.add_texts("entrance", "Where to go in", help_text="Entrance from the yard.")
        self.add_texts("directions", "How to get there", lines=2)
        self.add_texts("access", "For wheelchairs and prams", lines=2)
        self.order_fields(["version", *self.text_fields("name"), *self.plain])

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the service's names."""
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in self.plain}
        for name in self.texts:
            kept = getattr(self.venue, name) if self.venue else None
            values[name] = self.text_values(name, kept)
        return values


class RoomForm(ServiceForm):
    """A room of a venue."""

    OWN = ("capacity", "turnaround_minutes", "opens", "closes")

    capacity = forms.IntegerField(required=False, help_text="How many people it holds.")
    turnaround_minutes = forms.IntegerField(
        label="Minutes to change it over",
        required=False,
        help_text="Between two sessions. Less than that between them is a conflict.",
    )
    opens = forms.TimeField(
        label="Open from", required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M")
    )
    closes = forms.TimeField(
        label="Open until",
        required=False,
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        help_text="On any day. Before the opening time, it is the next day's. Empty: always.",
    )

    def __init__(
        self, *args: Any, languages: Sequence[str], room: Room | None = None, **kwargs: Any
    ) -> None:
        self.room = room
        if room is not None:
            own = ("version", *self.OWN)
            initial = {name: getattr(room, name) for name in own}
            kwargs.setdefault("initial", initial | self.initial_texts("name", room.name))
        super().__init__(*args, languages=languages, **kwargs)
        self.add_texts("name", "Name", required=True)
        self.order_fields(["version", *self.text_fields("name"), *self.OWN])

    def values(self) -> dict[str, Any]:
        kept = self.room.name if self.room else None
        return {
            "name": self.text_values("name", kept),
            "capacity": self.cleaned_data["capacity"],
            "turnaround_minutes": self.cleaned_data["turnaround_minutes"] or 0,
            "opens": self.cleaned_data["opens"],
            "closes": self.cleaned_data["closes"],
        }


class TrackForm(ServiceForm):
    """A theme of the programme."""

    slug = forms.CharField(label="Short name in addresses", max_length=60)

    def __init__(
        self, *args: Any, conference: Conference, track: Track | None = None, **kwargs: Any
    ) -> None:
        self.track = track
        if track is not None:
            initial = {"version": track.version, "slug": track.slug}
            kwargs.setdefault("initial", initial | self.initial_texts("name", track.name))
        super().__init__(*args, languages=conference.languages, **kwargs)
        self.add_texts("name", "Name", required=True)
        self.order_fields(["version", *self.text_fields("name"), "slug"])

    def values(self) -> dict[str, Any]:
        kept = self.track.name if self.track else None
        return {"name": self.text_values("name", kept), "slug": self.cleaned_data["slug"]}


class PublishForm(ServiceForm):
    """What the next version of the programme is called."""

    name = forms.CharField(
        label="What you call this version",
        required=False,
        max_length=100,
        help_text="Readers see it below the programme. Without one it gets its number.",
    )
