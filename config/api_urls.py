"""Every address of the API, below /api/v1/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

from config.views.api_docs import api_docs

urlpatterns = [
    path(
        "schema/",
        SpectacularAPIView.as_view(permission_classes=[AllowAny], authentication_classes=[]),
        name="api-schema",
    ),
    path("docs/", api_docs, name="api-docs"),
    path("", include("accounts.api.urls")),
    path("", include("events.api.urls")),
    path("", include("registrations.api.urls")),
    path("", include("notifications.api.urls")),
    path("", include("console.api.urls")),
]
