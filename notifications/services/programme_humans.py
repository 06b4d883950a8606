"""Who can be told of a change of the programme, and what else its documents do not say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.text import full_name
from notifications.services.recipients import Contact

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Human:
    """Somebody who can be told, by person or by registration.

    Arguments:
        code: names them in keys of mails.
        language: of the texts of mails.
        contacts: where it goes, to an assistant perhaps; none where there is no address.
    """

    code: str
    given_name: str
    family_name: str
    language: str
    contacts: tuple[Contact, ...]
    names_by_script: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    person_id: int | None = None
    registration_id: int | None = None

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the documents do not say.

    Arguments:
        now: local time; nobody is told of what is over.
        people: by the codes that documents name.
        states: of participations by code; those that are gone are not in it.
        signed_up: whoever signed up for a session, by its code.
        released: codes of people who were told already that they are not needed.
    """

    now: dt.datetime
    languages: Sequence[str]
    rooms: Mapping[str, Texts]
    people: Mapping[str, Human]
    states: Mapping[str, str]
    signed_up: Mapping[str, Sequence[Human]]
    released: frozenset[str] = frozenset()
