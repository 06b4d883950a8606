"""What is still needed of who speaks, and how far each of it has come.

A bio and a photo are the person's own: given once, they count on every session. A row stands for
what somebody gave, waived or marked; without one, what the conference asks of everybody is open. So
reading writes nothing, and a need is there before anybody has made a row of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from core.actors import Actor
from core.errors import DomainError
from core.services import audit
from events import validators as v
from events.enums import (
    NeedKind,
    NeedState,
    ParticipationRole,
    ParticipationState,
    RecordingConsent,
)
from events.models import Conference, Participation, SpeakerNeed
from events.services.writing import load
from events.signals import ParticipationChanged, participation_changed

# Of these something is needed; before they are asked, and after a no, of nobody.
NEEDED_OF: Final = (
    ParticipationState.INVITED,
    ParticipationState.TENTATIVE,
    ParticipationState.CONFIRMED,
)
# As the programme has them; what has no time yet comes last, on both engines.
IN_ORDER: Final = (
    F("session__starts_at").asc(nulls_last=True),
    *("session__order", "session_id", "order", "pk"),
)
# What stands on pages is needed of those who stand there.
_BEHIND_THE_SCENES: Final = frozenset({ParticipationRole.INTERPRETER})
_ON_PAGES: Final = frozenset({NeedKind.BIO, NeedKind.PHOTO, NeedKind.SLIDES})


# For organisers, in a word.
SHORT: Final = {
    NeedKind.BIO: "Bio",
    NeedKind.PHOTO: "Photo",
    NeedKind.SLIDES: "Slides",
    NeedKind.RECORDING: "Recording",
    NeedKind.TRAVEL: "Travel",
    NeedKind.TECHNICAL: "Stage",
}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing, and its state as it is now."""

    kind: NeedKind
    state: NeedState
    note: str = ""
    settled_at: dt.datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state is NeedState.OPEN

    @property
    def short(self) -> str:
        """Return it in a word, for tables."""
        return SHORT[self.kind]

    @property
    def label(self) -> str:
        return str(self.kind.label)


def with_needs(rows: QuerySet[Participation]) -> QuerySet[Participation]:
    """Return participations with all that `needs_of` reads of them."""
    return rows.select_related("session__conference", "person").prefetch_related("needs")


def wanted_kinds(participation: Participation) -> frozenset[NeedKind]:
    """Return what is asked of everybody who has this role on this session."""
    session = participation.session
    kinds = {NeedKind(kind) for kind in session.conference.speaker_needs}
    if session.recorded:
        kinds.add(NeedKind.RECORDING)
    if participation.role in _BEHIND_THE_SCENES:
        kinds -= _ON_PAGES
    return frozenset(kinds)


def needs_of(participation: Participation) -> list[Need]:
    """Return what is needed of somebody on a session, in the order of the kinds; [] of nobody."""
    if participation.state not in NEEDED_OF:
        return []
    rows = {NeedKind(row.kind): row for row in participation.needs.all()}
    wanted = wanted_kinds(participation)
    return [
        _as_it_is(participation, kind, rows.get(kind))
        for kind in NeedKind
        if kind in wanted or kind in rows
    ]


def open_needs(participation: Participation) -> list[NeedKind]:
    """Return what is still needed of somebody on a session."""
    return [need.kind for need in needs_of(participation) if need.is_open]


def open_needs_by_person(
    conference: Conference, people: Iterable[int]
) -> dict[int, list[tuple[Participation, list[NeedKind]]]]:
    """Return person id -> what is still needed, participation by participation; two queries.

    What several sessions need alike, a bio or a photo, is named with the first of them only. Who
    has given everything is not in it.
    """
    rows = with_needs(
        Participation.objects.filter(
            session__conference=conference,
            person__in=list(people),
            state__in=NEEDED_OF,
        )
    ).order_by(*IN_ORDER)
    found: dict[int, list[tuple[Participation, list[NeedKind]]]] = {}
    for row in rows:
        parts = found.setdefault(row.person_id, [])
        named = {kind for _row, kinds in parts for kind in kinds}
        shared = {NeedKind.BIO, NeedKind.PHOTO} & named
        if kinds := [kind for kind in open_needs(row) if kind not in shared]:
            parts.append((row, kinds))
    return {person: parts for person, parts in found.items() if parts}


