"""Files as they are kept: under a random name, with a row that says what they are."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import PurePosixPath
from typing import IO, Final

from django.core.files.base import ContentFile, File
from django.db import transaction

from core.actors import Actor
from core.enums import Visibility
from core.errors import DomainError
from core.models import StoredFile
from core.services import audit
from core.text import clean_line

MAX_BYTES: Final = 10 * 1024 * 1024
_PIECE: Final = 1024 * 1024


def keep_upload(
    *,
    organisation_id: int,
    content: bytes,
    name: str,
    content_type: str,
    actor: Actor,
    visibility: str = Visibility.PRIVATE,
) -> StoredFile:
    """Keep a file of which the caller has made sure what it is, such as a list to import.

    Its uid is for the caller alone and stands in no page.

    Raises:
        DomainError: ``too-large``.
    """
    if len(content) > MAX_BYTES:
        raise DomainError("too-large", f"A file may have {MAX_BYTES // 1024 // 1024} MB.")
    return keep(organisation_id, content, name, content_type, visibility, actor)


def keep_made_file(
    *, organisation_id: int, made: IO[bytes], name: str, content_type: str, actor: Actor
) -> StoredFile:
    """Keep a file that we made ourselves, of any size, read piece by piece; it is private.

    Its uid is for the caller alone and stands in no page.
    """
    digest, size = hashlib.sha256(), 0
    made.seek(0)
    while piece := made.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    made.seek(0)
    row = StoredFile(
        organisation_id_value=organisation_id,
        original_name=safe_name(name),
        content_type=content_type,
        size=size,
        digest=digest.hexdigest(),
        visibility=Visibility.PRIVATE,
    )
    return _write(row, File(made), actor)


@transaction.atomic
def delete_file(*, file: StoredFile, actor: Actor) -> None:
    """Delete a row and, when that is certain, its file."""
    audit.record(
        verb="delete_file", obj=file, organisation_id=file.organisation_id_value, actor=actor
    )
    storage, name = file.file.storage, str(file.file.name)
    file.delete()
    transaction.on_commit(partial(storage.delete, name), robust=True)


def keep(
    organisation_id: int,
    content: bytes,
    name: str,
    content_type: str,
    visibility: str,
    actor: Actor,
) -> StoredFile:
    """Keep a file of which the caller has made sure what it is and how large."""
    row = StoredFile(
        organisation_id_value=organisation_id,
        original_name=safe_name(name),
        content_type=content_type,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        visibility=visibility,
    )
    return _write(row, ContentFile(content), actor)


def _write(row: StoredFile, content: File[bytes], actor: Actor) -> StoredFile:
    row.file.save("", content, save=False)
    try:
        with transaction.atomic():
            row.save()
            audit.record(
                verb="store_file",
                obj=row,
                organisation_id=row.organisation_id_value,
                actor=actor,
                facts={"content_type": row.content_type, "size": row.size},
            )
    except BaseException:
        row.file.delete(save=False)
        raise
    return row


def safe_name(name: str) -> str:
    """Return a file's name as it may stand in a header: no folders, no control characters."""
    last = PurePosixPath(clean_line(name).replace("\\", "/")).name
    return last.lstrip(".")[-200:].strip()
