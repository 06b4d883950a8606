"""The vocabulary of the programme."""

from __future__ import annotations

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


class OutcomeItemKind(models.TextChoices):
    FINDING = "finding", "Finding"
    POINT = "point", "Point made"
