"""Published versions of the programme, and materials."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.errors import invalid
from events.api.base import ConferenceResource
from events.api.filters import MaterialFilter
from events.api.schedule_serializers import (
    ComparisonSerializer,
    ScheduleDocumentSerializer,
    ScheduleVersionSerializer,
)
from events.api.serializers import MaterialSerializer
from events.models import Material, ScheduleVersion
from events.services import materials, schedules
from events.services.documents import build_document
from events.services.restoring import restore_version

DRAFT = "draft"
WITH = OpenApiParameter("with", str, description="The number of another version, or “draft”.")


class _Versions(ConferenceResource):
    """Versions never change: their ETag is their number."""

    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = ScheduleVersionSerializer
    queryset = ScheduleVersion.objects.all()
    key = "number"

    def rows(self) -> QuerySet[ScheduleVersion]:
        return ScheduleVersion.objects.filter(conference=self.conference).select_related("restores")

    def etag_of(self, row: ScheduleVersion) -> str:
        return f'"v{row.number}"'


class VersionList(_Versions):
    lists = True
    ordering_fields = ("created_at", "number")

    def get_queryset(self) -> QuerySet[ScheduleVersion]:
        return super().get_queryset().defer("document", "restores__document")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def body_of(self, row: ScheduleVersion) -> Any:
        return ScheduleDocumentSerializer(row).data

    @extend_schema(responses={201: ScheduleDocumentSerializer})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(
            lambda values: schedules.publish_schedule(
                conference=self.conference, actor=self.actor, **values
            )
        )


class VersionDetail(_Versions):
    serializer_class = ScheduleDocumentSerializer

    def get(self, request: Request, number: int, **kwargs: Any) -> Response:
        return self.reading(self.one(number=number))


class VersionComparison(_Versions):
    """What makes a version another one, or the draft."""

    @extend_schema(responses=ComparisonSerializer, parameters=[WITH])
    def get(self, request: Request, number: int, **kwargs: Any) -> Response:
        version = self.one(number=number)
        wanted = request.query_params.get("with", DRAFT)
        other = None
        if wanted != DRAFT:
            is_number = wanted.isascii() and wanted.isdigit() and len(wanted) < 10  # noqa: PLR2004 - a 32-bit number
            other = self.rows().filter(number=int(wanted)).first() if is_number else None
            if other is None:
                raise invalid("/with", "unknown", "Give the number of a version, or “draft”.")
        after = (
            schedules.read_document(other) if other is not None else build_document(self.conference)
        )
        changes = schedules.changes_between(
            self.conference, schedules.read_document(version), after
        )
        return Response(
            {
                "version": version.number,
                "other": other.number if other is not None else None,
                "changes": [
                    {"kind": one.kind, "session": one.code or None, "sentence": one.sentence}
                    for one in changes
                ],
            }
        )


class RestoreVersion(_Versions):
    """Make a version's programme the newest version; the draft follows it."""

    def location_of(self, row: ScheduleVersion) -> str:
        here = self.request.path.removesuffix("restore/").rstrip("/")
        return f"{here.rpartition('/')[0]}/{row.number}/"

    def body_of(self, row: ScheduleVersion) -> Any:
        return ScheduleDocumentSerializer(row).data

    @extend_schema(responses={201: ScheduleDocumentSerializer})
    def post(self, request: Request, number: int, **kwargs: Any) -> HttpResponse:
        version = self.one(number=number)
        version.conference = self.conference
        return self.creating(
            lambda values: restore_version(version=version, actor=self.actor, **values)
        )


class _Materials(ConferenceResource):
    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = MaterialSerializer
    queryset = Material.objects.all()

    def rows(self) -> QuerySet[Material]:
        return Material.objects.filter(conference=self.conference).select_related("session")


class MaterialList(_Materials):
    lists = True
    filterset_class = MaterialFilter

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(
            lambda values: materials.create_material(
                conference=self.conference, actor=self.actor, **values
            )
        )


class MaterialDetail(_Materials):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.changing(
            row,
            lambda values, expected: materials.change_material(
                material=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: materials.delete_material(
                material=row, expected=expected, actor=self.actor
            )
        )
