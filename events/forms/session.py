"""What organisers type about a session and about those on it."""

from __future__ import annotations

from typing import Any

from django import forms

from core.text import LANGUAGES, pick_text
from events.enums import Attribution, ParticipationRole, ParticipationState, SessionKind
from events.forms.base import LocalTimeField, ServiceForm
from events.models import Conference, Participation, Room, Session

# Declined and replaced people stay on the list; what they did is not undone by a typing error.
ROLE_FOR_KIND = {
    SessionKind.KEYNOTE: ParticipationRole.KEYNOTE,
    SessionKind.OPENING_REMARKS: ParticipationRole.OPENING_REMARKS,
    SessionKind.PRESENTATION: ParticipationRole.PRESENTER,
    SessionKind.WORKSHOP: ParticipationRole.HOST,
    SessionKind.DISCUSSION: ParticipationRole.DISCUSSANT,
}


def rooms_of(conference: Conference) -> dict[str, Room]:
    """Return the rooms of the conference's venues by code."""
    rows = Room.objects.filter(venue__conferences=conference).select_related("venue")
    return {room.code: room for room in rows.order_by("venue_id", "order", "pk")}


def room_choices(rooms: dict[str, Room], language: str) -> list[tuple[str, str]]:
    """Return the rooms to choose from; the venue is named only where there are several."""
    several = len({room.venue_id for room in rooms.values()}) > 1
    choices = [("", "No room")]
    for code, room in rooms.items():
        name = pick_text(room.name, language)
        venue = pick_text(room.venue.name, language)
        choices.append((code, f"{name} · {venue}" if several else name))
    return choices


class SessionForm(ServiceForm):
    """All of a session but its people."""

    kind = forms.ChoiceField(choices=SessionKind.choices)
    start_local = LocalTimeField(label="Starts", required=False)
    end_local = LocalTimeField(label="Ends", required=False)
    room = forms.ChoiceField(required=False)
    track = forms.ChoiceField(required=False)
    language = forms.ChoiceField(
        required=False, choices=[("", "Not said"), *LANGUAGES.items()], label="Spoken language"
    )
    interpretation = forms.MultipleChoiceField(
        required=False,
        choices=list(LANGUAGES.items()),
        label="Interpreted into",
        widget=forms.CheckboxSelectMultiple,
    )
    attribution = forms.ChoiceField(
        choices=Attribution.choices,
        label="What may be told outside",
        help_text=(
            "Chatham House Rule: pages, mails and briefings say it, and the outcome names nobody "
            "for what was said. Closed: its page says that it is for those invited; what it is "
            "about and its materials are kept from readers."
        ),
    )
    recorded = forms.BooleanField(
        required=False,
        label="It is recorded",
        help_text="Its page says so, and everybody who speaks on it is asked for consent.",
    )

    def __init__(
        self, *args: Any, conference: Conference, session: Session | None = None, **kwargs: Any
    ) -> None:
        self.session = session
        if session is not None:
            kwargs.setdefault("initial", _initial(session))
        super().__init__(*args, languages=conference.languages, **kwargs)
        self.add_texts("title", "Title", required=True)
        self.add_texts("abstract", "What it is about", lines=4)
        self.rooms = rooms_of(conference)
        self.tracks = {track.slug: track for track in conference.tracks.all()}
        first = conference.first_language
        self.set_choices("room", room_choices(self.rooms, first))
        self.set_choices(
            "track",
            [
                ("", "None"),
                *((slug, pick_text(track.name, first)) for slug, track in self.tracks.items()),
            ],
        )
        self.order_fields(["version", "kind", *self.text_fields("title", "abstract")])

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the service's names."""
        data = self.cleaned_data
        kept = self.session
        return {
            "kind": data["kind"],
            "title": self.text_values("title", kept.title if kept else None),
            "abstract": self.text_values("abstract", kept.abstract if kept else None),
            "start_local": data["start_local"] or None,
            "end_local": data["end_local"] or None,
            "room": self.rooms.get(data["room"]),
            "track": self.tracks.get(data["track"]),
            "language": data["language"],
            "interpretation": data["interpretation"],
            "attribution": data["attribution"],
            "recorded": data["recorded"],
        }


def _initial(session: Session) -> dict[str, Any]:
    return {
        **SessionForm.initial_texts("title", session.title),
        **SessionForm.initial_texts("abstract", session.abstract),
        "version": session.version,
        "kind": session.kind,
        "start_local": session.start_local,
        "end_local": session.end_local,
        "room": session.room.code if session.room else "",
        "track": session.track.slug if session.track else "",
        "language": session.language,
        "interpretation": session.interpretation,
        "attribution": session.attribution,
        "recorded": session.recorded,
    }


class ParticipationForm(ServiceForm):
    """Who somebody is on this session, on that day."""

    role = forms.ChoiceField(choices=ParticipationRole.choices)
    state = forms.ChoiceField(choices=ParticipationState.choices)
    minutes = forms.IntegerField(required=False)
    honorific = forms.CharField(required=False, max_length=60)
    position = forms.CharField(required=False, max_length=200)
    affiliation = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        names = ("role", "state", "minutes", "honorific", "position", "affiliation")
        kwargs.setdefault(
            "initial",
            {
                "version": participation.session.version,
                **{name: getattr(participation, name) for name in names},
            },
        )
        super().__init__(*args, **kwargs)

    def changes(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class NewOnPanelForm(ServiceForm):
    """A person whom nobody knows yet, and the role for which they come."""

    given_name = forms.CharField(max_length=120)
    family_name = forms.CharField(max_length=120, required=False)
    honorific = forms.CharField(max_length=60, required=False)
    position = forms.CharField(max_length=200, required=False)
    affiliation = forms.CharField(max_length=200, required=False)
    email = forms.CharField(label="E-mail", max_length=254, required=False, widget=forms.EmailInput)
    role = forms.ChoiceField(choices=ParticipationRole.choices)

    def person(self) -> dict[str, Any]:
        """Return what is known of the person, by the service's names."""
        skip = {"role", "version"}
        return {name: value for name, value in self.cleaned_data.items() if name not in skip}
