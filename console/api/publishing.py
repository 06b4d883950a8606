"""What publishing the draft, or going back to a version, would do."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from console.api.publishing_serializers import ImpactSerializer
from console.publishing.impact import Impact, impact_of, return_impact
from core.errors import invalid
from events.api.base import ConferenceAPIView
from notifications.services.programme_changes import Affected

RESTORE = OpenApiParameter(
    "restore", int, description="The number of the version to go back to; without it, the draft."
)


class ImpactView(ConferenceAPIView):
    """Changes, and who is told which sentences: exactly what `tell` would then send."""

    read_permission = Permission.PROGRAMME_READ

    @extend_schema(responses=ImpactSerializer, parameters=[RESTORE])
    def get(self, request: Request, **kwargs: Any) -> Response:
        wanted = request.query_params.get("restore")
        if wanted is None:
            return Response(self._body(impact_of(self.conference)))
        known = wanted.isascii() and wanted.isdigit() and len(wanted) < 10  # noqa: PLR2004 - a 32-bit number
        rows = self.conference.schedule_versions
        version = rows.filter(number=int(wanted)).first() if known else None
        if version is None:
            raise invalid("/restore", "unknown", "There is no such version.")
        return Response(self._body(return_impact(self.conference, version)))

    def _body(self, impact: Impact) -> dict[str, Any]:
        told = [one.affected for one in impact.telling.told]
        return {
            "version": impact.last.number if impact.last is not None else 0,
            "seen": impact.seen,
            "changes": [
                {"kind": one.kind, "session": one.code or None, "sentence": one.sentence}
                for one in impact.changes
            ],
            "telling": impact.mails,
            "affected": [self._affected(one) for one in (*told, *impact.telling.unreachable)],
        }

    def _affected(self, one: Affected) -> dict[str, Any]:
        speaks = one.human.person_id is not None
        needed = Permission.PEOPLE_READ if speaks else Permission.REGISTRATION_READ
        scopes = getattr(self.request.user, "scopes", ())
        return {
            "name": one.human.name if needed.value in scopes else "",
            "speaks": speaks,
            "language": one.human.language,
            "sentences": list(one.sentences),
            "mails": len(one.human.contacts),
        }
