"""The vocabulary of the programme."""

from __future__ import annotations

from typing import Final

from django.db import models


class ConferenceKind(models.TextChoices):
    CONFERENCE = "conference", "Conference"
    HALF_DAY_CONFERENCE = "half_day_conference", "Half-day conference"
    WORKSHOP = "workshop", "Workshop"
    RESEARCH_PRESENTATION = "research_presentation", "Research presentation"
    LECTURE = "lecture", "Lecture"
    ROUND_TABLE = "round_table", "Round table"


class ConferenceMode(models.TextChoices):
    IN_PERSON = "in_person", "In person"
    ONLINE = "online", "Online"
    HYBRID = "hybrid", "In person and online"


class ConferenceState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    POSTPONED = "postponed", "Postponed"
    CANCELLED = "cancelled", "Cancelled"
    ARCHIVED = "archived", "Archived"


class SessionKind(models.TextChoices):
    PANEL = "panel", "Panel"
    KEYNOTE = "keynote", "Keynote"
    OPENING_REMARKS = "opening_remarks", "Opening remarks"
    PRESENTATION = "presentation", "Presentation"
    WORKSHOP = "workshop", "Workshop"
    DISCUSSION = "discussion", "Discussion"
    BREAK = "break", "Break"
    RECEPTION = "reception", "Reception"


class SessionState(models.TextChoices):
    PLANNED = "planned", "Planned"
    CANCELLED = "cancelled", "Cancelled"


class Attribution(models.TextChoices):
    """What may be said outside about a session."""

    ON_THE_RECORD = "on_the_record", "On the record"
    CHATHAM_HOUSE = "chatham_house", "Chatham House Rule"
    CLOSED = "closed", "Closed"


class ParticipationRole(models.TextChoices):
    MODERATOR = "moderator", "Moderator"
    PANELLIST = "panellist", "Panellist"
    KEYNOTE = "keynote", "Keynote"
    PRESENTER = "presenter", "Presenter"
    DISCUSSANT = "discussant", "Discussant"
    OPENING_REMARKS = "opening_remarks", "Opening remarks"
    RAPPORTEUR = "rapporteur", "Rapporteur"
    INTERPRETER = "interpreter", "Interpreter"
    HOST = "host", "Host"


class ParticipationState(models.TextChoices):
    PLANNED = "planned", "Planned"
    INVITED = "invited", "Invited"
    TENTATIVE = "tentative", "Tentative"
    CONFIRMED = "confirmed", "Confirmed"
    DECLINED = "declined", "Declined"
    REPLACED = "replaced", "Replaced"


# Who has said no or was replaced is not on the panel any more.
OFF_THE_PANEL: Final = (ParticipationState.DECLINED, ParticipationState.REPLACED)
# Asked, and no final answer yet.
ASKED: Final = (ParticipationState.INVITED, ParticipationState.TENTATIVE)


class RecordingConsent(models.TextChoices):
    """What somebody on a session says to being recorded."""

    UNKNOWN = "", "Not asked"
    GIVEN = "given", "May be recorded"
    REFUSED = "refused", "Not to be recorded"


class NeedKind(models.TextChoices):
    """What is needed from who speaks, each with a state of its own."""

    BIO = "bio", "Biography"
    PHOTO = "photo", "Photo"
    SLIDES = "slides", "Slides"
    RECORDING = "recording", "Consent to recording"
    TRAVEL = "travel", "Travel"
    TECHNICAL = "technical", "Technical needs"


class NeedState(models.TextChoices):
    OPEN = "open", "Still needed"
    GIVEN = "given", "Given"
    WAIVED = "waived", "Not needed"


class PartnerKind(models.TextChoices):
    CO_ORGANISER = "co_organiser", "Co-organiser"
    SUPPORTER = "supporter", "Supporter"
    FUNDER = "funder", "Funder"
    MEDIA_PARTNER = "media_partner", "Media partner"
    PROJECT = "project", "Project"


class MaterialKind(models.TextChoices):
    FILE = "file", "File"
    LINK = "link", "Link"
    JOINING_LINK = "joining_link", "Joining link"
    STREAM = "stream", "Live stream"


class OutcomeItemKind(models.TextChoices):
    FINDING = "finding", "Finding"
    POINT = "point", "Point made"


class QuoteState(models.TextChoices):
    """How far the approval of a quote has come."""

    DRAFT = "draft", "Not asked"
    ASKED = "asked", "Asked"
    PROPOSED = "proposed", "Other words proposed"
    APPROVED = "approved", "Approved"
    REFUSED = "refused", "Not to be shown"


class PhotoConsent(models.TextChoices):
    """What those on a picture say to its being shown."""

    UNKNOWN = "unknown", "Not asked"
    GIVEN = "given", "Given"
    REFUSED = "refused", "Refused"
    NOBODY = "nobody", "Nobody can be recognised"


class JobState(models.TextChoices):
    """How far a piece of work has come that a worker does."""

    WAITING = "waiting", "Not begun"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    STOPPED = "stopped", "Stopped"


class ProgrammeFormat(models.TextChoices):
    """What a programme that is brought in may be written in."""

    AGENDA = "agenda", "Pasted agenda"
    TABLE = "table", "Table (CSV, XLSX)"
    SCHEDULE_XML = "schedule_xml", "schedule.xml (frab, pretalx, c3voc)"
    SCHEDULE_JSON = "schedule_json", "schedule.json (frab, pretalx, c3voc)"
    PRETALX = "pretalx", "pretalx JSON"
    SESSIONIZE = "sessionize", "Sessionize JSON"
    ICALENDAR = "icalendar", "Calendar (iCalendar)"
    OPASS = "opass", "OPass JSON"
    OPEN_EVENT = "open_event", "Open Event (ZIP of JSON)"


class RefKind(models.TextChoices):
    """What an outside identifier stands for."""

    SESSION = "session", "Session"
    PERSON = "person", "Person"
    ROOM = "room", "Room"
    TRACK = "track", "Track"
