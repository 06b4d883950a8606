"""Sessions that take sign-ups, and who has signed up, over the API.

Somebody's sessions are changed by `sessions` of their registration.
"""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from events.api.base import ConferenceResource
from registrations.api.filters import SignUpFilter
from registrations.api.place_serializers import (
    FiguresSerializer,
    SignUpSerializer,
    SignUpSessionSerializer,
)
from registrations.models import SignUp, SignUpSession
from registrations.services import sign_up_sessions
from registrations.services.type_states import places_left


class _SignUpSessions(ConferenceResource):
    read_permission = Permission.REGISTRATION_READ
    write_permission = Permission.REGISTRATION_WRITE
    serializer_class: Any = SignUpSessionSerializer
    queryset = SignUpSession.objects.all()
    pointers = {"/opens_local": "/opens_at", "/closes_local": "/closes_at"}

    def rows(self) -> QuerySet[SignUpSession]:
        return (
            SignUpSession.objects.filter(conference=self.conference)
            .select_related("session", "allotment", "conference")
            .prefetch_related("registration_types")
        )

    def again(self, row: SignUpSession) -> SignUpSession:
        return self.rows().get(pk=row.pk)

    def location_of(self, row: Any) -> str:
        return f"{self.request.path}{row.session.code}/"


class SignUpSessionList(_SignUpSessions):
    lists = True

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Let people sign up for a session, with places of its own."""
        return self.creating(self.create)

    def create(self, values: dict[str, Any]) -> SignUpSession:
        given = {"capacity": None, **values}
        return self.again(sign_up_sessions.open_sign_up(actor=self.actor, **given))


class SignUpSessionDetail(_SignUpSessions):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(session__code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(session__code=code)

        def change(values: dict[str, Any], expected: int) -> SignUpSession:
            session = values.pop("session", row.session)
            if session != row.session:
                values["session"] = session  # the service refuses it by name
            return self.again(
                sign_up_sessions.change_sign_up(
                    sign_up_session=row, changes=values, expected=expected, actor=self.actor
                )
            )

        return self.changing(row, change)

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(session__code=code)
        return self.deleting(
            lambda expected: sign_up_sessions.delete_sign_up(
                sign_up_session=row, expected=expected, actor=self.actor
            )
        )


class SignUpSessionAvailability(_SignUpSessions):
    """How many places of a session are taken and left at this moment."""

    @extend_schema(responses=FiguresSerializer)
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        places = self.one(session__code=code).allotment
        figures = {
            "capacity": places.capacity,
            "taken": places.taken,
            "held": places.held,
            "left": places_left([places]),
        }
        return Response(figures, headers={"Cache-Control": "no-store"})


class SignUpList(ConferenceResource):
    """Who has signed up for which session."""

    read_permission = Permission.REGISTRATION_READ
    write_permission = Permission.REGISTRATION_WRITE
    serializer_class = SignUpSerializer
    queryset = SignUp.objects.all()
    filterset_class = SignUpFilter
    lists = True

    def rows(self) -> QuerySet[SignUp]:
        return SignUp.objects.filter(sign_up_session__conference=self.conference).select_related(
            "registration", "sign_up_session__session"
        )

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()
