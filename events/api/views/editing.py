"""Arranging the draft: a slot, a day that flows, its order, a break; undoing what was done."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.pagination import CursorPagination
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.pagination import CodeCursorPagination
from core.api.resources import kept_answer
from core.api.serializers import NothingSerializer
from core.services.idempotency import Answer
from events.api.base import ConferenceResource
from events.api.editing_serializers import (
    DraftEditSerializer,
    InsertSerializer,
    MovedSerializer,
    OrderSerializer,
    PlacingSerializer,
    UndoneSerializer,
)
from events.api.serializers import SessionSerializer
from events.models import DraftEdit, Session
from events.services import arranging, sessions
from events.services.edit_words import rooms_by_code
from events.services.undoing import undo_edit


class _Sessions(ConferenceResource):
    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE
    queryset = Session.objects.all()
    pointers = {"/start_local": "/start", "/end_local": "/end"}

    def rows(self) -> QuerySet[Session]:
        return Session.objects.filter(conference=self.conference).select_related("track", "room")

    def answer_once(self, status: int, act: Callable[[], Any]) -> HttpResponse:
        """Answer what `act` returns, once for each Idempotency-Key."""

        def answering() -> Answer:
            with self.speaking():
                body = act()
            return Answer(status=status, body=JSONRenderer().render(body).decode())

        return kept_answer(self.request, answering)

    def moved(self, rows: list[Session]) -> dict[str, Any]:
        """Return the body of what a deed changed."""
        last = rows[0].edits.order_by("-at", "-id").first() if rows else None
        context = self.get_serializer_context()
        return {
            "deed": str(last.deed) if last else None,
            "results": SessionSerializer(rows, many=True, context=context).data,
        }


class PlaceSession(_Sessions):
    """Give one session a slot; the others stay."""

    serializer_class = PlacingSerializer

    @extend_schema(request=PlacingSerializer, responses={200: SessionSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        row = self.one(code=code)
        values = {"room": row.room, **self.read_body()}
        return self.doing(
            row,
            lambda session, expected: sessions.place_session(
                session=session, expected=expected, actor=self.actor, **values
            ),
        )


class FlowSession(_Sessions):
    """Give a session a slot; those that follow it in its room on that day go along."""

    serializer_class = PlacingSerializer

    @extend_schema(request=PlacingSerializer, responses={200: MovedSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        row = self.one(code=code)
        values = {"room": row.room, **self.read_body()}
        expected = self._expected(row) if "If-Match" in request.headers else None
        return self.answer_once(
            200,
            lambda: self.moved(
                arranging.flow_day(session=row, expected=expected, actor=self.actor, **values)
            ),
        )


class InsertAfter(_Sessions):
    """Put a break, or another kind of session, right after one; those that follow make way."""

    serializer_class = InsertSerializer

    @extend_schema(request=InsertSerializer, responses={200: SessionSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        row = self.one(code=code)
        values = self.read_body()
        return self.doing(
            row,
            lambda session, expected: arranging.insert_session(
                after=session, expected=expected, actor=self.actor, **values
            ),
        )


class ReorderDay(_Sessions):
    """Put the sessions of a day into an order, each room for itself."""

    serializer_class = OrderSerializer

    @extend_schema(request=OrderSerializer, responses={200: MovedSerializer})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        codes = self.read_body()["sessions"]
        return self.answer_once(
            200,
            lambda: self.moved(
                arranging.reorder_day(
                    conference=self.conference, codes=codes, versions=None, actor=self.actor
                )
            ),
        )


class LastFirst(CodeCursorPagination):
    """The last change first."""

    ordering = ("-at", "-id")


class _Edits(ConferenceResource):
    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = DraftEditSerializer
    queryset = DraftEdit.objects.all()
    pagination_class: type[CursorPagination] = LastFirst
    key = "deed"

    def rows(self) -> QuerySet[DraftEdit]:
        return DraftEdit.objects.filter(conference=self.conference).select_related("session")

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        if hasattr(self, "conference"):
            context["rooms"] = rooms_by_code(self.conference)
        return context


class DraftEditList(_Edits):
    """What was done in the draft in the last 30 days, the last first."""

    lists = True

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()


class UndoEdit(_Edits):
    @extend_schema(request=NothingSerializer, responses={200: UndoneSerializer})
    def post(self, request: Request, deed: uuid.UUID, **kwargs: Any) -> HttpResponse:
        """Undo a deed: the whole of it, or nothing where something has changed since."""
        self.nothing_in_body()

        def act() -> Answer:
            done = undo_edit(conference=self.conference, deed=deed, actor=self.actor)
            body = {
                "deed": str(done[0].deed),
                "results": self.get_serializer(done, many=True).data,
            }
            return Answer(status=200, body=JSONRenderer().render(body).decode())

        return kept_answer(request, act)
