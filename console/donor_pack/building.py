"""A donor pack put together: one ZIP, its papers in the conference's first language.

Everything in it has a fixed name; what people called their files never becomes a path.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO, Final

from django.utils import timezone, translation

from console.donor_pack import facts, papers
from console.donor_pack.missing import missing_of
from console.donor_pack.photos import (
    MOST_BYTES,
    SHOWABLE,
    left_out_photos,
    name_of,
    photos_of,
)
from core.clock import to_local
from core.csv import csv_lines
from core.xlsx import xlsx_pieces
from events import dates
from events.languages import Reader
from events.models import Conference, DonorPack
from events.services.donor_packs import Alive, Made
from events.services.schedules import current_programme

_BY_TAG: Final = ("Tag", "Invited by name", "Said yes", "Had a place", "Came")
_MAILS: Final = ("Day", "Mail", "Sent")
_PHOTOS: Final = ("File", "Caption", "Shows", "Credit", "Consent")
_IN_MEMORY: Final = 8 * 1024 * 1024


def build_pack(pack: DonorPack, alive: Alive) -> Made:
    """Return the pack of a conference, and what is not in it.

    Arguments:
        alive: called between its parts.
    """
    conference = pack.conference
    reader = Reader(conference.first_language, tuple(conference.languages))
    programme = current_programme(conference)
    people = facts.people_of(conference, programme, reader)
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller's
    try:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            with translation.override(reader.catalogue):
                funders = facts.funder_lines(conference, reader)
                if not programme.is_empty:
                    agenda = papers.agenda_pdf(conference, programme, reader, funders)
                    archive.writestr("agenda.pdf", agenda)
                alive()
                sheet = papers.sheet_pdf(conference, people, reader, funders)
                archive.writestr("signature-sheet.pdf", sheet)
            alive()
            _write_tables(archive, conference)
            alive()
            left_out = _write_photos(archive, conference, reader, alive)
            if funders:
                archive.writestr("funders.txt", "\n".join(funders) + "\n")
            found = missing_of(conference, programme=programme, agreed=people.agreed)
            missing = [*found, *left_out]
            archive.writestr("README.txt", _readme(conference, archive.namelist(), missing))
    except BaseException:
        out.close()
        raise
    return Made(out, missing)


def _write_tables(archive: zipfile.ZipFile, conference: Conference) -> None:
    groups = [
        (line.name, line.invited, line.said_yes, line.had_a_place, line.came)
        for line in facts.tag_lines(conference)
    ]
    archive.writestr("figures/by-tag.csv", _csv(_BY_TAG, groups))
    archive.writestr("figures/by-tag.xlsx", b"".join(xlsx_pieces("By tag", _BY_TAG, groups)))
    mails = [(line.day, line.kind, line.sent) for line in facts.mail_lines(conference)]
    archive.writestr("mails.csv", _csv(_MAILS, mails))


def _write_photos(
    archive: zipfile.ZipFile, conference: Conference, reader: Reader, alive: Alive
) -> list[str]:
    """Write the photos that may be passed on; return what was left out for another reason."""
    lines: list[tuple[str, ...]] = []
    size = too_many = gone = 0
    for photo in photos_of(conference).filter(consent__in=SHOWABLE):
        name = name_of(photo, len(lines) + 1)
        if name is None:
            continue
        if size + photo.file.size > MOST_BYTES:
            too_many += 1
            continue
        try:
            with photo.file.file.open("rb") as content:
                # Pictures do not get smaller.
                archive.writestr(name, content.read(), compress_type=zipfile.ZIP_STORED)
        except OSError:
            gone += 1
            continue
        size += photo.file.size
        lines.append(
            (
                name,
                reader.text(photo.caption),
                reader.text(photo.alt),
                photo.credit,
                str(photo.get_consent_display()),
            )
        )
        alive()
    if lines:
        archive.writestr("photos/photos.csv", _csv(_PHOTOS, lines))
    left_out = []
    if too_many:
        left_out.append(f"{left_out_photos(too_many)}: the pack would be too large.")
    if gone:
        left_out.append(f"{left_out_photos(gone)}: what was uploaded is not there any more.")
    return left_out


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    return "".join(csv_lines(header, rows))


def _readme(conference: Conference, names: Sequence[str], missing: Sequence[str]) -> str:
    english = Reader("en", tuple(conference.languages))
    start, end = dates.span_of(conference)
    now = to_local(timezone.now(), conference.time_zone)
    whats = {
        "agenda.pdf": "the published programme",
        "signature-sheet.pdf": "a sheet to print and sign; named are those who speak in public "
        "and those who agreed to being named to funders",
        "figures/by-tag.csv": "invited, said yes, had a place, came: numbers, no names",
        "figures/by-tag.xlsx": "the same as a workbook",
        "mails.csv": "how many mails of which kind left on which day: no addresses",
        "photos/photos.csv": "what each photo shows, who took it, how those on it agreed",
        "funders.txt": "the line on who paid",
    }
    photos = sum(name.startswith("photos/") and name not in whats for name in names)
    lines = [
        english.text(conference.title),
        conference.organisation.name,
        dates.say_when(start, end, conference.time_zone, "en"),
        f"Made on {now:%Y-%m-%d at %H:%M}.",
        "",
        "What is in it",
        *(f"- {name}: {what}" for name, what in whats.items() if name in names),
        *([f"- photos/: {photos}, of people who agreed or can not be recognised"] * bool(photos)),
        "",
        "Personal data",
        "The sheet and the photos hold personal data. Pass them on only to those for whom people",
        "agreed, and delete them when they are not needed any more. Who takes a consent back is",
        "not in the next pack; this one then has to be replaced.",
        "",
        "What is missing",
        *([f"- {one}" for one in missing] or ["Nothing."]),
    ]
    return "\n".join(lines) + "\n"
