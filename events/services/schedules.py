"""Schedule versions: publishing the draft, and reading what is published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any, Final

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Max, Q, Sum

from core.actors import Actor
from core.errors import DomainError
from core.services import audit
from core.services.versions import raise_version
from events import validators as v
from events.models import Conference, Person, PersonMerge, ScheduleVersion
from events.programme import Change, Programme
from events.services.changes import compare
from events.services.documents import FORMAT, Document, build_document, in_present_form, moved
from events.services.instants import raise_plan_revision
from events.services.merged_codes import with_kept_people
from events.services.programmes import people_in, read_programme
from events.services.writing import load_root, taken, taken_as
from events.signals import SchedulePublished, schedule_published

# Part of each cache key: raise it when the shape of events.programme changes.
SHAPE: Final = 2
_KEEP_SECONDS: Final = 3600
_NAME_TAKEN: Final = "A version of this programme has that name already."
MOVED_ON: Final = (
    "The draft has changed since you looked at it. Nothing was published and nobody was told. "
    "Look at what it would do now, and publish that."
)


@transaction.atomic
def publish_schedule(
    *,
    conference: Conference,
    name: str,
    actor: Actor,
    tell: bool = False,
    expected: int | None = None,
    seen: str | None = None,
    telling: int | None = None,
) -> ScheduleVersion:
    """Publish the draft as the next version of the programme. Readers see it at once.

    Arguments:
        name: what organisers call it; "" for “Version” and its number.
        tell: whether those whom its changes concern get a mail; else it is published quietly.
        expected: the conference's version.
        seen: the stamp of the draft whose impact was looked at (`stamp_of`).
        telling: how many were to be told then.

    Raises:
        DomainError: ``stale``, ``validation-failed``; ``conflict`` when the name is taken, or when
            the draft or the number to tell is not what was looked at; ``wrong-state`` without a
            session.
    """
    root = load_root(conference, expected)
    document = build_document(root)
    last = root.schedule_versions.first()
    if last is None and not document["sessions"]:
        raise DomainError("wrong-state", "There is no session yet. Add one, then publish.")
    if seen is not None and seen != stamp_of(last, document):
        raise DomainError("conflict", MOVED_ON)
    return write_version(
        root,
        document,
        "publish_schedule",
        name=name,
        actor=actor,
        tell=tell,
        expected=expected,
        telling=telling,
    )


def stamp_of(last: ScheduleVersion | None, document: Document) -> str:
    """Return what names a document on top of a version: another draft has another one."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    number = last.number if last is not None else 0
    return f"{number}-{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def write_version(  # noqa: PLR0913 - the parts of a version
    root: Conference,
    document: Document,
    verb: str,
    *,
    name: str,
    actor: Actor,
    tell: bool,
    expected: int | None,
    telling: int | None = None,
    restores: ScheduleVersion | None = None,
) -> ScheduleVersion:
    """Write down the next version of a conference that is locked, and tell those above.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` when the name is taken; ``stale``.
    """
    wanted = str(v.clean({"name": name}, {"name": v.line(100)})["name"])
    last = root.schedule_versions.defer("document").first()
    number = last.number + 1 if last else 1
    row = ScheduleVersion(
        conference=root,
        number=number,
        name=wanted or _free_name(root, number),
        format=FORMAT,
        document=document,
        is_quiet=not tell,
        restores=restores,
        published_by=f"{actor.kind}:{actor.id}" if actor.id else actor.kind,
    )
    if root.schedule_versions.filter(name=row.name).exists():
        raise taken("/name", _NAME_TAKEN)
    with taken_as("/name", _NAME_TAKEN):
        row.save(force_insert=True)
    raise_version(root, expected)
    raise_plan_revision(root)
    facts = {"number": number, "sessions": len(document["sessions"])}
    audit.record(
        verb=verb,
        obj=row,
        organisation_id=root.organisation_id,
        actor=actor,
        facts=facts if restores is None else {**facts, "restores": restores.number},
    )
    schedule_published.send(
        sender=ScheduleVersion,
        event=SchedulePublished(
            conference_id=root.pk, schedule_version_id=row.pk, tell=tell, telling=telling
        ),
    )
    row.refresh_from_db(fields=["told"])
    return row


