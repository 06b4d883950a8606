"""What readers once saw in a programme and see no more: a session, its room, who was on it.

A calendar that one subscribes to says that an entry is cancelled; one that only vanishes stays for
ever in programs that keep what they have. So what left the published programme is told for KEEP
days more. Versions never change, so that what they differ in is looked for once a version.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.cache import cache
from django.utils import timezone

from core.clock import resolve_local
from events.enums import ParticipationState
from events.models import Conference
from events.services.documents import Document, in_present_form
from events.services.merged_codes import kept_codes

KEEP: Final = dt.timedelta(days=45)
# Part of the cache key: raise it when the shape of what is kept changes.
_SHAPE: Final = 1
_KEEP_SECONDS: Final = 86_400
_PROGRAMME: Final = "programme"


@dataclass(frozen=True, slots=True)
class Written:
    """The version of a session's row, and when that last changed."""

    version: int = 0
    changed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class FormerSession:
    """A session where readers last saw it.

    Arguments:
        left: what it is no more in: ``programme``, ``room:CODE``, ``person:CODE``.
    """

    left: str
    left_at: dt.datetime
    code: str
    uid: str
    title: Mapping[str, str]
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class History:
    """What a calendar says beside the present programme.

    Arguments:
        former: what left it in the last KEEP days.
        announced: person's code -> the sessions on which the present version was published with
            them, whatever they have answered since.
        written: session's code -> its row.
    """

    former: tuple[FormerSession, ...] = ()
    announced: Mapping[str, Collection[str]] = field(default_factory=dict)
    written: Mapping[str, Written] = field(default_factory=dict)

    def of_programme(self, codes: Collection[str] | None = None) -> list[FormerSession]:
        """Return the sessions that are not in the programme any more; of `codes`, if given."""
        return [
            one
            for one in self.former
            if one.left == _PROGRAMME and (codes is None or one.code in codes)
        ]

    def of_room(self, code: str) -> list[FormerSession]:
        return [one for one in self.former if one.left == f"room:{code}"]

    def of_person(self, code: str) -> list[FormerSession]:
        return [one for one in self.former if one.left == f"person:{code}"]

    def row(self, code: str) -> Written:
        return self.written.get(code, Written())


def history_of(conference: Conference) -> History:
    """Return what left a conference's programme; four queries, and more once a version.

    Who was put into another person since stands under the code of that one.
    """
    versions = list(
        conference.schedule_versions.order_by("-number").values_list(
            "pk", "created_at", "moved_days"
        )
    )
    rows = conference.sessions.values_list("code", "version", "updated_at")
    written = {code: Written(version, at) for code, version, at in rows}
    if not versions:
        return History(written=written)
    kept = _kept(conference, versions)
    merged = kept_codes(conference.organisation_id, kept["people"])
    days = {pk: moved_days for pk, _at, moved_days in versions}
    oldest = timezone.now() - KEEP
    former = [
        _former(one, merged, days.get(one["version"], 0), conference.time_zone)
        for one in kept["left"]
        if one["left_at"] >= oldest
    ]
    announced: dict[str, set[str]] = {}
    for person, codes in kept["announced"].items():
        announced.setdefault(merged.get(person, person), set()).update(codes)
    return History(tuple(former), announced, written)


def _former(
    kept: Mapping[str, Any], merged: Mapping[str, str], days: int, zone: str
) -> FormerSession:
    what, _colon, code = kept["left"].partition(":")
    moved = dt.timedelta(days=days)
    start, end = (dt.datetime.fromisoformat(kept[name]) + moved for name in ("start", "end"))
    return FormerSession(
        left=f"person:{merged.get(code, code)}" if what == "person" else kept["left"],
        left_at=kept["left_at"],
        code=kept["code"],
        uid=kept["uid"],
        title=kept["title"],
        starts_at=resolve_local(start, zone),
        ends_at=resolve_local(end, zone),
    )


def _kept(
    conference: Conference, versions: list[tuple[int, dt.datetime, int]]
) -> Mapping[str, Any]:
    key = f"former-sessions:{_SHAPE}:{conference.uid}:{versions[0][0]}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = _compare(conference, versions)
        cache.set(key, found, _KEEP_SECONDS)
    return found


def _compare(
    conference: Conference, versions: list[tuple[int, dt.datetime, int]]
) -> dict[str, Any]:
    """Go back from the present version as long as what is left then is still told."""
    oldest = timezone.now() - KEEP
    # When each version was followed by another one; the present one is not.
    left_at = {
        pk: versions[place - 1][1]
        for place, (pk, _at, _days) in enumerate(versions)
        if place and versions[place - 1][1] >= oldest
    }
    wanted = [versions[0][0], *left_at]
    documents = (
        conference.schedule_versions.filter(pk__in=wanted)
        .order_by("-number")
        .values_list("pk", "document")
        .iterator(chunk_size=1)
    )
    _pk, present = next(documents)
    told = {(row["code"], what) for row in _placed(present) for what in _where(row)}
    left: list[dict[str, Any]] = []
    for pk, document in documents:
        for row in _placed(document):
            for what in _where(row):
                if (row["code"], what) not in told:
                    told.add((row["code"], what))
                    left.append(_as_kept(row, what, pk, left_at[pk]))
    announced = _announced(present)
    lost = {one["left"].partition(":")[2] for one in left if one["left"].startswith("person:")}
    return {"left": left, "announced": announced, "people": sorted({*announced, *lost})}


def _placed(document: Document) -> Iterator[Document]:
    """Return the sessions that have a time: the others stand in no calendar."""
    return (row for row in in_present_form(document)["sessions"] if row["slot"])


def _where(row: Document) -> Iterator[str]:
    """Return of which calendars a session is part."""
    yield _PROGRAMME
    if row["slot"]["room"]:
        yield f"room:{row['slot']['room']}"
    for person in _shown(row):
        yield f"person:{person}"


def _shown(row: Document) -> Iterator[str]:
    """Return whom readers saw on it: nobody learns who was only asked."""
    for part in row["participations"]:
        if part["state"] == ParticipationState.CONFIRMED:
            yield part["person"]


def _announced(document: Document) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _placed(document):
        for person in _shown(row):
            found.setdefault(person, []).append(row["code"])
    return found


def _as_kept(row: Document, what: str, version: int, left_at: dt.datetime) -> dict[str, Any]:
    return {
        "left": what,
        "left_at": left_at,
        "version": version,
        "code": row["code"],
        "uid": row["uid"],
        "title": row["title"],
        "start": row["slot"]["start"],
        "end": row["slot"]["end"],
    }
