"""Announcements: written, checked, sent, taken back, paused, stopped, followed."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.serializers import NothingSerializer
from events.api.base import ConferenceResource
from notifications.api.announcement_serializers import (
    AnnouncementSerializer,
    FlightCheckSerializer,
    MomentSerializer,
    ProgressSerializer,
    SendSerializer,
)
from notifications.api.filters import AnnouncementFilter
from notifications.models import Announcement
from notifications.services import announcement_control, announcing
from notifications.services.announcement_progress import progress_of
from notifications.services.flight_check import fly
from notifications.services.rescheduling import reschedule_announcement


class _Announcements(ConferenceResource):
    read_permission = Permission.MAIL_READ
    write_permission = Permission.MAIL_WRITE
    serializer_class: Any = AnnouncementSerializer
    queryset = Announcement.objects.all()

    def rows(self) -> QuerySet[Announcement]:
        return Announcement.objects.filter(conference=self.conference)

    def found(self, code: str) -> Announcement:
        """Return the announcement with its conference, which is loaded already."""
        row: Announcement = self.one(code=code)
        row.conference = self.conference
        return row


class AnnouncementList(_Announcements):
    lists = True
    filterset_class = AnnouncementFilter
    ordering_fields = ("created_at",)

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(
            lambda values: announcing.create_announcement(
                conference=self.conference, values=values, actor=self.actor
            )
        )


class AnnouncementDetail(_Announcements):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        """Change a draft."""
        row = self.one(code=code)
        return self.changing(
            row,
            lambda values, expected: announcing.change_announcement(
                announcement=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        """Delete a draft."""
        row = self.one(code=code)
        return self.deleting(
            lambda expected: announcing.delete_announcement(
                announcement=row, expected=expected, actor=self.actor
            )
        )


class AnnouncementProgress(_Announcements):
    serializer_class = ProgressSerializer

    @extend_schema(responses=ProgressSerializer)
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        """Say how far it has come."""
        row = self.found(code)
        found = progress_of(row)
        names = ("expected", "planned", "is_planned", "sent", "waiting", "failed", "taken_back")
        return Response(
            {
                "state": row.state,
                **{name: getattr(found, name) for name in names},
                "skipped": row.skipped,
            }
        )


class CheckAnnouncement(_Announcements):
    @extend_schema(request=NothingSerializer, responses=FlightCheckSerializer)
    def post(self, request: Request, code: str, **kwargs: Any) -> Response:
        """Make the flight check; nothing is sent and nothing is kept."""
        self.nothing_in_body()
        return Response(FlightCheckSerializer(fly(self.found(code))).data)


class SendAnnouncement(_Announcements):
    @extend_schema(request=SendSerializer, responses=AnnouncementSerializer)
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        """Let it leave, after a minute in which it can be taken back.

        One that is held back is sent by the same call, when its errors are put right.
        """
        row = self.one(code=code)
        agreed = SendSerializer(data=request.data)
        agreed.is_valid(raise_exception=True)
        values = dict(agreed.validated_data)
        return self.doing(
            row,
            lambda found, expected: announcing.send_announcement(
                announcement=found, expected=expected, actor=self.actor, **values
            ),
        )


class RescheduleAnnouncement(_Announcements):
    @extend_schema(request=MomentSerializer, responses=AnnouncementSerializer)
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        """Let one that waits leave at another moment."""
        row = self.one(code=code)
        said = MomentSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        values = dict(said.validated_data)
        return self.doing(
            row,
            lambda found, expected: reschedule_announcement(
                announcement=found, expected=expected, actor=self.actor, **values
            ),
        )


class _Verb(_Announcements):
    def act(self, verb: Callable[..., Announcement], code: str) -> HttpResponse:
        self.nothing_in_body()
        return self.doing(
            self.one(code=code),
            lambda row, expected: verb(announcement=row, expected=expected, actor=self.actor),
        )


class UndoAnnouncement(_Verb):
    @extend_schema(request=NothingSerializer, responses=AnnouncementSerializer)
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        """Take it back before it leaves, or while it is held back; it is a draft again."""
        return self.act(announcement_control.undo_announcement, code)


class PauseAnnouncement(_Verb):
    @extend_schema(request=NothingSerializer, responses=AnnouncementSerializer)
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        """Let no further mail of it be begun."""
        return self.act(announcement_control.pause_announcement, code)


class ResumeAnnouncement(_Verb):
    @extend_schema(request=NothingSerializer, responses=AnnouncementSerializer)
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        """Let its mail go on."""
        return self.act(announcement_control.resume_announcement, code)


class StopAnnouncement(_Verb):
    @extend_schema(request=NothingSerializer, responses=AnnouncementSerializer)
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        """Send nothing more of it, for good."""
        return self.act(announcement_control.stop_announcement, code)
