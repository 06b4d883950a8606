"""The vocabulary of the programme in the reader's language; the enums' own labels are English."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from events.enums import (
    Attribution,
    ConferenceKind,
    ConferenceMode,
    NeedKind,
    NeedState,
    ParticipationRole,
    PartnerKind,
    SessionKind,
)

CONFERENCE_KINDS: Final = {
    ConferenceKind.CONFERENCE: _("Conference"),
    ConferenceKind.HALF_DAY_CONFERENCE: _("Half-day conference"),
    ConferenceKind.WORKSHOP: _("Workshop"),
    ConferenceKind.RESEARCH_PRESENTATION: _("Research presentation"),
    ConferenceKind.LECTURE: _("Lecture"),
    ConferenceKind.ROUND_TABLE: _("Round table"),
}
CONFERENCE_MODES: Final = {
    ConferenceMode.IN_PERSON: _("In person"),
    ConferenceMode.ONLINE: _("Online"),
    ConferenceMode.HYBRID: _("In person and online"),
}
SESSION_KINDS: Final = {
    SessionKind.PANEL: _("Panel"),
    SessionKind.KEYNOTE: _("Keynote"),
    SessionKind.OPENING_REMARKS: _("Opening remarks"),
    SessionKind.PRESENTATION: _("Presentation"),
    SessionKind.WORKSHOP: _("Workshop"),
    SessionKind.DISCUSSION: _("Discussion"),
    SessionKind.BREAK: _("Break"),
    SessionKind.RECEPTION: _("Reception"),
}
ROLES: Final = {
    ParticipationRole.MODERATOR: _("Moderator"),
    ParticipationRole.PANELLIST: _("Panellist"),
    ParticipationRole.KEYNOTE: _("Keynote"),
    ParticipationRole.PRESENTER: _("Presenter"),
    ParticipationRole.DISCUSSANT: _("Discussant"),
    ParticipationRole.OPENING_REMARKS: _("Opening remarks"),
    ParticipationRole.RAPPORTEUR: _("Rapporteur"),
    ParticipationRole.INTERPRETER: _("Interpreter"),
    ParticipationRole.HOST: _("Host"),
}
# The role that a session's kind already says: a panel's panellists need no word beside them.
USUAL_ROLE: Final = {
    SessionKind.PANEL: ParticipationRole.PANELLIST,
    SessionKind.KEYNOTE: ParticipationRole.KEYNOTE,
    SessionKind.OPENING_REMARKS: ParticipationRole.OPENING_REMARKS,
    SessionKind.PRESENTATION: ParticipationRole.PRESENTER,
}
PARTNER_KINDS: Final = {
    PartnerKind.CO_ORGANISER: _("Organised with"),
    PartnerKind.SUPPORTER: _("Supported by"),
    PartnerKind.FUNDER: _("Funded by"),
    PartnerKind.MEDIA_PARTNER: _("Media partner"),
    PartnerKind.PROJECT: _("Part of the project"),
}
# The sheet that those who come sign, for who funds it (console.donor_pack).
SIGNATURE_SHEET: Final = _("Signature sheet")
SIGNATURE_NOTICE: Final = _(
    "This sheet is shown to those who fund this event. Write your name only if you agree to that."
)
SIGNATURE_COLUMNS: Final = (_("Name"), _("Position, organisation"), _("Signature"))
ATTRIBUTIONS: Final = {
    Attribution.ON_THE_RECORD: _("On the record"),
    Attribution.CHATHAM_HOUSE: _(
        "Chatham House Rule: what is said may be used, who said it stays in the room"
    ),
    Attribution.CLOSED: _("Closed session: nothing that is said leaves the room"),
}
# What somebody who speaks may expect to be quoted with.
QUOTED: Final = {
    Attribution.ON_THE_RECORD: _("On the record: what you say may be quoted with your name."),
    Attribution.CHATHAM_HOUSE: _(
        "Chatham House Rule: what you say may be used, but nobody may say that it was you."
    ),
    Attribution.CLOSED: _("Closed session: nothing of what you say leaves the room."),
}
# By the language without its script: who listens hears none.
SPOKEN_IN: Final = {"en": _("In English"), "sr": _("In Serbian"), "ru": _("In Russian")}
INTERPRETED_INTO: Final = {
    "en": _("into English"),
    "sr": _("into Serbian"),
    "ru": _("into Russian"),
}
NEEDS: Final = {
    NeedKind.BIO: _("A few lines about you"),
    NeedKind.PHOTO: _("A photo"),
    NeedKind.SLIDES: _("Slides"),
    NeedKind.RECORDING: _("May we record you?"),
    NeedKind.TRAVEL: _("Travel"),
    NeedKind.TECHNICAL: _("What you need on the stage"),
}
NEED_STATES: Final = {
    NeedState.OPEN: _("Still needed"),
    NeedState.GIVEN: _("We have it"),
    NeedState.WAIVED: _("Not needed"),
}
