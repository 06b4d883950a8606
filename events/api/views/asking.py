"""Asking people to speak, their answers, who comes instead, and who was considered.

A letter leaves because of `ask/`, of `replace/` with `ask`, and where `tell` is true; of no other.
"""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.serializers import StrictSerializer
from events.api.asking_serializers import (
    AskSerializer,
    CandidateSerializer,
    RecordedAnswerSerializer,
    ReleaseSerializer,
    ReplaceSerializer,
)
from events.api.base import ConferenceResource
from events.api.filters import CandidateFilter
from events.api.serializers import ParticipationSerializer
from events.models import Candidate, Participation
from events.services import asking, candidates, replacing, speaker_answers


class _Verb(ConferenceResource):
    """A verb of one participation; its ETag is the session's."""

    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = ParticipationSerializer
    queryset = Participation.objects.all()
    body: type[StrictSerializer]

    def rows(self) -> QuerySet[Participation]:
        return Participation.objects.filter(session__conference=self.conference).select_related(
            "session__conference", "person", "replaces"
        )

    def etag_of(self, row: Participation) -> str:
        return row.session.etag

    def act(self, code: str, verb: Callable[..., Participation]) -> HttpResponse:
        """Do the verb with the body's values."""
        row = self.one(code=code)
        read = self.body(data=self.request.data or {}, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        values = dict(read.validated_data)
        return self.doing(
            row,
            lambda row, expected: verb(
                participation=row, expected=expected, actor=self.actor, **values
            ),
        )


class AskParticipation(_Verb):
    body = AskSerializer
    pointers = {"/asked_words": "/words", "/reply_until_local": "/reply_until"}

    @extend_schema(request=AskSerializer, responses={200: ParticipationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        return self.act(code, asking.ask_speaker)


class AnswerParticipation(_Verb):
    body = RecordedAnswerSerializer
    pointers = {"/answered_via": "/via", "/decline_reason": "/reason"}

    @extend_schema(request=RecordedAnswerSerializer, responses={200: ParticipationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        return self.act(code, speaker_answers.answer_ask)


class ReleaseParticipation(_Verb):
    body = ReleaseSerializer

    @extend_schema(request=ReleaseSerializer, responses={200: ParticipationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        return self.act(code, asking.release_speaker)


class ReplaceParticipation(_Verb):
    """Answers the participation of who comes instead."""

    body = ReplaceSerializer
    pointers = AskParticipation.pointers

    @extend_schema(request=ReplaceSerializer, responses={200: ParticipationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        return self.act(code, replacing.replace_speaker)


class CandidateList(ConferenceResource):
    """The shortlists of a conference's sessions."""

    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = CandidateSerializer
    queryset = Candidate.objects.all()
    lists = True
    filterset_class = CandidateFilter

    def rows(self) -> QuerySet[Candidate]:
        return Candidate.objects.filter(session__conference=self.conference).select_related(
            "session__conference", "person"
        )

    def etag_of(self, row: Candidate) -> str:
        return row.session.etag

    def location_of(self, row: Candidate) -> str:
        return f"{self.request.path}?session={row.session.code}&person={row.person.code}"

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(lambda values: candidates.add_candidate(actor=self.actor, **values))
