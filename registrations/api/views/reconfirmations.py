"""Rounds of "still coming?" over the API."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from events.api.base import ConferenceResource
from registrations.api.deciding_serializers import ReconfirmationSerializer, RoundFiguresSerializer
from registrations.models import Reconfirmation
from registrations.services.rounds import (
    change_reconfirmation,
    create_reconfirmation,
    delete_reconfirmation,
)
from registrations.services.still_coming import figures_of


class _Reconfirmations(ConferenceResource):
    read_permission = Permission.REGISTRATION_READ
    write_permission = Permission.REGISTRATION_WRITE
    serializer_class: Any = ReconfirmationSerializer
    queryset = Reconfirmation.objects.all()
    pointers = {"/ask_local": "/ask_at", "/until_local": "/until_at"}

    def rows(self) -> QuerySet[Reconfirmation]:
        return Reconfirmation.objects.filter(conference=self.conference).prefetch_related(
            "registration_types"
        )


class ReconfirmationList(_Reconfirmations):
    lists = True

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Plan a round: its mails go by themselves when its time has come."""
        return self.creating(
            lambda values: create_reconfirmation(
                conference=self.conference, actor=self.actor, **values
            )
        )


class ReconfirmationDetail(_Reconfirmations):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.changing(
            row,
            lambda values, expected: change_reconfirmation(
                reconfirmation=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: delete_reconfirmation(
                reconfirmation=row, expected=expected, actor=self.actor
            )
        )


class ReconfirmationFigures(_Reconfirmations):
    """How a round stands, or stood at its end."""

    serializer_class: Any = RoundFiguresSerializer
    pagination_class = None

    @extend_schema(responses={200: RoundFiguresSerializer})
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return Response(asdict(figures_of(self.one(code=code))))
