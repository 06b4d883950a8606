"""Venues of the organisation, rooms of a conference's venues."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from events.api.base import ConferenceResource, OrganisationResource
from events.api.filters import RoomFilter, VenueFilter
from events.api.serializers import RoomSerializer, VenueSerializer
from events.models import Room, Venue
from events.services import venues


class _Venues(OrganisationResource):
    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = VenueSerializer
    queryset = Venue.objects.all()

    def rows(self) -> QuerySet[Venue]:
        return Venue.objects.filter(organisation=self.organisation)


class VenueList(_Venues):
    lists = True
    filterset_class = VenueFilter

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(
            lambda values: venues.create_venue(
                organisation=self.organisation, actor=self.actor, **values
            )
        )


class VenueDetail(_Venues):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.changing(
            row,
            lambda values, expected: venues.change_venue(
                venue=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: venues.delete_venue(venue=row, expected=expected, actor=self.actor)
        )


class _Rooms(ConferenceResource):
    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = RoomSerializer
    queryset = Room.objects.all()

    def rows(self) -> QuerySet[Room]:
        return Room.objects.filter(
            venue__conference_venues__conference=self.conference
        ).select_related("venue")


class RoomList(_Rooms):
    """The rooms of the conference's venues; who adds one names the venue, which joins them."""

    lists = True
    filterset_class = RoomFilter

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(
            lambda values: venues.create_room(
                conference=self.conference, actor=self.actor, **values
            )
        )


class RoomDetail(_Rooms):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)

        def change(values: dict[str, Any], expected: int) -> Room:
            if values.get("venue") == row.venue:  # a room stays in its building
                del values["venue"]
            return venues.change_room(room=row, changes=values, expected=expected, actor=self.actor)

        return self.changing(row, change)

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: venues.delete_room(room=row, expected=expected, actor=self.actor)
        )
