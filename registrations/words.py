"""Statuses and states in the reader's language; the enums' own labels are English."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from registrations.enums import RegistrationStatus

STATUSES: Final = {
    RegistrationStatus.PENDING_APPROVAL: _("Waiting for the organiser"),
    RegistrationStatus.WAITING_LIST: _("On the waiting list"),
    RegistrationStatus.OFFERED: _("A place is kept for you"),
    RegistrationStatus.CONFIRMED: _("Confirmed"),
    RegistrationStatus.CANCELLED: _("Cancelled"),
    RegistrationStatus.REJECTED: _("Not accepted"),
    RegistrationStatus.EXPIRED: _("Expired"),
}
