"""How tests read a page: as words, as HTML on one line, as what a browser would send back."""

from __future__ import annotations

import datetime as dt
import html
import json
import re

# A conference's public page in these tests.
PAGE = "/institute/open-forum/"
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7|add:7 }}"


def get(client_as, path=PAGE, **headers):
    """Ask for a page as somebody who is not signed in."""
    return client_as().get(path, headers=headers)


def html_of(response):
    """Return a page's HTML with all white space as single spaces."""
    return re.sub(r"\s+", " ", response.content.decode())


def text_of(response):
    """Return a page's words, as somebody reads them."""
    body = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(body))


def data_of(response):
    """Return the page's JSON-LD."""
    found = re.search(
        r'<script type="application/ld\+json">(.*?)</script>',
        response.content.decode(),
        re.DOTALL,
    )
    return json.loads(found[1])


def filled(form):
    """Return what a browser would send of a form as it was shown."""
    data = {}
    for field in form:
        value = field.value()
        if isinstance(value, list | tuple):
            data[field.html_name] = list(value)
        elif value is not None:
            data[field.html_name] = (
                value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, dt.datetime) else value
            )
    return data
