"""Files from guests: looked at before they are kept, and gone when no registration needs them.

A file is kept as soon as it arrives, so that a form which is sent again still has it. Until then it
waits as a GuestUpload, which a signed token names; writing the answer uses that row up. It stays
for a while as used: a form that was sent twice still names the same file the second time.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Collection
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import CLOCK, Actor
from core.cleaning import Wrong
from core.counting import count_try
from core.errors import DomainError
from core.links import link_matches, link_token
from core.models import StoredFile
from core.services.files import store_file
from core.services.kept_files import delete_file, keep_upload, safe_name
from events.models import Conference
from registrations.models import GuestUpload
from registrations.services.answer_values import FileRef

PURPOSE: Final = "guest-upload"
MAX_BYTES: Final = 5 * 1024 * 1024
# How long a file waits for its form.
KEPT: Final = dt.timedelta(hours=24)
# A network may leave so many files in an hour, and so many wait for one conference at the most:
# what nobody sends a form for does not fill the disk.
FILES_AN_HOUR: Final = 300
MOST_WAITING: Final = 2000
ACCEPT: Final = ".pdf,.png,.jpg,.jpeg,.docx,.odt,.txt"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT: Final = "application/vnd.oasis.opendocument.text"
_DRAWN: Final = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png"}
_MOST_ENTRIES: Final = 2000
_CHUNK: Final = 200


@transaction.atomic
def keep_guest_file(
    *, conference: Conference, content: bytes, name: str, actor: Actor, client: str
) -> FileRef:
    """Keep a file that a guest sent, privately, until a registration takes it or a day has passed.

    Pictures are written anew, so that nothing hidden in them is kept.

    Arguments:
        client: whose network it comes from, as `core.counting.client_of` says it.

    Raises:
        Wrong: ``too-large``, ``empty``, or ``type`` for what is none of the kinds that are taken.
        DomainError: ``throttled`` for very many from one network or for one conference.
    """
    if len(content) > MAX_BYTES:
        sentence = _("A file may have %(size)d MB. Choose a smaller one.")
        raise Wrong("too-large", sentence % {"size": MAX_BYTES // 1024 // 1024})
    if not content:
        raise Wrong("empty", _("This file is empty. Choose another one."))
    kind = sniff_guest_file(content)
    _check_number(conference, client)
    name = safe_name(name)
    arguments: dict[str, Any] = {
        "organisation_id": conference.organisation_id,
        "content": content,
        "name": name,
        "actor": actor,
    }
    try:
        if kind in {"image/png", "image/jpeg", "application/pdf"}:
            file = store_file(**arguments)
        else:
            file = keep_upload(**arguments, content_type=kind)
    except DomainError as error:
        raise Wrong("unreadable", _("This picture can not be read. Choose another one.")) from error
    row = GuestUpload.objects.create(conference=conference, file=file)
    return FileRef(file.pk, name, file.digest, row.pk)


def sniff_guest_file(content: bytes) -> str:
    """Return the type of a file by its bytes; its name and what was said of it do not count.

    Raises:
        Wrong: ``type``.
    """
    for start, kind in _DRAWN.items():
        if content.startswith(start):
            return kind
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"PK\x03\x04"):
        return _sniff_document(content)
    if _is_plain_text(content):
        return "text/plain"
    raise _other_type()


def token_of(ref: FileRef) -> str:
    """Return what names a waiting file in a form; it can not be guessed."""
    return f"{ref.upload}-{link_token(PURPOSE, ref.upload or 0, 1)}" if ref.upload else ""


def waiting_file(conference: Conference, token: str) -> FileRef:
    """Return the file that a token names, also when an answer has it by now.

    Raises:
        Wrong: ``gone``, for a wrong token and for a file that is not there any more.
    """
    found = _find(conference, token)
    if found is None:
        raise Wrong("gone", _("This file is not here any more. Choose it once more."))
    return found


def _find(conference: Conference, token: str) -> FileRef | None:
    number, _dash, key = token.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 19):  # noqa: PLR2004 - a 64-bit number
        return None
    if not link_matches(key, PURPOSE, int(number), 1):
        return None
    row = GuestUpload.objects.select_related("file").filter(pk=number, conference=conference)
    found = row.first()
    if found is None:
        return None
    return FileRef(found.file_id, found.file.original_name, found.file.digest, found.pk)


def use_up(uploads: Collection[int]) -> bool:
    """Let files belong to answers from now on; False when one of them does already, or is gone.

    The caller's transaction makes it true or undoes it.
    """
    waiting = GuestUpload.objects.filter(pk__in=uploads, used_at__isnull=True)
    now = timezone.now()
    return waiting.update(used_at=now, updated_at=now) == len(set(uploads))


def forget_unused_uploads() -> int:
    """Delete the files that no form was sent for within a day; return how many.

    Each is a transaction of its own, and one that a form takes at this moment stays.
    """
    total = 0
    old = GuestUpload.objects.filter(created_at__lt=timezone.now() - KEPT)
    old.filter(used_at__isnull=False).delete()
    old = old.filter(used_at__isnull=True)
    while pairs := list(old.values_list("pk", "file_id")[:_CHUNK]):
        for pk, file_id in pairs:
            with transaction.atomic():
                if GuestUpload.objects.filter(pk=pk, used_at__isnull=True).delete()[0]:
                    delete_file(file=StoredFile.objects.get(pk=file_id), actor=CLOCK)
                    total += 1
    return total


def _check_number(conference: Conference, client: str) -> None:
    if not settings.THROTTLE:
        return
    tries = count_try(f"guest-file:{client}", 3600)
    waiting = GuestUpload.objects.filter(conference=conference, used_at__isnull=True).count()
    if tries.number > FILES_AN_HOUR or waiting >= MOST_WAITING:
        raise DomainError(
            "throttled",
            _("Very many files are being sent at this moment. Try again later."),
            retry_after=max(tries.seconds_left, 60),
        )


def _sniff_document(content: bytes) -> str:
    """Tell a text document of an office program, without macros, from any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if _says_odt(archive):
                return ODT
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _other_type() from error
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    if (
        {"[Content_Types].xml", "word/document.xml"} <= set(names)
        and len(names) <= _MOST_ENTRIES
        and not has_macros
    ):
        return DOCX
    raise _other_type()


def _says_odt(archive: zipfile.ZipFile) -> bool:
    """Tell whether the first entry is the short word, not packed, by which such files say it."""
    first = next(iter(archive.infolist()), None)
    return (
        first is not None
        and first.filename == "mimetype"
        and first.compress_type == zipfile.ZIP_STORED
        and first.file_size == len(ODT)
        and archive.read(first) == ODT.encode()
    )


def _is_plain_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    # Markup is saved under another name than that of a text by nobody who means well.
    start = text.lstrip()[:1]
    return start != "<" and not any(ord(ch) < 32 and ch not in "\t\n\r\f" for ch in text)  # noqa: PLR2004 - control characters


def _other_type() -> Wrong:
    return Wrong("type", _("Choose a PDF, a PNG or JPEG picture, or a DOCX, ODT or TXT document."))
