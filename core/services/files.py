"""Uploads: taken only when they are what they look like, kept under a random name.

Images are written anew, so that nothing hidden in them (places, cameras, scripts) is kept.
"""

from __future__ import annotations

import hashlib
import io
import struct
from functools import partial
from pathlib import PurePosixPath
from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageOps, UnidentifiedImageError

from core.actors import Actor
from core.enums import Visibility
from core.errors import DomainError, invalid
from core.models import StoredFile
from core.services import audit
from core.text import clean_line

PDF: Final = "application/pdf"
# content type -> Pillow's name of the format; nothing else is ever handed to Pillow.
IMAGES: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
MAX_BYTES: Final = 10 * 1024 * 1024
MAX_PIXELS: Final = 40_000_000
MAX_SIDE: Final = 3000
_MODES: Final = {"PNG": ("L", "LA", "RGB", "RGBA"), "WEBP": ("RGB", "RGBA"), "JPEG": ("L", "RGB")}
_FAULTS: Final = (
    Image.DecompressionBombError,
    EOFError,
    OSError,
    SyntaxError,
    UnidentifiedImageError,
    ValueError,
    struct.error,
)


def store_file(
    *,
    organisation_id: int,
    content: bytes,
    name: str,
    actor: Actor,
    visibility: str = Visibility.PRIVATE,
) -> StoredFile:
    """Keep a file and return its row; the type is what its bytes say, not its name.

    Raises:
        DomainError: ``too-large``; ``validation-failed`` for a type that is not taken, and for an
            image that can not be read or is too large.
    """
    if len(content) > MAX_BYTES:
        raise DomainError("too-large", f"A file may have {MAX_BYTES // 1024 // 1024} MB.")
    content_type = sniff(content)
    if content_type in IMAGES:
        content = _written_anew(content, IMAGES[content_type])
    return _keep(organisation_id, content, name, content_type, visibility, actor)


def keep_upload(
    *, organisation_id: int, content: bytes, name: str, content_type: str, actor: Actor
) -> StoredFile:
    """Keep a private file of which the caller has made sure what it is, such as a list to import.

    Its uid is for the caller alone and stands in no page.

    Raises:
        DomainError: ``too-large``.
    """
    if len(content) > MAX_BYTES:
        raise DomainError("too-large", f"A file may have {MAX_BYTES // 1024 // 1024} MB.")
    return _keep(organisation_id, content, name, content_type, Visibility.PRIVATE, actor)


@transaction.atomic
def delete_file(*, file: StoredFile, actor: Actor) -> None:
    """Delete a row and, when that is certain, its file."""
    audit.record(
        verb="delete_file", obj=file, organisation_id=file.organisation_id_value, actor=actor
    )
    storage, name = file.file.storage, str(file.file.name)
    file.delete()
    transaction.on_commit(partial(storage.delete, name), robust=True)


def _keep(
    organisation_id: int,
    content: bytes,
    name: str,
    content_type: str,
    visibility: str,
    actor: Actor,
) -> StoredFile:
    row = StoredFile(
        organisation_id_value=organisation_id,
        original_name=safe_name(name),
        content_type=content_type,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        visibility=visibility,
    )
    row.file.save("", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            row.save()
            audit.record(
                verb="store_file",
                obj=row,
                organisation_id=organisation_id,
                actor=actor,
                facts={"content_type": content_type, "size": row.size},
            )
    except BaseException:
        row.file.delete(save=False)
        raise
    return row


def sniff(content: bytes) -> str:
    """Return the type that the first bytes say.

    Raises:
        DomainError: ``validation-failed`` for a type that is not taken.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-"):
        return PDF
    raise invalid("/file", "type", "Give a PNG, JPEG or WebP image, or a PDF.")


def safe_name(name: str) -> str:
    """Return a file's name as it may stand in a header: no folders, no control characters."""
    last = PurePosixPath(clean_line(name).replace("\\", "/")).name
    return last.lstrip(".")[-200:].strip()


def _written_anew(content: bytes, kind: str) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise invalid("/file", "pixels", "This image has too many pixels.")
            image: Image.Image = ImageOps.exif_transpose(opened)
            image.thumbnail((MAX_SIDE, MAX_SIDE))
            if image.mode not in _MODES[kind]:
                transparent = kind != "JPEG" and image.has_transparency_data
                image = image.convert("RGBA" if transparent else "RGB")
            image.info.clear()
            out = io.BytesIO()
            image.save(out, kind, quality=88) if kind != "PNG" else image.save(out, kind)
    except _FAULTS as error:
        raise invalid("/file", "unreadable", "This image can not be read.") from error
    return out.getvalue()
