"""Places of what is chosen: options and sessions of one registration change hands together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from core.errors import DomainError
from registrations.models import Registration
from registrations.services.needs import allotments_of
from registrations.services.place_moves import exchange_places


@dataclass(frozen=True, slots=True)
class Choices:
    """What was chosen and what no more, by one change or several.

    Arguments:
        joined: id of an allotment -> the refusal when it has no place left.
        left: ids of allotments.
    """

    joined: dict[int, Callable[[], DomainError]] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)


def move_choices(*, registration: Registration, choices: Choices) -> None:
    """Take and give back the places, in the order of ids and in one round; call it last.

    From here to the commit nobody else gets a place of these.

    Arguments:
        registration: with a place, and locked; what was chosen is written already.

    Raises:
        DomainError: ``sold-out``.
    """
    if not choices.joined and not choices.left:
        return
    have = set(registration.places.values_list("allotment_id", flat=True))
    need = set(allotments_of(registration))
    lacking = exchange_places(
        registration=registration,
        take=(choices.joined.keys() & need) - have,
        give=(choices.left & have) - need,
    )
    if lacking is not None:
        full = choices.joined[lacking]()
        raise full
