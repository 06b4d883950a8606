"""The policy of an answer is that of the settings, unless its view said something else."""

from __future__ import annotations

import pytest
from csp.constants import NONE, SELF
from csp.decorators import csp_exempt, csp_replace, csp_update
from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.test import RequestFactory

from core.policy import KeptCSPMiddleware

HEADER = "Content-Security-Policy"


def usual(_request):
    return HttpResponse()


def with_nonce(request):
    assert str(request.csp_nonce)
    return HttpResponse()


def with_its_own(_request):
    return HttpResponse(headers={HEADER: "sandbox"})


def both(view):
    """Return what we say, and what django-csp says."""
    request = RequestFactory().get("/")
    request._csp_nonce = "abc" if view is with_nonce else None
    return [kind(view)(request).get(HEADER) for kind in (KeptCSPMiddleware, CSPMiddleware)]


@pytest.mark.parametrize(
    "view",
    [
        usual,
        with_nonce,
        with_its_own,
        csp_exempt()(usual),
        csp_replace({"frame-src": ["https://video.example.org"]})(usual),
        csp_update({"img-src": ["https://tiles.example.org"]})(usual),
    ],
)
def test_it_is_what_django_csp_says(view):
    ours, theirs = both(view)
    assert ours is None or set(ours.split("; ")) == set(theirs.split("; "))
    assert (ours is None) == (theirs is None)


def test_it_follows_the_settings(settings):
    before, _ = both(usual)
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": [NONE], "img-src": [SELF]}}
    assert set(both(usual)[0].split("; ")) == {"default-src 'none'", "img-src 'self'"}
    assert before != both(usual)[0]


def test_more_than_directives_is_left_to_django_csp(settings):
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": {"default-src": [NONE]},
        "EXCLUDE_URL_PREFIXES": ["/"],
    }
    assert both(usual) == [None, None]
