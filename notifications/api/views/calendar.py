"""What mail will go, and why a message went, waits or did not go. Read only."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.errors import invalid
from events.api.base import ConferenceAPIView
from notifications.api.calendar_serializers import MailCalendarSerializer, WhySerializer
from notifications.services.explaining import explain_for
from notifications.services.forecast import mail_calendar
from notifications.services.horizon import read_until

_UNTIL = OpenApiParameter(
    "until",
    str,
    description=(
        "The last day, on the conference's clocks: 2027-03-28. Without it, as far as its end "
        "where that is near, else four weeks."
    ),
)
_WHOM = ("registration", "invitation", "person")
_CODES = [
    OpenApiParameter(name, str, description=f"The code of one {name}; give one of the three.")
    for name in _WHOM
]


def _refuse_others(request: Request, *known: str) -> None:
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        raise ValidationError({unknown[0]: ["There is no such filter here."]})


class MailCalendarView(ConferenceAPIView):
    read_permission = Permission.MAIL_READ

    @extend_schema(responses=MailCalendarSerializer, parameters=[_UNTIL])
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read what will go to whom, from the planner itself; nothing is planned or sent by it."""
        _refuse_others(request, "until")
        until = read_until(self.conference, request.query_params.get("until", ""))
        calendar = mail_calendar(self.conference, until)
        return Response(MailCalendarSerializer(calendar).data)


class WhyView(ConferenceAPIView):
    read_permission = Permission.MAIL_READ

    @extend_schema(responses=WhySerializer, parameters=_CODES)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """Read why each message and each rule reached one person, waits for them, or did not."""
        _refuse_others(request, *_WHOM)
        asked = {name: request.query_params.get(name, "") for name in _WHOM}
        given = [name for name, code in asked.items() if code]
        if len(given) != 1:
            raise invalid(
                f"/{_WHOM[0]}", "required", "Give the code of a registration, invitation or person."
            )
        found = explain_for(self.conference, **asked)
        return Response(WhySerializer(found).data)
