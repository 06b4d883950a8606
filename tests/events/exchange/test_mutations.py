"""Thousands of broken files: each is read or refused with a sentence, and none takes long.

At a push some 300 of each format are tried, in the full size 5,000.
"""

import json
import random
import re
import time
import zlib
from xml.sax.saxutils import escape

import pytest

from core.errors import DomainError
from events.enums import ParticipationRole, SessionKind
from events.exchange.formats import FORMATS, sniff
from events.incoming import IncomingProgramme
from events.services.people import CLEANERS as PERSON_CLEANERS
from events.services.sessions import CLEANERS as SESSION_CLEANERS
from events.validators import clean, web_address
from tests.events.exchange import samples
from tests.sizes import FULL, patience

PERSON = ("honorific", "given_name", "family_name", "affiliation", "position", "email", "bio")
SESSION = ("kind", "title", "abstract", "language", "recorded")
MUTATIONS = 5_000 if FULL else 300
PIECES = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc4", b"\r", b"\n", b'"', b"'", b"<", b">", b"</",
    b"&", b"&#0;", b"&#xD800;", b"&amp;", b"]]>", b"<![CDATA[", b"<!--", b"<?x?>",
    b"<!DOCTYPE a [", b"{", b"}", b"[", b"]", b",", b":", b";", b"\\", b"\\u0000", b"\\ud800",
    b"null", b"true", b"-1", b"1e999", b"9" * 400, b"NaN", b"0000-00-00T00:00:00Z",
    b"9999-12-31T23:59:59-23:59", b"0001-01-01T00:00+14:00", b"2027-02-30", b"99:99", b"-00:00",
    b"BEGIN:VEVENT\r\n", b"END:VCALENDAR\r\n", b"TZID=", b"P99999D", b"\xe2\x80\xa8",
    b"\xf0\x9f\x92\xa5", b" " * 500, b"a" * 20, b"({[<" * 200, b"%s{0}{{a}}",
]  # fmt: skip


def mutated(content, chance):
    """Return the content with a few changes: bytes, pieces cut out, doubled, moved, put in."""
    out = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(out) + 1)
        length = chance.choice([1, 2, 8, 40, 300])
        kind = chance.randrange(6)
        if kind == 0:
            out[at:at] = chance.choice(PIECES)
        elif kind == 1:
            out[at : at + length] = chance.choice(PIECES)
        elif kind == 2:
            del out[at : at + length]
        elif kind == 3:
            out[at:at] = out[at : at + length] * chance.choice([1, 2, 30])
        elif kind == 4:
            out[at:at] = chance.randbytes(chance.choice([1, 4, 30]))
        elif at < len(out):
            out[at] ^= 1 << chance.randrange(8)
    if chance.random() < 0.05:
        out = bytearray(bytes(out).decode("latin-1").encode(chance.choice(["utf-16", "utf-32"])))
    return bytes(out)


def values_of(record, chance):
    """Return JSON in which some values are of another kind than anybody expects."""
    odd = [None, True, 0, -5, 1.5, "", "x", [], {}, [[]], [None], {"en": 1}, {"en": {"en": "x"}},
           10**25,
           "2027-13-01T00:00:00+99:99", ["a", {"name": []}], {"": ""}]  # fmt: skip
    if chance.random() < 0.04:
        return chance.choice(odd)
    if isinstance(record, dict):
        return {key: values_of(value, chance) for key, value in record.items()}
    if isinstance(record, list):
        return [values_of(value, chance) for value in record]
    if isinstance(record, str) and chance.random() < 0.1:
        return record[:3] + chance.choice(PIECES).decode("latin-1")
    return record


