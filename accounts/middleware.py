"""Sign-in in front of the console, and addresses that an organisation once had."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from accounts.services.organisations import present_slug
from core.slugs import is_reserved_root

Handler = Callable[[HttpRequest], HttpResponse]
CONSOLE = "/manage/"
# Where an organisation's slug stands in addresses that people and programs keep.
_SLUG = re.compile(
    r"(?P<before>/(?:manage/|api/v1/(?:organisations|public)/)?)(?P<slug>[a-z0-9-]+)(?P<after>/.*)"
)


class SignInMiddleware:
    """Sends anonymous people who ask for any address of the console to the sign-in page first.

    What exists below /manage/ is nobody's business, so it does not matter whether the page does.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(CONSOLE) and not request.user.is_authenticated:
            if request.headers.get("HX-Request") == "true":
                # A fragment swapped for a sign-in form would be nonsense: htmx loads the page anew.
                response = HttpResponse(status=204)
                response["HX-Refresh"] = "true"
                return response
            # Only what was read by GET is worth coming back to.
            wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else CONSOLE
            return redirect_to_login(wanted)
        return self.get_response(request)


class FormerSlugMiddleware:
    """Leads from an address that an organisation once had to its present one, for ever.

    Only where nothing else was found, so a page that is there costs no query here.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in {"GET", "HEAD"}:  # noqa: PLR2004
            return response
        match = _SLUG.fullmatch(request.path)
        if match is None or is_reserved_root(match["slug"]):
            return response
        slug = present_slug(match["slug"])
        if slug is None:
            return response
        query = request.META.get("QUERY_STRING", "")
        to = f"{match['before']}{slug}{match['after']}" + (f"?{query}" if query else "")
        return HttpResponsePermanentRedirect(to)
