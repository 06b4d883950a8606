"""Series. Which conferences are in one is said by each conference's `series`."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from events.api.base import OrganisationResource
from events.api.serializers import SeriesSerializer
from events.models import Series
from events.services import series


class _Series(OrganisationResource):
    read_permission = Permission.CONFERENCE_READ
    write_permission = Permission.CONFERENCE_WRITE
    serializer_class = SeriesSerializer
    queryset = Series.objects.all()
    key = "slug"

    def rows(self) -> QuerySet[Series]:
        return Series.objects.filter(organisation=self.organisation)


class SeriesList(_Series):
    lists = True

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(
            lambda values: series.create_series(
                organisation=self.organisation, actor=self.actor, **values
            )
        )


class SeriesDetail(_Series):
    def get(self, request: Request, slug: str, **kwargs: Any) -> Response:
        return self.reading(self.one(slug=slug))

    def patch(self, request: Request, slug: str, **kwargs: Any) -> Response:
        row = self.one(slug=slug)
        return self.changing(
            row,
            lambda values, expected: series.change_series(
                series=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """Delete a series that no conference is in."""
        row = self.one(slug=slug)
        return self.deleting(
            lambda expected: series.delete_series(series=row, expected=expected, actor=self.actor)
        )
