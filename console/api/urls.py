"""API addresses of what reads more than one app, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from console.api import conflicts

_C = "organisations/<slug:organisation>/conferences/<slug:conference>"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_C}/conflicts/", conflicts.ConflictList.as_view(), name="api-conflict-list"),
    path(f"{_C}/conflicts/check/", conflicts.CheckMove.as_view(), name="api-conflict-check"),
    path(
        f"{_C}/conflicts/override/",
        conflicts.OverrideConflict.as_view(),
        name="api-conflict-override",
    ),
    path(
        f"{_C}/conflicts/withdraw/",
        conflicts.WithdrawOverride.as_view(),
        name="api-conflict-withdraw",
    ),
]
