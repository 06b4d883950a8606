"""API addresses of accounts, below /api/v1/."""

from django.urls import path

from accounts.api.organisations import OrganisationView

urlpatterns = [
    path(
        "organisations/<slug:organisation>/",
        OrganisationView.as_view(),
        name="api-organisation-detail",
    ),
]
