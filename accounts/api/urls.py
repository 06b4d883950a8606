"""API addresses of accounts, below /api/v1/."""

from django.urls import path

from accounts.api.organisations import LogoView, OrganisationView

urlpatterns = [
    path(
        "organisations/<slug:organisation>/",
        OrganisationView.as_view(),
        name="api-organisation-detail",
    ),
    path(
        "organisations/<slug:organisation>/logo/",
        LogoView.as_view(),
        name="api-organisation-logo",
    ),
]
