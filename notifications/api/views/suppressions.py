"""Addresses that get no optional mail, of the whole organisation."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.etags import expected_version
from core.api.resources import kept_answer
from core.services.idempotency import Answer
from events.api.base import OrganisationResource
from notifications.api.filters import SuppressionFilter
from notifications.api.suppression_serializers import LiftSerializer, SuppressionSerializer
from notifications.models import Suppression
from notifications.services.suppression import lift_suppression, suppress_by_organiser


class _Suppressions(OrganisationResource):
    read_permission = Permission.MAIL_READ
    write_permission = Permission.MAIL_WRITE
    serializer_class = SuppressionSerializer
    queryset = Suppression.objects.all()

    def rows(self) -> QuerySet[Suppression]:
        rows = Suppression.objects.filter(organisation=self.organisation)
        return rows.select_related("conference")


class SuppressionList(_Suppressions):
    lists = True
    filterset_class = SuppressionFilter
    ordering_fields = ("created_at",)

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Put down an address whose owner asked for it."""
        return self.creating(
            lambda values: suppress_by_organiser(
                organisation=self.organisation,
                email=values["email"],
                note=values["note"],
                conference=values.get("conference"),
                actor=self.actor,
            )
        )


class SuppressionDetail(_Suppressions):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        """Lift what an organiser put down; what a reader did themselves needs `lift/`."""
        row = self.one(code=code)
        return self.deleting(
            lambda expected: lift_suppression(
                suppression=row, note="", expected=expected, actor=self.actor
            )
        )


class LiftSuppression(_Suppressions):
    @extend_schema(request=LiftSerializer, responses={200: SuppressionSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        """Lift a suppression on somebody's word, and answer what it was."""
        expected = expected_version(request) if "If-Match" in request.headers else None

        def act() -> Answer:
            row = self.one(code=code)  # gone by the time that the request is repeated
            typed = LiftSerializer(data=request.data or {})
            typed.is_valid(raise_exception=True)
            lift_suppression(
                suppression=row,
                note=typed.validated_data["note"],
                expected=expected,
                actor=self.actor,
            )
            return self._answer(row, 200)

        return kept_answer(request, act)
