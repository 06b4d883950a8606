"""Error pages, and problem+json for the API, in one place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

_TITLES = {400: "Bad request", 403: "Forbidden", 404: "Not found", 500: "Server error"}
_KINDS = {400: "validation-failed", 403: "forbidden", 404: "not-found", 500: "server-error"}


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        from core.problems import problem_type

        return JsonResponse(
            {"type": problem_type(_KINDS[status]), "title": _TITLES[status], "status": status},
            status=status,
            content_type="application/problem+json",
        )
    return render(request, f"{status}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _answer(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _answer(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    del reason
    return render(request, "403_csrf.html", status=403)
