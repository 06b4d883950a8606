"""Sessions that must be over before others begin."""

from __future__ import annotations

from collections.abc import Iterator

from events.conflicts.facts import AnySession, Conflict, Facts, conflict_of
from events.conflicts.words import moment_of, title

KINDS = ("precedence",)


def find(facts: Facts) -> Iterator[Conflict]:
    """Yield each pair that stands the wrong way round."""
    if not facts.precedences:
        return
    by_code = {one.code: one for one in facts.sessions if one.is_own}
    for first, then in facts.precedences:
        if first in by_code and then in by_code:
            yield from judge(by_code[first], by_code[then], facts)


def find_for(moved: AnySession, facts: Facts) -> Iterator[Conflict]:
    """Yield the same for one session."""
    mine = tuple(pair for pair in facts.precedences if moved.code in pair)
    if not mine:
        return
    by_code = {one.code: one for one in facts.sessions if one.is_own}
    for first, then in mine:
        if first in by_code and then in by_code:
            yield from judge(by_code[first], by_code[then], facts)


def judge(first: AnySession, then: AnySession, facts: Facts) -> Iterator[Conflict]:
    """Yield that the first is not over when the second begins."""
    if first.end is None or then.start is None or first.end <= then.start:
        return
    yield conflict_of(
        "precedence",
        "error",
        f"{title(first)} has to be over before {title(then)} begins, but it ends "
        f"{moment_of(first.end, facts.zone)} and the other begins "
        f"{moment_of(then.start, facts.zone)}.",
        (first, then),
    )
