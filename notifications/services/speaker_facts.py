"""The links of who speaks, in mails and in what is kept of them."""

from __future__ import annotations

import re
from copy import copy
from typing import Final

from events.services.speaker_links import speaker_url
from notifications.models import Message

PLACEHOLDER: Final = re.compile(r"⟦speaker:(\d+)⟧")


def speaker_links_of(message: Message) -> dict[str, str]:
    """Return placeholder -> address of a speaker's own page, for a mail to them."""
    row = message.participation
    return {} if row is None else {f"⟦speaker:{row.link_generation}⟧": speaker_url(row)}


def speaker_link(message: Message | None, generation: int) -> str:
    """Return the address of that page as it was at a link generation; "" without one."""
    if message is None or message.participation is None:
        return ""
    then = copy(message.participation)
    then.link_generation = generation
    return speaker_url(then)
