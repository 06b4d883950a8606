"""The draft of the programme: tracks, sessions, who sits on them."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.serializers import NothingSerializer
from events.api.base import ConferenceResource
from events.api.filters import ParticipationFilter, SessionFilter
from events.api.serializers import (
    ParticipationSerializer,
    SessionSerializer,
    TrackSerializer,
)
from events.models import Participation, Session, Track
from events.services import panels, sessions, tracks


class _Programme(ConferenceResource):
    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE


class _Tracks(_Programme):
    serializer_class = TrackSerializer
    queryset = Track.objects.all()
    key = "slug"

    def rows(self) -> QuerySet[Track]:
        return Track.objects.filter(conference=self.conference)


class TrackList(_Tracks):
    lists = True

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(
            lambda values: tracks.create_track(
                conference=self.conference, actor=self.actor, **values
            )
        )


class TrackDetail(_Tracks):
    def get(self, request: Request, slug: str, **kwargs: Any) -> Response:
        return self.reading(self.one(slug=slug))

    def patch(self, request: Request, slug: str, **kwargs: Any) -> Response:
        row = self.one(slug=slug)
        return self.changing(
            row,
            lambda values, expected: tracks.change_track(
                track=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, slug: str, **kwargs: Any) -> Response:
        row = self.one(slug=slug)
        return self.deleting(
            lambda expected: tracks.delete_track(track=row, expected=expected, actor=self.actor)
        )


class _Sessions(_Programme):
    serializer_class = SessionSerializer
    queryset = Session.objects.all()
    pointers = {
        "/start_local": "/slot/start",
        "/end_local": "/slot/end",
        "/room": "/slot/room",
    }

    def rows(self) -> QuerySet[Session]:
        return Session.objects.filter(conference=self.conference).select_related("track", "room")


class SessionList(_Sessions):
    lists = True
    filterset_class = SessionFilter
    ordering_fields = ("created_at", "sort_key", "code")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(
            lambda values: sessions.create_session(
                conference=self.conference, actor=self.actor, **values
            )
        )


class SessionDetail(_Sessions):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.changing(
            row,
            lambda values, expected: sessions.change_session(
                session=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: sessions.delete_session(
                session=row, expected=expected, actor=self.actor
            )
        )


class CancelSession(_Sessions):
    @extend_schema(request=NothingSerializer, responses={200: SessionSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        self.nothing_in_body()
        return self.doing(
            self.one(code=code),
            lambda row, expected: sessions.cancel_session(
                session=row, expected=expected, actor=self.actor
            ),
        )


class RestoreSession(_Sessions):
    @extend_schema(request=NothingSerializer, responses={200: SessionSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        self.nothing_in_body()
        return self.doing(
            self.one(code=code),
            lambda row, expected: sessions.restore_session(
                session=row, expected=expected, actor=self.actor
            ),
        )


class _Participations(_Programme):
    """A participation is a part of its session: its ETag is the session's."""

    serializer_class = ParticipationSerializer
    queryset = Participation.objects.all()

    def rows(self) -> QuerySet[Participation]:
        return Participation.objects.filter(session__conference=self.conference).select_related(
            "session__conference", "person", "replaces"
        )

    def etag_of(self, row: Participation) -> str:
        return row.session.etag


class ParticipationList(_Participations):
    lists = True
    filterset_class = ParticipationFilter

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(lambda values: panels.add_participation(actor=self.actor, **values))


class ParticipationDetail(_Participations):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)

        def change(values: dict[str, Any], expected: int) -> Participation:
            for fixed in ("session", "person"):  # another one is another participation
                if values.get(fixed) == getattr(row, fixed):
                    del values[fixed]
            return panels.change_participation(
                participation=row, changes=values, expected=expected, actor=self.actor
            )

        return self.changing(row, change)

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: panels.remove_participation(
                participation=row, expected=expected, actor=self.actor
            )
        )
