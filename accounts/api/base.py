"""What every view of the organiser's API begins with: the organisation, through the token."""

from __future__ import annotations

from typing import ClassVar

from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.authentication import TokenAuthentication, TokenCaller
from accounts.models import Organisation
from accounts.permissions import Permission
from core.actors import Actor
from core.errors import DomainError, not_found
from core.logging import request_id

SAFE = ("GET", "HEAD", "OPTIONS")


class OrganisationAPIView(APIView):
    """A view below /organisations/{organisation}/.

    `read_permission` and `write_permission` are the scopes that a token needs; a token of another
    organisation gets the same 404 as for one that does not exist.
    """

    authentication_classes = [TokenAuthentication]
    permission_classes = [IsAuthenticated]
    read_permission: ClassVar[Permission]
    write_permission: ClassVar[Permission]
    # What writing takes besides: sending mail to guests is a deed of both kinds.
    also_permissions: ClassVar[tuple[Permission, ...]] = ()

    organisation: Organisation

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        caller: object = request.user
        if not isinstance(caller, TokenCaller):
            raise not_found()
        organisation = Organisation.objects.filter(
            slug=str(kwargs["organisation"]), pk=caller.organisation_id
        ).first()
        if organisation is None:
            raise not_found()
        needed = self._permission_for(str(request.method))
        more = self.also_permissions if str(request.method) not in SAFE else ()
        for one in (needed, *more):
            if one.value not in caller.scopes:
                raise DomainError("forbidden", f"This token lacks the scope “{one.value}”.")
        self.organisation = organisation

    def _permission_for(self, method: str) -> Permission:
        """Return the scope for a method; one that the view does not serve asks for the other's."""
        names = ("read_permission", "write_permission")
        first, second = names if method in SAFE else reversed(names)
        permission: Permission = getattr(self, first, None) or getattr(self, second)
        return permission

    @property
    def actor(self) -> Actor:
        """Who acts, for services."""
        caller = self.request.user
        token = getattr(caller, "token", None)
        return Actor("token", str(token.pk) if token else "", request_id.get())
