"""How far invitations are: added, sent, seen, answered, coming, came; together and by tag."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q

from events.models import Conference, Tag
from registrations.enums import InvitationResponse
from registrations.models import Invitation

_COMING: Final = Q(response=InvitationResponse.ACCEPTED)
_STEPS: Final[dict[str, Any]] = {
    "added": Count("pk"),
    "sent": Count("pk", filter=Q(sent_at__isnull=False)),
    # Who answered has seen it, also without the page's script.
    "seen": Count("pk", filter=Q(seen_at__isnull=False) | ~Q(response="")),
    "answered": Count("pk", filter=~Q(response="")),
    "coming": Count("pk", filter=_COMING),
    "attended": Count("pk", filter=_COMING & Q(registration__checked_in_at__isnull=False)),
    "maybe": Count("pk", filter=Q(response=InvitationResponse.TENTATIVE)),
    "declined": Count("pk", filter=Q(response=InvitationResponse.DECLINED)),
    "silent": Count("pk", filter=Q(sent_at__isnull=False, response="")),
    "not_asked": Count("pk", filter=Q(sent_at__isnull=True, response="")),
    "companions": Count("pk", filter=_COMING & Q(companion__isnull=False)),
}
VIP: Final = "vip"
WIDTH: Final = 460
STEPS: Final[dict[str, str]] = {
    "added": "Added",
    "sent": "Sent",
    "seen": "Page seen",
    "answered": "Answered",
    "coming": "Coming",
    "attended": "Came",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The figures of one group of invitations.

    Arguments:
        tag: its slug; "" is all of them.
    """

    tag: str
    name: str
    added: int
    sent: int
    seen: int
    answered: int
    coming: int
    attended: int
    maybe: int
    declined: int
    silent: int
    not_asked: int
    companions: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One step as it is drawn: a word, a number, and how wide."""

    label: str
    number: int
    width: int
    y: int

    @property
    def text_y(self) -> int:
        return self.y + 15


def funnel_of(conference: Conference) -> tuple[Stage, list[Stage]]:
    """Return the figures of all live invitations, and those by tag; two queries.

    Guests with several tags count in each, those without any only in the whole.
    """
    rows = Invitation.objects.live().filter(conference=conference).order_by()
    whole = _stage(rows.aggregate(**_STEPS))
    by_tag = (
        rows.filter(person__tags__isnull=False)
        .values("person__tags__slug", "person__tags__name")
        .annotate(**_STEPS)
        .order_by("person__tags__name", "person__tags__slug")
    )
    return whole, [
        _stage(row, row["person__tags__slug"], row["person__tags__name"]) for row in by_tag
    ]


def _stage(row: Mapping[str, Any], tag: str = "", name: str = "All") -> Stage:
    return Stage(tag=tag, name=name, **{step: row[step] for step in _STEPS})


def bars_of(stage: Stage) -> list[Bar]:
    """Return the steps of a group as horizontal bars, one under the other."""
    return [
        Bar(label, number := getattr(stage, name), round(WIDTH * number / max(stage.added, 1)), y)
        for y, (name, label) in zip(range(0, 200, 30), STEPS.items(), strict=False)
    ]


def silent_vips(conference: Conference) -> tuple[int, int]:
    """Return how many guests are silent, and how many of them have the tag ``vip``; one query."""
    is_vip = Exists(Tag.objects.filter(people=OuterRef("person"), slug=VIP))
    rows = Invitation.objects.silent().filter(conference=conference).annotate(is_vip=is_vip)
    figures = rows.aggregate(silent=Count("pk"), vips=Count("pk", filter=Q(is_vip=True)))
    return figures["silent"], figures["vips"]


def stages_of(conferences: Iterable[Conference]) -> dict[int, Stage]:
    """Return the figures of several conferences by their ids; one query."""
    rows = (
        Invitation.objects.live()
        .filter(conference__in=list(conferences))
        .order_by()
        .values("conference_id")
        .annotate(**_STEPS)
    )
    return {row["conference_id"]: _stage(row) for row in rows}
