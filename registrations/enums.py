"""The vocabulary of who comes."""

from __future__ import annotations

from typing import Final

from django.db import models

from core.enums import AnsweredVia


class RegistrationKind(models.TextChoices):
    """Kinds of registration type."""

    GUEST = "guest", "Guest"
    SPEAKER = "speaker", "Speaker"
    PRESS = "press", "Press"
    STUDENT = "student", "Student"
    STAFF = "staff", "Staff"
    PARTNER = "partner", "Partner"
    ONLINE = "online", "Online"


class RegistrationStatus(models.TextChoices):
    PENDING_APPROVAL = "pending_approval", "Waiting for approval"
    WAITING_LIST = "waiting_list", "On the waiting list"
    OFFERED = "offered", "Offered a place"
    CONFIRMED = "confirmed", "Confirmed"
    CANCELLED = "cancelled", "Cancelled"
    REJECTED = "rejected", "Not accepted"
    EXPIRED = "expired", "Expired"


# A live registration stands in the way of a second one by the same address.
LIVE: Final = (
    RegistrationStatus.PENDING_APPROVAL,
    RegistrationStatus.WAITING_LIST,
    RegistrationStatus.OFFERED,
    RegistrationStatus.CONFIRMED,
)
OVER: Final = (
    RegistrationStatus.CANCELLED,
    RegistrationStatus.REJECTED,
    RegistrationStatus.EXPIRED,
)
# These take a place, the others none.
TAKING_A_PLACE: Final = (RegistrationStatus.OFFERED, RegistrationStatus.CONFIRMED)


class RegistrationSource(models.TextChoices):
    """How a registration came about."""

    FORM = "form", "Form"
    API = "api", "API"
    ORGANISER = "organiser", "Organiser"
    IMPORT = "import", "Import"
    PARTICIPATION = "participation", "Speaks"
    INVITATION = "invitation", "Invitation"
    WALK_IN = "walk_in", "At the door"


# What guests send themselves, by the form or the public API.
PUBLIC_SOURCES: Final = (RegistrationSource.FORM, RegistrationSource.API)


class TypeState(models.TextChoices):
    """What the public form says of a type."""

    OPEN = "open", "Open"
    NOT_OPEN = "not_open", "Not open yet"
    CLOSED = "closed", "Closed"
    SOLD_OUT = "sold_out", "Full"
    WAITING_LIST = "waiting_list", "Waiting list"


class InvitationResponse(models.TextChoices):
    """What a guest answered; "" while there is no answer."""

    ACCEPTED = "accepted", "Coming"
    TENTATIVE = "tentative", "Maybe"
    DECLINED = "declined", "Not coming"


# How a member of the team learns of an answer that they record.
RECORDED_VIA: Final = (AnsweredVia.PHONE, AnsweredVia.MAIL, AnsweredVia.IN_PERSON)


class ImportState(models.TextChoices):
    """How far an import of guests is."""

    WAITING = "waiting", "Waits for you"
    RUNNING = "running", "Runs"
    DONE = "done", "Done"
    FAILED = "failed", "Stopped"


class DeedState(models.TextChoices):
    """How far a verb for many registrations is."""

    RUNNING = "running", "Runs"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"


class QuestionKind(models.TextChoices):
    """What sort of answer a question takes."""

    TEXT = "text", "Text"
    LONG_TEXT = "long_text", "Long text"
    NUMBER = "number", "Number"
    CHOICE = "choice", "One choice"
    CHOICES = "choices", "Several choices"
    YES_NO = "yes_no", "Yes or no"
    DATE = "date", "Date"
    COUNTRY = "country", "Country"
    FILE = "file", "File"
    CONSENT = "consent", "Consent"


# Their answers are rows of options.
WITH_OPTIONS: Final = (QuestionKind.CHOICE, QuestionKind.CHOICES)


class Sensitivity(models.TextChoices):
    """What may tell of somebody's health or belief."""

    DIETARY = "dietary", "Food"
    ACCESS = "access", "Access"
