"""API addresses of what reads more than one app, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from console.api import history

_O = "organisations/<slug:organisation>"

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        f"{_O}/people/<slug:code>/history/",
        history.PersonHistory.as_view(),
        name="api-person-history",
    ),
]
