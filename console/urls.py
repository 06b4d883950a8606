"""Page addresses of the console."""

from django.urls import URLPattern, URLResolver, path, register_converter

from console.converters import ConferenceSlug, OrganisationSlug
from console.views.choose import choose
from console.views.conference import overview
from console.views.grid_conflicts import grid_check, grid_conflicts
from console.views.organisation import dashboard
from console.views.time_line import time_line_page

register_converter(OrganisationSlug, "organisation")
register_converter(ConferenceSlug, "conference")

urlpatterns: list[URLPattern | URLResolver] = [
    path("manage/", choose, name="manage-home"),
    path("manage/<organisation:organisation>/", dashboard, name="manage-organisation"),
    path(
        "manage/<organisation:organisation>/<conference:conference>/",
        overview,
        name="manage-conference",
    ),
    path(
        "manage/<organisation:organisation>/<conference:conference>/grid/conflicts/",
        grid_conflicts,
        name="manage-grid-conflicts",
    ),
    path(
        "manage/<organisation:organisation>/<conference:conference>/grid/check/",
        grid_check,
        name="manage-grid-check",
    ),
    path(
        "manage/<organisation:organisation>/<conference:conference>/time-line/<slug:code>/",
        time_line_page,
        name="manage-time-line",
    ),
]
