"""Bearer tokens of programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from accounts.services.tokens import find_api_token
from core.counting import client_of, count_try

if TYPE_CHECKING:
    from accounts.models import ApiToken

# Wrong tokens from one address: enough for a mistake, not for a search.
WRONG_A_MINUTE: Final = 15
_PARTS: Final = 2  # the word Bearer and the token


class TokenCaller:
    """The caller of the API: an organisation's token. Stands where Django expects a user."""

    is_authenticated = True
    is_anonymous = False
    is_active = True

    def __init__(self, token: ApiToken) -> None:
        self.token = token
        self.pk = f"token-{token.pk}"
        self.organisation_id = token.organisation_id
        self.scopes = frozenset(token.scopes)


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer lec_…``"""

    keyword = b"bearer"

    def authenticate(self, request: Request) -> tuple[TokenCaller, ApiToken] | None:
        header = get_authorization_header(request).split()
        if not header or header[0].lower() != self.keyword:
            return None
        token = find_api_token(header[1].decode("latin-1")) if len(header) == _PARTS else None
        if token is None:
            raise self._refusal(request)
        return TokenCaller(token), token

    @staticmethod
    def _refusal(request: Request) -> AuthenticationFailed | Throttled:
        if settings.THROTTLE:
            tries = count_try(f"wrong-token:{client_of(request)}", 60)
            if tries.number > WRONG_A_MINUTE:
                return Throttled(wait=tries.seconds_left)
        return AuthenticationFailed("This token is unknown, expired or revoked.")

    def authenticate_header(self, request: Request) -> str:
        del request
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # no types
    target_class = "accounts.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        del auto_schema
        return {"type": "http", "scheme": "bearer"}
