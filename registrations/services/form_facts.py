"""What the public form shows, kept in memory for a few seconds: who opens it costs no query.

A rush is thousands of people who open one page. Its facts (types with their states and places
left, questions, sessions) are at most FORM_KEPT_SECONDS old; what an organiser changes shows at
once, because the change renews the organisation's stamp in the cache that all processes share
(registrations.receivers), and facts under another stamp are not used. Where the cache is away
nothing is kept. Who sends the form meets the database itself.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

from django.conf import settings
from django.core.cache import cache

from events.models import Conference
from registrations.models import AccessCode
from registrations.services.code_uses import code_key, find_code
from registrations.services.doors import find_conference
from registrations.services.form_definition import FormDefinition, read_form
from registrations.services.session_offers import SessionOffer, session_offers
from registrations.services.type_states import TypeOffer, public_offers

Made = TypeVar("Made")
# So many conferences are kept, and so many things that were made of the facts of one.
_MOST: Final = 200
_STAMP_SECONDS: Final = 86_400
# Of who sends a form: so long ago a change may be that they do not meet before their transaction.
SENDING: Final = 1.0


class FormFacts:
    """A conference and what its form shows, each read when it is first asked for.

    It belongs to all who ask within a few seconds, so nobody changes it.
    """

    def __init__(self, conference: Conference) -> None:
        self.conference = conference
        self._made: dict[Hashable, Any] = {}

    @cached_property
    def form(self) -> FormDefinition:
        return read_form(self.conference)

    @cached_property
    def offers(self) -> Sequence[TypeOffer]:
        return public_offers(self.conference)

    @cached_property
    def sessions(self) -> Sequence[SessionOffer]:
        return session_offers(self.conference)

    @cached_property
    def has_codes(self) -> bool:
        return self.conference.access_codes.in_use().exists()

    def says_full(self, slug: str) -> bool:
        """Tell whether the type is among those shown, and nobody can have a place of it."""
        return any(one.type.slug == slug and not one.takes_registrations for one in self.offers)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` makes of these facts, made once as long as they are kept."""
        if key not in self._made:
            if len(self._made) >= _MOST:
                self._made.clear()
            found = self._made[key] = make()
            return found
        kept: Made = self._made[key]
        return kept

    def opened_by(self, text: str) -> tuple[AccessCode, Sequence[TypeOffer]]:
        """Return the code that somebody typed, and what it opens.

        Raises:
            DomainError: ``validation-failed`` for one that opens nothing; that is asked each time.
        """

        def look() -> tuple[AccessCode, Sequence[TypeOffer]]:
            code = find_code(self.conference, text)
            return code, public_offers(self.conference, code)

        return self.once(("code", code_key(text)), look)


@dataclass(slots=True)
class _Kept:
    """Facts, until when they may be used, and when their stamp was last seen to hold."""

    stamp: str
    until: float
    seen: float
    facts: FormFacts


_kept: dict[tuple[str, str], _Kept] = {}


def form_facts(organisation: str, conference: str, *, unasked: float = 0) -> FormFacts | None:
    """Return what the form at this address shows, or showed a few seconds ago; None without one.

    Former slugs lead to the same conference, which is read each time.

    Arguments:
        unasked: for how many seconds a stamp that held is believed to hold still. Who sends the
            form filled it in before; what counts is looked at in their transaction.
    """
    key, now = (organisation, conference), time.monotonic()
    kept = _kept.get(key)
    if kept is not None and now < kept.until:
        if now < kept.seen + unasked:
            return kept.facts
        if cache.get(_name(kept.facts.conference.organisation_id)) == kept.stamp:
            kept.seen = now
            return kept.facts
    row = find_conference(organisation, conference)
    if row is None:
        return None
    stamp = None
    if settings.FORM_KEPT_SECONDS and (row.organisation.slug, row.slug) == key:
        stamp = _stamp(row.organisation_id)
        # Once more after the stamp was read: what changes from here on changes it.
        row = find_conference(organisation, conference)
        if row is None:
            return None
    facts = FormFacts(row)
    if stamp is not None:
        row.organisation  # noqa: B018 - reading it keeps it
        if len(_kept) >= _MOST:
            _kept.clear()
        _kept[key] = _Kept(stamp, now + settings.FORM_KEPT_SECONDS, now, facts)
    return facts


def newer_facts(known: FormFacts) -> FormFacts:
    """Return the facts as they are now, in place of those that somebody was shown or sent.

    From then on all others get them as well, so that of many who come too late only the first waits
    for them to be read.
    """
    row = Conference.objects.select_related("organisation").get(pk=known.conference.pk)
    found = FormFacts(row)
    for kept in list(_kept.values()):
        if kept.facts is known:
            kept.facts = found
    return found


def renew_forms(organisation_id: int) -> None:
    """Let what is kept of an organisation's forms be read anew; after the commit of a change."""
    cache.set(_name(organisation_id), secrets.token_hex(8), _STAMP_SECONDS)


def _stamp(organisation_id: int) -> str | None:
    """Return the stamp that all processes see; None where there is no cache to share it."""
    name = _name(organisation_id)
    found: str | None = cache.get(name)
    if found is None:
        cache.add(name, secrets.token_hex(8), _STAMP_SECONDS)
        found = cache.get(name)
    return found


def _name(organisation_id: int) -> str:
    return f"register-form:{organisation_id}"
