"""API addresses of registrations, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from registrations.api.views import (
    access_codes,
    invitations,
    places,
    public,
    questions,
    reconfirmations,
    registration_bulk,
    registration_files,
    registration_verbs,
    registrations,
    sign_ups,
    types,
)

_C = "organisations/<slug:organisation>/conferences/<slug:conference>"
_T = f"{_C}/registration-types"
_R = f"{_C}/registrations"
_I = f"{_C}/invitations"
_Q = f"{_C}/questions"
_S = f"{_C}/question-sections"
_A = f"{_C}/allotments"
_H = f"{_C}/hold-backs"
_K = f"{_C}/access-codes"
_U = f"{_C}/sign-up-sessions"
_W = f"{_C}/reconfirmations"
_P = "public/<slug:organisation>/<slug:conference>"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_T}/", types.TypeList.as_view(), name="api-registration-type-list"),
    path(f"{_T}/<slug:slug>/", types.TypeDetail.as_view(), name="api-registration-type-detail"),
    path(
        f"{_T}/<slug:slug>/availability/",
        types.TypeAvailability.as_view(),
        name="api-registration-type-availability",
    ),
    path(f"{_A}/", places.AllotmentList.as_view(), name="api-allotment-list"),
    path(f"{_A}/<slug:code>/", places.AllotmentDetail.as_view(), name="api-allotment-detail"),
    path(
        f"{_A}/<slug:code>/availability/",
        places.AllotmentAvailability.as_view(),
        name="api-allotment-availability",
    ),
    path(f"{_H}/", places.HoldBackList.as_view(), name="api-hold-back-list"),
    path(f"{_H}/<slug:code>/", places.HoldBackDetail.as_view(), name="api-hold-back-detail"),
    path(f"{_K}/", access_codes.AccessCodeList.as_view(), name="api-access-code-list"),
    path(
        f"{_C}/access-code-batches/",
        access_codes.AccessCodesMade.as_view(),
        name="api-access-code-batch-list",
    ),
    path(
        f"{_K}/<slug:code>/",
        access_codes.AccessCodeDetail.as_view(),
        name="api-access-code-detail",
    ),
    path(
        f"{_K}/<slug:code>/availability/",
        access_codes.AccessCodeAvailability.as_view(),
        name="api-access-code-availability",
    ),
    path(
        f"{_K}/<slug:code>/end/", access_codes.EndAccessCode.as_view(), name="api-access-code-end"
    ),
    path(f"{_U}/", sign_ups.SignUpSessionList.as_view(), name="api-sign-up-session-list"),
    path(
        f"{_U}/<slug:code>/",
        sign_ups.SignUpSessionDetail.as_view(),
        name="api-sign-up-session-detail",
    ),
    path(
        f"{_U}/<slug:code>/availability/",
        sign_ups.SignUpSessionAvailability.as_view(),
        name="api-sign-up-session-availability",
    ),
    path(f"{_C}/sign-ups/", sign_ups.SignUpList.as_view(), name="api-sign-ups"),
    path(f"{_R}/", registrations.RegistrationList.as_view(), name="api-registration-list"),
    path(
        f"{_R}/export/",
        registration_files.RegistrationExport.as_view(),
        name="api-registration-export",
    ),
    path(
        f"{_R}/export/xlsx/",
        registration_files.RegistrationWorkbook.as_view(),
        name="api-registration-workbook",
    ),
    path(
        f"{_R}/decide/",
        registration_verbs.DecideRegistrations.as_view(),
        name="api-registrations-decide",
    ),
    path(f"{_R}/bulk/", registration_bulk.BulkDeeds.as_view(), name="api-registrations-bulk"),
    path(
        f"{_R}/bulk/<slug:code>/", registration_bulk.BulkDeedState.as_view(), name="api-bulk-deed"
    ),
    path(
        f"{_R}/bulk/<slug:code>/stop/",
        registration_bulk.StopBulkDeed.as_view(),
        name="api-bulk-deed-stop",
    ),
    path(
        f"{_R}/<slug:code>/",
        registrations.RegistrationDetail.as_view(),
        name="api-registration-detail",
    ),
    path(
        f"{_R}/<slug:code>/sensitive-answers/",
        registrations.SensitiveAnswers.as_view(),
        name="api-registration-sensitive-answers",
    ),
    path(
        f"{_R}/<slug:code>/history/",
        registrations.RegistrationHistory.as_view(),
        name="api-registration-history",
    ),
    path(
        f"{_R}/<slug:code>/cancel/",
        registration_verbs.CancelRegistration.as_view(),
        name="api-registration-cancel",
    ),
    path(
        f"{_R}/<slug:code>/uncancel/",
        registration_verbs.UncancelRegistration.as_view(),
        name="api-registration-uncancel",
    ),
    path(
        f"{_R}/<slug:code>/approve/",
        registration_verbs.ApproveRegistration.as_view(),
        name="api-registration-approve",
    ),
    path(
        f"{_R}/<slug:code>/reject/",
        registration_verbs.RejectRegistration.as_view(),
        name="api-registration-reject",
    ),
    path(
        f"{_R}/<slug:code>/waiting-list/",
        registration_verbs.PutOnWaitingList.as_view(),
        name="api-registration-waiting-list",
    ),
    path(
        f"{_R}/<slug:code>/offer/",
        registration_verbs.OfferPlace.as_view(),
        name="api-registration-offer",
    ),
    path(
        f"{_R}/<slug:code>/accept-offer/",
        registration_verbs.AcceptOffer.as_view(),
        name="api-registration-accept-offer",
    ),
    path(
        f"{_R}/<slug:code>/still-coming/",
        registration_verbs.ConfirmStillComing.as_view(),
        name="api-registration-still-coming",
    ),
    path(
        f"{_R}/<slug:code>/substitute/",
        registration_verbs.SubstituteRegistration.as_view(),
        name="api-registration-substitute",
    ),
    path(
        f"{_R}/<slug:code>/check-in/",
        registration_verbs.CheckInRegistration.as_view(),
        name="api-registration-check-in",
    ),
    path(
        f"{_R}/<slug:code>/undo-check-in/",
        registration_verbs.UndoCheckInRegistration.as_view(),
        name="api-registration-undo-check-in",
    ),
    path(
        f"{_R}/<slug:code>/confirm-date/",
        registration_verbs.ConfirmRegistrationDate.as_view(),
        name="api-registration-confirm-date",
    ),
    path(
        f"{_R}/<slug:code>/revoke-link/",
        registration_verbs.RevokeLink.as_view(),
        name="api-registration-revoke-link",
    ),
    path(
        f"{_R}/<slug:code>/resend-link/",
        registration_verbs.ResendLink.as_view(),
        name="api-registration-resend-link",
    ),
    path(
        f"{_W}/",
        reconfirmations.ReconfirmationList.as_view(),
        name="api-reconfirmation-list",
    ),
    path(
        f"{_W}/<slug:code>/",
        reconfirmations.ReconfirmationDetail.as_view(),
        name="api-reconfirmation-detail",
    ),
    path(
        f"{_W}/<slug:code>/figures/",
        reconfirmations.ReconfirmationFigures.as_view(),
        name="api-reconfirmation-figures",
    ),
    path(f"{_I}/", invitations.InvitationList.as_view(), name="api-invitation-list"),
    path(f"{_I}/funnel/", invitations.InvitationFunnel.as_view(), name="api-invitations-funnel"),
    path(f"{_I}/send/", invitations.SendInvitations.as_view(), name="api-invitations-send"),
    path(
        f"{_I}/<slug:code>/", invitations.InvitationDetail.as_view(), name="api-invitation-detail"
    ),
    path(
        f"{_I}/<slug:code>/answer/",
        invitations.AnswerInvitation.as_view(),
        name="api-invitation-answer",
    ),
    path(
        f"{_I}/<slug:code>/revoke-link/",
        invitations.RevokeInvitationLink.as_view(),
        name="api-invitation-revoke-link",
    ),
    path(
        f"{_I}/<slug:code>/save-the-date/",
        invitations.SaveTheDate.as_view(),
        name="api-invitation-save-the-date",
    ),
    path(
        f"{_I}/<slug:code>/send/",
        invitations.SendInvitation.as_view(),
        name="api-invitation-send",
    ),
    path(
        f"{_I}/<slug:code>/withdraw/",
        invitations.WithdrawInvitation.as_view(),
        name="api-invitation-withdraw",
    ),
    path(f"{_Q}/", questions.QuestionList.as_view(), name="api-question-list"),
    path(f"{_Q}/<slug:slug>/", questions.QuestionDetail.as_view(), name="api-question"),
    path(f"{_S}/", questions.QuestionSectionList.as_view(), name="api-question-section-list"),
    path(
        f"{_S}/<slug:slug>/",
        questions.QuestionSectionDetail.as_view(),
        name="api-question-section",
    ),
    path(
        f"{_P}/registration-form/",
        public.PublicRegistrationForm.as_view(),
        name="api-public-registration-form",
    ),
    path(
        f"{_P}/registrations/",
        public.PublicRegistrations.as_view(),
        name="api-public-registration-list",
    ),
]