@transaction.atomic
def ensure_needs(participation: Participation) -> None:
    """Make the rows of what is asked of everybody and has none yet; a second call makes none.

    For whoever asks somebody or takes their yes: from then on a change of the conference's usual
    needs still reaches them, but what they gave is kept by what it was.
    """
    row = load(participation, "session__conference", "person")
    if row.state not in NEEDED_OF:
        return
    there = set(row.needs.values_list("kind", flat=True))
    SpeakerNeed.objects.bulk_create(
        [
            SpeakerNeed(participation=row, kind=kind)
            for kind in sorted(wanted_kinds(row))
            if kind not in there
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def settle_need(
    *, participation: Participation, kind: str, state: str, actor: Actor, note: str = ""
) -> Need:
    """Mark one thing as given or not needed, or ask for it once more; an organiser's verb.

    Arguments:
        note: what an organiser wishes to remember about it.

    Raises:
        DomainError: ``validation-failed``; ``wrong-state`` for who is not asked for anything, and
            for a bio or photo that is there and would be open.
    """
    values = v.clean(
        {"kind": kind, "state": state, "note": note},
        {"kind": v.choice(NeedKind), "state": v.choice(NeedState), "note": v.line(500)},
    )
    row = load(participation, "session__conference", "person")
    write_state(row, NeedKind(values["kind"]), NeedState(values["state"]), values["note"])
    need = next(need for need in needs_of(row) if need.kind == values["kind"])
    if need.state != values["state"]:
        raise DomainError(
            "wrong-state", f"{need.label}: this is there already, or not wished. It stays so."
        )
    _finish(row, need.kind, need.state, actor, by_speaker=False)
    return need


def given(
    participation: Participation,
    kind: NeedKind,
    actor: Actor,
    state: NeedState = NeedState.GIVEN,
) -> None:
    """Note that whoever holds the link has given this; the caller has written it down."""
    write_state(participation, kind, state)
    _finish(participation, kind, state, actor, by_speaker=True)


def write_state(row: Participation, kind: NeedKind, state: NeedState, note: str = "") -> None:
    """Write one thing's state; the caller's transaction holds the participation.

    Raises:
        DomainError: ``wrong-state`` for who is not asked for anything.
    """
    if row.state not in NEEDED_OF:
        raise DomainError(
            "wrong-state", "Nothing is needed of them: they are not asked yet, or do not come."
        )
    settled = None if state is NeedState.OPEN else timezone.now()
    SpeakerNeed.objects.update_or_create(
        participation=row,
        kind=kind,
        defaults={"state": state, "settled_at": settled, "note": note},
    )


def drop_what_is_not_asked(conference: Conference) -> None:
    """Forget the open rows of what a conference no longer asks of everybody."""
    rows = SpeakerNeed.objects.filter(
        participation__session__conference=conference, state=NeedState.OPEN
    )
    rows.exclude(kind__in=[*conference.speaker_needs, NeedKind.RECORDING]).delete()


def _as_it_is(participation: Participation, kind: NeedKind, row: SpeakerNeed | None) -> Need:
    """Return a need by its row and by what the person or the participation has anyway."""
    state = NeedState(row.state) if row is not None else NeedState.OPEN
    note = row.note if row is not None else ""
    person = participation.person
    if state is NeedState.OPEN:
        if kind is NeedKind.PHOTO and person.no_photo:
            state = NeedState.WAIVED
        elif (
            (kind is NeedKind.BIO and any(person.bio.values()))
            or (kind is NeedKind.PHOTO and person.photo_id is not None)
            or (
                kind is NeedKind.RECORDING
                and participation.recording_consent != RecordingConsent.UNKNOWN
            )
        ):
            state = NeedState.GIVEN
    return Need(kind, state, note, row.settled_at if row is not None else None)


def _finish(
    row: Participation, kind: NeedKind, state: NeedState, actor: Actor, *, by_speaker: bool
) -> None:
    conference = row.session.conference
    audit.record(
        verb="give_what_is_needed" if by_speaker else "settle_need",
        obj=row,
        organisation_id=conference.organisation_id,
        actor=actor,
        changed=[kind.value],
        facts={"to": state.value},
    )
    participation_changed.send(
        sender=Participation,
        event=ParticipationChanged(
            conference_id=conference.pk,
            participation_ids=(row.pk,),
            verb="given",
            by_speaker=by_speaker,
        ),
    )
