"""Where mail to a person of the organisation goes."""

from __future__ import annotations

from events.models import Person


def address_of(person: Person) -> str:
    """Return the assistant's address where there is an assistant, else the person's own, or ""."""
    assistant = next(iter(person.assistants.all()), None)
    return assistant.email if assistant is not None else person.email
