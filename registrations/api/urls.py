"""API addresses of registrations, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from registrations.api.views import (
    invitations,
    public,
    reconfirmations,
    registrations,
    types,
)

_C = "organisations/<slug:organisation>/conferences/<slug:conference>"
_T = f"{_C}/registration-types"
_R = f"{_C}/registrations"
_I = f"{_C}/invitations"
_S = f"{_C}/reconfirmations"
_P = "public/<slug:organisation>/<slug:conference>"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_T}/", types.TypeList.as_view(), name="api-registration-type-list"),
    path(f"{_T}/<slug:slug>/", types.TypeDetail.as_view(), name="api-registration-type-detail"),
    path(
        f"{_T}/<slug:slug>/availability/",
        types.TypeAvailability.as_view(),
        name="api-registration-type-availability",
    ),
    path(f"{_R}/", registrations.RegistrationList.as_view(), name="api-registration-list"),
    path(
        f"{_R}/export/",
        registrations.RegistrationExport.as_view(),
        name="api-registration-export",
    ),
    path(
        f"{_R}/decide/",
        registrations.DecideRegistrations.as_view(),
        name="api-registrations-decide",
    ),
    path(
        f"{_R}/<slug:code>/",
        registrations.RegistrationDetail.as_view(),
        name="api-registration-detail",
    ),
    path(
        f"{_R}/<slug:code>/cancel/",
        registrations.CancelRegistration.as_view(),
        name="api-registration-cancel",
    ),
    path(
        f"{_R}/<slug:code>/uncancel/",
        registrations.UncancelRegistration.as_view(),
        name="api-registration-uncancel",
    ),
    path(
        f"{_R}/<slug:code>/approve/",
        registrations.ApproveRegistration.as_view(),
        name="api-registration-approve",
    ),
    path(
        f"{_R}/<slug:code>/reject/",
        registrations.RejectRegistration.as_view(),
        name="api-registration-reject",
    ),
    path(
        f"{_R}/<slug:code>/waiting-list/",
        registrations.PutOnWaitingList.as_view(),
        name="api-registration-waiting-list",
    ),
    path(
        f"{_R}/<slug:code>/offer/",
        registrations.OfferPlace.as_view(),
        name="api-registration-offer",
    ),
    path(
        f"{_R}/<slug:code>/still-coming/",
        registrations.ConfirmStillComing.as_view(),
        name="api-registration-still-coming",
    ),
    path(
        f"{_R}/<slug:code>/check-in/",
        registrations.CheckInRegistration.as_view(),
        name="api-registration-check-in",
    ),
    path(
        f"{_R}/<slug:code>/undo-check-in/",
        registrations.UndoCheckInRegistration.as_view(),
        name="api-registration-undo-check-in",
    ),
    path(
        f"{_R}/<slug:code>/confirm-date/",
        registrations.ConfirmRegistrationDate.as_view(),
        name="api-registration-confirm-date",
    ),
    path(
        f"{_R}/<slug:code>/revoke-link/",
        registrations.RevokeLink.as_view(),
        name="api-registration-revoke-link",
    ),
    path(
        f"{_R}/<slug:code>/resend-link/",
        registrations.ResendLink.as_view(),
        name="api-registration-resend-link",
    ),
    path(
        f"{_S}/",
        reconfirmations.ReconfirmationList.as_view(),
        name="api-reconfirmation-list",
    ),
    path(
        f"{_S}/<slug:code>/",
        reconfirmations.ReconfirmationDetail.as_view(),
        name="api-reconfirmation-detail",
    ),
    path(
        f"{_S}/<slug:code>/figures/",
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
