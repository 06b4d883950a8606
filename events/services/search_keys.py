"""By what the sessions of a programme are found: their words in all languages, people, room, track.

Made once for each state of a programme and shared by all processes; each remembers the last few.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.core.cache import cache

from core.text import search_key
from events.models import Conference
from events.programme import Programme, SessionView

# Part of each cache key: raise it when a session is found by something else.
SHAPE: Final = 1
_KEEP_SECONDS: Final = 3600
_MOST: Final = 8
_remembered: dict[str, Mapping[str, str]] = {}


def search_keys(conference: Conference, programme: Programme) -> Mapping[str, str]:
    """Return the search key of each session of a published programme, by code."""
    name = f"search-keys:{SHAPE}:{conference.uid}:{programme.version}:{programme.stamp}"
    found = _remembered.get(name)
    if found is not None:
        return found
    kept = cache.get(name)
    if not isinstance(kept, dict):
        kept = {session.code: session_key(session) for session in programme.sessions()}
        cache.set(name, kept, _KEEP_SECONDS)
    if len(_remembered) >= _MOST:
        _remembered.clear()
    _remembered[name] = kept
    return kept


def session_key(session: SessionView) -> str:
    """Return by what a session is found."""
    texts = [*session.title.values(), *session.abstract.values(), session.code]
    for place in (session.room, session.track):
        if place is not None:
            texts += place.name.values()
    for part in session.participations:
        texts += [part.honorific, part.given_name, part.family_name]
        texts += [part.affiliation, part.position]
        texts += [name for names in part.names_by_script.values() for name in names.values()]
    return search_key(*texts)
