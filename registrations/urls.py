"""Page addresses of registrations: personal pages, and the organisers'."""

from django.urls import URLPattern, URLResolver, path

from registrations.views.manage import (
    answers,
    bulk,
    call_list,
    codes,
    figures,
    form,
    form_question,
    form_section,
    funnel,
    guest_imports,
    invitation,
    invitations,
    inviting,
    places,
    queue,
    registration,
    registration_files,
    registrations,
    rounds,
    salutations,
    sign_ups,
    substituting,
    types,
    walk_in,
)
from registrations.views.public import invitation as answering
from registrations.views.public import party, personal, sessions, speaking, substitute, waiting

_PERSONAL = "r/<slug:code>/<slug:token>"
_INVITATION = "i/<slug:code>/<slug:token>"
_SPEAKER = "s/<slug:code>/<slug:token>"
_C = "manage/<slug:organisation>/<slug:conference>"
_R = f"{_C}/registrations"
_T = f"{_C}/types"
_F = f"{_C}/form"
_I = f"{_C}/invitations"
_P = f"{_C}/places"
_K = f"{_C}/access-codes"
_S = f"{_C}/session-sign-up"
_Q = f"{_C}/approvals"
_W = f"{_C}/still-coming"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_PERSONAL}/", personal.personal_page, name="personal"),
    path(f"{_PERSONAL}/ticket.svg", personal.ticket_picture, name="ticket"),
    path(f"{_PERSONAL}/change/", personal.change_page, name="personal-change"),
    path(f"{_PERSONAL}/sessions/", sessions.sessions_page, name="personal-sessions"),
    path(f"{_PERSONAL}/substitute/", substitute.substitute_page, name="personal-substitute"),
    path(f"{_PERSONAL}/cancel/", personal.cancel_page, name="personal-cancel"),
    path(f"{_INVITATION}/", answering.answer_page, name="invitation-answer"),
    path(f"{_INVITATION}/seen/", answering.seen, name="invitation-seen"),
    path(f"{_SPEAKER}/", speaking.speaker_answer_page, name="speaker-answer"),
    path(f"{_SPEAKER}/seen/", speaking.speaker_seen, name="speaker-seen"),
    path(f"{_PERSONAL}/new-date/", personal.new_date_page, name="personal-new-date"),
    path(f"{_PERSONAL}/offer/", waiting.offer_page, name="personal-offer"),
    path(f"{_PERSONAL}/still-coming/", waiting.still_coming_page, name="personal-still-coming"),
    path(f"{_PERSONAL}/join-again/", waiting.join_again_page, name="personal-join-again"),
    path(f"{_PERSONAL}/party/add/", party.companion_new_page, name="personal-party-add"),
    path(f"{_PERSONAL}/party/<slug:companion>/", party.companion_page, name="personal-companion"),
    path(
        f"{_PERSONAL}/party/<slug:companion>/remove/",
        party.companion_remove,
        name="personal-companion-remove",
    ),
    path(
        f"{_PERSONAL}/party/<slug:companion>/accept/",
        party.companion_accept,
        name="personal-companion-accept",
    ),
    path(f"{_R}/", registrations.registration_list, name="manage-registrations"),
    path(
        f"{_R}/registrations.csv",
        registration_files.registrations_csv,
        name="manage-registrations-csv",
    ),
    path(f"{_R}/new/", registrations.registration_new, name="manage-registration-new"),
    path(
        f"{_R}/registrations.xlsx",
        registration_files.registrations_xlsx,
        name="manage-registrations-xlsx",
    ),
    path(f"{_R}/bulk/", bulk.registrations_bulk, name="manage-registrations-bulk"),
    path(f"{_R}/bulk/<slug:code>/", bulk.deed_page, name="manage-deed"),
    path(f"{_R}/figures/", figures.figures_page, name="manage-figures"),
    path(f"{_R}/walk-in/", walk_in.walk_in_page, name="manage-walk-in"),
    path(f"{_R}/<slug:code>/", registration.registration_page, name="manage-registration"),
    path(
        f"{_R}/<slug:code>/answers/",
        answers.registration_answers,
        name="manage-registration-answers",
    ),
    path(
        f"{_R}/<slug:code>/substitute/",
        substituting.registration_substitute,
        name="manage-registration-substitute",
    ),
    path(
        f"{_R}/<slug:code>/food-and-access/",
        answers.registration_sensitive,
        name="manage-registration-sensitive",
    ),
    path(
        f"{_R}/<slug:code>/<slug:verb>/",
        registration.registration_verb,
        name="manage-registration-verb",
    ),
    path(f"{_Q}/", queue.queue, name="manage-queue"),
    path(f"{_Q}/decide/", queue.decide, name="manage-queue-decide"),
    path(f"{_W}/", rounds.round_list, name="manage-rounds"),
    path(f"{_W}/new/", rounds.round_new, name="manage-round-new"),
    path(f"{_W}/<slug:code>/", rounds.round_page, name="manage-round"),
    path(f"{_W}/<slug:code>/delete/", rounds.round_delete, name="manage-round-delete"),
    path(f"{_T}/", types.type_list, name="manage-types"),
    path(f"{_T}/new/", types.type_new, name="manage-type-new"),
    path(f"{_T}/<slug:code>/", types.type_page, name="manage-type"),
    path(f"{_T}/<slug:code>/delete/", types.type_delete, name="manage-type-delete"),
    path(f"{_F}/", form.form_page, name="manage-form"),
    path(f"{_F}/preview/", form.form_preview, name="manage-form-preview"),
    path(f"{_F}/order/", form.form_order, name="manage-form-order"),
    path(f"{_F}/usual/", form.form_usual, name="manage-form-usual"),
    path(f"{_F}/add-section/", form_section.section_new, name="manage-form-section-new"),
    path(f"{_F}/sections/<slug:code>/", form_section.section_page, name="manage-form-section"),
    path(
        f"{_F}/sections/<slug:code>/move/",
        form_section.section_move,
        name="manage-form-section-move",
    ),
    path(
        f"{_F}/sections/<slug:code>/delete/",
        form_section.section_delete,
        name="manage-form-section-delete",
    ),
    path(f"{_F}/add-question/", form_question.question_new, name="manage-form-question-new"),
    path(f"{_F}/questions/<slug:code>/", form_question.question_page, name="manage-form-question"),
    path(
        f"{_F}/questions/<slug:code>/move/",
        form_question.question_move,
        name="manage-form-question-move",
    ),
    path(
        f"{_F}/questions/<slug:code>/retire/",
        form_question.question_retire,
        name="manage-form-question-retire",
    ),
    path(
        f"{_F}/questions/<slug:code>/restore/",
        form_question.question_restore,
        name="manage-form-question-restore",
    ),
    path(
        f"{_F}/questions/<slug:code>/delete/",
        form_question.question_delete,
        name="manage-form-question-delete",
    ),
    path(f"{_P}/", places.place_list, name="manage-places"),
    path(f"{_P}/new/", places.allotment_new, name="manage-allotment-new"),
    path(f"{_P}/keep-back/", places.hold_back_new, name="manage-hold-back-new"),
    path(f"{_P}/keep-back/<slug:code>/", places.hold_back_page, name="manage-hold-back"),
    path(
        f"{_P}/keep-back/<slug:code>/release/",
        places.hold_back_release,
        name="manage-hold-back-release",
    ),
    path(f"{_P}/<slug:code>/", places.allotment_page, name="manage-allotment"),
    path(f"{_P}/<slug:code>/delete/", places.allotment_delete, name="manage-allotment-delete"),
    path(f"{_K}/", codes.code_list, name="manage-codes"),
    path(f"{_K}/codes.csv", codes.codes_csv, name="manage-codes-csv"),
    path(f"{_K}/new/", codes.code_new, name="manage-code-new"),
    path(f"{_K}/many/", codes.codes_many, name="manage-codes-many"),
    path(f"{_K}/code/<slug:code>/", codes.code_page, name="manage-code"),
    path(f"{_K}/code/<slug:code>/end/", codes.code_end, name="manage-code-end"),
    path(f"{_K}/code/<slug:code>/delete/", codes.code_delete, name="manage-code-delete"),
    path(f"{_S}/", sign_ups.sign_up_list, name="manage-sign-ups"),
    path(f"{_S}/new/", sign_ups.sign_up_new, name="manage-sign-up-new"),
    path(f"{_S}/<slug:code>/", sign_ups.sign_up_page, name="manage-sign-up"),
    path(f"{_S}/<slug:code>/people.csv", sign_ups.sign_up_csv, name="manage-sign-up-csv"),
    path(f"{_S}/<slug:code>/delete/", sign_ups.sign_up_delete, name="manage-sign-up-delete"),
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
