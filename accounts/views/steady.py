"""Answers that take as long for an address that nobody has as for one with an account."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]
SECONDS = 0.4


def steady(view: View) -> View:
    """Let no POST that does not sign in be answered before SECONDS have gone by."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        due = time.monotonic() + SECONDS
        before = request.user.is_authenticated
        response = view(request, *args, **kwargs)
        if request.method == "POST" and request.user.is_authenticated == before:
            time.sleep(max(0.0, due - time.monotonic()))
        return response

    return answer
