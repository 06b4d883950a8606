"""Rounds of "still coming?": when people are asked, until when, and what their silence means."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, Final, cast

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import cleaning as v
from core.actors import Actor
from core.clock import resolve_local
from core.errors import DomainError, FieldError
from events.enums import ConferenceState
from events.models import Conference
from events.services.writing import assign, load_root, save_root
from registrations.models import Reconfirmation, RegistrationType
from registrations.services.recording import record
from registrations.services.still_coming import close_round

_PUT_AWAY: Final = frozenset({ConferenceState.CANCELLED, ConferenceState.ARCHIVED})


CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "ask_local": v.local_time(),
    "until_local": v.local_time(),
    "releases": v.flag,
}


@transaction.atomic
def create_reconfirmation(
    *,
    conference: Conference,
    ask_local: dt.datetime | str,
    until_local: dt.datetime | str,
    actor: Actor,
    releases: bool = False,
    registration_types: Collection[str] = (),
) -> Reconfirmation:
    """Plan to ask those with a place whether they still come.

    Arguments:
        releases: whether the places of those who stay silent go to the waiting list; those of
            speakers and invited guests never do.
        registration_types: slugs; without any all types are meant.

    Raises:
        DomainError: ``validation-failed``, also when another round asks the same people at the
            same time; ``wrong-state`` when the conference will not be.
    """
    if conference.state in _PUT_AWAY:
        word = ConferenceState(conference.state).label.lower()
        raise DomainError("wrong-state", f"The conference is {word}, so nobody is asked.")
    given = v.clean(
        {"ask_local": ask_local, "until_local": until_local, "releases": releases}, CLEANERS
    )
    types = _types(conference, registration_types)
    row = Reconfirmation(conference=conference, **given)
    resolve_round(row)
    _check(row, types)
    row.save(force_insert=True)
    row.registration_types.set(types)
    record("create_reconfirmation", row, actor)
    return row


@transaction.atomic
def change_reconfirmation(
    *,
    reconfirmation: Reconfirmation,
    changes: Mapping[str, Any],
    expected: int | None,
    actor: Actor,
) -> Reconfirmation:
    """Change a round that has not asked yet; of one that has, only in favour of who was asked:
    a later end, or no release.

    Arguments:
        changes: `ask_local`, `until_local`, `releases`, `registration_types` (slugs).

    Raises:
        DomainError: ``stale``; ``validation-failed``; ``wrong-state`` for a round that is over, or
            what those who were asked did not read.
    """
    row = load_root(reconfirmation, expected, "conference")
    if row.closed_at is not None:
        raise DomainError("wrong-state", "This round is over. Plan another one.")
    wanted = dict(changes)
    slugs = wanted.pop("registration_types", None)
    values = v.clean(wanted, CLEANERS)
    (_ask, old_until), released = times_of(row), row.releases
    before = list(row.registration_types.order_by("pk"))
    types = before if slugs is None else _types(row.conference, slugs)
    changed = assign(row, values)
    if row.asked_at is not None:
        worse = times_of(row)[1] < old_until or (row.releases and not released)
        if worse or "ask_local" in changed or types != before:
            raise DomainError(
                "wrong-state",
                "People were asked already. Only a later end can be given, or the release be "
                "switched off.",
            )
    if not changed and types == before:
        return row
    changed += resolve_round(row)
    _check(row, types)
    save_root(row, changed, expected)
    row.registration_types.set(types)
    record("change_reconfirmation", row, actor, changed)
    return row


@transaction.atomic
def delete_reconfirmation(
    *, reconfirmation: Reconfirmation, expected: int | None, actor: Actor
) -> None:
    """Delete a round that has not asked anybody.

    Raises:
        DomainError: ``stale``; ``in-use`` when it has.
    """
    row = load_root(reconfirmation, expected, "conference")
    if row.asked_at is not None or row.closed_at is not None:
        raise DomainError("in-use", "People were asked in this round, so it is not deleted.")
    record("delete_reconfirmation", row, actor)
    row.delete()


def times_of(row: Reconfirmation) -> tuple[dt.datetime, dt.datetime]:
    """Return the wall-clock times of a round, which every one has."""
    return cast("tuple[dt.datetime, dt.datetime]", (row.ask_local, row.until_local))


def resolve_round(row: Reconfirmation) -> list[str]:
    """Set a round's instants from its wall-clock times, in memory; return what changed."""
    zone = row.conference.time_zone
    ask, until = times_of(row)
    return assign(row, {"ask_at": resolve_local(ask, zone), "until_at": resolve_local(until, zone)})


def move_rounds(conference: Conference, former_start: dt.datetime | None) -> None:
    """Let rounds follow a conference: as far before the start as they were, by the wall clock.

    Who has been asked already never gets less time by a move; and no round outlasts the start.
    """
    by = dt.timedelta(0)
    if former_start is not None and conference.start_local is not None:
        by = conference.start_local - former_start
    for row in Reconfirmation.objects.filter(conference=conference, closed_at__isnull=True):
        row.conference = conference
        ask, until = times_of(row)
        if row.asked_at is None:
            changed = assign(row, {"ask_local": ask + by, "until_local": until + by})
        else:
            later = until + max(by, dt.timedelta(0))
            start = conference.start_local
            if start is not None and ask < start < later:
                later = start
            changed = assign(row, {"until_local": later})
        changed += resolve_round(row)
        if changed:
            save_root(row, changed, None)


def stop_rounds(conference: Conference) -> None:
    """End what is being asked about a conference that does not take place then; nobody loses a
    place by that.
    """
    for row in Reconfirmation.objects.filter(
        conference=conference, asked_at__isnull=False, closed_at__isnull=True
    ):
        close_round(row)


def _types(conference: Conference, slugs: Collection[str]) -> list[RegistrationType]:
    found = {row.slug: row for row in conference.registration_types.filter(slug__in=slugs)}
    v.refuse(
        [
            FieldError(
                f"/registration_types/{number}", "unknown", "There is no such kind of place here."
            )
            for number, slug in enumerate(slugs)
            if slug not in found
        ]
    )
    return sorted(found.values(), key=lambda one: one.pk)


def _check(row: Reconfirmation, types: Collection[RegistrationType]) -> None:
    errors = []
    if row.until_at <= row.ask_at:
        errors.append(FieldError("/until_local", "order", "It ends after it asks."))
    elif row.until_at > row.conference.starts_at:
        errors.append(FieldError("/until_local", "range", "It ends before the conference begins."))
    elif row.until_at <= timezone.now():
        errors.append(FieldError("/until_local", "range", "Give a time that is still to come."))
    elif _overlaps(row, types):
        detail = "Another round asks some of these people at the same time."
        errors.append(FieldError("/ask_local", "overlap", detail))
    v.refuse(errors)


def _overlaps(row: Reconfirmation, types: Collection[RegistrationType]) -> bool:
    others = Reconfirmation.objects.filter(
        conference=row.conference,
        closed_at__isnull=True,
        ask_at__lt=row.until_at,
        until_at__gt=row.ask_at,
    ).exclude(pk=row.pk)
    if types:
        others = others.filter(Q(registration_types__isnull=True) | Q(registration_types__in=types))
    return others.exists()
