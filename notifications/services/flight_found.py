"""What a check of the flight check is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from notifications.enums import Level
from notifications.services.flight_facts import Flight


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a check has to say.

    Arguments:
        about: what it is about, in words that stay the same while numbers change: languages, days,
            placeholders, a state. Who has read of one has not read of another.
    """

    level: Level
    sentence: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """How a check ended.

    Arguments:
        where: what has to be changed: subject, body, audience, moment, settings, outbox.
    """

    slug: str
    title: str
    where: str
    level: Level
    sentence: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the table.

    Arguments:
        title: what is so when it passes.
        run: what it has to say; nothing when all is in order.
    """

    slug: str
    title: str
    where: str
    run: Callable[[Flight], Iterable[Found]]

    def on(self, flight: Flight) -> Finding:
        """Return how the check ends: the gravest of what it found, with all its sentences."""
        found = list(self.run(flight))
        order = (Level.OK, Level.WARNING, Level.ERROR)
        level = max((one.level for one in found), key=order.index, default=Level.OK)
        found = [one for one in found if one.level == level]
        said = " ".join(one.sentence for one in found)
        about = tuple(sorted({word for one in found for word in one.about}))
        return Finding(self.slug, self.title, self.where, level, said, about)


def warn(sentence: str, *about: str) -> Found:
    return Found(Level.WARNING, sentence, about)


def stop(sentence: str) -> Found:
    return Found(Level.ERROR, sentence)


def people(number: int) -> str:
    """Return "1 person", "118 people"."""
    return "1 person" if number == 1 else f"{number:,} people"


def some(names: Iterable[str], number: int, shown: int = 3) -> str:
    """Return the first names of so many: "Ana, Bo, Cy and 4 more"."""
    first = list(names)[:shown]
    rest = number - len(first)
    if rest > 0:
        return f"{', '.join(first)} and {rest:,} more"
    return " and ".join(filter(None, [", ".join(first[:-1]), *first[-1:]]))
