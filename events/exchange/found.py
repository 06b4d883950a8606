"""People and sessions as a reader finds them, before anything is done about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Someone:
    """A person as a file shows them.

    Arguments:
        name: in one piece, where the file does not part it; a text, or one by language.
    """

    ref: str
    name: Any = ""
    given_name: str = ""
    family_name: str = ""
    position: str = ""
    affiliation: str = ""
    email: str = ""
    bio: Any = ""
    line: int = 0


@dataclass(slots=True)
class Item:
    """A session as a file shows it. Texts are a text, or texts by language.

    Arguments:
        speakers: refs of people with the word for their role, "" where the file has none.
        start: local; without an end the length counts.
        links: titles with addresses.
    """

    ref: str
    title: Any
    type: str = ""
    subtitle: Any = ""
    abstract: Any = ""
    description: Any = ""
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    room: str = ""
    track: str = ""
    language: str = ""
    speakers: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    recorded: bool = False
    cancelled: bool = False
    confirmed: bool = True
    line: int = 0
