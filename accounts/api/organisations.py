"""The organisation itself."""

import base64
import binascii
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import OrganisationAPIView
from accounts.api.serializers import LogoSerializer, OrganisationSerializer
from accounts.models import Organisation
from accounts.permissions import Permission
from accounts.services.logos import remove_logo, set_logo
from accounts.services.organisations import change_organisation
from core.api.resources import ResourceView
from core.errors import invalid


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


class LogoView(OrganisationAPIView, ResourceView):
    """The organisation's logo. If-Match takes the organisation's ETag."""

    read_permission = Permission.CONFERENCE_READ
    write_permission = Permission.TEAM_WRITE
    serializer_class = OrganisationSerializer
    queryset = Organisation.objects.all()

    pointers = {"/file": "/content"}

    def read_body(self, row: Any = None) -> dict[str, Any]:
        del row
        body = LogoSerializer(data=self.request.data)
        body.is_valid(raise_exception=True)
        try:
            content = base64.b64decode(body.validated_data["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise invalid("/content", "base64", "Give the file's bytes in Base64.") from error
        return {"content": content, "name": body.validated_data["name"]}

    @extend_schema(request=LogoSerializer, responses={200: OrganisationSerializer})
    def put(self, request: Request, organisation: str) -> Response:
        """Show this picture beside the organisation's name, instead of the former one."""
        del request, organisation
        return self.changing(
            self.organisation,
            lambda values, expected: set_logo(
                organisation=self.organisation, expected=expected, actor=self.actor, **values
            ),
        )

    def delete(self, request: Request, organisation: str) -> Response:
        """Show no logo any more."""
        del request, organisation
        self._found = self.organisation
        return self.deleting(
            lambda expected: remove_logo(
                organisation=self.organisation, expected=expected, actor=self.actor
            )
        )
