"""Page addresses of the console."""

from django.urls import URLPattern, URLResolver, path, register_converter

from console.converters import ConferenceSlug, OrganisationSlug, PersonCode
from console.views.choose import choose
from console.views.conference import overview
from console.views.conflicts import conflict_withdraw, conflicts
from console.views.donor_pack import donor_pack, donor_pack_delete, donor_pack_file
from console.views.grid_conflicts import grid_check, grid_conflicts
from console.views.organisation import dashboard
from console.views.outcome import outcome_publish
from console.views.person import person_merge, person_page
from console.views.publishing import restore_page, schedule_page
from console.views.time_line import time_line_page
from console.views.versions import compare_page, version_page

_CONFERENCE = "manage/<organisation:organisation>/<conference:conference>"

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
        "manage/<organisation:organisation>/<conference:conference>/conflicts/",
        conflicts,
        name="manage-conflicts",
    ),
    path(
        "manage/<organisation:organisation>/<conference:conference>/conflicts/withdraw/",
        conflict_withdraw,
        name="manage-conflict-withdraw",
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
    path(f"{_CONFERENCE}/donor-pack/", donor_pack, name="manage-donor-pack"),
    path(
        f"{_CONFERENCE}/donor-pack/<slug:code>/file/",
        donor_pack_file,
        name="manage-donor-pack-file",
    ),
    path(
        f"{_CONFERENCE}/donor-pack/<slug:code>/delete/",
        donor_pack_delete,
        name="manage-donor-pack-delete",
    ),
    path(f"{_CONFERENCE}/outcome/publish/", outcome_publish, name="manage-outcome-publish"),
    path(f"{_CONFERENCE}/schedule/", schedule_page, name="manage-schedule"),
    path(f"{_CONFERENCE}/schedule/compare/", compare_page, name="manage-schedule-compare"),
    path(f"{_CONFERENCE}/schedule/<int:number>/", version_page, name="manage-version"),
    path(
        f"{_CONFERENCE}/schedule/<int:number>/restore/",
        restore_page,
        name="manage-version-restore",
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
