from events.models.composition import (
    Availability,
    ConflictOverride,
    RoleRequirement,
    SessionPrecedence,
)
from events.models.conference import Conference, ConferenceSlugHistory, ConferenceVenue
from events.models.editing import DraftEdit, PersonMerge
from events.models.exchange import ExternalRef, PersonalSelection, ProgrammeImport
from events.models.material import Material
from events.models.outcome import DonorPack, Outcome, OutcomeItem, OutcomePhoto, Quote
from events.models.participation import Candidate, Participation, SpeakerNeed
from events.models.partner import Partner
from events.models.person import Assistant, DoubleDismissal, Person, Tag
from events.models.schedule_version import ScheduleVersion
from events.models.series import Series
from events.models.session import Session, Track
from events.models.venue import Room, Venue

__all__ = [
    "Assistant",
    "Availability",
    "Candidate",
    "Conference",
    "ConferenceSlugHistory",
    "ConferenceVenue",
    "ConflictOverride",
    "DonorPack",
    "DoubleDismissal",
    "DraftEdit",
    "ExternalRef",
    "Material",
    "Outcome",
    "OutcomeItem",
    "OutcomePhoto",
    "Participation",
    "Partner",
    "Person",
    "PersonMerge",
    "PersonalSelection",
    "ProgrammeImport",
    "Quote",
    "RoleRequirement",
    "Room",
    "ScheduleVersion",
    "Series",
    "Session",
    "SessionPrecedence",
    "SpeakerNeed",
    "Tag",
    "Track",
    "Venue",
]
