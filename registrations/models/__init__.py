from registrations.models.access_code import AccessCode
from registrations.models.allotment import Allotment
from registrations.models.answer import Answer, ConsentGiven, SensitiveAnswer
from registrations.models.bulk_deed import BulkDeed
from registrations.models.guest_import import GuestImport
from registrations.models.guest_upload import GuestUpload
from registrations.models.hold import HeldPlace, HoldBack
from registrations.models.invitation import Invitation, InvitationEvent
from registrations.models.question import ConsentText, Question, QuestionOption, QuestionSection
from registrations.models.reconfirmation import Reconfirmation
from registrations.models.registration import Booking, Registration, RegistrationPlace
from registrations.models.registration_type import RegistrationType
from registrations.models.sign_up import SignUp, SignUpSession

__all__ = [
    "AccessCode",
    "Allotment",
    "Answer",
    "Booking",
    "BulkDeed",
    "ConsentGiven",
    "ConsentText",
    "GuestImport",
    "GuestUpload",
    "HeldPlace",
    "HoldBack",
    "Invitation",
    "InvitationEvent",
    "Question",
    "QuestionOption",
    "QuestionSection",
    "Reconfirmation",
    "Registration",
    "RegistrationPlace",
    "RegistrationType",
    "SensitiveAnswer",
    "SignUp",
    "SignUpSession",
]
