"""API addresses of what reads more than one app, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from console.api import publishing

_C = "organisations/<slug:organisation>/conferences/<slug:conference>"

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        f"{_C}/schedule-versions/impact/",
        publishing.ImpactView.as_view(),
        name="api-schedule-version-impact",
    ),
]
