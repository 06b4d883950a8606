"""Changing answers: places of options move with them, consents are taken back and given again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import DomainError
from core.models import StoredFile
from core.services import audit
from core.services.kept_files import delete_file
from core.services.versions import raise_version
from events.languages import Reader
from events.services.writing import load_root
from registrations.enums import TAKING_A_PLACE
from registrations.models import (
    Answer,
    ConsentGiven,
    Registration,
    SensitiveAnswer,
)
from registrations.services.answer_cleaning import Consent, clean_answers
from registrations.services.answer_values import Given
from registrations.services.answers import (
    ENGLISH,
    allotments_of_answers,
    give_consents,
    option_full,
    refuse_full,
    write_answers,
)
from registrations.services.cancelling import check_guest_may_change
from registrations.services.changing import change_registration
from registrations.services.form_definition import FormDefinition, read_form
from registrations.services.moving_choices import Choices, move_choices
from registrations.services.place_locks import hold_types
from registrations.services.place_moves import tell_freed
from registrations.services.reading_answers import given_of
from registrations.services.registration_rows import tell
from registrations.services.signing_up import choose_sessions


@transaction.atomic
def change_answers(
    *,
    registration: Registration,
    answers: Mapping[str, Any],
    consents: Collection[Consent] | None = None,
    expected: int | None,
    actor: Actor,
    by_guest: bool = False,
    reader: Reader = ENGLISH,
    choices: Choices | None = None,
) -> Registration:
    """Change a live registration's answers; what is not named stays, None takes an answer away.

    Options with places of their own give back and take in this one transaction. An answer whose
    condition is not met any more goes.

    Arguments:
        answers: by slug.
        consents: all that are agreed to from now on; the others are withdrawn now. None leaves
            them.
        by_guest: whether the guest does it, who may until the conference's deadline and answers all
            that is required; organisers may leave it for later.
        choices: where places are noted that the caller moves last, together with others.

    Raises:
        DomainError: ``stale``; ``wrong-state``; ``validation-failed``; ``sold-out`` for an option
            without a place left, and then nothing has changed.
    """
    row = load_root(registration, expected, "conference", "registration_type")
    if not row.is_live:
        raise DomainError("wrong-state", _("This registration is over, so it is not changed."))
    if by_guest:
        check_guest_may_change(row.conference)
    # From here nobody gives an option its first places, for which its answers are counted.
    hold_types([row.registration_type_id])
    form = read_form(row.conference).for_type(row.registration_type.slug)
    before = given_of(form, row)
    ticked = None if consents is None else list(consents)
    cleaned = clean_answers(
        _without_consent_duties(form),
        answers={**before, **answers},
        consents=[one for one in ticked or () if form.find(str(one.slug)) is not None],
        required=by_guest,
        kept=frozenset(option.id for one in before.values() for option in one.options),
    )
    after = {one.ask.slug: one for one in cleaned.given}
    changed = sorted(
        slug for slug in {*before, *after} if _key(before.get(slug)) != _key(after.get(slug))
    )
    facts: dict[str, int] = {}
    if ticked is not None:
        facts = _change_consents(row, form, {str(one.slug) for one in ticked}, cleaned.asked)
    if not changed and not any(facts.values()):
        return row
    _rewrite(row, [before.get(slug) for slug in changed], [after.get(slug) for slug in changed])
    raise_version(row, expected)
    _drop_files(before, after, actor)
    audit.record(
        verb="change_answers",
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        changed=changed,
        facts={name: number for name, number in facts.items() if number},
    )
    tell(row, "changed", by_guest=by_guest)
    mine = Choices() if choices is None else choices
    _note_moves(row, before.values(), after.values(), reader, mine)
    if choices is None:
        move_choices(registration=row, choices=mine)
    return row


@transaction.atomic
def change_details_and_answers(  # noqa: PLR0913 - all that a registration says
    *,
    registration: Registration,
    details: Mapping[str, Any],
    answers: Mapping[str, Any] | None,
    consents: Collection[Consent] | None = None,
    sessions: Sequence[str] | None = None,
    expected: int | None,
    actor: Actor,
    by_guest: bool = False,
    reader: Reader = ENGLISH,
) -> Registration:
    """Change who a registration is for, what was answered and which sessions are chosen: all or
    nothing, and all places in one round.

    Arguments:
        answers, consents, sessions: None leaves them.

    Raises:
        DomainError: whatever `change_registration`, `change_answers` and `choose_sessions` raise.
    """
    row = registration
    choices = Choices()
    if details:
        row = change_registration(
            registration=row, changes=details, expected=expected, actor=actor, by_guest=by_guest
        )
        expected = row.version
    if answers is not None or consents is not None:
        row = change_answers(
            registration=row,
            answers=answers or {},
            consents=consents,
            expected=expected,
            actor=actor,
            by_guest=by_guest,
            reader=reader,
            choices=choices,
        )
        expected = expected and row.version
    if sessions is not None:
        row = choose_sessions(
            registration=row,
            codes=sessions,
            expected=expected,
            actor=actor,
            by_guest=by_guest,
            choices=choices,
        )
    move_choices(registration=row, choices=choices)
    return row


@transaction.atomic
def note_sensitive_shown(*, registration: Registration, actor: Actor) -> None:
    """Write down that somebody has looked at what was answered about food and access."""
    audit.record(
        verb="show_sensitive_answers",
        obj=registration,
        organisation_id=registration.conference.organisation_id,
        actor=actor,
    )


def _key(given: Given | None) -> object:
    return None if given is None else given.key


def _without_consent_duties(form: FormDefinition) -> FormDefinition:
    """Consent can be taken back at any time (Art. 7(3) GDPR), also where registering needed it."""
    return FormDefinition(
        tuple(replace(ask, required=False) if ask.is_consent else ask for ask in form.asks)
    )


def _rewrite(
    row: Registration, before: Collection[Given | None], after: Collection[Given | None]
) -> None:
    old = [one.ask.id for one in before if one is not None]
    if old:
        Answer.objects.filter(registration=row, question_id__in=old).delete()
        SensitiveAnswer.objects.filter(registration=row, question_id__in=old).delete()
    write_answers(row, [one for one in after if one is not None])


def _drop_files(before: Mapping[str, Given], after: Mapping[str, Given], actor: Actor) -> None:
    """Delete the files that no answer needs any more."""
    kept = {one.file.file for one in after.values() if one.file}
    gone = [one.file.file for one in before.values() if one.file and one.file.file not in kept]
    for file in StoredFile.objects.filter(pk__in=gone):
        delete_file(file=file, actor=actor)


def _change_consents(
    row: Registration, form: FormDefinition, wanted: set[str], asked: frozenset[str]
) -> dict[str, int]:
    """Withdraw what is not wanted any more, give what is new; return how many of each.

    Who agreed to an older version and leaves it so stays with the words of then.
    """
    standing = dict(
        ConsentGiven.objects.filter(registration=row, withdrawn_at__isnull=True).values_list(
            "pk", "consent_text__question__slug"
        )
    )
    withdrawn = [pk for pk, slug in standing.items() if slug not in wanted]
    if withdrawn:
        now = timezone.now()
        ConsentGiven.objects.filter(pk__in=withdrawn).update(withdrawn_at=now, updated_at=now)
    new = [
        ask
        for ask in form.consents
        if ask.slug in wanted and ask.slug in asked and ask.slug not in standing.values()
    ]
    give_consents(row, new)
    return {"consents_withdrawn": len(withdrawn), "consents_given": len(new)}


def _note_moves(
    row: Registration,
    before: Collection[Given],
    after: Collection[Given],
    reader: Reader,
    choices: Choices,
) -> None:
    """Note which places of options are to move, as far as the registration takes any.

    Raises:
        DomainError: ``sold-out`` for who takes none now.
    """
    old, new = allotments_of_answers(before), allotments_of_answers(after)
    if row.status not in TAKING_A_PLACE:
        refuse_full(list(after), new - old, reader)
        if old - new:
            # Perhaps it was this option that somebody on the waiting list waited for.
            tell_freed(old - new)
        return
    choices.left.update(old - new)
    for allotment in new - old:
        choices.joined[allotment] = partial(option_full, after, allotment, reader)
