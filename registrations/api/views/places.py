"""Allotments and hold-backs over the API."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from events.api.base import ConferenceResource
from registrations.api.place_serializers import (
    AllotmentSerializer,
    FiguresSerializer,
    HoldBackChangeSerializer,
    HoldBackSerializer,
)
from registrations.models import Allotment, HoldBack
from registrations.services import allotments, hold_backs
from registrations.services.type_states import places_left


class _Allotments(ConferenceResource):
    read_permission = Permission.REGISTRATION_READ
    write_permission = Permission.REGISTRATION_WRITE
    serializer_class = AllotmentSerializer
    queryset = Allotment.objects.all()

    def rows(self) -> QuerySet[Allotment]:
        rows = Allotment.objects.filter(conference=self.conference)
        return rows.select_related("conference").prefetch_related("registration_types")


class AllotmentList(_Allotments):
    lists = True
    ordering_fields = ("created_at", "name")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Make a number of places that nothing draws from yet."""
        return self.creating(
            lambda values: allotments.create_allotment(
                conference=self.conference, actor=self.actor, **values
            )
        )


class AllotmentDetail(_Allotments):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.changing(
            row,
            lambda values, expected: allotments.change_allotment(
                allotment=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: allotments.delete_allotment(
                allotment=row, expected=expected, actor=self.actor
            )
        )


class AllotmentAvailability(_Allotments):
    """How many of the places are taken, kept and left at this moment."""

    @extend_schema(responses=FiguresSerializer)
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        figures = {
            "capacity": row.capacity,
            "taken": row.taken,
            "held": row.held,
            "left": places_left([row]),
        }
        return Response(figures, headers={"Cache-Control": "no-store"})


class _HoldBacks(ConferenceResource):
    read_permission = Permission.REGISTRATION_READ
    write_permission = Permission.REGISTRATION_WRITE
    serializer_class: Any = HoldBackSerializer
    queryset = HoldBack.objects.all()
    pointers = {"/release_local": "/release_at"}

    def rows(self) -> QuerySet[HoldBack]:
        rows = HoldBack.objects.filter(conference=self.conference)
        kept = Coalesce(Sum("held_places__count"), 0)
        return rows.select_related("allotment", "conference").annotate(left=kept)

    def again(self, row: HoldBack) -> HoldBack:
        return self.rows().get(pk=row.pk)


class HoldBackList(_HoldBacks):
    lists = True
    ordering_fields = ("created_at", "name")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Keep back so many places of an allotment."""
        return self.creating(self.create)

    def create(self, values: dict[str, Any]) -> HoldBack:
        return self.again(hold_backs.create_hold_back(actor=self.actor, **values))


class HoldBackDetail(_HoldBacks):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    @extend_schema(request=HoldBackChangeSerializer)
    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)

        def change(values: dict[str, Any], expected: int) -> HoldBack:
            return self.again(
                hold_backs.change_hold_back(
                    hold_back=row, changes=values, expected=expected, actor=self.actor
                )
            )

        return self.changing(row, change)

    def read_body(self, row: Any = None) -> dict[str, Any]:
        """Return what is to be changed; what was read can be sent back whole."""
        sent: Any = self.request.data
        shown, takes = self.body_of(row), HoldBackChangeSerializer().fields
        data = {
            name: value
            for name, value in sent.items()
            if name in takes or name not in shown or shown[name] != value
        }
        serializer = HoldBackChangeSerializer(
            row, data=data, partial=True, context=self.get_serializer_context()
        )
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        """Release it: anybody can have its places again."""
        row = self.one(code=code)
        return self.deleting(
            lambda expected: hold_backs.release_hold_back(
                hold_back=row, expected=expected, actor=self.actor
            )
        )
