"""Many messages at once, and whether a conference's mail leaves."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.resources import kept_answer
from core.api.serializers import instant_text
from core.services.idempotency import Answer
from events.api.base import ConferenceResource
from notifications.api.sending_serializers import (
    BulkDoneSerializer,
    BulkSerializer,
    PauseSerializer,
    ResumeSerializer,
    SendingSerializer,
)
from notifications.models import Message
from notifications.services.bulk import Selection, cancel_messages, retry_messages
from notifications.services.pausing import (
    pause_conference_mail,
    pause_of,
    resume_conference_mail,
    waiting_of,
)

_Body = Mapping[str, Any]


class _Deed(ConferenceResource):
    """A POST that answers with figures, once for each Idempotency-Key."""

    write_permission = Permission.MAIL_WRITE
    queryset = Message.objects.all()

    def act(self, do: Callable[[dict[str, Any]], _Body]) -> HttpResponse:
        values = self.read_body()
        return kept_answer(self.request, lambda: Answer(status=200, body=_as_text(do(values))))

    def selected(self, values: _Body) -> dict[str, Any]:
        return {
            "conference": self.conference,
            "selection": Selection(**values["filter"]),
            "expected": values["expected"],
            "actor": self.actor,
        }


class CancelMessages(_Deed):
    serializer_class = BulkSerializer

    @extend_schema(
        operation_id="organisations_conferences_messages_cancel_selected",
        request=BulkSerializer,
        responses=BulkDoneSerializer,
    )
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Take back all messages of a filter that have not been begun, if there are as many."""
        return self.act(
            lambda values: {"number": cancel_messages(**self.selected(values)), "left": 0}
        )


class RetryMessages(_Deed):
    serializer_class = BulkSerializer

    @extend_schema(
        operation_id="organisations_conferences_messages_retry_selected",
        request=BulkSerializer,
        responses=BulkDoneSerializer,
    )
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Send all messages of a filter again that failed, came too late or are in doubt."""

        def do(values: dict[str, Any]) -> _Body:
            done = retry_messages(**self.selected(values))
            return {"number": done.number, "left": done.left}

        return self.act(do)


class Sending(ConferenceResource):
    read_permission = Permission.MAIL_READ
    serializer_class = SendingSerializer
    queryset = Message.objects.all()

    @extend_schema(responses=SendingSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Tell whether the conference's mail leaves, and how much waits."""
        return Response(_sending(self))


class PauseSending(_Deed):
    serializer_class = PauseSerializer

    @extend_schema(request=PauseSerializer, responses=SendingSerializer)
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Let no further mail of the conference leave until it is resumed."""

        def do(values: dict[str, Any]) -> _Body:
            pause_conference_mail(
                conference=self.conference, reason=values["reason"], actor=self.actor
            )
            return _sending(self)

        return self.act(do)


class ResumeSending(_Deed):
    serializer_class = ResumeSerializer

    @extend_schema(request=ResumeSerializer, responses=SendingSerializer)
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Let the conference's mail go again; the answer says how much goes."""

        def do(values: dict[str, Any]) -> _Body:
            resume_conference_mail(
                conference=self.conference,
                give_up_stale=values["give_up_stale"],
                actor=self.actor,
            )
            return _sending(self)

        return self.act(do)


def _sending(view: ConferenceResource) -> _Body:
    pause, waiting = pause_of(view.conference), waiting_of(view.conference)
    return {
        "paused": pause is not None,
        "everywhere": pause is not None and pause.everywhere,
        "reason": pause.reason if pause else None,
        "since": instant_text(pause.since) if pause else None,
        "waiting": waiting.due,
        "stale": waiting.stale,
    }


def _as_text(body: _Body) -> str:
    return JSONRenderer().render(body).decode()
