"""Bodies of the organiser's API. They only shape: which values may be, services say."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from contextlib import suppress
from typing import Any

from rest_framework import serializers

from core.api.serializers import (
    LocalTimeField,
    RowField,
    StrictSerializer,
    TextsField,
    instant_text,
    local_text,
)
from core.enums import Visibility
from core.text import language_tag
from events.enums import (
    Attribution,
    ConferenceKind,
    ConferenceMode,
    ConferenceState,
    MaterialKind,
    NeedKind,
    ParticipationRole,
    ParticipationState,
    SessionKind,
    SessionState,
)
from events.models import Participation, Person, Room, Series, Session, Track, Venue

Context = Any


def _venues(context: Context) -> Any:
    return Venue.objects.filter(organisation=context["organisation"])


def people_of(context: Context) -> Any:
    return Person.objects.filter(organisation=context["conference"].organisation_id)


def rooms_of(context: Context) -> Any:
    return Room.objects.filter(venue__conference_venues__conference=context["conference"])


def sessions_of(context: Context) -> Any:
    return Session.objects.filter(conference=context["conference"])


def _parts(context: Context) -> Any:
    return Participation.objects.filter(session__conference=context["conference"])


def _tracks(context: Context) -> Any:
    return Track.objects.filter(conference=context["conference"])


def _series(context: Context) -> Any:
    return Series.objects.filter(organisation=context["organisation"])


class ConferenceSerializer(StrictSerializer):
    uid = serializers.UUIDField(read_only=True)
    slug = serializers.CharField()
    kind = serializers.ChoiceField(choices=ConferenceKind.choices)
    title = TextsField()
    subtitle = TextsField(required=False)
    description = TextsField(required=False)
    start = LocalTimeField(source="start_local")
    end = LocalTimeField(source="end_local")
    doors = LocalTimeField(source="doors_local", required=False, allow_null=True)
    changes_until = LocalTimeField(source="changes_until_local", required=False, allow_null=True)
    reply_until = LocalTimeField(source="reply_until_local", required=False, allow_null=True)
    time_zone = serializers.CharField()
    mode = serializers.ChoiceField(choices=ConferenceMode.choices, required=False)
    online_note = TextsField(required=False)
    languages = serializers.ListField(child=serializers.CharField(), required=False)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    state = serializers.ChoiceField(choices=ConferenceState.choices, required=False)
    series = RowField(rows=_series, key="slug", required=False, allow_null=True)
    venues = serializers.ListField(child=RowField(rows=_venues), required=False)
    contact_name = serializers.CharField(required=False, allow_blank=True)
    contact_email = serializers.CharField(required=False, allow_blank=True)
    contact_phone = serializers.CharField(required=False, allow_blank=True)
    speaker_needs = serializers.ListField(
        child=serializers.ChoiceField(choices=NeedKind.choices),
        required=False,
        help_text="What is needed from everybody who speaks.",
    )
    starts_at = serializers.DateTimeField(read_only=True)
    ends_at = serializers.DateTimeField(read_only=True)
    doors_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def first_language(self) -> str:
        """Return the first of the languages that the body names, else that of the conference."""
        named = self.initial_data.get("languages")
        if isinstance(named, list) and named and isinstance(named[0], str):
            with suppress(ValueError):  # the list itself is refused with a sentence
                return language_tag(named[0])
        if self.instance is not None:
            return str(self.instance.first_language)
        return super().first_language()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "uid": str(instance.uid),
            "slug": instance.slug,
            "kind": instance.kind,
            "title": instance.title,
            "subtitle": instance.subtitle,
            "description": instance.description,
            "start": local_text(instance.start_local),
            "end": local_text(instance.end_local),
            "doors": local_text(instance.doors_local),
            "changes_until": local_text(instance.changes_until_local),
            "reply_until": local_text(instance.reply_until_local),
            "time_zone": instance.time_zone,
            "mode": instance.mode,
            "online_note": instance.online_note,
            "languages": instance.languages,
            "visibility": instance.visibility,
            "state": instance.state,
            "series": instance.series.slug if instance.series else None,
            "venues": [link.venue.code for link in instance.conference_venues.all()],
            "contact_name": instance.contact_name,
            "contact_email": instance.contact_email,
            "contact_phone": instance.contact_phone,
            "speaker_needs": instance.speaker_needs,
            "starts_at": instant_text(instance.starts_at),
            "ends_at": instant_text(instance.ends_at),
            "doors_at": instant_text(instance.doors_at),
        }


class SeriesSerializer(StrictSerializer):
    slug = serializers.CharField(help_text="It stays once a conference in it has been public.")
    title = TextsField()
    description = TextsField(required=False)


class VenueSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    name = TextsField()
    street = serializers.CharField(required=False, allow_blank=True)
    postal_code = serializers.CharField(required=False, allow_blank=True)
    city = serializers.CharField(required=False, allow_blank=True)
    country = serializers.CharField(required=False, allow_blank=True)
    directions = TextsField(required=False)
    entrance = TextsField(required=False)
    access = TextsField(required=False)
    latitude = serializers.FloatField(required=False, allow_null=True)
    longitude = serializers.FloatField(required=False, allow_null=True)


class RoomSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    venue = RowField(rows=_venues)
    name = TextsField()
    capacity = serializers.IntegerField(required=False, allow_null=True)
    turnaround_minutes = serializers.IntegerField(required=False)
    opens = serializers.TimeField(required=False, allow_null=True, format="%H:%M")
    closes = serializers.TimeField(required=False, allow_null=True, format="%H:%M")
    order = serializers.IntegerField(required=False)


class TrackSerializer(StrictSerializer):
    slug = serializers.CharField()
    name = TextsField()
    colour = serializers.CharField(required=False, allow_blank=True)
    order = serializers.IntegerField(required=False)


class SlotSerializer(StrictSerializer):
    start = LocalTimeField(source="start_local")
    end = LocalTimeField(source="end_local")
    room = RowField(rows=rooms_of, required=False, allow_null=True)


class SessionSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    uid = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=SessionKind.choices)
    state = serializers.ChoiceField(choices=SessionState.choices, read_only=True)
    title = TextsField()
    abstract = TextsField(required=False)
    track = RowField(rows=_tracks, key="slug", required=False, allow_null=True)
    slot = SlotSerializer(required=False, allow_null=True)
    language = serializers.CharField(required=False, allow_blank=True)
    attribution = serializers.ChoiceField(choices=Attribution.choices, required=False)
    interpretation = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Languages into which it is interpreted, beside the one that is spoken.",
    )
    recorded = serializers.BooleanField(required=False)
    planned_minutes = serializers.IntegerField(required=False, allow_null=True)
    order = serializers.IntegerField(required=False)
    starts_at = serializers.DateTimeField(read_only=True, allow_null=True)
    ends_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def to_internal_value(self, data: Any) -> Any:
        """Return the slot's three parts beside the rest, as services know them."""
        values = dict(super().to_internal_value(data))
        if "slot" in values:
            slot = values.pop("slot")
            if slot is None:
                slot = {"start_local": None, "end_local": None, "room": None}
            values |= slot
        return values

    def to_representation(self, instance: Any) -> dict[str, Any]:
        slot = None
        if instance.start_local is not None:
            slot = {
                "start": local_text(instance.start_local),
                "end": local_text(instance.end_local),
                "room": instance.room.code if instance.room else None,
            }
        return {
            "code": instance.code,
            "uid": str(instance.uid),
            "kind": instance.kind,
            "state": instance.state,
            "title": instance.title,
            "abstract": instance.abstract,
            "track": instance.track.slug if instance.track else None,
            "slot": slot,
            "language": instance.language,
            "attribution": instance.attribution,
            "interpretation": instance.interpretation,
            "recorded": instance.recorded,
            "planned_minutes": instance.planned_minutes,
            "order": instance.order,
            "starts_at": instant_text(instance.starts_at),
            "ends_at": instant_text(instance.ends_at),
        }


class ParticipationSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    session = RowField(rows=sessions_of)
    person = RowField(rows=people_of)
    role = serializers.ChoiceField(choices=ParticipationRole.choices)
    order = serializers.IntegerField(required=False)
    minutes = serializers.IntegerField(required=False, allow_null=True)
    state = serializers.ChoiceField(choices=ParticipationState.choices, required=False)
    honorific = serializers.CharField(required=False, allow_blank=True)
    affiliation = serializers.CharField(required=False, allow_blank=True)
    position = serializers.CharField(required=False, allow_blank=True)
    shown_unconfirmed = serializers.BooleanField(required=False)
    asked_at = serializers.DateTimeField(read_only=True, allow_null=True)
    last_asked_at = serializers.DateTimeField(read_only=True, allow_null=True)
    reply_until = LocalTimeField(source="reply_until_local", read_only=True, allow_null=True)
    answered_at = serializers.DateTimeField(read_only=True, allow_null=True)
    answered_via = serializers.CharField(read_only=True)
    answered_by = serializers.CharField(read_only=True)
    decline_reason = serializers.CharField(read_only=True)
    replaces = serializers.CharField(source="replaces.code", read_only=True, allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        body = dict(super().to_representation(instance))
        for name in ("asked_at", "last_asked_at", "answered_at"):
            body[name] = instant_text(getattr(instance, name))
        return body


class MaterialSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(choices=MaterialKind.choices)
    title = TextsField()
    url = serializers.CharField(required=False, allow_blank=True)
    session = RowField(rows=sessions_of, required=False, allow_null=True)
    release_at = serializers.DateTimeField(required=False, allow_null=True)
    shown = serializers.BooleanField(
        required=False, help_text="Readers see it. What a speaker gave is not shown at first."
    )
    participation = serializers.CharField(
        source="participation.code", read_only=True, allow_null=True
    )
    order = serializers.IntegerField(required=False)
