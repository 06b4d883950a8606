"""By what lists can be filtered; any other name is refused."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.db.models import QuerySet

from core.enums import Visibility
from core.text import search_key
from events.enums import (
    ConferenceKind,
    ConferenceState,
    MaterialKind,
    ParticipationRole,
    ParticipationState,
    SessionKind,
    SessionState,
)


def by_words(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    """Keep rows whose search key holds each word, in any script, with or without marks."""
    del name
    for word in search_key(value).split():
        queryset = queryset.filter(search_key__contains=word)
    return queryset


class ConferenceFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    search = f.CharFilter(method=by_words)
    state = f.ChoiceFilter(choices=ConferenceState.choices)
    kind = f.ChoiceFilter(choices=ConferenceKind.choices)
    visibility = f.ChoiceFilter(choices=Visibility.choices)
    series = f.CharFilter(field_name="series__slug")
    starts_after = f.IsoDateTimeFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = f.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")


class VenueFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    city = f.CharFilter(field_name="city", lookup_expr="iexact")


class RoomFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    venue = f.CharFilter(field_name="venue__code")


class SessionFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    search = f.CharFilter(method=by_words)
    kind = f.ChoiceFilter(choices=SessionKind.choices)
    state = f.ChoiceFilter(choices=SessionState.choices)
    track = f.CharFilter(field_name="track__slug")
    room = f.CharFilter(field_name="room__code")
    scheduled = f.BooleanFilter(field_name="starts_at", lookup_expr="isnull", exclude=True)


class ParticipationFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    session = f.CharFilter(field_name="session__code")
    person = f.CharFilter(field_name="person__code")
    role = f.ChoiceFilter(choices=ParticipationRole.choices)
    state = f.ChoiceFilter(choices=ParticipationState.choices)


class CandidateFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    session = f.CharFilter(field_name="session__code")
    person = f.CharFilter(field_name="person__code")
    role = f.ChoiceFilter(choices=ParticipationRole.choices)


class PersonFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    search = f.CharFilter(method=by_words)
    tag = f.CharFilter(field_name="tags__slug")


class SpeakerFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    search = f.CharFilter(method=by_words)


class MaterialFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    kind = f.ChoiceFilter(choices=MaterialKind.choices)
    session = f.CharFilter(field_name="session__code")
