"""Addresses in groups: what begins alike is looked through only where an address begins like that.

Django asks one route after the other. With several hundred of them in one list that takes longer
than a short answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile
from typing import Any, Final

from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern

Pattern = URLPattern | URLResolver
# A group of fewer costs as much as it saves.
_FEWEST: Final = 3


def in_groups(patterns: Sequence[Pattern]) -> list[Pattern]:
    """Return the same routes, in the same order, with neighbours that begin alike in a group.

    An address is asked for in the order that was given: what stands first still wins. Routes with
    namespaces, regular expressions or arguments of their own stay as they are.
    """
    return _grouped([one for pattern in patterns for one in _flat(pattern)])


def _flat(pattern: Pattern) -> Iterator[Pattern]:
    """Yield the routes of an `include` as if each had been written out."""
    if not isinstance(pattern, URLResolver) or not _is_plain(pattern):
        yield pattern
        return
    for child in pattern.url_patterns:
        for one in _flat(child):
            yield _moved(one, str(pattern.pattern), 0) if _is_movable(one) else one


def _is_plain(pattern: URLResolver) -> bool:
    if type(pattern.pattern) is not RoutePattern:
        return False
    if pattern.namespace or pattern.app_name or pattern.default_kwargs:
        return False
    inner = (one for child in pattern.url_patterns for one in _flat(child))
    return not str(pattern.pattern) or all(map(_is_movable, inner))


def _is_movable(pattern: Pattern) -> bool:
    return isinstance(pattern, URLPattern) and type(pattern.pattern) is RoutePattern


def _moved(pattern: Pattern, before: str, cut: int) -> Pattern:
    """Return a route with something before it, or without so many characters of its beginning."""
    route = before + str(pattern.pattern)[cut:]
    one: Any = pattern  # a movable one
    moved: URLPattern = path(route, one.callback, one.default_args, one.name)
    return moved


def _grouped(patterns: Sequence[Pattern]) -> list[Pattern]:
    found: list[Pattern] = []
    for beginning, neighbours in groupby(patterns, _beginning):
        run = list(neighbours)
        if not beginning or len(run) < _FEWEST:
            found += run
            continue
        shared = _shared_by(run)
        inner = [_moved(one, "", len(shared)) for one in run]
        found.append(path(shared, include(_grouped(inner))))
    return found


def _beginning(pattern: Pattern) -> str:
    """Return the first segment of a route; "" where it has none that can be taken off."""
    return next(iter(_segments(pattern)), "") if _is_movable(pattern) else ""


def _shared_by(patterns: Sequence[Pattern]) -> str:
    at_each = zip(*map(_segments, patterns), strict=False)
    alike = takewhile(lambda segments: len(set(segments)) == 1, at_each)
    return "".join(segments[0] for segments in alike)


def _segments(pattern: Pattern) -> list[str]:
    """Return the segments that end before the last slash, up to one that may hold slashes."""
    found = []
    for segment in str(pattern.pattern).split("/")[:-1]:
        if segment.startswith("<path:"):
            break
        found.append(f"{segment}/")
    return found
