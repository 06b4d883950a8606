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
from core.api.etags import expected_version
from core.api.serializers import StrictSerializer
from events.api.asking_serializers import (
    AskSerializer,
    CandidateNoteSerializer,
    CandidateOrderSerializer,
    CandidateSerializer,
    RecordedAnswerSerializer,
    ReleaseSerializer,
    ReplaceSerializer,
)
from events.api.base import ConferenceResource
from events.api.filters import CandidateFilter
from events.api.serializers import ParticipationSerializer
from events.models import Candidate, Participation, Session
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


class _Candidates(ConferenceResource):
    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = CandidateSerializer
    queryset = Candidate.objects.all()

    def rows(self) -> QuerySet[Candidate]:
        return Candidate.objects.filter(session__conference=self.conference).select_related(
            "session__conference", "person"
        )

    def etag_of(self, row: Candidate) -> str:
        return row.session.etag


class CandidateList(_Candidates):
    """The shortlists of a conference's sessions."""

    lists = True
    filterset_class = CandidateFilter

    def location_of(self, row: Candidate) -> str:
        return f"{self.request.path}{row.session.code}/{row.person.code}/{row.role}/"

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(lambda values: candidates.add_candidate(actor=self.actor, **values))


class CandidateDetail(_Candidates):
    """One person on the shortlist of a role; the ETag is the session's."""

    def wanted(self, session: str, person: str, role: str) -> Candidate:
        row: Candidate = self.one(session__code=session, person__code=person, role=role)
        return row

    def get(self, request: Request, session: str, person: str, role: str, **_: Any) -> Response:
        return self.reading(self.wanted(session, person, role))

    @extend_schema(request=CandidateNoteSerializer, responses={200: CandidateSerializer})
    def patch(
        self, request: Request, session: str, person: str, role: str, **_: Any
    ) -> HttpResponse:
        """Write why somebody is on the shortlist, or what speaks against it."""
        row = self.wanted(session, person, role)
        expected = expected_version(self.request, lambda: self.etag_of(row))
        read = CandidateNoteSerializer(data=request.data or {})
        read.is_valid(raise_exception=True)
        changed = candidates.change_candidate(
            candidate=row, expected=expected, actor=self.actor, **read.validated_data
        )
        return Response(self.body_of(changed), headers={"ETag": self.etag_of(changed)})

    def delete(
        self, request: Request, session: str, person: str, role: str, **_: Any
    ) -> HttpResponse:
        """Take somebody off the shortlist."""
        row = self.wanted(session, person, role)
        return self.deleting(
            lambda expected: candidates.remove_candidate(
                candidate=row, expected=expected, actor=self.actor
            )
        )


class OrderCandidates(ConferenceResource):
    """The order of a session's shortlist; the ETag is the session's."""

    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = CandidateOrderSerializer
    queryset = Session.objects.all()

    def rows(self) -> QuerySet[Session]:
        return Session.objects.filter(conference=self.conference)

    def etag_of(self, row: Session) -> str:
        return row.etag

    @extend_schema(request=CandidateOrderSerializer, responses={200: CandidateOrderSerializer})
    def post(self, request: Request, session: str, **kwargs: Any) -> HttpResponse:
        """Put the shortlist in this order: each person and role once."""
        row = self.one(code=session)
        read = CandidateOrderSerializer(data=request.data or {})
        read.is_valid(raise_exception=True)
        people = [(one["person"], one["role"]) for one in read.validated_data["order"]]
        return self.doing(
            row,
            lambda row, expected: candidates.reorder_candidates(
                session=row, people=people, expected=expected, actor=self.actor
            ),
        )
