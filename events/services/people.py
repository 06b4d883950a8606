"""People that an organisation knows, with their tags and assistants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction

from accounts.models import Organisation
from core.actors import Actor
from core.errors import invalid
from core.models import StoredFile
from core.services import audit
from core.services.versions import raise_version
from core.text import search_key, search_key_of
from events import validators as v
from events.models import Assistant, Person
from events.services.published import refuse_if_published
from events.services.tags import clean_tags, tag_rows
from events.services.writing import assign, load_root, refuse_if_used, save_root, taken_as
from events.signals import PersonChanged, person_changed

CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "honorific": v.line(60),
    "given_name": v.line(120, required=True),
    "family_name": v.line(120),
    "names_by_script": v.names_by_script,
    "pronunciation": v.line(200),
    "email": v.email_address,
    "phone": v.line(40),
    "affiliation": v.line(200),
    "position": v.line(200),
    "bio": v.texts(v.MAX_TEXT, lines=True),
    "photo": v.anything,
    "photo_alt": v.texts(300),
    "no_photo": v.flag,
    "language": v.optional_language,
    "salutation": v.texts(200),
    "source": v.line(200),
    "basis": v.line(200),
    "notes": v.paragraphs(),
}
ASSISTANT_CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "name": v.line(200, required=True),
    "email": v.email_address,
    "phone": v.line(40),
}
_SORT_LENGTH: Final = 300
# What goes with a person who never took part in anything.
_PARTS: Final = frozenset(
    {
        "events.assistant",
        "events.availability",
        "events.candidate",
        "events.externalref",
        "events.personmerge",
    }
)


class PersonFields(TypedDict, total=False):
    """What a person may be given besides a given name."""

    honorific: str
    family_name: str
    names_by_script: Mapping[str, Mapping[str, str]]
    pronunciation: str
    email: str
    phone: str
    affiliation: str
    position: str
    bio: Mapping[str, str]
    photo: StoredFile | None
    photo_alt: Mapping[str, str]
    no_photo: bool
    language: str
    salutation: Mapping[str, str]
    source: str
    basis: str
    notes: str
    tags: Iterable[str] | Mapping[str, str]


@transaction.atomic
def create_person(
    *, organisation: Organisation, given_name: str, actor: Actor, **fields: Unpack[PersonFields]
) -> Person:
    """Add a person to those whom the organisation knows.

    Two people may share a name and an address. Tags that do not exist yet are made.

    Arguments:
        fields: `tags` as slugs, or as slug -> how a new one is written.

    Raises:
        DomainError: ``validation-failed``.
    """
    more: dict[str, Any] = dict(fields)
    tags = clean_tags(more.pop("tags", ()))
    row = Person(organisation=organisation, **v.clean({"given_name": given_name, **more}, CLEANERS))
    _check_photo(row)
    set_keys(row)
    with taken_as("", "Two people were given the same code. Try again."):
        row.save(force_insert=True)
    if tags:
        row.tags.set(tag_rows(organisation.pk, tags))
    audit.record(verb="create_person", obj=row, organisation_id=organisation.pk, actor=actor)
    return row


@transaction.atomic
def change_person(
    *, person: Person, changes: Mapping[str, Any], expected: int | None, actor: Actor
) -> Person:
    """Change a person and return them as they are now.

    Name, bio and photo show in published programmes at once; affiliation and position there are
    those of the day.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    row = load_root(person, expected)
    wanted = dict(changes)
    tags = clean_tags(wanted.pop("tags")) if "tags" in wanted else None
    changed = assign(row, v.clean(wanted, CLEANERS))
    if tags is not None and set(tags) != set(row.tags.values_list("slug", flat=True)):
        row.tags.set(tag_rows(row.organisation_id, tags))
    elif not changed:
        return row
    else:
        tags = None
    _check_photo(row)
    derived = set_keys(row)
    save_root(row, [*changed, *derived], expected)
    if derived:
        person_changed.send(sender=Person, event=PersonChanged(person_id=row.pk))
    audit.record(
        verb="change_person",
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        changed=[*changed, *(() if tags is None else ("tags",))],
    )
    return row


@transaction.atomic
def delete_person(*, person: Person, expected: int | None, actor: Actor) -> None:
    """Delete a person who never took part in anything.

    Raises:
        DomainError: ``stale``; ``in-use``.
    """
    row = load_root(person, expected)
    detail = "This person takes or took part in something here. They were not deleted."
    refuse_if_used(row, owned=_PARTS, detail=detail)
    former = row.merges.filter(undone_at__isnull=True).values_list("gone_code", flat=True)
    for code in (row.code, *former):
        refuse_if_published(
            organisation_id=row.organisation_id, part="people", code=code, detail=detail
        )
    audit.record(verb="delete_person", obj=row, organisation_id=row.organisation_id, actor=actor)
    row.delete()


@transaction.atomic
def set_assistants(
    *,
    person: Person,
    assistants: Iterable[Mapping[str, Any]],
    expected: int | None,
    actor: Actor,
) -> Person:
    """Say who answers and gets the mail for a person, in place of who did so far.

    Arguments:
        assistants: `name`, `email`, and perhaps `phone` and `copy_to_principal`, of each.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    row = load_root(person, expected)
    rows = []
    for index, given in enumerate(assistants):
        facts = dict(given)
        copy = bool(facts.pop("copy_to_principal", False))
        values = v.clean(facts, ASSISTANT_CLEANERS, prefix=f"/assistants/{index}")
        if not values.get("name") or not values.get("email"):
            raise invalid(
                f"/assistants/{index}", "required", "An assistant has a name and an e-mail address."
            )
        rows.append(Assistant(person=row, copy_to_principal=copy, **values))
    row.assistants.all().delete()
    Assistant.objects.bulk_create(rows)
    raise_version(row, expected)
    audit.record(
        verb="set_assistants",
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        changed=["assistants"],
        facts={"count": len(rows)},
    )
    return row


def _check_photo(row: Person) -> None:
    if row.photo is not None and row.photo.organisation_id_value != row.organisation_id:
        raise invalid("/photo", "unknown", "There is no such picture.")


def set_keys(row: Person) -> list[str]:
    """Set in memory what lists search and sort by; return the names of those that changed."""
    others = [text for names in row.names_by_script.values() for text in names.values()]
    words = [row.given_name, row.family_name, *others, row.affiliation, row.position, row.email]
    return assign(
        row,
        {
            "search_key": search_key_of(words),
            "sort_key": search_key(row.family_name, row.given_name)[:_SORT_LENGTH],
        },
    )
