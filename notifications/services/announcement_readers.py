"""Who reads an announcement: one of its audience, and some of them at a time."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.enums import Section, SkipReason
from notifications.services.recipients import Contact


@dataclass(frozen=True, slots=True)
class Reader:
    """One of the audience.

    Arguments:
        who: the name of the person who is meant; the contact may be an assistant.
        key: of the address (core.text.email_key).
        status: of the registration that its links lead to, "" without one.
        human: the person behind a registration, too, so that nobody is taken for somebody else who
            shares their address.
        needs_salutation: whether a person with an honorific has no salutation typed in the
            contact's language.
    """

    contact: Contact
    key: str
    who: str
    section: Section
    status: str = ""
    registration_id: int | None = None
    person_id: int | None = None
    participation_id: int | None = None
    invitation_id: int | None = None
    human: int | None = None
    needs_salutation: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some of an audience.

    Arguments:
        skipped: reason -> names of those who get none.
        cursor: where to go on; "" after the last chunk.
    """

    readers: list[Reader]
    skipped: dict[SkipReason, list[str]]
    cursor: str
