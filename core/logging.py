"""Log lines that can be joined to a request."""

from __future__ import annotations

import logging
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdFilter(logging.Filter):
    """Puts the present request's id on each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django writes some lines when the request is already over; they still know theirs.
        over = getattr(getattr(record, "request", None), "lectern_id", None)
        record.request_id = over or request_id.get()
        return True
