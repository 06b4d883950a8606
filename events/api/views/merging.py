"""People who may be one, putting two together, and taking them apart again."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import OrganisationAPIView
from accounts.permissions import Permission
from core.api.resources import kept_answer
from core.api.serializers import NothingSerializer
from core.errors import invalid
from core.services.idempotency import Answer
from events.api.base import OrganisationResource
from events.api.merge_serializers import (
    DoublesSerializer,
    MergeRequestSerializer,
    MergeSerializer,
    PairSerializer,
)
from events.api.people_serializers import PersonSerializer
from events.models import Person, PersonMerge
from events.services.dismissing import dismiss_double, recall_double
from events.services.doubles import find_doubles
from events.services.merging import merge_people, undo_merge


class Doubles(OrganisationAPIView):
    """Pairs of people who may be one, the likeliest first; no pages."""

    read_permission = Permission.PEOPLE_READ

    @extend_schema(responses=DoublesSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        found = find_doubles(self.organisation)
        return Response(DoublesSerializer({"results": found}).data)


class _Pair(OrganisationAPIView):
    """A verb about two people who are named in the body."""

    write_permission = Permission.PEOPLE_WRITE

    def act(self, request: Request, verb: Callable[..., object]) -> HttpResponse:
        serializer = PairSerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        codes = serializer.validated_data
        rows = Person.objects.filter(organisation=self.organisation, code__in=codes.values())
        people = {row.code: row for row in rows}
        for name, code in codes.items():
            if code not in people:
                raise invalid(f"/{name}", "unknown", "There is no such person.")

        def do() -> Answer:
            found = {name: people[code] for name, code in codes.items()}
            verb(**found, actor=self.actor)
            return Answer(status=204, body="")

        return kept_answer(request, do)


class DismissDouble(_Pair):
    @extend_schema(request=PairSerializer, responses={204: None})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Say that two people are two: they are not suggested as one again."""
        return self.act(request, dismiss_double)


class RecallDouble(_Pair):
    @extend_schema(request=PairSerializer, responses={204: None})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Let two people be suggested as one again."""
        return self.act(request, recall_double)


class MergePerson(OrganisationResource):
    write_permission = Permission.PEOPLE_WRITE
    serializer_class = MergeSerializer
    queryset = Person.objects.all()

    def rows(self) -> QuerySet[Person]:
        return Person.objects.filter(organisation=self.organisation)

    def etag_of(self, row: Any) -> str:
        return str(row.kept.etag if isinstance(row, PersonMerge) else row.etag)

    @extend_schema(request=MergeRequestSerializer, responses={200: MergeSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        """Put one person into another. If-Match is about the person in the address."""
        row = self.one(code=code)
        serializer = MergeRequestSerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        return self.doing(row, self.do, **serializer.validated_data)

    def do(self, row: Person, expected: int | None, **facts: Any) -> PersonMerge:
        name = "into" if "into" in facts else "gone"
        other = self.rows().filter(code=facts[name]).first()
        if other is None:
            raise invalid(f"/{name}", "unknown", "There is no such person.")
        kept, gone = (other, row) if name == "into" else (row, other)
        return merge_people(
            kept=kept,
            gone=gone,
            choices=facts.get("choices"),
            expected=expected if kept is row else None,
            expected_gone=expected if gone is row else None,
            actor=self.actor,
        )


class MergeList(OrganisationResource):
    lists = True
    read_permission = Permission.PEOPLE_READ
    serializer_class = MergeSerializer
    queryset = PersonMerge.objects.all()

    def rows(self) -> QuerySet[PersonMerge]:
        return PersonMerge.objects.filter(organisation=self.organisation).select_related("kept")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()


class UndoMerge(OrganisationResource):
    write_permission = Permission.PEOPLE_WRITE
    serializer_class = PersonSerializer
    queryset = PersonMerge.objects.all()

    def rows(self) -> QuerySet[PersonMerge]:
        merges = PersonMerge.objects.filter(organisation=self.organisation, undone_at=None)
        return merges.select_related("kept")

    def etag_of(self, row: Any) -> str:
        return str(row.kept.etag if isinstance(row, PersonMerge) else row.etag)

    @extend_schema(request=NothingSerializer, responses={200: PersonSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        """Take two people apart again; `code` is that of the one who is gone."""
        self.nothing_in_body()
        return self.doing(self.one(gone_code=code), self.do)

    def do(self, row: PersonMerge, expected: int | None) -> Person:
        del expected
        return undo_merge(merge=row, actor=self.actor)
