"""People of the organisation, and those of them who speak at a conference."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.errors import DomainError
from events.api.base import ConferenceResource, OrganisationResource
from events.api.filters import PersonFilter, SpeakerFilter
from events.api.merged import to_the_kept
from events.api.people_serializers import PersonSerializer, SpeakerSerializer
from events.enums import OFF_THE_PANEL
from events.models import Participation, Person
from events.services import people


class _People(OrganisationResource):
    read_permission = Permission.PEOPLE_READ
    write_permission = Permission.PEOPLE_WRITE
    serializer_class = PersonSerializer
    queryset = Person.objects.all()

    def rows(self) -> QuerySet[Person]:
        return Person.objects.filter(organisation=self.organisation).prefetch_related("tags")


class PersonList(_People):
    lists = True
    filterset_class = PersonFilter
    ordering_fields = ("created_at", "sort_key")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(
            lambda values: people.create_person(
                organisation=self.organisation, actor=self.actor, **values
            )
        )


class PersonDetail(_People):
    @extend_schema(
        responses={
            200: PersonSerializer,
            308: OpenApiResponse(description="Merged into another person: see Location."),
        }
    )
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        try:
            row = self.one(code=code)
        except DomainError:
            moved = to_the_kept(request, self.organisation, code)
            if moved is None:
                raise
            return moved
        return self.reading(row)

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.changing(
            row,
            lambda values, expected: people.change_person(
                person=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: people.delete_person(person=row, expected=expected, actor=self.actor)
        )


class _Speakers(ConferenceResource):
    """Who is on the draft of the programme; only to read."""

    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = SpeakerSerializer
    queryset = Person.objects.all()

    def rows(self) -> QuerySet[Person]:
        parts = Participation.objects.filter(session__conference=self.conference).exclude(
            state__in=OFF_THE_PANEL
        )
        return Person.objects.filter(
            Exists(parts.filter(person=OuterRef("pk"))), organisation=self.organisation
        ).prefetch_related(
            Prefetch(
                "participations",
                parts.select_related("session").order_by("session__starts_at", "order", "id"),
                to_attr="parts_here",
            )
        )


class SpeakerList(_Speakers):
    lists = True
    filterset_class = SpeakerFilter
    ordering_fields = ("created_at", "sort_key")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()


class SpeakerDetail(_Speakers):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))
