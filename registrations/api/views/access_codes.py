"""Access codes over the API. Who has a code can use it, so reading them asks for what giving places
asks for.
"""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.resources import kept_answer
from core.services.idempotency import Answer
from events.api.base import ConferenceResource
from registrations.api.filters import AccessCodeFilter
from registrations.api.place_serializers import (
    AccessCodeSerializer,
    CodesMadeSerializer,
    ManyCodesSerializer,
    UsesSerializer,
)
from registrations.models import AccessCode
from registrations.services import access_codes


class _Codes(ConferenceResource):
    read_permission = Permission.REGISTRATION_WRITE
    write_permission = Permission.REGISTRATION_WRITE
    serializer_class: Any = AccessCodeSerializer
    queryset = AccessCode.objects.all()
    pointers = {"/expires_local": "/expires_at"}

    def rows(self) -> QuerySet[AccessCode]:
        rows = AccessCode.objects.filter(conference=self.conference)
        return rows.select_related("conference").prefetch_related("registration_types")

    def again(self, row: AccessCode) -> AccessCode:
        return self.rows().get(pk=row.pk)


class AccessCodeList(_Codes):
    lists = True
    filterset_class = AccessCodeFilter
    ordering_fields = ("created_at", "code")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(self.create)

    def create(self, values: dict[str, Any]) -> AccessCode:
        made = access_codes.create_access_code(
            conference=self.conference, actor=self.actor, **values
        )
        return self.again(made)


class AccessCodesMade(_Codes):
    """Make many random codes, each for one use."""

    serializer_class = CodesMadeSerializer

    @extend_schema(
        request=ManyCodesSerializer,
        responses={201: CodesMadeSerializer},
    )
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        serializer = ManyCodesSerializer(
            data=request.data or {}, context=self.get_serializer_context()
        )
        serializer.is_valid(raise_exception=True)
        return kept_answer(request, lambda: self.make(dict(serializer.validated_data)))

    def make(self, values: dict[str, Any]) -> Answer:
        with self.speaking():
            made = access_codes.make_access_codes(
                conference=self.conference, actor=self.actor, **values
            )
        body = {"codes": [row.code for row in made]}
        return Answer(status=201, body=JSONRenderer().render(body).decode())


class AccessCodeDetail(_Codes):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)

        def change(values: dict[str, Any], expected: int) -> AccessCode:
            return self.again(
                access_codes.change_access_code(
                    access_code=row, changes=values, expected=expected, actor=self.actor
                )
            )

        return self.changing(row, change)

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: access_codes.delete_access_code(
                access_code=row, expected=expected, actor=self.actor
            )
        )


class EndAccessCode(_Codes):
    """Let nobody use a code any more; who came with it keeps the place."""

    @extend_schema(request=None, responses={200: AccessCodeSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        self.nothing_in_body()
        return self.doing(self.one(code=code), self.do)

    def do(self, row: AccessCode, expected: int | None) -> AccessCode:
        return self.again(
            access_codes.end_access_code(access_code=row, expected=expected, actor=self.actor)
        )


class AccessCodeAvailability(_Codes):
    """How often a code was used, and how many places it keeps at this moment."""

    @extend_schema(responses=UsesSerializer)
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        held = row.held_places.order_by("-count").values_list("count", flat=True).first()
        figures = {
            "used": row.used,
            "left": None if row.max_uses is None else row.max_uses - row.used,
            "held": held or 0,
        }
        return Response(figures, headers={"Cache-Control": "no-store"})
