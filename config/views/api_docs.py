"""The reader of the API's description, under the same Content-Security-Policy as all pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show Swagger UI from our own files; drf-spectacular's page would need a script in itself."""
    return render(request, "api_docs.html")
