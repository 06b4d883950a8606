"""A mail's HTML as a document of its own: it runs nothing, loads nothing, reads nothing of ours.

It stands in a frame of the console. Its own address answers with a policy that sandboxes it, so it
is as harmless when somebody opens that address by itself.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from typing import Final

from csp.constants import SELF
from django.http import HttpResponse

from notifications.services.archive import MailAttachment

# Links open in a tab of their own; mails have inline styles, and pictures come as data.
POLICY: Final = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# For the page around it: no other page has a frame.
FRAMES: Final = {"frame-src": [SELF]}
_BODY: Final = re.compile(r"<body[^>]*>")
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_PICTURES: Final = frozenset({"image/png", "image/jpeg", "image/gif"})
_SAFE_FILES: Final = frozenset({"text/calendar", "image/png", "image/jpeg", "application/pdf"})


def shown_mail(html: str, attachments: Iterable[MailAttachment], above: str = "") -> HttpResponse:
    """Return the document, with the mail's own pictures in their places.

    Arguments:
        above: HTML of ours that stands above the mail.
    """
    for part in attachments:
        if part.content_id and part.content_type in _PICTURES and part.content:
            picture = base64.b64encode(part.content).decode()
            html = html.replace(
                f"cid:{part.content_id}", f"data:{part.content_type};base64,{picture}"
            )
    document = html.replace("<head>", '<head><base target="_blank">', 1)
    if above:
        document = _BODY.sub(lambda body: body[0] + above, document, count=1)
    response = HttpResponse(document, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response


def attached_file(part: MailAttachment) -> HttpResponse:
    """Return an attachment to be saved, never to be shown on our own address."""
    kind = part.content_type.partition(";")[0].strip().lower()
    response = HttpResponse(
        part.content,
        content_type=kind if kind in _SAFE_FILES else "application/octet-stream",
        headers={"Content-Security-Policy": "sandbox; default-src 'none'"},
    )
    name = _UNSAFE.sub("_", part.name)[-80:]
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
