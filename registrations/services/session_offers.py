"""The sessions that people can sign up for, as they are at this moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, F
from django.utils import timezone

from events.enums import SessionState
from events.models import Conference
from events.programme import Programme, SessionView
from events.services.schedules import current_programme
from registrations.enums import LIVE, TypeState
from registrations.models import Registration, SignUp, SignUpSession
from registrations.services.overlaps import find_overlaps
from registrations.services.type_states import places_left


@dataclass(frozen=True, slots=True)
class SessionOffer:
    """A session that takes sign-ups, as readers see it in the programme.

    Arguments:
        session: None where it does not stand in the published programme.
        types: slugs of the kinds of place that can choose it; none means all.
        state: open, not_open, closed or sold_out.
    """

    sign_up: SignUpSession
    session: SessionView | None
    types: frozenset[str]
    state: TypeState
    places_left: int | None

    @property
    def code(self) -> str:
        return self.sign_up.session.code

    @property
    def is_open(self) -> bool:
        return self.state == TypeState.OPEN

    def is_for(self, type_slug: str) -> bool:
        """Tell whether registrations of a type can choose it."""
        return not self.types or type_slug in self.types


def sign_ups_of(conference: Conference) -> list[SignUpSession]:
    """Return what can be signed up for, published or not; two queries, one where there is none."""
    rows = SignUpSession.objects.filter(conference=conference)
    return list(rows.select_related("session", "allotment").prefetch_related("registration_types"))


def session_offers(
    conference: Conference, programme: Programme | None = None
) -> list[SessionOffer]:
    """Return the sessions that readers can see and sign up for, in the order of time.

    One query where there are none; else two, and those of the programme.
    """
    rows = sign_ups_of(conference)
    if not rows:
        return []
    programme = programme or current_programme(conference)
    offers = offers_in(rows, programme, timezone.now())
    seen = [one for one in offers if one.session is not None and _is_on(one.session)]
    order = {code: n for n, code in enumerate(s.code for s in programme.sessions())}
    return sorted(seen, key=lambda one: order[one.code])


def offers_in(
    rows: Sequence[SignUpSession], programme: Programme, now: dt.datetime
) -> list[SessionOffer]:
    """Return these sessions as they are offered now."""
    offers = []
    for row in rows:
        view = programme.sessions_by_code.get(row.session.code)
        left = places_left([row.allotment])
        types = frozenset(kind.slug for kind in row.registration_types.all())
        offers.append(SessionOffer(row, view, types, _state(row, view, left, now), left))
    return offers


def _is_on(view: SessionView) -> bool:
    return view.state != SessionState.CANCELLED


def _state(
    row: SignUpSession, view: SessionView | None, left: int | None, now: dt.datetime
) -> TypeState:
    if view is None:
        return TypeState.NOT_OPEN
    begun = view.starts_at is not None and now >= view.starts_at
    closed = row.closes_at is not None and now >= row.closes_at
    if begun or closed or not _is_on(view):
        return TypeState.CLOSED
    if row.opens_at is not None and now < row.opens_at:
        return TypeState.NOT_OPEN
    return TypeState.SOLD_OUT if left == 0 else TypeState.OPEN


def chosen_codes(registration: Registration) -> list[str]:
    """Return the codes of the sessions that somebody has chosen."""
    rows = SignUp.objects.filter(registration=registration).order_by("pk")
    return list(rows.values_list("sign_up_session__session__code", flat=True))


def chosen_by(registrations: Collection[int]) -> dict[int, list[str]]:
    """Return id of a registration -> codes of the sessions that it has chosen; one query."""
    found: dict[int, list[str]] = {}
    rows = SignUp.objects.filter(registration__in=registrations).order_by("pk")
    pairs = rows.values_list("registration_id", "sign_up_session__session__code")
    for registration_id, code in pairs:
        found.setdefault(registration_id, []).append(code)
    return found


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sessions at the same time, and how many live registrations have chosen both."""

    one: SessionView
    other: SessionView
    number: int


def clashes(conference: Conference, programme: Programme) -> list[Clash]:
    """Return what a later move of sessions did to who had chosen both; two queries at most."""
    rows = SignUpSession.objects.filter(conference=conference).values_list("session__code", "pk")
    ids = dict(rows)
    pairs = find_overlaps(programme, ids)
    if not pairs:
        return []
    others = "registration__sign_ups__sign_up_session"
    both = (
        SignUp.objects.filter(registration__status__in=LIVE, sign_up_session__in=ids.values())
        .filter(**{f"{others}__gt": F("sign_up_session")})
        .order_by()
        .values_list("sign_up_session", others)
        .annotate(number=Count("registration", distinct=True))
    )
    numbers = {frozenset((one, other)): number for one, other, number in both}
    views = programme.sessions_by_code
    found = [
        Clash(views[one], views[other], numbers.get(frozenset((ids[one], ids[other])), 0))
        for one, other in pairs
    ]
    return [clash for clash in found if clash.number]
