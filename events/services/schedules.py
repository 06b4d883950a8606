"""Schedule versions: publishing the draft, and reading what is published."""

from __future__ import annotations

from typing import Any, Final

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Max, Sum

from core.actors import Actor
from core.errors import DomainError
from core.services import audit
from core.services.versions import raise_version
from events import validators as v
from events.models import Conference, Person, ScheduleVersion
from events.programme import Change, Programme
from events.services.changes import compare
from events.services.documents import FORMAT, build_document, moved
from events.services.instants import raise_plan_revision
from events.services.programmes import people_in, read_programme
from events.services.writing import load_root, taken, taken_as
from events.signals import SchedulePublished, schedule_published

# Part of each cache key: raise it when the shape of events.programme changes.
SHAPE: Final = 2
_KEEP_SECONDS: Final = 3600
_NAME_TAKEN: Final = "A version of this programme has that name already."


@transaction.atomic
def publish_schedule(
    *, conference: Conference, name: str, actor: Actor, expected: int | None = None
) -> ScheduleVersion:
    """Publish the draft as the next version of the programme. Readers see it at once.

    Arguments:
        name: what organisers call it; "" for “Version” and its number.
        expected: the conference's version.

    Raises:
        DomainError: ``stale``, ``validation-failed``; ``conflict`` when the name is taken;
            ``wrong-state`` without a session.
    """
    wanted = str(v.clean({"name": name}, {"name": v.line(100)})["name"])
    root = load_root(conference, expected)
    last = root.schedule_versions.first()
    document = build_document(root)
    if last is None and not document["sessions"]:
        raise DomainError("wrong-state", "There is no session yet. Add one, then publish.")
    number = last.number + 1 if last else 1
    row = ScheduleVersion(
        conference=root,
        number=number,
        name=wanted or _free_name(root, number),
        format=FORMAT,
        document=document,
        published_by=f"{actor.kind}:{actor.id}" if actor.id else actor.kind,
    )
    if root.schedule_versions.filter(name=row.name).exists():
        raise taken("/name", _NAME_TAKEN)
    with taken_as("/name", _NAME_TAKEN):
        row.save(force_insert=True)
    raise_version(root, expected)
    raise_plan_revision(root)
    audit.record(
        verb="publish_schedule",
        obj=row,
        organisation_id=root.organisation_id,
        actor=actor,
        facts={"number": number, "sessions": len(document["sessions"])},
    )
    schedule_published.send(
        sender=ScheduleVersion,
        event=SchedulePublished(conference_id=root.pk, schedule_version_id=row.pk),
    )
    return row


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
    draft = build_document(conference)
    before = moved(last.document, last.moved_days)
    codes = sorted({*people_in(draft), *people_in(before)})
    people = Person.objects.filter(organisation_id=conference.organisation_id, code__in=codes)
    return compare(
        before,
        draft,
        language=conference.first_language,
        names={p.code: f"{p.given_name} {p.family_name}".strip() for p in people},
    )


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
    people = Person.objects.filter(
        organisation_id=conference.organisation_id, code__in=codes
    ).aggregate(n=Count("pk"), v=Sum("version"), at=Max("updated_at"))
    sessions = conference.sessions.aggregate(n=Count("pk"), v=Sum("version"))
    at = int(people["at"].timestamp() * 1_000_000) if people["at"] else 0
    return f"{people['n']}.{people['v'] or 0}.{at:x}.{sessions['n']}.{sessions['v'] or 0}"
