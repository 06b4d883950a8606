"""API addresses of what reads more than one app, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from console.api import conflicts, donor_packs, history, publishing

_O = "organisations/<slug:organisation>"
_C = f"{_O}/conferences/<slug:conference>"

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
    path(
        f"{_C}/schedule-versions/impact/",
        publishing.ImpactView.as_view(),
        name="api-schedule-version-impact",
    ),
    path(f"{_C}/donor-packs/", donor_packs.DonorPackList.as_view(), name="api-donor-pack-list"),
    path(
        f"{_C}/donor-packs/<slug:code>/",
        donor_packs.DonorPackDetail.as_view(),
        name="api-donor-pack-detail",
    ),
    path(
        f"{_C}/donor-packs/<slug:code>/file/",
        donor_packs.DonorPackFile.as_view(),
        name="api-donor-pack-file",
    ),
    path(
        f"{_O}/people/<slug:code>/history/",
        history.PersonHistory.as_view(),
        name="api-person-history",
    ),
]
