"""Which messages an address of the outbox means: `?state=failed&kind=reminder&rule=…&q=…`."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

from events.models import Conference
from notifications.enums import MessageKind, MessageState
from notifications.services.bulk import Selection

_NAMES: Final = ("state", "kind", "rule", "q")


def asked_in(request: HttpRequest) -> dict[str, str]:
    """Return what the address asks for, without what can mean nothing."""
    asked = {name: request.GET.get(name, "").replace("\x00", "")[:200] for name in _NAMES}
    if asked["state"] not in MessageState.values:
        asked["state"] = ""
    if asked["kind"] not in MessageKind.values:
        asked["kind"] = ""
    return asked


def selection_in(request: HttpRequest) -> Selection:
    """Return the messages that the address means."""
    asked = asked_in(request)
    return Selection(state=asked["state"], kind=asked["kind"], rule=asked["rule"], text=asked["q"])


def words_for(conference: Conference, selection: Selection) -> list[tuple[str, str]]:
    """Return a selection as its reader chose it: what is asked for, and its value."""
    words = []
    if selection.state:
        words.append(("State", str(MessageState(selection.state).label)))
    if selection.kind:
        words.append(("Kind", str(MessageKind(selection.kind).label)))
    if selection.rule:
        names = conference.reminder_rules.filter(code=selection.rule)
        words.append(("Rule", names.values_list("name", flat=True).first() or selection.rule))
    if selection.text:
        words.append(("Address or name", selection.text))
    return words
