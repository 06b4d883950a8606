"""What public pages depend on and what was made of it, kept in memory for a few seconds.

A page that many open costs no query. What is kept is at most PUBLIC_KEPT_SECONDS old; what an
organiser or a speaker changes of the programme shows at once in the same process and within UNASKED
in all others, because the change renews the organisation's stamp in the cache that they share
(events.receivers), and what was kept under another stamp is not used. Where the cache is away
nothing is kept, and a page costs its one query (events.services.stamps).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, TypeVar

from django.conf import settings
from django.core.cache import cache

Made = TypeVar("Made")
# By this name a view leaves on the request what its answer was made of (events.middleware).
KEPT: Final = "lectern_kept"
# So many subjects are kept, and so many things made of one.
_MOST: Final = 200
_STAMP_SECONDS: Final = 86_400
# For so long a stamp that held is believed to hold still.
UNASKED: Final = 0.25
# Of answers a process keeps so many, and so many bytes of them.
_MOST_ANSWERS: Final = 500
_MOST_BYTES: Final = 32 * 1024 * 1024


class Subject(Protocol):
    """What pages are about."""

    @property
    def organisation_id(self) -> int: ...


@dataclass(slots=True)
class Kept:
    """A subject and what was made of it: under which stamp and until when that may be used, and
    when the stamp was last seen to hold.
    """

    subject: Any
    stamp: str = ""
    until: float = 0
    seen: float = 0
    made: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` makes of this subject, made once as long as it is kept."""
        if key in self.made:
            found: Made = self.made[key]
            return found
        made = make()
        if self.until:
            if len(self.made) >= _MOST:
                self.made.clear()
            self.made[key] = made
        return made

    @property
    def holds(self) -> bool:
        """Tell whether nothing has changed since, and it is not too old.

        What this process changes it knows at once; others are asked a few times a second.
        """
        now = time.monotonic()
        if now >= self.until:
            return False
        if now < self.seen + UNASKED:
            return True
        found: str | None = cache.get(_name(self.subject.organisation_id))
        self.seen = now
        if found != self.stamp:
            self.until = 0
        return found == self.stamp


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it goes out to all who ask alike.

    Arguments:
        match: which route it was, for figures.
        last_modified: in seconds, where the answer says it.
    """

    kept: Kept
    body: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str
    match: Any
    last_modified: int | None = None


_kept: dict[Hashable, Kept] = {}
_owners: dict[Hashable, int] = {}
_answers: dict[Hashable, KeptAnswer] = {}


def keep(key: Hashable, read: Callable[[], Subject | None]) -> Kept | None:
    """Return what is kept of a subject, or what `read` reads of it now; None where there is none.

    Arguments:
        key: where it is found: the slugs of its address.
    """
    found = _kept.get(key)
    if found is not None and found.holds:
        return found
    seconds = settings.PUBLIC_KEPT_SECONDS
    owner = _owners.get(key)
    subject = None
    if owner is None or not seconds:
        subject = read()
        if subject is None:
            return None
        if not seconds:
            return Kept(subject)
        owner = subject.organisation_id
    stamp = _stamp(owner)
    if subject is None or stamp is not None:
        # After the stamp was read: what changes from here on changes it.
        subject = read()
    if subject is None or stamp is None or subject.organisation_id != owner:
        _owners.pop(key, None)
        return Kept(subject) if subject is not None else None
    now = time.monotonic()
    made = Kept(subject, stamp, now + seconds, now)
    if len(_kept) >= _MOST:
        _kept.clear()
        _owners.clear()
    _kept[key], _owners[key] = made, owner
    return made


def kept_answer(key: Hashable) -> KeptAnswer | None:
    """Return the answer to a request like this one, while it holds."""
    found = _answers.get(key)
    if found is None:
        return None
    if found.kept.holds:
        return found
    _answers.pop(key, None)
    return None


def keep_answer(key: Hashable, answer: KeptAnswer) -> None:
    """Keep an answer for all who ask alike, as long as its subject is kept."""
    if not answer.kept.until:
        return
    size = sum(len(one.body) for one in list(_answers.values()))
    if len(_answers) >= _MOST_ANSWERS or size + len(answer.body) > _MOST_BYTES:
        _answers.clear()
    _answers[key] = answer


def renew(organisation_id: int) -> None:
    """Let what is kept of an organisation be read anew, by all processes; after a change's commit.

    Where the cache is away this process forgets it all the same.
    """
    cache.set(_name(organisation_id), secrets.token_hex(8), _STAMP_SECONDS)
    for key, found in list(_kept.items()):
        if found.subject.organisation_id == organisation_id:
            found.until = 0
            _kept.pop(key, None)


def forget() -> None:
    """Forget what this process keeps."""
    _kept.clear()
    _owners.clear()
    _answers.clear()


def _stamp(organisation_id: int) -> str | None:
    """Return the stamp that all processes see; None where there is no cache to share it."""
    name = _name(organisation_id)
    found: str | None = cache.get(name)
    if found is None:
        cache.add(name, secrets.token_hex(8), _STAMP_SECONDS)
        found = cache.get(name)
    return found


def _name(organisation_id: int) -> str:
    return f"public-pages:{organisation_id}"
