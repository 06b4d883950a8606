"""Bodies of the public API, for the schema. Each text is one string, in the answer's language."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import LocalTimeField
from core.enums import Visibility
from events.enums import (
    Attribution,
    ConferenceKind,
    ConferenceMode,
    ConferenceState,
    ParticipationRole,
    PartnerKind,
    SessionKind,
    SessionState,
)


class PublicOrganisationSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()


class PublicVenueSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    street = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    directions = serializers.CharField()
    entrance = serializers.CharField()
    access = serializers.CharField()


class PublicPartnerSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=PartnerKind.choices)
    name = serializers.CharField()
    url = serializers.CharField()


class PublicConferenceSerializer(serializers.Serializer[Any]):
    organisation = PublicOrganisationSerializer()
    uid = serializers.UUIDField()
    slug = serializers.CharField()
    kind = serializers.ChoiceField(choices=ConferenceKind.choices)
    title = serializers.CharField()
    subtitle = serializers.CharField()
    description = serializers.CharField()
    start = LocalTimeField()
    end = LocalTimeField()
    doors = LocalTimeField(allow_null=True)
    time_zone = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    doors_at = serializers.DateTimeField(allow_null=True)
    mode = serializers.ChoiceField(choices=ConferenceMode.choices)
    languages = serializers.ListField(child=serializers.CharField())
    visibility = serializers.ChoiceField(choices=Visibility.choices)
    state = serializers.ChoiceField(choices=ConferenceState.choices)
    venues = PublicVenueSerializer(many=True)
    partners = PublicPartnerSerializer(many=True)


class PublicRoomSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    venue = serializers.CharField()
    venue_name = serializers.CharField()


class PublicTrackSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    name = serializers.CharField()
    colour = serializers.CharField()


class PublicPersonSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    honorific = serializers.CharField()
    given_name = serializers.CharField()
    family_name = serializers.CharField()
    bio = serializers.CharField()


class PublicParticipationSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    role = serializers.ChoiceField(choices=ParticipationRole.choices)
    order = serializers.IntegerField()
    minutes = serializers.IntegerField(allow_null=True)
    affiliation = serializers.CharField()
    position = serializers.CharField()
    person = PublicPersonSerializer()


class PublicSlotSerializer(serializers.Serializer[Any]):
    start = LocalTimeField()
    end = LocalTimeField()
    room = serializers.CharField(allow_null=True)


class PublicSessionSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    uid = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=SessionKind.choices)
    state = serializers.ChoiceField(choices=SessionState.choices)
    title = serializers.CharField()
    abstract = serializers.CharField()
    track = serializers.CharField(allow_null=True)
    slot = PublicSlotSerializer(allow_null=True)
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    language = serializers.CharField()
    attribution = serializers.ChoiceField(choices=Attribution.choices)
    interpretation = serializers.ListField(child=serializers.CharField())
    recorded = serializers.BooleanField()
    participations = PublicParticipationSerializer(many=True)


class PublicDaySerializer(serializers.Serializer[Any]):
    date = serializers.DateField()
    sessions = PublicSessionSerializer(many=True)


class PublicProgrammeSerializer(serializers.Serializer[Any]):
    """`version` is 0 until the first one is published."""

    version = serializers.IntegerField()
    name = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    time_zone = serializers.CharField()
    days = PublicDaySerializer(many=True)
    unscheduled = PublicSessionSerializer(many=True)
    rooms = PublicRoomSerializer(many=True)
    tracks = PublicTrackSerializer(many=True)
