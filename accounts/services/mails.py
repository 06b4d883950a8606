"""Mails about signing in: few, plain, and never a reason for a page to wait or to fail.

They leave from a thread of their own. So an answer takes as long for an address that nobody has as
for one with an account, and a mail server that is down tells strangers nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import Account
from core.links import absolute_url
from core.text import clean_line, email_key

logger = logging.getLogger(__name__)
# The only mails that accounts send; whatever else the sign-in library wants to say stays unsaid.
KINDS: Final = frozenset({"login_code", "member_added", "password_changed", "password_reset_key"})
_senders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="account-mail")


def mail_later(kind: str, email: str, facts: Mapping[str, Any]) -> None:
    """Send the mail `kind` to the account of this address, soon and in its language.

    Nothing is sent where there is no such account: a mail goes to the address that we keep, never
    to one that a stranger typed.

    Arguments:
        facts: what the text needs, such as ``code`` or ``path`` (of ours, with a leading slash).
    """
    if kind in KINDS:
        _senders.submit(_send, kind, email, dict(facts))


def _send(kind: str, email: str, facts: dict[str, Any]) -> None:
    try:
        account = Account.objects.filter(email=email_key(email), is_active=True).first()
        if account is not None:
            build_mail(kind, account, facts).send()
    except Exception:
        logger.exception("A mail about signing in (%s) could not be sent", kind)
    finally:
        if not connection.in_atomic_block:
            connection.close()


def build_mail(kind: str, account: Account, facts: Mapping[str, Any]) -> EmailMessage:
    """Return the mail in the account's language; the template's first line is its subject."""
    path = facts.get("path")
    context = {
        **facts,
        "name": account.name,
        "email": account.email,
        "url": absolute_url(path) if path else None,
        "sign_in_url": absolute_url("/accounts/login/code/"),
        "house": settings.BASE_URL,
    }
    with translation.override(account.language):
        text = render_to_string(f"accounts/mails/{kind}.txt", context)
    subject, _newline, body = text.strip().partition("\n")
    return EmailMessage(
        subject=clean_line(subject),
        body=body.strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[account.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
