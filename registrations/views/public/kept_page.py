"""A page with a form that many open: rendered once, each time with tokens of its own.

What is kept holds no token: where they stand, the page is cut.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import patch_vary_headers

from events.languages import Reader

# Returns the page, with these words where the two tokens are to stand.
Render = Callable[[str, str], bytes]


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page between whose pieces the CSRF token and the key of the request belong, as named."""

    pieces: tuple[bytes, ...]
    names: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> bytes:
        found = [self.pieces[0]]
        for name, piece in zip(self.names, self.pieces[1:], strict=True):
            found += (values[name].encode(), piece)
        return b"".join(found)


def cut(render: Render) -> KeptPage:
    """Return a rendered page without its tokens."""
    # Words that nobody can have typed into the page.
    words = {secrets.token_hex(16): name for name in ("csrf", "key")}
    body = render(*words)
    parts = re.split(f"({'|'.join(words)})".encode(), body)
    return KeptPage(
        pieces=tuple(parts[::2]), names=tuple(words[word.decode()] for word in parts[1::2])
    )


def serve(request: HttpRequest, page: KeptPage, reader: Reader) -> HttpResponse:
    """Answer a kept page to this client alone; nobody else keeps it."""
    tokens = {"key": secrets.token_urlsafe(24)}
    if "csrf" in page.names:  # a form that is closed sets no cookie
        tokens["csrf"] = get_token(request)
    response = HttpResponse(page.filled(tokens))
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = reader.tag
    patch_vary_headers(response, ["Accept-Language"])
    return response
