"""Who is missing on a session, who is one too many, and which seats are open again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from events.conflicts.facts import DECLINED, AnySession, Conflict, Facts, Need, conflict_of
from events.conflicts.words import ROLES, counted, person, title

KINDS = ("missing_role", "too_many", "open_seat")


def find(facts: Facts) -> Iterator[Conflict]:
    """Yield what is wrong with the roles of each session."""
    for one in facts.sessions:
        yield from find_for(one, facts)


def find_for(one: AnySession, facts: Facts) -> Iterator[Conflict]:
    """Yield what is wrong with the roles of one session."""
    if not one.is_own:
        return
    seated = Counter(seat.role for seat in one.seats if seat.is_taken)
    for role, need in facts.needs.get(one.kind, {}).items():
        number = seated[role]
        if number < need.minimum:
            yield conflict_of(
                "missing_role",
                "warning",
                f"{title(one)} needs {needed(role, need)} and has {number or 'none'}.",
                (one,),
                words=(role,),
            )
        elif need.maximum is not None and number > need.maximum:
            most = f"{need.maximum} at most" if need.maximum else "none"
            yield conflict_of(
                "too_many",
                "notice",
                f"{title(one)} has {counted(number, *ROLES[role][1:])}; it should have {most}.",
                (one,),
                words=(role,),
            )
    for seat in one.seats:
        if seat.state == DECLINED and not seat.filled:
            yield conflict_of(
                "open_seat",
                "notice",
                f"{person(seat.person, facts)} has declined as {ROLES[seat.role][1]} of "
                f"{title(one)}, and nobody has come instead.",
                (one,),
                people=(seat.person,),
                words=(seat.role,),
            )


def needed(role: str, need: Need) -> str:
    """Say how many are needed: "a moderator", "3 to 5 panellists", "at least 2 discussants"."""
    article, one, several = ROLES[role]
    least, most = need.minimum, need.maximum
    if most == least:
        return article if least == 1 else counted(least, one, several)
    if most is None:
        return f"at least {article if least == 1 else counted(least, one, several)}"
    return f"{least} to {most} {several}"
