"""How each kind of message is treated: one table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from events.enums import ConferenceState
from notifications.enums import AfterAmbiguity, MessageKind
from notifications.models import Message
from registrations.enums import LIVE, RegistrationStatus

_S = RegistrationStatus
_EVERY_STATUS: Final = frozenset(RegistrationStatus)
_NOT_CANCELLED: Final = frozenset(ConferenceState) - {ConferenceState.CANCELLED}
_ASKS_IN: Final = _NOT_CANCELLED - {ConferenceState.ARCHIVED}
# A move is told by one of these: within the day, or to another one.
MOVES: Final = (MessageKind.CHANGED_TIME, MessageKind.NEW_DATE)
# Rules run while a conference takes place as announced, and afterwards.
RULES_RUN_IN: Final = frozenset({ConferenceState.PUBLISHED, ConferenceState.ARCHIVED})


@dataclass(frozen=True, slots=True)
class Kind:
    """What holds for all messages of a kind.

    Arguments:
        template: the text that is used; rules choose their own.
        after_ambiguity: what happens when nobody knows whether a mail went out.
        requested: whether its reader waits for it after an act of their own.
        listed: whether it carries the link that stops optional mail although it goes all the same:
            a person is asked by name, and the nudges after it can be stopped.
        optional: whether its reader can opt out of it. What was asked for, and what is owed to
            somebody with a place (another time, no conference), goes all the same; what invited
            guests without one read in its stead does not (`is_optional`).
        statuses: of a registration that it is right for at the moment of sending.
        states: of a conference that it is right for at the moment of sending.
        lifetime: how long after `due_at` it is still worth sending when nothing else is said.
    """

    template: str
    after_ambiguity: AfterAmbiguity = AfterAmbiguity.RESEND
    requested: bool = False
    optional: bool = False
    listed: bool = False
    statuses: frozenset[RegistrationStatus] = _EVERY_STATUS
    states: frozenset[ConferenceState] = frozenset(ConferenceState)
    lifetime: dt.timedelta = dt.timedelta(days=3)


KINDS: Final[Mapping[MessageKind, Kind]] = MappingProxyType(
    {
        MessageKind.CONFIRMATION: Kind(
            "confirmation",
            requested=True,
            statuses=frozenset({_S.CONFIRMED}),
            states=_NOT_CANCELLED,
        ),
        MessageKind.PENDING: Kind(
            "pending",
            requested=True,
            statuses=frozenset({_S.PENDING_APPROVAL}),
            states=_NOT_CANCELLED,
        ),
        MessageKind.WAITING_LIST: Kind(
            "waiting_list",
            requested=True,
            statuses=frozenset({_S.WAITING_LIST}),
            states=_NOT_CANCELLED,
        ),
        MessageKind.CANCELLATION: Kind(
            "cancellation", requested=True, statuses=frozenset({_S.CANCELLED})
        ),
        # Twice no is worse than a question to the organiser.
        MessageKind.REJECTION: Kind(
            "rejection",
            after_ambiguity=AfterAmbiguity.PARK,
            statuses=frozenset({_S.REJECTED}),
        ),
        MessageKind.MANAGE_LINK: Kind("manage_link", requested=True),
        MessageKind.CHANGED_TIME: Kind(
            "changed_time",
            statuses=frozenset({_S.CONFIRMED, _S.OFFERED}),
            states=frozenset({ConferenceState.PUBLISHED}),
        ),
        MessageKind.NEW_DATE: Kind(
            "new_date",
            statuses=frozenset({_S.CONFIRMED}),
            states=frozenset({ConferenceState.PUBLISHED}),
        ),
        MessageKind.POSTPONED: Kind(
            "postponed",
            statuses=frozenset(LIVE),
            states=frozenset({ConferenceState.POSTPONED}),
        ),
        MessageKind.CONFERENCE_CANCELLED: Kind(
            "conference_cancelled",
            statuses=frozenset(LIVE),
            states=frozenset({ConferenceState.CANCELLED}),
        ),
        # Its reader waits for it, and the time to answer runs.
        MessageKind.OFFER: Kind(
            "offer",
            requested=True,
            statuses=frozenset({_S.OFFERED}),
            states=frozenset({ConferenceState.PUBLISHED}),
        ),
        MessageKind.OFFER_EXPIRED: Kind(
            "offer_expired", statuses=frozenset({_S.EXPIRED}), states=_NOT_CANCELLED
        ),
        # Silence may cost the place, so nobody opts out of the question.
        MessageKind.STILL_COMING: Kind(
            "still_coming",
            statuses=frozenset({_S.CONFIRMED}),
            states=frozenset({ConferenceState.PUBLISHED}),
        ),
        MessageKind.PLACE_RELEASED: Kind(
            "place_released", statuses=frozenset({_S.EXPIRED}), states=_NOT_CANCELLED
        ),
        # To who had the place before, at the address of then: whatever becomes of the registration.
        MessageKind.SUBSTITUTED: Kind("substituted", requested=True),
        # Which answers these are right for, services.invitation_facts says.
        MessageKind.SAVE_THE_DATE: Kind(
            "save_the_date", optional=True, states=frozenset({ConferenceState.PUBLISHED})
        ),
        MessageKind.INVITATION: Kind(
            "invitation", optional=True, states=frozenset({ConferenceState.PUBLISHED})
        ),
        MessageKind.ANSWER: Kind("answer", requested=True, states=_NOT_CANCELLED),
        # Asked and answered before there is anything to see. Which answers these are right for,
        # services.speaker_facts says.
        MessageKind.SPEAKER_ASK: Kind("speaker_ask", listed=True, states=_ASKS_IN),
        MessageKind.SPEAKER_ANSWER: Kind("speaker_answer", requested=True, states=_NOT_CANCELLED),
        MessageKind.SPEAKER_RELEASED: Kind("speaker_released", states=_NOT_CANCELLED),
        # Whether there is still something to say, services.programme_mail finds out.
        MessageKind.PROGRAMME_CHANGED: Kind(
            "programme_changed",
            statuses=frozenset(LIVE),
            states=frozenset({ConferenceState.PUBLISHED}),
        ),
        # Whether there is still something to ask, services.quote_facts says.
        MessageKind.QUOTE_ASK: Kind(
            "quote_ask", states=_NOT_CANCELLED, lifetime=dt.timedelta(days=14)
        ),
        # Who declined asked for them, and may still opt out.
        MessageKind.FINDINGS: Kind(
            "findings", optional=True, states=RULES_RUN_IN, lifetime=dt.timedelta(days=7)
        ),
        # Which statuses a reminder is right for, its rule's audience says.
        MessageKind.REMINDER: Kind("reminder", optional=True, states=RULES_RUN_IN),
        # For whom it is right, its audience says.
        MessageKind.ANNOUNCEMENT: Kind(
            "announcement", optional=True, lifetime=dt.timedelta(days=7)
        ),
        # To the organiser who writes a text; it names the text that it tries.
        MessageKind.TEST: Kind("", requested=True, lifetime=dt.timedelta(hours=1)),
    }
)

# These stay where they were to go: who had the place has no other tie to the registration.
TO_FORMER: Final = (MessageKind.SUBSTITUTED,)
OPTIONAL: Final = tuple(kind for kind, row in KINDS.items() if row.optional)
# A maybe is thanked for in other words than a regret.
MAYBE: Final = "answer_maybe"
# What who was asked to speak reads on another answer than yes.
SPEAKER_THANKS: Final[Mapping[str, str]] = MappingProxyType(
    {"tentative": "speaker_answer_maybe", "declined": "speaker_answer_no"}
)
# What invited guests without a place read in its stead.
FOR_INVITATIONS: Final[Mapping[MessageKind, str]] = MappingProxyType(
    {
        MessageKind.CHANGED_TIME: "invitation_moved",
        MessageKind.POSTPONED: "invitation_postponed",
        MessageKind.CONFERENCE_CANCELLED: "invitation_cancelled",
    }
)
# The words of these are for guests without a place, to whom nothing is owed.
TO_INVITED: Final = tuple(FOR_INVITATIONS.values())
RESENT: Final = tuple(
    kind for kind, row in KINDS.items() if row.after_ambiguity is AfterAmbiguity.RESEND
)


def kind_of(kind: str) -> Kind:
    """Return the row of the table for a kind's name."""
    return KINDS[MessageKind(kind)]


def is_optional(message: Message) -> bool:
    """Tell whether the reader of this message can opt out of it."""
    return kind_of(message.kind).optional or message.template in TO_INVITED


def can_stop(message: Message) -> bool:
    """Tell whether this message carries the link by which its reader stops optional mail."""
    return is_optional(message) or kind_of(message.kind).listed
