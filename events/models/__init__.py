from events.models.conference import Conference, ConferenceSlugHistory, ConferenceVenue
from events.models.material import Material
from events.models.outcome import Outcome, OutcomeItem
from events.models.participation import Participation
from events.models.partner import Partner
from events.models.person import Assistant, Person, Tag
from events.models.schedule_version import ScheduleVersion
from events.models.series import Series
from events.models.session import Session, Track
from events.models.venue import Room, Venue

__all__ = [
    "Assistant",
    "Conference",
    "ConferenceSlugHistory",
    "ConferenceVenue",
    "Material",
    "Outcome",
    "OutcomeItem",
    "Participation",
    "Partner",
    "Person",
    "Room",
    "ScheduleVersion",
    "Series",
    "Session",
    "Tag",
    "Track",
    "Venue",
]
