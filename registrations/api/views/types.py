"""Kinds of place over the API. How many are left stands apart: it changes by itself."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from events.api.base import ConferenceResource
from registrations.api.filters import RegistrationTypeFilter
from registrations.api.type_serializers import AvailabilitySerializer, RegistrationTypeSerializer
from registrations.models import RegistrationType
from registrations.services import types
from registrations.services.type_states import availability

_OWN = types.own_rows().filter(registrationtype_id=OuterRef("pk"))


class _Types(ConferenceResource):
    read_permission = Permission.REGISTRATION_READ
    write_permission = Permission.REGISTRATION_WRITE
    serializer_class = RegistrationTypeSerializer
    queryset = RegistrationType.objects.all()
    pointers = {"/opens_local": "/opens_at", "/closes_local": "/closes_at"}
    key = "slug"

    def rows(self) -> QuerySet[RegistrationType]:
        return (
            RegistrationType.objects.filter(conference=self.conference)
            .annotate(capacity=Subquery(_OWN.values("allotment__capacity")[:1]))
            .prefetch_related("allotments")
        )


class TypeList(_Types):
    lists = True
    filterset_class = RegistrationTypeFilter
    ordering_fields = ("created_at", "order", "slug")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(self.create)

    def create(self, values: dict[str, Any]) -> RegistrationType:
        row = types.create_registration_type(conference=self.conference, actor=self.actor, **values)
        return self.rows().get(pk=row.pk)


class TypeDetail(_Types):
    def get(self, request: Request, slug: str, **kwargs: Any) -> Response:
        return self.reading(self.one(slug=slug))

    def patch(self, request: Request, slug: str, **kwargs: Any) -> Response:
        row = self.one(slug=slug)

        def change(values: dict[str, Any], expected: int) -> RegistrationType:
            changed = types.change_registration_type(
                registration_type=row, changes=values, expected=expected, actor=self.actor
            )
            return self.rows().get(pk=changed.pk)

        return self.changing(row, change)

    def delete(self, request: Request, slug: str, **kwargs: Any) -> Response:
        row = self.one(slug=slug)
        return self.deleting(
            lambda expected: types.delete_registration_type(
                registration_type=row, expected=expected, actor=self.actor
            )
        )


class TypeAvailability(_Types):
    """How many places there are, are taken, kept back, left and waited for at this moment."""

    @extend_schema(responses=AvailabilitySerializer)
    def get(self, request: Request, slug: str, **kwargs: Any) -> Response:
        figures = availability(self.one(slug=slug), self.conference, timezone.now())
        return Response(figures, headers={"Cache-Control": "no-store"})
