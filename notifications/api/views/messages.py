"""Rows of the outbox."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.resources import kept_answer
from core.api.serializers import NothingSerializer
from events.api.base import ConferenceResource
from notifications.api.filters import MessageFilter
from notifications.api.serializers import MessageSerializer
from notifications.models import Message
from notifications.services import outbox


class _Messages(ConferenceResource):
    read_permission = Permission.MAIL_READ
    write_permission = Permission.MAIL_WRITE
    serializer_class = MessageSerializer
    queryset = Message.objects.all()
    key = "uid"

    def rows(self) -> QuerySet[Message]:
        return Message.objects.filter(conference=self.conference).select_related(
            "registration", "rule"
        )

    def etag_of(self, row: Message) -> str:
        """Return a tag of what is shown: nobody edits a message, so it has no version."""
        shown = repr(self.body_of(row)).encode()
        return f'"{hashlib.sha256(shown).hexdigest()[:24]}"'


class MessageList(_Messages):
    lists = True
    filterset_class = MessageFilter
    ordering_fields = ("created_at", "due_at")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()


class MessageDetail(_Messages):
    def get(self, request: Request, uid: uuid.UUID, **kwargs: Any) -> Response:
        return self.reading(self.one(uid=uid))


class _Verb(_Messages):
    def act(self, verb: Callable[..., Message], uid: uuid.UUID) -> HttpResponse:
        self.nothing_in_body()
        row = self.one(uid=uid)
        return kept_answer(
            self.request, lambda: self._answer(verb(message=row, actor=self.actor), 200)
        )


class RetryMessage(_Verb):
    @extend_schema(request=NothingSerializer, responses=MessageSerializer)
    def post(self, request: Request, uid: uuid.UUID, **kwargs: Any) -> HttpResponse:
        """Send a message again that failed, came too late or of which nobody knows."""
        return self.act(outbox.retry_message, uid)


class CancelMessage(_Verb):
    @extend_schema(request=NothingSerializer, responses=MessageSerializer)
    def post(self, request: Request, uid: uuid.UUID, **kwargs: Any) -> HttpResponse:
        """Take back a message that has not been begun."""
        return self.act(outbox.cancel_message, uid)
