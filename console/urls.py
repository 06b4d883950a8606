"""Page addresses of the console."""

from django.urls import URLPattern, URLResolver, path, register_converter

from console.converters import ConferenceSlug, OrganisationSlug, PersonCode
from console.views.choose import choose
from console.views.conference import overview
from console.views.organisation import dashboard
from console.views.person import person_merge, person_page
from console.views.time_line import time_line_page

register_converter(OrganisationSlug, "organisation")
register_converter(ConferenceSlug, "conference")
register_converter(PersonCode, "person")

urlpatterns: list[URLPattern | URLResolver] = [
    path("manage/", choose, name="manage-home"),
    path("manage/<organisation:organisation>/", dashboard, name="manage-organisation"),
    path(
        "manage/<organisation:organisation>/<conference:conference>/",
        overview,
        name="manage-conference",
    ),
    path(
        "manage/<organisation:organisation>/<conference:conference>/time-line/<slug:code>/",
        time_line_page,
        name="manage-time-line",
    ),
    path(
        "manage/<organisation:organisation>/people/<person:code>/",
        person_page,
        name="manage-person",
    ),
    path(
        "manage/<organisation:organisation>/people/<person:code>/merge/<person:other>/",
        person_merge,
        name="manage-person-merge",
    ),
]
