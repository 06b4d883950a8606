"""Log lines that can be joined to a request and that hold no key of anybody's."""

from __future__ import annotations

import logging
import re
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")

# A personal link carries its key in the path, /r/{code}/{token}/ and /i/{code}/{token}/, and so
# does one that stops mails, /u/{token}/.
_KEY_IN_PATH = re.compile(r"(/[ir]/[A-Za-z0-9_-]{1,40}/|/u/)[A-Za-z0-9_-]+")


class KeyFilter(logging.Filter):
    """Takes the keys of personal links out of what is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if any(start in text for start in ("/r/", "/i/", "/u/")):
            record.msg, record.args = _KEY_IN_PATH.sub(r"\1…", text), None
        return True


class RequestIdFilter(logging.Filter):
    """Puts the present request's id on each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django writes some lines when the request is already over; they still know theirs.
        over = getattr(getattr(record, "request", None), "lectern_id", None)
        record.request_id = over or request_id.get()
        return True
