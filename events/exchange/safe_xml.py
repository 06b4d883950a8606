"""XML from outside, read so that it can do no harm: no document type, no entities, no other files.

What comes out is a plain tree that knows the line of each element, so that what is said about a
file can be found in it.
"""

from __future__ import annotations

import io
import xml.sax
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.sax import make_parser

from core.errors import DomainError
from events.exchange.limits import (
    MOST_DEPTH,
    MOST_ELEMENTS,
    broken,
    check_size,
    too_deep,
    too_many,
)

_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


@dataclass(slots=True)
class Node:
    """An element: its name without a prefix, what stands in it, and where."""

    name: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Node]:
        """Yield the elements of this name that stand right in this one."""
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Node | None:
        return next(self.all(name), None)

    def say(self, name: str) -> str:
        """Return the text of the first element of this name, or ""."""
        child = self.first(name)
        return child.text.strip() if child else ""

    def get(self, name: str) -> str:
        """Return an attribute, or ""."""
        return self.attributes.get(name, "").strip()


def read_xml(content: bytes) -> Node:
    """Return the outermost element.

    Raises:
        DomainError: ``validation-failed`` for what is no XML, declares a document type or is not in
            the encoding that it names; ``too-large`` for what is too large, deep or full.
    """
    check_size(content)
    if b"\x00" in content and not content.startswith(_UTF_16):
        raise DomainError("validation-failed", "This file holds NUL characters, so it is no XML.")
    builder = _Builder()
    parser = make_parser()
    parser.forbid_dtd = True
    parser.reset()
    parser.setContentHandler(builder)
    try:
        parser.parse(io.BytesIO(content))
    except DefusedXmlException as error:
        raise DomainError(
            "validation-failed",
            "This file declares a document type or entities, by which a file can be a bomb or "
            "reach for other files. It was not read. Save it without the line “<!DOCTYPE …”.",
        ) from error
    except xml.sax.SAXParseException as error:
        raise _refusal(content, error) from error
    except (LookupError, ValueError) as error:  # an encoding that there is not, or broken in it
        raise DomainError(
            "validation-failed",
            "This file is not written in the encoding that it names. Save it as UTF-8.",
        ) from error
    if builder.root is None:
        raise broken("XML")
    return builder.root


def _refusal(content: bytes, error: xml.sax.SAXParseException) -> DomainError:
    line = error.getLineNumber() or 0
    if not content.startswith(_UTF_16):
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as wrong:
            line = content.count(b"\n", 0, wrong.start) + 1
            return DomainError(
                "validation-failed",
                f"Line {line:,} is not written in the encoding that this file names. "
                "Save the file as UTF-8.",
            )
    return broken("XML", line)


class _Builder(ContentHandler):
    """Makes the tree; stops as soon as it is too deep or too large."""

    def __init__(self) -> None:
        super().__init__()
        self.root: Node | None = None
        self._open: list[Node] = []
        self._pieces: list[list[str]] = []
        self._count = 0
        self._locator: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802 - SAX calls it so
        self._locator = locator

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - SAX calls it so
        self._count += 1 + len(attrs)
        if self._count > MOST_ELEMENTS:
            raise too_many("elements")
        if len(self._open) >= MOST_DEPTH:
            raise too_deep("Elements")
        plain = {key.rpartition(":")[2]: str(value) for key, value in attrs.items()}
        node = Node(name.rpartition(":")[2], plain, self._locator.getLineNumber() or 0)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)
        self._pieces.append([])

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - SAX calls it so
        self._open.pop().text = "".join(self._pieces.pop())

    def characters(self, content: str) -> None:
        if self._pieces:
            self._pieces[-1].append(content)
