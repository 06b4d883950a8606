"""Sign-in in front of the console, and addresses that an organisation once had."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]
CONSOLE = "/manage/"


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
