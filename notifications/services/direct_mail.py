"""Mail to those who run a house, by a way of its own: it must not wait where the outbox does."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string

from accounts.models import Account
from core.text import clean_line

logger = logging.getLogger(__name__)


@contextmanager
def direct_connection(about: str) -> Iterator[Any]:
    """Yield a connection to the mail server; None while it can not be reached.

    Then nobody should be taken to be told, so that it is tried again.

    Arguments:
        about: what could not be said, for the log.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException):
        logger.warning("%s, and the mail server can not be reached to say so", about)
        yield None
        return
    try:
        yield connection
    finally:
        connection.close()


def write_directly(
    readers: Iterable[Account],
    *,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    connection: Any,
) -> None:
    """Write to each of these; one that can not be sent is logged and stops no other.

    Arguments:
        template: of the text; it gets `name`, the reader's, beside the context.
    """
    for reader in readers:
        mail = EmailMessage(
            subject=clean_line(subject),
            body=render_to_string(template, {"name": reader.get_full_name(), **context}),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[reader.email],
            connection=connection,
            headers={"Auto-Submitted": "auto-generated"},
        )
        try:
            mail.send()
        except (OSError, smtplib.SMTPException):
            logger.exception("A mail about “%s” could not be sent", mail.subject)
