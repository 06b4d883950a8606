"""Versions of a programme as organisers read them: who published which, and whom it told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Account, ApiToken
from events.models import Conference, ScheduleVersion


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list.

    Arguments:
        by: who published it; "" where nobody did.
        told: “told 14 people”, “quietly”, or "" for one of a time when nobody was ever told.
        is_current: whether readers see it.
    """

    version: ScheduleVersion
    by: str
    told: str
    is_current: bool


def version_lines(conference: Conference, number: int | None = None) -> list[VersionLine]:
    """Return a conference's versions, the newest first, or the one with a number.

    The document stays where it is; two queries more for names.
    """
    rows = list(
        conference.schedule_versions.select_related("restores").defer(
            "document", "restores__document"
        )
    )
    wanted = [row for row in rows if number is None or row.number == number]
    names = _names(wanted)
    return [
        VersionLine(row, names.get(row.published_by, ""), _told(row), row.number == rows[0].number)
        for row in wanted
    ]


def _told(row: ScheduleVersion) -> str:
    if row.is_quiet:
        return "quietly"
    if row.told:
        return f"told {row.told} {'person' if row.told == 1 else 'people'}"
    return "told nobody"


def _names(rows: Sequence[ScheduleVersion]) -> dict[str, str]:
    ids: dict[str, set[str]] = {"account": set(), "token": set()}
    for row in rows:
        kind, _colon, pk = row.published_by.partition(":")
        if kind in ids and pk.isdigit():
            ids[kind].add(pk)
    names = {}
    if ids["account"]:
        for account in Account.objects.filter(pk__in=ids["account"]):
            names[f"account:{account.pk}"] = account.get_full_name()
    if ids["token"]:
        for token in ApiToken.objects.filter(pk__in=ids["token"]).only("name"):
            names[f"token:{token.pk}"] = f"The program “{token.name}”"
    return names
