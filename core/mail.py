"""Mail into a folder, one .eml file a message, for an installation without a mail server."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


def write_mail(raw: bytes) -> Path:
    """Write one message to `$LECTERN_HOME/mail`; whoever reads there never sees half a file."""
    folder = Path(settings.MAIL_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{time.time_ns()}-{uuid.uuid4().hex[:8]}"
    part = folder / f".{name}.part"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    target = folder / f"{name}.eml"
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(raw)
            out.flush()
            os.fsync(out.fileno())  # who calls this will write down that the mail is out
        part.rename(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return target


def _bytes(message: EmailMessage) -> bytes:
    built: Any = message.message()  # Django's own class, whose as_bytes knows line ends
    raw: bytes = built.as_bytes(linesep="\r\n")
    return raw


class FolderEmailBackend(BaseEmailBackend):
    """Django's mail (sign-in codes and the like) into the same folder."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            write_mail(_bytes(message))
        return len(email_messages)
