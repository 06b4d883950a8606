"""Page addresses of registrations: personal pages, and the organisers'."""

from django.urls import URLPattern, URLResolver, path

from registrations.views.manage import (
    call_list,
    funnel,
    guest_imports,
    invitation,
    invitations,
    inviting,
    queue,
    registration,
    registrations,
    rounds,
    salutations,
    types,
)
from registrations.views.public import invitation as answering
from registrations.views.public import personal, waiting

_PERSONAL = "r/<slug:code>/<slug:token>"
_INVITATION = "i/<slug:code>/<slug:token>"
_C = "manage/<slug:organisation>/<slug:conference>"
_R = f"{_C}/registrations"
_T = f"{_C}/types"
_I = f"{_C}/invitations"
_Q = f"{_C}/approvals"
_S = f"{_C}/still-coming"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_PERSONAL}/", personal.personal_page, name="personal"),
    path(f"{_PERSONAL}/ticket.svg", personal.ticket_picture, name="ticket"),
    path(f"{_PERSONAL}/change/", personal.change_page, name="personal-change"),
    path(f"{_PERSONAL}/cancel/", personal.cancel_page, name="personal-cancel"),
    path(f"{_INVITATION}/", answering.answer_page, name="invitation-answer"),
    path(f"{_INVITATION}/seen/", answering.seen, name="invitation-seen"),
    path(f"{_PERSONAL}/new-date/", personal.new_date_page, name="personal-new-date"),
    path(f"{_PERSONAL}/offer/", waiting.offer_page, name="personal-offer"),
    path(f"{_PERSONAL}/still-coming/", waiting.still_coming_page, name="personal-still-coming"),
    path(f"{_PERSONAL}/join-again/", waiting.join_again_page, name="personal-join-again"),
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
    path(f"{_Q}/", queue.queue, name="manage-queue"),
    path(f"{_Q}/decide/", queue.decide, name="manage-queue-decide"),
    path(f"{_S}/", rounds.round_list, name="manage-rounds"),
    path(f"{_S}/new/", rounds.round_new, name="manage-round-new"),
    path(f"{_S}/<slug:code>/", rounds.round_page, name="manage-round"),
    path(f"{_S}/<slug:code>/delete/", rounds.round_delete, name="manage-round-delete"),
    path(f"{_T}/", types.type_list, name="manage-types"),
    path(f"{_T}/new/", types.type_new, name="manage-type-new"),
    path(f"{_T}/<slug:code>/", types.type_page, name="manage-type"),
    path(f"{_T}/<slug:code>/delete/", types.type_delete, name="manage-type-delete"),
    path(f"{_I}/", invitations.invitation_list, name="manage-invitations"),
    path(f"{_I}/invitations.csv", invitations.invitations_csv, name="manage-invitations-csv"),
    path(f"{_I}/add/", inviting.invitation_add, name="manage-invitation-add"),
    path(f"{_I}/bulk/", invitations.invitation_bulk, name="manage-invitation-bulk"),
    path(f"{_I}/call-list/", call_list.call_list, name="manage-call-list"),
    path(f"{_I}/call-list.csv", call_list.call_list_csv, name="manage-call-list-csv"),
    path(f"{_I}/funnel/", funnel.funnel, name="manage-funnel"),
    path(f"{_I}/import/", guest_imports.guest_import_new, name="manage-guest-import-new"),
    path(f"{_I}/import/<slug:code>/", guest_imports.guest_import, name="manage-guest-import"),
    path(f"{_I}/salutations/", salutations.salutations, name="manage-salutations"),
    path(f"{_I}/<slug:code>/", invitation.invitation_page, name="manage-invitation"),
    path(
        f"{_I}/<slug:code>/answer/",
        invitation.invitation_answer,
        name="manage-invitation-answer",
    ),
    path(
        f"{_I}/<slug:code>/<slug:verb>/",
        invitation.invitation_verb,
        name="manage-invitation-verb",
    ),
]
