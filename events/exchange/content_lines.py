"""The lines of RFC 5545 made a tree of components, tolerant of what real calendars write.

A line that can not be read is left out and remembered; nothing in a calendar stops the reading of
the rest of it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from core.errors import DomainError
from events.exchange.limits import (
    MOST_DEPTH,
    MOST_ELEMENTS,
    check_size,
    too_deep,
    too_many,
)

_NAME: Final = re.compile(r"[A-Za-z0-9-]{1,80}")
_PARAMETER: Final = re.compile(
    r';([A-Za-z0-9-]{1,80})=((?:"[^"]*+"|[^";:,]*+)(?:,(?:"[^"]*+"|[^";:,]*+))*+)'
)
_MOST_PARAMETERS: Final = 50
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_LINE_END: Final = re.compile(rb"\r*\n|\r")


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its name in capitals, what stands beside it, and its value as written."""

    name: str
    parameters: Mapping[str, str]
    value: str
    line: int

    @property
    def text(self) -> str:
        """Return the value of a TEXT property, with line breaks for ``\\n``."""
        return _ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], self.value).strip()


@dataclass(slots=True)
class Component:
    """A component such as VEVENT, with what stands in it."""

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)

    def all(self, *names: str) -> Iterator[Property]:
        return (one for one in self.properties if one.name in names)

    def first(self, name: str) -> Property | None:
        return next(self.all(name), None)

    def text(self, name: str) -> str:
        found = self.first(name)
        return found.text if found else ""

    def inner(self, name: str) -> Iterator[Component]:
        return (one for one in self.components if one.name == name)


def read_calendars(content: bytes) -> tuple[Component, list[int]]:
    """Return a component that holds all calendars of a file, and the lines that can not be read.

    Raises:
        DomainError: ``validation-failed`` for what is no calendar in UTF-8; ``too-large``.
    """
    check_size(content)
    root = Component("", 0)
    stack = [root]
    wrong: list[int] = []
    octets = _octets(content)
    if max(octets.count(b"\n"), octets.count(b"\r")) > MOST_ELEMENTS:
        raise too_many("lines")
    lines = _decoded(list(_unfolded(octets)), wrong)
    for number, line in lines:
        one = _property(line, number)
        if one is None:
            wrong.append(number)
        elif one.name == "BEGIN":
            if len(stack) > MOST_DEPTH:
                raise too_deep("Components")
            inner = Component(one.value.strip().upper()[:40], number)
            stack[-1].components.append(inner)
            stack.append(inner)
        elif one.name == "END":
            name = one.value.strip().upper()[:40]
            if any(open_.name == name for open_ in stack[1:]):
                while stack.pop().name != name:
                    pass
        else:
            stack[-1].properties.append(one)
    if not any(root.inner("VCALENDAR")):
        raise DomainError(
            "validation-failed", "This file is no calendar: it has no line “BEGIN:VCALENDAR”."
        )
    return root, sorted(set(wrong))


def _octets(content: bytes) -> bytes:
    """Return the content in UTF-8, as far as it is; lines are joined before they are decoded."""
    if content[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError as error:
            raise DomainError(
                "validation-failed", "This calendar is not written in the encoding that it names."
            ) from error
    if b"\x00" in content:
        raise DomainError(
            "validation-failed", "This file holds NUL characters, so it is no calendar."
        )
    return content.removeprefix(codecs.BOM_UTF8)


def _unfolded(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each line with the number of its first part; parts begin with a space or a tab.

    Octets are joined: many a program folds in the middle of a letter.
    """
    pieces: list[bytes] = []
    begun = 1
    for number, part in enumerate(_LINE_END.split(content), start=1):
        if part[:1] in {b" ", b"\t"} and pieces:
            pieces.append(part[1:])
        elif part.strip():
            if pieces:
                yield begun, b"".join(pieces)
            pieces, begun = [part], number
    if pieces:
        yield begun, b"".join(pieces)


def _decoded(lines: list[tuple[int, bytes]], wrong: list[int]) -> list[tuple[int, str]]:
    """Return the lines as text, and note those that are none.

    Raises:
        DomainError: where most lines beyond ASCII are not in UTF-8, so that none of them is.
    """
    found: list[tuple[int, str]] = []
    beyond = 0
    for number, line in lines:
        beyond += not line.isascii()
        try:
            found.append((number, line.decode()))
        except UnicodeDecodeError:
            wrong.append(number)
    if 2 * len(wrong) > beyond:
        raise DomainError(
            "validation-failed",
            f"Line {wrong[0]:,} of this calendar is not written in UTF-8. Save the file as UTF-8.",
        )
    return found


def _property(line: str, number: int) -> Property | None:
    named = _NAME.match(line)
    if not named:
        return None
    at = named.end()
    parameters: dict[str, str] = {}
    while len(parameters) < _MOST_PARAMETERS and (match := _PARAMETER.match(line, at)):
        parameters[match[1].upper()] = match[2].replace('"', "")
        at = match.end()
    if line[at : at + 1] != ":":
        return None
    return Property(named[0].upper(), parameters, line[at + 1 :], number)
