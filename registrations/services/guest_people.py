"""The people of a list of guests: made, or brought up to date by what the list says."""

from __future__ import annotations

from typing import Any

from core.actors import Actor
from events.models import Person
from events.services.people import change_person, create_person, set_assistants
from registrations.models import GuestImport
from registrations.services.guest_rows import GuestRow


def add_person(row: GuestImport, guest: GuestRow, actor: Actor) -> Person:
    """Make the person of a line, with their assistant."""
    facts = dict(guest.facts)
    person = create_person(
        organisation=row.conference.organisation,
        given_name=facts.pop("given_name"),
        salutation=guest.salutation,
        tags=guest.tags,
        source=row.source,
        basis=row.basis,
        actor=actor,
        **facts,
    )
    if guest.assistant:
        _set_assistant(person, guest.assistant, actor)
    return person


def bring_up_to_date(row: GuestImport, person: Person, guest: GuestRow, actor: Actor) -> bool:
    """Fill in what is empty, or update what differs too; return whether anything changed.

    Tags are only ever added: another list's are not this one's to take away.
    """
    update = bool(row.settings.get("update"))
    said: dict[str, Any] = {
        name: value
        for name, value in guest.facts.items()
        if getattr(person, name) != value and (update or not getattr(person, name))
    }
    here = person.salutation
    texts = {tag: text for tag, text in guest.salutation.items() if update or tag not in here}
    if {**here, **texts} != here:
        said["salutation"] = {**here, **texts}
    if guest.tags:
        tags = dict.fromkeys(person.tags.values_list("slug", flat=True), "")
        if guest.tags.keys() - tags:
            said["tags"] = {**guest.tags, **tags}
    for name in ("source", "basis"):
        if not getattr(person, name):
            said[name] = getattr(row, name)
    if said:
        change_person(person=person, changes=said, expected=None, actor=actor)
    has_new_assistant = False
    if guest.assistant:
        known = list(person.assistants.values_list("name", "email"))
        has_new_assistant = guest.assistant not in known and (update or not known)
        if has_new_assistant:
            _set_assistant(person, guest.assistant, actor)
    return bool(said) or has_new_assistant


def _set_assistant(person: Person, assistant: tuple[str, str], actor: Actor) -> None:
    name, email = assistant
    set_assistants(
        person=person, assistants=[{"name": name, "email": email}], expected=None, actor=actor
    )
