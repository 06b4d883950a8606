"""Page addresses of registrations: personal pages, and the organisers'."""

from django.urls import URLPattern, URLResolver, path

from registrations.views.manage import registration, registrations, types
from registrations.views.public import personal

_PERSONAL = "r/<slug:code>/<slug:token>"
_C = "manage/<slug:organisation>/<slug:conference>"
_R = f"{_C}/registrations"
_T = f"{_C}/types"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_PERSONAL}/", personal.personal_page, name="personal"),
    path(f"{_PERSONAL}/ticket.svg", personal.ticket_picture, name="ticket"),
    path(f"{_PERSONAL}/change/", personal.change_page, name="personal-change"),
    path(f"{_PERSONAL}/cancel/", personal.cancel_page, name="personal-cancel"),
    path(f"{_PERSONAL}/new-date/", personal.new_date_page, name="personal-new-date"),
    path(f"{_R}/", registrations.registration_list, name="manage-registrations"),
    path(
        f"{_R}/registrations.csv",
        registrations.registrations_csv,
        name="manage-registrations-csv",
    ),
    path(f"{_R}/new/", registrations.registration_new, name="manage-registration-new"),
    path(
        f"{_R}/arrived/",
        registrations.registrations_arrived,
        name="manage-registrations-arrived",
    ),
    path(f"{_R}/<slug:code>/", registration.registration_page, name="manage-registration"),
    path(
        f"{_R}/<slug:code>/<slug:verb>/",
        registration.registration_verb,
        name="manage-registration-verb",
    ),
    path(f"{_T}/", types.type_list, name="manage-types"),
    path(f"{_T}/new/", types.type_new, name="manage-type-new"),
    path(f"{_T}/<slug:code>/", types.type_page, name="manage-type"),
    path(f"{_T}/<slug:code>/delete/", types.type_delete, name="manage-type-delete"),
]
