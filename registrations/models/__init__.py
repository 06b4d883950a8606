from registrations.models.allotment import Allotment
from registrations.models.guest_import import GuestImport
from registrations.models.invitation import HeldPlace, Invitation, InvitationEvent
from registrations.models.registration import Booking, Registration, RegistrationPlace
from registrations.models.registration_type import RegistrationType

__all__ = [
    "Allotment",
    "Booking",
    "GuestImport",
    "HeldPlace",
    "Invitation",
    "InvitationEvent",
    "Registration",
    "RegistrationPlace",
    "RegistrationType",
]
