"""Donor packs over the API: asked for by POST, read until `state` is `done`, then downloaded."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from console.donor_pack.sending import file_response
from console.tasks import make_donor_packs
from core.api.serializers import NothingSerializer, StrictSerializer, instant_text
from core.nudging import nudge
from events.api.base import ConferenceResource
from events.enums import JobState
from events.models import DonorPack
from events.services.donor_packs import KEPT, ask_for_pack, delete_pack, stamp_of

_ZIP = "application/zip"


class DonorPackSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=JobState.choices, read_only=True)
    missing = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="What is not in it."
    )
    error = serializers.CharField(read_only=True)
    size = serializers.IntegerField(source="file.size", read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    deleted_at = serializers.DateTimeField(
        read_only=True, help_text="When it is deleted by itself."
    )

    def to_representation(self, instance: DonorPack) -> dict[str, Any]:
        return {
            "code": instance.code,
            "state": instance.state,
            "missing": instance.missing,
            "error": instance.error,
            "size": instance.file.size if instance.file else None,
            "created_at": instant_text(instance.created_at),
            "deleted_at": instant_text(instance.created_at + KEPT),
        }


class ZIPRenderer(BaseRenderer):
    """Says that this address answers a ZIP; the view streams it itself."""

    media_type = _ZIP
    format = "zip"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return JSONRenderer().render(data)  # a problem document


class _DonorPacks(ConferenceResource):
    read_permission = Permission.REGISTRATION_READ
    write_permission = Permission.REGISTRATION_READ
    also_permissions = (Permission.MAIL_READ,)
    serializer_class = DonorPackSerializer
    queryset = DonorPack.objects.all()

    def rows(self) -> QuerySet[DonorPack]:
        return DonorPack.objects.filter(conference=self.conference).select_related("file")

    def etag_of(self, row: DonorPack) -> str:
        return f'"v{stamp_of(row)}"'


class DonorPackList(_DonorPacks):
    lists = True

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    @extend_schema(request=NothingSerializer, responses={201: DonorPackSerializer})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Have a pack made; one that is being made is the one that is meant."""
        self.nothing_in_body()
        return self.creating(self.ask)

    def ask(self, values: dict[str, Any]) -> DonorPack:
        del values
        row = ask_for_pack(conference=self.conference, actor=self.actor)
        transaction.on_commit(lambda: nudge(make_donor_packs))
        return row


class DonorPackDetail(_DonorPacks):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: delete_pack(pack=row, expected=expected, actor=self.actor)
        )


class DonorPackFile(_DonorPacks):
    """The ZIP itself."""

    pagination_class = None
    renderer_classes = [ZIPRenderer, JSONRenderer]

    @extend_schema(responses={(200, _ZIP): OpenApiTypes.BINARY}, operation_id="donor_pack_file")
    def get(self, request: Request, code: str, **kwargs: Any) -> FileResponse:
        return file_response(self.one(code=code))
