"""Keeping in order the words by which an organisation sorts people, and tagging many at once."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation
from core.actors import Actor
from core.errors import DomainError, invalid, stale
from core.models import AuditEntry
from core.services import audit
from events import validators as v
from events.models import Conference, Person, Tag
from events.services.tags import MOST_TAGS, clean_tags, read_tags, tag_rows
from events.services.writing import load, taken
from events.signals import TagsChanged, tags_changed

MOST_PEOPLE: Final = 500
_Through: Final = Person.tags.through


def tags_with_people(organisation: Organisation, *, used: bool = False) -> QuerySet[Tag]:
    """Return the organisation's tags, each with the number of its people as `people_count`.

    Arguments:
        used: only those that somebody has.
    """
    rows = Tag.objects.filter(organisation=organisation).annotate(people_count=Count("people"))
    return (rows.filter(people_count__gt=0) if used else rows).order_by("name", "pk")


def stamp_of(tag: Tag) -> int:
    """Return a number that differs after each change of a tag: what `expected` is compared with."""
    return zlib.crc32(tag.updated_at.isoformat().encode()) % 1_000_000_000


@transaction.atomic
def rename_tag(*, tag: Tag, name: str, actor: Actor, expected: int | None = None) -> Tag:
    """Call a tag otherwise. Its slug follows, with all that names it.

    Raises:
        DomainError: ``validation-failed``, ``stale``; ``conflict`` when there is such a tag.
    """
    row = _load(tag, expected)
    cleaned = str(v.clean({"name": name}, {"name": v.line(100, required=True)})["name"])
    read = read_tags(cleaned)
    slugs = list(clean_tags(read)) if len(read) == 1 else []
    if not slugs:
        raise invalid("/name", "invalid", "Give one word or more, without commas between them.")
    before, slug = row.slug, slugs[0]
    others = Tag.objects.filter(organisation_id=row.organisation_id).exclude(pk=row.pk)
    if others.filter(slug=slug).exists():
        raise taken("/name", "There is a tag of that name. Merge the two instead.")
    row.name, row.slug = cleaned, slug
    row.save(update_fields=["name", "slug", "updated_at"])
    if slug != before:
        _raise_people(Person.objects.filter(tags=row))
        _follow(row.organisation_id, {before: slug})
    _note("rename_tag", row, actor, changed=["name"])
    return row


@transaction.atomic
def merge_tags(*, tag: Tag, into: Tag, actor: Actor, expected: int | None = None) -> Tag:
    """Give everybody with one tag the other one, and delete the first.

    Raises:
        DomainError: ``validation-failed`` for a tag and itself, or one of another house; ``stale``.
    """
    if tag.pk == into.pk or tag.organisation_id != into.organisation_id:
        raise invalid("/into", "unknown", "Choose another tag of this organisation.")
    rows = {row.pk: load(row) for row in sorted((tag, into), key=lambda one: one.pk)}
    gone, kept = rows[tag.pk], rows[into.pk]
    _check(gone, expected)
    people = set(_Through.objects.filter(tag=gone).values_list("person_id", flat=True))
    _Through.objects.bulk_create(
        (_Through(person_id=pk, tag_id=kept.pk) for pk in sorted(people)), ignore_conflicts=True
    )
    _raise_people(Person.objects.filter(pk__in=people))
    slug = gone.slug
    gone.delete()
    _follow(kept.organisation_id, {slug: kept.slug})
    kept.save(update_fields=["updated_at"])
    _note("merge_tags", kept, actor, facts={"people": len(people)})
    return kept


@transaction.atomic
def delete_tag(*, tag: Tag, people: int, actor: Actor, expected: int | None = None) -> None:
    """Delete a tag and take it off everybody who has it.

    Arguments:
        people: how many have it, as who deletes it was told.

    Raises:
        DomainError: ``stale``; ``in-use`` when others have it by now, or an announcement that is
            not sent yet chooses its readers by it.
    """
    row = _load(tag, expected)
    number = row.people.count()
    if number != people:
        raise DomainError("in-use", f"{number} people have this tag. It was not deleted.")
    _raise_people(Person.objects.filter(tags=row))
    _follow(row.organisation_id, {row.slug: ""})
    _note("delete_tag", row, actor, facts={"people": number})
    row.delete()


@transaction.atomic
def tag_people(
    *,
    organisation: Organisation,
    codes: Collection[str],
    actor: Actor,
    add: Iterable[str] | Mapping[str, str] = (),
    remove: Iterable[str] = (),
) -> int:
    """Give many people tags and take others off them; return how many people changed.

    Arguments:
        add: slugs, or slug -> how a new one is written.
        remove: slugs.

    Raises:
        DomainError: ``validation-failed``, also for who is not there, and for one who would
            have too many tags: nobody is changed then.
    """
    wanted, unwanted = clean_tags(add), clean_tags(remove)
    if not wanted and not unwanted:
        raise invalid("/add", "required", "Name a tag to add or to take off.")
    if both := wanted.keys() & unwanted.keys():
        raise invalid("/remove", "both", f"“{min(both)}” can not be added and taken off at once.")
    chosen = set(codes)
    if not chosen or len(chosen) > MOST_PEOPLE:
        raise invalid("/people", "number", f"Choose 1 to {MOST_PEOPLE} people.")
    rows = Person.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    people = list(rows.filter(organisation=organisation, code__in=chosen))
    if len(people) != len(chosen):
        raise invalid("/people", "unknown", "One of these people is not there. Nobody was changed.")
    has: dict[int, set[str]] = {person.pk: set() for person in people}
    pairs = _Through.objects.filter(person_id__in=has).values_list("person_id", "tag__slug")
    for pk, slug in pairs:
        has[pk].add(slug)
    then = {pk: (slugs | wanted.keys()) - unwanted.keys() for pk, slugs in has.items()}
    if any(len(slugs) > MOST_TAGS for slugs in then.values()):
        raise invalid("/add", "too-many", f"A person has {MOST_TAGS} tags at the most.")
    changed = [person for person in people if then[person.pk] != has[person.pk]]
    ids = [person.pk for person in changed]
    tags = tag_rows(organisation.pk, wanted) if changed else []
    _Through.objects.bulk_create(
        (_Through(person_id=pk, tag_id=tag.pk) for pk in ids for tag in tags), ignore_conflicts=True
    )
    _Through.objects.filter(person_id__in=ids, tag__slug__in=list(unwanted)).delete()
    _raise_people(Person.objects.filter(pk__in=ids))
    AuditEntry.objects.bulk_create(
        audit.entry(
            verb="tag_people",
            obj=person,
            organisation_id=organisation.pk,
            actor=actor,
            changed=["tags"],
        )
        for person in changed
    )
    return len(changed)


def _load(tag: Tag, expected: int | None) -> Tag:
    row = load(tag)
    _check(row, expected)
    return row


def _check(row: Tag, expected: int | None) -> None:
    if expected is not None and stamp_of(row) != expected:
        raise stale()


def _raise_people(people: QuerySet[Person]) -> None:
    ids = list(people.values_list("pk", flat=True))
    Person.objects.filter(pk__in=ids).update(version=F("version") + 1, updated_at=timezone.now())


def _follow(organisation_id: int, slugs: dict[str, str]) -> None:
    """Let all that keeps slugs of tags name those of today."""
    hinted = Conference.objects.filter(Q(organisation_id=organisation_id) & ~Q(balance_tags=[]))
    for conference in hinted.order_by("pk"):
        others = [slugs.get(slug, slug) for slug in conference.balance_tags]
        if others != conference.balance_tags:
            tags = [slug for slug in dict.fromkeys(others) if slug]
            Conference.objects.filter(pk=conference.pk).update(
                balance_tags=tags, version=F("version") + 1, updated_at=timezone.now()
            )
    tags_changed.send(sender=Tag, event=TagsChanged(organisation_id, slugs))


def _note(verb: str, row: Tag, actor: Actor, **details: Any) -> None:
    audit.record(verb=verb, obj=row, organisation_id=row.organisation_id, actor=actor, **details)
