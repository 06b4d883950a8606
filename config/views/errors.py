"""Error pages, and problem+json for the API, in one place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from core.errors import DomainError, not_found
from core.middleware import answer_refusal
from core.problems import problem_title, problem_type


def _answer(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    if request.path.startswith("/api/"):
        return answer_refusal(request, refusal)
    return render(request, f"{refusal.status}.html", status=refusal.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _answer(request, DomainError("validation-failed", "The request can not be read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception
    return _answer(request, DomainError("forbidden", "You may not do this."))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer the same for what does not exist and for what is not the caller's to know of."""
    del exception
    return _answer(request, not_found())


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours; nothing of it is told but the id by which the log finds it."""
    if request.path.startswith("/api/"):
        kind = "server-error"
        return JsonResponse(
            {"type": problem_type(kind), "title": problem_title(kind), "status": 500},
            status=500,
            content_type="application/problem+json",
        )
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    del reason
    return render(request, "403_csrf.html", status=403)
