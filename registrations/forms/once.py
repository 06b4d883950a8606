"""A page that is sent twice is one request."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any, Final

from django import forms

_KEY: Final = re.compile(r"^[A-Za-z0-9_-]{22,64}$")


class OnceForm(forms.Form):
    """A form with a key of its page, for services that do the same request once."""

    request_key = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["request_key"].initial = secrets.token_urlsafe(24)

    def key_of(self, said: Mapping[str, Any]) -> tuple[str | None, bytes]:
        """Return the key of this very request and what it says.

        The same page sent twice is one request. Sent again with something else in it (somebody went
        back and entered the next guest) it is another one.
        """
        given = self.cleaned_data["request_key"]
        body = json.dumps(said, sort_keys=True).encode()
        if not _KEY.match(given):
            return None, body
        return hashlib.sha256(given.encode() + b"\x00" + body).hexdigest(), body
