"""What the outbox does when two people turn out to be one, when they part, and when tags change.

What went to the one who is gone counts as gone to the one who stays, so that no rule sends it to
them again. What was planned is planned anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import F, Q, QuerySet

from core.errors import DomainError
from events.models import Conference, Participation, Person
from events.services.writing import save_root
from notifications.enums import AnnouncementState, MessageState
from notifications.models import Announcement, Message

MESSAGES: Final = "notifications.message.person"
_PARTS: Final = "notifications.message.participation:"
_KEYS: Final = "notifications.message.key"
# What a planner may not write over any more; its key says to whom it has gone.
_OVER: Final = (MessageState.SENT, MessageState.UNKNOWN, MessageState.FAILED)


def move_people(
    kept_id: int, gone_id: int, joined: Mapping[int, int], moved: dict[str, list[int]]
) -> None:
    """Put the mail of who is gone under the one who stays, and plan anew what rules have."""
    _plan_anew(gone_id)
    mine = Message.objects.filter(person_id=gone_id)
    codes = dict(Person.objects.filter(pk__in=(kept_id, gone_id)).values_list("pk", "code"))
    found = {
        MESSAGES: list(mine.order_by("pk").values_list("pk", flat=True)),
        _KEYS: _rename(mine, codes[gone_id], codes[kept_id]),
    }
    Message.objects.filter(pk__in=found[MESSAGES]).update(person_id=kept_id)
    for goes, stays in joined.items():
        rows = Message.objects.filter(participation_id=goes)
        found[f"{_PARTS}{goes}"] = list(rows.order_by("pk").values_list("pk", flat=True))
        rows.update(participation_id=stays)
    moved.update({key: ids for key, ids in found.items() if ids})


def move_people_back(kept_id: int, again_id: int, moved: Mapping[str, Iterable[int]]) -> None:
    """Put back what a merge had moved and is still there, and plan anew."""
    codes = dict(Person.objects.filter(pk__in=(kept_id, again_id)).values_list("pk", "code"))
    renamed = Message.objects.filter(pk__in=list(moved.get(_KEYS, ())))
    _rename(renamed, codes[kept_id], codes[again_id])
    Message.objects.filter(pk__in=list(moved.get(MESSAGES, ())), person_id=kept_id).update(
        person_id=again_id
    )
    for key, ids in moved.items():
        part = key.removeprefix(_PARTS)
        if part != key and Participation.objects.filter(pk=int(part)).exists():
            Message.objects.filter(pk__in=list(ids)).update(participation_id=int(part))
    _plan_anew(again_id)


def _plan_anew(person_id: int) -> None:
    """Make what rules have for a person unclaimable until it is planned anew."""
    conferences = Conference.objects.filter(
        Q(sessions__participations__person_id=person_id) | Q(invitations__person_id=person_id)
    )
    ids = sorted(set(conferences.values_list("pk", flat=True)))
    Conference.objects.filter(pk__in=ids).update(plan_revision=F("plan_revision") + 1)


def _rename(rows: QuerySet[Message], before: str, after: str) -> list[int]:
    """Let keys name the other person, where no message has that key; return the ids of the rows."""
    sent = rows.filter(state__in=_OVER, rule__isnull=False)
    wanted: dict[int, str] = {}
    for pk, key in sent.order_by("pk").values_list("pk", "key"):
        parts = key.split(":")
        others = [_other(part, before, after) for part in parts]
        if others != parts:
            wanted[pk] = ":".join(others)
    taken = set(Message.objects.filter(key__in=wanted.values()).values_list("key", flat=True))
    free = {pk: key for pk, key in wanted.items() if key not in taken}
    for pk, key in free.items():
        Message.objects.filter(pk=pk).update(key=key)
    return sorted(free)


def _other(part: str, before: str, after: str) -> str:
    return after + part[len(before) :] if part in {before, f"{before}.copy"} else part


def follow_tags(organisation_id: int, slugs: Mapping[str, str]) -> None:
    """Let announcements that are not sent yet be for who has the tags of today.

    Raises:
        DomainError: ``in-use`` for a tag that is to go and chooses the readers of one of them.
    """
    waiting = Announcement.objects.filter(conference__organisation_id=organisation_id).exclude(
        state__in=(AnnouncementState.SENT, AnnouncementState.STOPPED)
    )
    for row in waiting.order_by("pk"):
        tags = row.audience.get("tags") or []
        if not set(tags) & set(slugs):
            continue
        others = [slugs.get(tag, tag) for tag in tags]
        if "" in others:
            raise DomainError(
                "in-use",
                "An announcement that is not sent yet goes to who has this tag. Change that first.",
            )
        row.audience = {**row.audience, "tags": list(dict.fromkeys(others))}
        save_root(row, ["audience"], None)
