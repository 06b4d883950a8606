"""Conferences: making, changing, moving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction

from accounts.models import Organisation
from core.actors import Actor
from core.enums import Visibility
from core.errors import FieldError
from core.services import audit
from core.services.versions import raise_version
from core.text import search_key, search_key_of
from events import validators as v
from events.enums import ConferenceKind, ConferenceMode, NeedKind
from events.models import Conference, ConferenceSlugHistory, Series, Venue
from events.services.instants import resolve_conference
from events.services.lifecycle import (
    archive_conference,
    cancel_conference,
    move_to_state,
    postpone_conference,
    publish_conference,
    reopen_conference,
)
from events.services.moving import check_may_move, keep_distance, span, tell_move
from events.services.needs import drop_what_is_not_asked
from events.services.venues import set_conference_venues
from events.services.writing import assign, load_root, missing_text, save, taken, taken_as
from events.signals import (
    ConferenceCreated,
    conference_created,
)

__all__ = [
    "archive_conference",
    "cancel_conference",
    "change_conference",
    "create_conference",
    "move_to_state",
    "postpone_conference",
    "publish_conference",
    "reopen_conference",
]

SORT_LENGTH: Final = 300
CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "slug": v.conference_slug,
    "kind": v.choice(ConferenceKind),
    "title": v.texts(v.MAX_TITLE),
    "subtitle": v.texts(v.MAX_TITLE),
    "description": v.texts(v.MAX_TEXT, lines=True),
    "start_local": v.local_time(),
    "end_local": v.local_time(),
    "doors_local": v.local_time(required=False),
    "changes_until_local": v.local_time(required=False),
    "reply_until_local": v.local_time(required=False),
    "time_zone": v.time_zone,
    "mode": v.choice(ConferenceMode),
    "online_note": v.texts(v.MAX_TEXT, lines=True),
    "languages": v.languages,
    "visibility": v.choice(Visibility),
    "contact_name": v.line(200),
    "contact_email": v.email_address,
    "contact_phone": v.line(40),
    "series": v.anything,
    "speaker_needs": v.choices(NeedKind),
}
_TIMES: Final = {"start_local", "end_local", "time_zone"}
_SLUG_TAKEN: Final = "Another conference of this organisation has or had this address."


class ConferenceFields(TypedDict, total=False):
    """What a conference may be given besides what it must have."""

    subtitle: Mapping[str, str]
    description: Mapping[str, str]
    doors_local: dt.datetime | str | None
    changes_until_local: dt.datetime | str | None
    reply_until_local: dt.datetime | str | None
    mode: str
    online_note: Mapping[str, str]
    languages: Sequence[str]
    visibility: str
    contact_name: str
    contact_email: str
    contact_phone: str
    series: Series | None
    speaker_needs: Sequence[str]
    venues: Sequence[Venue]


@transaction.atomic
def create_conference(
    *,
    organisation: Organisation,
    slug: str,
    kind: str,
    title: Mapping[str, str],
    start_local: dt.datetime | str,
    end_local: dt.datetime | str,
    time_zone: str,
    actor: Actor,
    **fields: Unpack[ConferenceFields],
) -> Conference:
    """Make a conference in draft; only members see it until it is published.

    Arguments:
        start_local, end_local: wall-clock times in `time_zone`, without an offset.
        fields: the optional ones; `languages` are those of the organisation unless given.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` when the slug is taken.
    """
    more: dict[str, Any] = dict(fields)
    venues = more.pop("venues", ())
    if "languages" not in more:
        more["languages"] = organisation.languages or ["en"]
    given = {
        "slug": slug,
        "kind": kind,
        "title": title,
        "start_local": start_local,
        "end_local": end_local,
        "time_zone": time_zone,
        **more,
    }
    row = Conference(organisation=organisation, **v.clean(given, CLEANERS))
    _check_whole(row)
    resolve_conference(row)
    _check_times(row)
    _set_keys(row)
    _check_slug_free(row)
    with taken_as("/slug", _SLUG_TAKEN):
        row.save(force_insert=True)
    conference_created.send(
        sender=Conference,
        event=ConferenceCreated(conference_id=row.pk, actor_kind=actor.kind),
    )
    audit.record(verb="create_conference", obj=row, organisation_id=organisation.pk, actor=actor)
    if venues:
        return set_conference_venues(conference=row, venues=venues, expected=None, actor=actor)
    return row


@transaction.atomic
def change_conference(
    *, conference: Conference, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Conference:
    """Change a conference and return it as it is now.

    A new start, end or zone acts at once: instants are made anew, planned mail of rules becomes
    unclaimable until it is planned again, and those above are told. Wall-clock times stay in a new
    zone. Doors and the deadline for guests' own changes keep their distance from the start unless
    they are given too. When start and end go to other days by the same number of days, all slots
    go with them, in the draft and in what is published. A former address redirects for ever.

    Arguments:
        changes: model field names; `venues` as a list of rows.

    Raises:
        DomainError: ``stale``, ``validation-failed``, ``conflict`` (slug), ``wrong-state`` when a
            cancelled or archived conference would move.
    """
    row = load_root(conference, expected, "organisation")
    wanted = dict(changes)
    venues = wanted.pop("venues", None)
    before, old_zone, old_slug = span(row), row.time_zone, row.slug
    values = v.clean(wanted, CLEANERS)
    keep_distance(row, values)
    changed = assign(row, values)
    if not changed:
        if venues is None:
            return row
        return set_conference_venues(conference=row, venues=venues, expected=expected, actor=actor)
    _check_whole(row)
    resolved = resolve_conference(row)
    _check_times(row)
    moves = bool(_TIMES & set(changed))
    if moves:
        check_may_move(row)
    if "slug" in changed:
        _change_slug(row, old_slug)
    _set_keys(row)
    raise_version(row, expected)
    with taken_as("/slug", _SLUG_TAKEN):
        save(row, [*changed, *resolved, "search_key", "sort_key"])
    audit.record(
        verb="change_conference",
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        changed=changed,
    )
    if "speaker_needs" in changed:
        drop_what_is_not_asked(row)
    if moves:
        tell_move(row, before, old_zone, changed, actor)
    if venues is not None:
        row = set_conference_venues(conference=row, venues=venues, expected=None, actor=actor)
    return row


def _check_whole(row: Conference) -> None:
    errors = missing_text("title", row.title, row.first_language)
    start, end = span(row)
    if end <= start:
        errors.append(FieldError("/end_local", "order", "The end comes after the start."))
    if row.series is not None and row.series.organisation_id != row.organisation_id:
        errors.append(FieldError("/series", "unknown", "There is no such series."))
    v.refuse(errors)


def _check_times(row: Conference) -> None:
    """Compare instants: wall-clock times may stand in order and yet fall together in a gap."""
    errors = []
    if row.ends_at <= row.starts_at:
        errors.append(FieldError("/end_local", "order", "The end comes after the start."))
    if row.doors_at is not None and row.doors_at > row.starts_at:
        errors.append(FieldError("/doors_local", "order", "Doors open before the start."))
    if row.changes_until_at is not None and row.changes_until_at > row.ends_at:
        errors.append(
            FieldError("/changes_until_local", "order", "This deadline is before the end.")
        )
    if row.reply_until_at is not None and row.reply_until_at > row.starts_at:
        errors.append(
            FieldError("/reply_until_local", "order", "Answers are asked for before the start.")
        )
    v.refuse(errors)


def _set_keys(row: Conference) -> None:
    row.search_key = search_key_of([*row.title.values(), *row.subtitle.values(), row.slug])
    row.sort_key = search_key(row.title.get(row.first_language, ""))[:SORT_LENGTH]


def _check_slug_free(row: Conference) -> None:
    siblings = Conference.objects.filter(organisation_id=row.organisation_id).exclude(pk=row.pk)
    past = ConferenceSlugHistory.objects.filter(
        conference__organisation_id=row.organisation_id, slug=row.slug
    ).exclude(conference_id=row.pk)
    if siblings.filter(slug=row.slug).exists() or past.exists():
        raise taken("/slug", _SLUG_TAKEN)


def _change_slug(row: Conference, old: str) -> None:
    _check_slug_free(row)
    row.slug_history.filter(slug=row.slug).delete()
    ConferenceSlugHistory.objects.get_or_create(conference=row, slug=old)
