"""Slides as files: a PDF or what an office program writes, by its bytes and without macros."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from django.utils.translation import gettext as _

from core.actors import Actor
from core.enums import Visibility
from core.errors import DomainError, invalid
from core.models import StoredFile
from core.services.files import PDF, too_large
from core.services.kept_files import MAX_BYTES, keep_upload

ACCEPT: Final = ".pdf,.pptx,.odp"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODP: Final = "application/vnd.oasis.opendocument.presentation"
_MOST_ENTRIES: Final = 5000


def store_slides(*, organisation_id: int, content: bytes, name: str, actor: Actor) -> StoredFile:
    """Keep slides; who may see them is said by the material that keeps them.

    Raises:
        DomainError: ``too-large``; ``validation-failed`` for any other kind of file.
    """
    if len(content) > MAX_BYTES:
        raise too_large()
    return keep_upload(
        organisation_id=organisation_id,
        content=content,
        name=name,
        content_type=sniff_slides(content),
        visibility=Visibility.PUBLIC,
        actor=actor,
    )


def sniff_slides(content: bytes) -> str:
    """Return the type of slides by their bytes; their name does not count.

    Raises:
        DomainError: ``validation-failed``.
    """
    if content.startswith(b"%PDF-"):
        return PDF
    if not content.startswith(b"PK\x03\x04"):
        raise _other_type()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            first = entries[0] if entries else None
            is_odp = (
                first is not None
                and first.filename == "mimetype"
                and first.compress_type == zipfile.ZIP_STORED
                and first.file_size == len(ODP)
                and archive.read(first) == ODP.encode()
            )
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _other_type() from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _other_type()
    if is_odp:
        return ODP
    if {"[Content_Types].xml", "ppt/presentation.xml"} <= names and len(names) <= _MOST_ENTRIES:
        return PPTX
    raise _other_type()


def _other_type() -> DomainError:
    return invalid("/file", "type", _("Choose a PDF, or a PPTX or ODP presentation."))
