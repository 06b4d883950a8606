"""What is wrong with a conference's draft, what a move would do, and what is accepted."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from console.api.serializers import (
    AcceptSerializer,
    ConflictSerializer,
    ConflictsSerializer,
    KeySerializer,
    MoveSerializer,
    finding_body,
    findings_body,
)
from core.api.resources import kept_answer
from core.services.idempotency import Answer
from events.api.base import ConferenceResource
from events.models import ConflictOverride
from events.services.conflicts import (
    conflicts_after_move,
    conflicts_of,
    override_conflict,
    withdraw_override,
)
from registrations.services.sign_up_demand import sign_up_demand


class _Conflicts(ConferenceResource):
    queryset = ConflictOverride.objects.all()


class ConflictList(_Conflicts):
    """All that is wrong with the draft, errors first; no pages."""

    read_permission = Permission.PROGRAMME_READ
    serializer_class = ConflictsSerializer

    @extend_schema(responses=ConflictsSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        found = conflicts_of(self.conference, demand=sign_up_demand(self.conference))
        return Response(findings_body(found))


class CheckMove(_Conflicts):
    """What would be wrong about a session in another slot. Nothing is written."""

    # Asking is reading, though it takes a body.
    read_permission = write_permission = Permission.PROGRAMME_READ
    serializer_class = MoveSerializer
    pointers = {"/start_local": "/start", "/end_local": "/end"}

    @extend_schema(request=MoveSerializer, responses={200: ConflictsSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        values = self.read_body()
        with self.speaking():
            found = conflicts_after_move(
                self.conference, demand=sign_up_demand(self.conference), **values
            )
        return Response(findings_body(found))


class OverrideConflict(_Conflicts):
    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = AcceptSerializer

    @extend_schema(request=AcceptSerializer, responses={200: ConflictSerializer})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Accept a conflict, with a reason."""
        values = self.read_body()
        token = getattr(request.user, "token", None)

        def act() -> Answer:
            found = override_conflict(
                conference=self.conference,
                by=token.name if token else "",
                demand=sign_up_demand(self.conference),
                actor=self.actor,
                **values,
            )
            text = JSONRenderer().render(finding_body(found)).decode()
            return Answer(status=200, body=text)

        return kept_answer(request, act)


class WithdrawOverride(_Conflicts):
    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = KeySerializer

    @extend_schema(request=KeySerializer, responses={204: None})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Take back that a conflict was accepted."""
        withdraw_override(conference=self.conference, key=self.read_body()["key"], actor=self.actor)
        return Response(status=204)