def note_told(version_id: int, told: int) -> None:
    """Write down how many a version told; for who tells them, in the transaction of publishing."""
    ScheduleVersion.objects.filter(pk=version_id).update(told=told)


def _free_name(conference: Conference, number: int) -> str:
    names = set(conference.schedule_versions.values_list("name", flat=True))
    name = f"Version {number}"
    while name in names:
        name += "+"
    return name


def current_programme(conference: Conference) -> Programme:
    """Return the programme as the public reads it: the last published version, names joined now.

    Only people who have confirmed are in it. Without a version it is empty and its version is 0.
    """
    last = (
        conference.schedule_versions.order_by("-number")
        .values_list("pk", "number", "name", "created_at", "moved_days")
        .first()
    )
    if last is None:
        return Programme(0, "", None, conference.time_zone, (), (), (), ())
    pk, number, name, published_at, days = last
    kept = _kept_document(conference, pk)
    stamp = f"{number}.{days}.{_people_stamp(conference, kept['people'])}"
    key = f"programme:{SHAPE}:{conference.uid}:{pk}:{conference.time_zone}:{stamp}"
    programme = cache.get(key)
    if not isinstance(programme, Programme):
        programme = read_programme(
            conference,
            moved(kept["document"], days),
            public=True,
            version=number,
            name=name,
            published_at=published_at,
            stamp=stamp,
        )
        cache.set(key, programme, _KEEP_SECONDS)
    return programme


def draft_programme(conference: Conference) -> Programme:
    """Return the draft in the same shape, with everybody on it and the state they are in."""
    document = build_document(conference)
    return read_programme(conference, document, public=False)


def programme_changes(conference: Conference) -> list[Change]:
    """Return how the draft differs from the last published version; nothing without one."""
    last = conference.schedule_versions.first()
    if last is None:
        return []
    return changes_between(conference, read_document(last), build_document(conference))


def read_document(version: ScheduleVersion) -> Document:
    """Return a version's document in the present format, on the days on which it is read now."""
    return in_present_form(moved(version.document, version.moved_days))


def changes_between(conference: Conference, before: Document, after: Document) -> list[Change]:
    """Return what makes one document of a conference another, in organisers' sentences.

    Who was merged away since stands for who was kept.
    """
    house = conference.organisation_id
    names = _names(house, {*people_in(before), *people_in(after)})
    before = with_kept_people(before, house, names)
    after = with_kept_people(after, house, names)
    later = {*people_in(before), *people_in(after)} - set(names)
    return compare(
        before,
        after,
        language=conference.first_language,
        names={**names, **(_names(house, later) if later else {})},
    )


def _names(organisation_id: int, codes: Collection[str]) -> dict[str, str]:
    people = Person.objects.filter(organisation_id=organisation_id, code__in=codes)
    rows = people.values_list("code", "given_name", "family_name")
    return {code: f"{given} {family}".strip() for code, given, family in rows}


def _kept_document(conference: Conference, version_pk: int) -> dict[str, Any]:
    key = f"schedule-version:{SHAPE}:{conference.uid}:{version_pk}"
    kept = cache.get(key)
    if not isinstance(kept, dict):
        document = ScheduleVersion.objects.values_list("document", flat=True).get(pk=version_pk)
        kept = {"document": document, "people": people_in(document)}
        cache.set(key, kept, _KEEP_SECONDS)
    return kept


def _people_stamp(conference: Conference, codes: list[str]) -> str:
    """Return a text that any change of these people, or of who sits where, changes.

    Sums of versions rise with each commit, in whatever order commits come.
    """
    merged = PersonMerge.objects.filter(
        organisation_id=conference.organisation_id, gone_code__in=codes, undone_at__isnull=True
    )
    people = Person.objects.filter(
        Q(code__in=codes) | Q(pk__in=merged.values("kept")),
        organisation_id=conference.organisation_id,
    ).aggregate(n=Count("pk"), v=Sum("version"), at=Max("updated_at"))
    sessions = conference.sessions.aggregate(n=Count("pk"), v=Sum("version"))
    at = int(people["at"].timestamp() * 1_000_000) if people["at"] else 0
    return f"{people['n']}.{people['v'] or 0}.{at:x}.{sessions['n']}.{sessions['v'] or 0}"
