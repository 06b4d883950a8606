"""What every page of the console does around its own work."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponse]


def console_page(view: View) -> View:
    """Make a view a page of the console: in English, and never kept by a cache."""

    @never_cache
    @wraps(view)
    def page(request: HttpRequest, **kwargs: str) -> HttpResponse:
        with translation.override("en"):
            response = view(request, **kwargs)
        response["Content-Language"] = "en"
        return response

    return page
