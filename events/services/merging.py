"""Two people who are one: put together in one deed, and taken apart again within 30 days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError, invalid
from core.services import audit
from core.services.versions import raise_version
from core.text import full_name
from events.models import Conference, Participation, Person, PersonMerge, Session, Tag
from events.services.merge_fields import merged_values
from events.services.merge_rows import joins_of, move_back, move_rows
from events.services.people import set_keys
from events.services.row_dumps import dump_row, row_again, values_of
from events.services.writing import assign, load, load_root, refuse_if_used, save_root, taken
from events.signals import (
    PeopleMerged,
    PeopleParted,
    PersonChanged,
    people_merged,
    people_parted,
    person_changed,
)

UNDO_DAYS: Final = 30
MOST_TAGS: Final = 50


@transaction.atomic
def merge_people(
    *,
    kept: Person,
    gone: Person,
    actor: Actor,
    choices: Mapping[str, Any] | None = None,
    expected: int | None = None,
    expected_gone: int | None = None,
) -> PersonMerge:
    """Put one person into another: all that points to the one points to the other from now on.

    Links of speakers and guests stay what they were. The code of the one who is gone leads to the
    other one. It can be undone for 30 days.

    Arguments:
        choices: field -> ``kept``, ``gone`` or ``both`` (`merge_fields`); what is not named goes by
            the usual rule.
        expected, expected_gone: the versions of the two.

    Raises:
        DomainError: ``stale``, ``not-found``, ``validation-failed``; ``conflict`` when both have a
            live place or a live invitation at one conference: one has to be taken back first.
    """
    if kept.pk == gone.pk:
        raise invalid("", "same", "This is one and the same person. Choose another one.")
    if kept.organisation_id != gone.organisation_id:
        raise invalid("", "unknown", "There is no such person.")
    _hold_programme(gone, kept)
    root, other = _hold_both(kept, gone, expected, expected_gone)
    values = merged_values(root, other, choices)
    snapshot: dict[str, Any] = {"person": dump_row(other)}
    joins = joins_of(root, other)
    merge = PersonMerge.objects.create(
        organisation_id=root.organisation_id,
        kept=root,
        gone_code=other.code,
        gone_uid=other.uid,
        undo_until=timezone.now() + dt.timedelta(days=UNDO_DAYS),
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    moved: dict[str, list[int]] = {}
    event = PeopleMerged(
        merge_id=merge.pk,
        kept_id=root.pk,
        gone_id=other.pk,
        moved=moved,
        joined={join.goes.pk: join.stays.pk for join in joins},
    )
    people_merged.send(sender=Person, event=event)
    # The merge itself is about the one who stays already.
    done = move_rows(root, other, joins)
    changed, snapshot["kept"] = _take_values(root, values)
    snapshot |= {"rows": done.rows, "pointers": done.pointers, "tags": _join_tags(root, other)}
    save_root(root, changed, None)
    refuse_if_used(
        other,
        owned=(),
        detail="Something still points to the person who would be gone. Nothing was merged.",
    )
    other.delete()
    merge.snapshot, merge.moved = snapshot, {**moved, **done.moved}
    merge.save(update_fields=["snapshot", "moved", "updated_at"])
    # Copies of names that lists search by follow.
    person_changed.send(sender=Person, event=PersonChanged(person_id=root.pk))
    audit.record(
        verb="merge_people",
        obj=root,
        organisation_id=root.organisation_id,
        actor=actor,
        changed=changed,
        facts={"gone": other.code, "rows": sum(map(len, merge.moved.values()))},
    )
    return merge


@transaction.atomic
def undo_merge(*, merge: PersonMerge, actor: Actor) -> Person:
    """Take two people apart again as they were, and return the one who is there again.

    What was changed of the one who stayed after the merge stays changed, and what was deleted since
    stays deleted.

    Raises:
        DomainError: ``wrong-state`` when it has been undone, after 30 days, or while a later merge
            into the same person stands; ``conflict`` when somebody else has that code by now.
    """
    _hold_programme(merge.kept)
    row = load(merge)
    _refuse_undoing(row)
    kept = load(row.kept)
    dump = row.snapshot["person"]
    if Person.objects.filter(organisation_id=row.organisation_id, code=row.gone_code).exists():
        raise taken("", "Somebody else has this person's code by now. Nothing was undone.")
    try:
        with transaction.atomic():
            again = row_again(dump)
            if not isinstance(again, Person):
                raise DomainError("not-found", "The organisation is gone.")
            move_back(kept, again, {**row.snapshot, "moved": row.moved})
    except IntegrityError as error:
        raise taken(
            "",
            "Something new stands where a part of this person would go back. Nothing was undone.",
        ) from error
    changed = _give_values_back(kept, row.snapshot["kept"])
    _part_tags(kept, again, row.snapshot["tags"])
    save_root(kept, changed, None)
    raise_version(again)
    event = PeopleParted(merge_id=row.pk, kept_id=kept.pk, again_id=again.pk, moved=row.moved)
    people_parted.send(sender=Person, event=event)
    row.undone_at = timezone.now()
    row.snapshot, row.moved = {}, {}
    row.save(update_fields=["undone_at", "snapshot", "moved", "updated_at"])
    for pk in (kept.pk, again.pk):
        person_changed.send(sender=Person, event=PersonChanged(person_id=pk))
    audit.record(
        verb="undo_merge",
        obj=kept,
        organisation_id=row.organisation_id,
        actor=actor,
        changed=changed,
        facts={"again": row.gone_code},
    )
    return again


def may_undo(merge: PersonMerge) -> bool:
    """Tell whether a merge can still be undone, as far as it itself says."""
    return merge.undone_at is None and bool(merge.snapshot) and merge.undo_until > timezone.now()


@transaction.atomic
def forget_merges() -> int:
    """Empty what merges keep of people who are gone, once nobody can undo them any more."""
    old = PersonMerge.objects.filter(undo_until__lte=timezone.now()).exclude(snapshot={}, moved={})
    return old.update(snapshot={}, moved={}, updated_at=timezone.now())


def name_of(merge: PersonMerge) -> str:
    """Return the name of the one who is gone, or their code once it is forgotten."""
    values = merge.snapshot.get("person", {}).get("values", {}) if merge.snapshot else {}
    name = full_name(values.get("given_name", ""), values.get("family_name", ""))
    return name or merge.gone_code


def _hold_programme(*people: Person) -> None:
    """Lock conferences and sessions of these people, in the order in which all verbs do."""
    parts = Participation.objects.filter(person__in=people)
    for model, name in ((Conference, "session__conference_id"), (Session, "session_id")):
        rows = model._default_manager.select_for_update(of=("self",), no_key=True)
        ids = sorted(set(parts.values_list(name, flat=True)))
        list(rows.filter(pk__in=ids).order_by("pk").values_list("pk"))


def _hold_both(
    kept: Person, gone: Person, expected: int | None, expected_gone: int | None
) -> tuple[Person, Person]:
    """Return both, locked by id."""
    versions = {kept.pk: expected, gone.pk: expected_gone}
    rows = {
        one.pk: load_root(one, versions[one.pk])
        for one in sorted((kept, gone), key=lambda person: person.pk)
    }
    return rows[kept.pk], rows[gone.pk]


def _take_values(root: Person, values: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """Set what the one who stays has from now on; return the fields and what to put back."""
    before = dump_row(root)
    changed = assign(root, values)
    changed += set_keys(root)
    after = dump_row(root, changed)
    former = {name: before["values"][name] for name in after["values"]}
    return changed, {"before": {**before, "values": former}, "after": after}


def _give_values_back(kept: Person, snapshot: Mapping[str, Any]) -> list[str]:
    """Set what the merge had changed and nobody has changed since."""
    after = values_of(snapshot["after"])
    back = {
        name: value
        for name, value in values_of(snapshot["before"]).items()
        if getattr(kept, name) == after[name]
    }
    changed = assign(kept, back)
    if back.keys() != after.keys():
        changed += [name for name in set_keys(kept) if name not in changed]
    return [name.removesuffix("_id") for name in changed]


def _join_tags(root: Person, other: Person) -> dict[str, list[int]]:
    mine = set(root.tags.values_list("pk", flat=True))
    theirs = sorted(other.tags.values_list("pk", flat=True))
    added = [pk for pk in theirs if pk not in mine]
    if len(mine) + len(added) > MOST_TAGS:
        raise invalid("", "too-many", f"Together they have more than {MOST_TAGS} tags.")
    root.tags.add(*added)
    other.tags.clear()
    return {"gone": theirs, "added": added}


def _part_tags(kept: Person, again: Person, tags: Mapping[str, list[int]]) -> None:
    kept.tags.remove(*tags["added"])
    again.tags.set(Tag.objects.filter(pk__in=tags["gone"], organisation_id=kept.organisation_id))


def _refuse_undoing(row: PersonMerge) -> None:
    if row.undone_at is not None:
        raise DomainError("wrong-state", "This merge has been undone.")
    if not may_undo(row):
        raise DomainError(
            "wrong-state", f"A merge can be undone for {UNDO_DAYS} days. They are over."
        )
    later = PersonMerge.objects.filter(
        kept_id=row.kept_id, pk__gt=row.pk, undone_at__isnull=True, undo_until__gt=timezone.now()
    ).first()
    if later is not None:
        raise DomainError(
            "wrong-state",
            f"{name_of(later)} was merged into the same person later. Undo that first.",
        )
