"""The organisation itself."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import OrganisationAPIView
from accounts.api.serializers import OrganisationSerializer
from accounts.models import Organisation
from accounts.permissions import Permission
from accounts.services.organisations import change_organisation
from core.api.resources import ResourceView


class OrganisationView(OrganisationAPIView, ResourceView):
    """The organisation that the token belongs to."""

    read_permission = Permission.CONFERENCE_READ
    write_permission = Permission.TEAM_WRITE
    serializer_class = OrganisationSerializer
    queryset = Organisation.objects.all()
    key = "slug"

    def rows(self) -> QuerySet[Organisation]:
        return Organisation.objects.filter(pk=self.organisation.pk)

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        languages = getattr(getattr(self, "organisation", None), "languages", None) or ["en"]
        return {**context, "language": languages[0]}

    def get(self, request: Request, organisation: str) -> Response:
        """Read the organisation."""
        del request, organisation
        return self.reading(self.organisation)

    def patch(self, request: Request, organisation: str) -> Response:
        """Change fields of the organisation. A former slug leads to the new one for ever."""
        del request, organisation
        return self.changing(
            self.organisation,
            lambda changes, expected: change_organisation(
                organisation=self.organisation,
                changes=changes,
                expected=expected,
                actor=self.actor,
            ),
        )
