"""Conferences over the API. They are cancelled, never deleted."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.serializers import NothingSerializer
from events.api.base import ConferenceAPIView, OrganisationResource
from events.api.filters import ConferenceFilter
from events.api.serializers import ConferenceSerializer
from events.models import Conference
from events.services import conferences

ROWS = Conference.objects.select_related("series").prefetch_related("conference_venues__venue")
POINTERS = {
    "/start_local": "/start",
    "/end_local": "/end",
    "/doors_local": "/doors",
    "/changes_until_local": "/changes_until",
    "/reply_until_local": "/reply_until",
}


class _Conferences(OrganisationResource):
    read_permission = Permission.CONFERENCE_READ
    write_permission = Permission.CONFERENCE_WRITE
    serializer_class = ConferenceSerializer
    queryset = Conference.objects.all()
    pointers = POINTERS
    key = "slug"

    def rows(self) -> QuerySet[Conference]:
        return ROWS.filter(organisation=self.organisation)

    def afresh(self, row: Conference) -> Conference:
        """Return the row with what its body needs."""
        return ROWS.get(pk=row.pk)


class ConferenceList(_Conferences):
    lists = True
    filterset_class = ConferenceFilter
    ordering_fields = ("created_at", "starts_at", "sort_key", "slug")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(self.create)

    def create(self, values: dict[str, Any]) -> Conference:
        state = values.pop("state", None)
        row = conferences.create_conference(
            organisation=self.organisation, actor=self.actor, **values
        )
        if state is not None:
            row = conferences.move_to_state(
                conference=row, state=state, expected=None, actor=self.actor
            )
        return self.afresh(row)


class ConferenceDetail(ConferenceAPIView, _Conferences):
    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.reading(self.afresh(self.conference))

    def patch(self, request: Request, **kwargs: Any) -> Response:
        return self.changing(self.conference, self.change)

    @transaction.atomic
    def change(self, values: dict[str, Any], expected: int) -> Conference:
        state = values.pop("state", None)
        row = conferences.change_conference(
            conference=self.conference, changes=values, expected=expected, actor=self.actor
        )
        if state is not None:
            row = conferences.move_to_state(
                conference=row, state=state, expected=None, actor=self.actor
            )
        return self.afresh(row)


class _Verb(ConferenceAPIView, _Conferences):
    """One way between the states of a conference."""

    verb: Any

    @extend_schema(request=NothingSerializer, responses={200: ConferenceSerializer})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        self.nothing_in_body()
        return self.doing(self.conference, self.do)

    def do(self, row: Conference, expected: int | None) -> Conference:
        verb = type(self).verb
        return self.afresh(verb(conference=row, expected=expected, actor=self.actor))


class PublishConference(_Verb):
    verb = staticmethod(conferences.publish_conference)


class PostponeConference(_Verb):
    verb = staticmethod(conferences.postpone_conference)


class CancelConference(_Verb):
    verb = staticmethod(conferences.cancel_conference)


class ReopenConference(_Verb):
    verb = staticmethod(conferences.reopen_conference)


class ArchiveConference(_Verb):
    verb = staticmethod(conferences.archive_conference)
