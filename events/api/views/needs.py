"""What is still needed of who speaks."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.resources import kept_answer
from core.services.idempotency import Answer
from events.api.base import ConferenceResource
from events.api.need_serializers import NeedSerializer, NeedsSerializer
from events.models import Participation
from events.services.needs import needs_of, settle_need, with_needs


class ParticipationNeeds(ConferenceResource):
    """What is needed of somebody on a session. POST marks one thing as given or not needed, or asks
    for it once more.
    """

    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE
    serializer_class = NeedSerializer
    queryset = Participation.objects.all()

    def rows(self) -> QuerySet[Participation]:
        return with_needs(Participation.objects.filter(session__conference=self.conference))

    def body_of(self, row: Participation) -> Any:
        return {
            "results": NeedSerializer(needs_of(row), many=True).data,
            "recording_consent": row.recording_consent,
            "travel_needs": row.travel_needs,
            "technical_needs": row.technical_needs,
        }

    @extend_schema(responses={200: NeedsSerializer})
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return Response(self.body_of(self.one(code=code)))

    @extend_schema(responses={200: NeedsSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        row = self.one(code=code)
        values = self.read_body()

        def act() -> Answer:
            with self.speaking():
                settle_need(participation=row, actor=self.actor, **values)
            text = JSONRenderer().render(self.body_of(self.one(code=code))).decode()
            return Answer(status=200, body=text)

        return kept_answer(request, act)
