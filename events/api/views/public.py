"""The public API of a conference and its programme."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from events.api.public import KeptPublicAPIView
from events.api.public_bodies import conference_body, programme_body
from events.api.public_serializers import PublicConferenceSerializer, PublicProgrammeSerializer
from events.services.schedules import current_programme

LANG = OpenApiParameter(
    "lang",
    str,
    description="In which language texts are answered; else Accept-Language, else the first one.",
)


class PublicConference(KeptPublicAPIView):
    @extend_schema(responses=PublicConferenceSerializer, parameters=[LANG])
    def get(self, request: Request, **kwargs: Any) -> HttpResponse | Response:
        return self.reading_kept(self._body)

    def _body(self) -> dict[str, Any]:
        conference = self.conference
        venues = conference.conference_venues.select_related("venue")
        return conference_body(conference, venues, conference.partners.all(), self.reader)


class PublicProgramme(KeptPublicAPIView):
    """The last published version. Only people who have confirmed are in it."""

    @extend_schema(responses=PublicProgrammeSerializer, parameters=[LANG])
    def get(self, request: Request, **kwargs: Any) -> HttpResponse | Response:
        return self.reading_kept(
            lambda: programme_body(current_programme(self.conference), self.reader)
        )