def xml_values_of(text, chance):
    """Return well-formed XML in which some texts and attributes are odd or gone."""

    def other(match):
        if chance.random() > 0.1:
            return match[0]
        piece = chance.choice(PIECES).decode("latin-1")
        piece = "".join(ch for ch in piece if ch in "\n\t" or " " <= ch < "\x7f" or ch > "\xa0")
        return match[1] + escape(piece, {'"': "&quot;"}) * chance.randrange(2) + match[3]

    text = re.sub(r"(>)([^<]*)(</)", other, text)
    text = re.sub(r'(=")([^"]*)(")(?=[^<]*>)', other, text)
    return re.sub(
        r"<(\w+)[^<>]*>[^<]*</\1>", lambda m: m[0] * chance.choice([1] * 40 + [0, 2]), text
    )


def judge(form, content, options):
    """Read it or be refused with a sentence; return whether it was read."""
    begun = time.process_time()
    found = refused = None
    try:
        found = FORMATS[form](content, options)
        sniff(content)
    except DomainError as error:
        refused = error
    assert time.process_time() - begun < 10
    if refused:
        assert refused.kind in {"validation-failed", "too-large"}
        assert refused.detail
        return False
    whole(found)
    return True


def cleaned(row, cleaners, names):
    """Tell whether the services take the values as they are."""
    values = {name: getattr(row, name) for name in names}
    return clean(values, {name: cleaners[name] for name in names}) == values


def whole(found):
    """Hold what came out against the shape that it comes in."""
    assert isinstance(found, IncomingProgramme)
    rooms, tracks = {r.ref for r in found.rooms}, {t.ref for t in found.tracks}
    people = {p.ref for p in found.people}
    refs = [s.ref for s in found.sessions]
    assert refs
    assert all(refs)
    assert len(set(refs)) == len(refs)
    assert all(0 < len(ref) <= 300 for ref in [*refs, *rooms, *tracks, *people])
    assert len(found.source) <= 120
    for person in found.people:
        assert person.given_name
        assert cleaned(person, PERSON_CLEANERS, PERSON)
    for session in found.sessions:
        assert session.kind in SessionKind.values
        assert session.title
        assert cleaned(session, SESSION_CLEANERS, SESSION)
        for link in session.links:
            assert link.url == web_address(link.url)
        assert set(session.title) | set(session.abstract) <= {"en", "sr-Latn"}
        assert (session.start is None) == (session.end is None)
        assert session.start is None or session.start < session.end
        assert session.start is None or not (session.start.second or session.start.tzinfo)
        assert not session.room or (session.start and session.room in rooms)
        assert not session.track or session.track in tracks
        assert len({part.person for part in session.parts}) == len(session.parts)
        for part in session.parts:
            assert part.person in people
            assert part.role in ParticipationRole.values


@patience(120, 1200)
@pytest.mark.parametrize("form", samples.ALL)
def test_mutated_files_are_read_or_refused(form, options):
    chance = random.Random(zlib.crc32(form.encode()))  # noqa: S311 - nothing secret
    read = sum(judge(form, mutated(samples.ALL[form], chance), options) for _ in range(MUTATIONS))
    assert read < MUTATIONS


@patience(120, 1200)
def test_odd_values_in_whole_xml_are_read_or_refused(options):
    chance = random.Random(27)  # noqa: S311 - nothing secret
    text = samples.SCHEDULE_XML.decode().split("?>")[1].strip()
    read = sum(
        judge("schedule_xml", xml_values_of(text, chance).encode(), options)
        for _ in range(MUTATIONS)
    )
    assert read > MUTATIONS * 0.9


@patience(120, 1200)
@pytest.mark.parametrize("form", [f for f in samples.ALL if f not in {"schedule_xml", "icalendar"}])
def test_values_of_other_kinds_are_read_or_refused(form, options):
    chance = random.Random(zlib.crc32(form.encode()))  # noqa: S311 - nothing secret
    for _ in range(MUTATIONS):
        if form == "open_event":
            parts = values_of(samples.open_event(), chance)
            parts = parts if isinstance(parts, dict) else {}
            content = samples.zipped({name: json.dumps(part) for name, part in parts.items()})
        else:
            content = json.dumps(values_of(json.loads(samples.ALL[form]), chance)).encode()
        judge(form, content, options)
