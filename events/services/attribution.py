"""What may be told outside of what somebody said: by the session, or by all that they spoke in."""

from __future__ import annotations

from events.enums import OFF_THE_PANEL, Attribution
from events.models import Conference, Person, Session


def attribution_of(
    conference: Conference, person: Person | None, session: Session | None
) -> Attribution:
    """Return what holds for words of a person; where the session is not said, the mildest rule of
    the sessions in which they spoke.
    """
    if session is not None:
        return Attribution(session.attribution)
    if person is None:
        return Attribution.ON_THE_RECORD
    rules = set(
        person.participations.filter(session__conference=conference)
        .exclude(state__in=OFF_THE_PANEL)
        .values_list("session__attribution", flat=True)
    )
    return mildest(rules)


def mildest(rules: set[str]) -> Attribution:
    """Return the rule that allows most; where there is none, all is on the record."""
    if not rules or Attribution.ON_THE_RECORD in rules:
        return Attribution.ON_THE_RECORD
    if Attribution.CHATHAM_HOUSE in rules:
        return Attribution.CHATHAM_HOUSE
    return Attribution.CLOSED
