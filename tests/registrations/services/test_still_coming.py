"""Asking once more, the answers, and the places of the silent."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.errors import DomainError
from events.services.conferences import change_conference
from events.services.lifecycle import postpone_conference
from registrations.models import Reconfirmation, Registration
from registrations.services.cancelling import cancel_registration
from registrations.services.rounds import (
    change_reconfirmation,
    create_reconfirmation,
    delete_reconfirmation,
)
from registrations.services.still_coming import (
    RoundFigures,
    ask_due_rounds,
    close_due_rounds,
    confirm_still_coming,
    figures_of,
    open_round_of,
)
from tests.factories.registrations import (
    InvitationFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db
GUEST = Actor("guest")
ASK, UNTIL = "2027-03-10T10:00", "2027-03-14T18:00"


@pytest.fixture
def kind(conference):
    return RegistrationTypeFactory(conference=conference, slug="guest", capacity=3)


@pytest.fixture
def coming(kind):
    return [RegistrationFactory(registration_type=kind) for _ in "abc"]


@pytest.fixture
def asked(conference, coming, clock):
    """A round that gives places away has asked three."""
    row = plan(conference, releases=True)
    clock.move_to(row.ask_at)
    ask_due_rounds()
    row.refresh_from_db()
    clock.shift(3600)
    return row


def plan(conference, **more):
    return create_reconfirmation(
        conference=conference,
        **{"ask_local": ASK, "until_local": UNTIL, "actor": SYSTEM, **more},
    )


def statuses(rows):
    found = dict(Registration.objects.values_list("pk", "status"))
    return [found[row.pk] for row in rows]


def refusal(call):
    with pytest.raises(DomainError) as error:
        call()
    return error.value.kind, [(one.pointer, one.code) for one in error.value.errors]


def test_a_round_asks_when_its_time_has_come_and_nobody_twice(conference, coming, clock, told):
    row = plan(conference)
    assert ask_due_rounds() == 0
    clock.move_to(row.ask_at)
    assert ask_due_rounds() == 3
    assert ask_due_rounds() == 0
    row.refresh_from_db()
    assert row.asked_at == timezone.now()
    assert told == [("asked_again", 3, False)]
    assert figures_of(row) == RoundFigures(asked=3, silent=3)


def test_silence_gives_the_place_to_who_waits(conference, kind, coming, asked, clock, told):
    waiting = RegistrationFactory(registration_type=kind, status="waiting_list")
    confirm_still_coming(registration=coming[0], actor=GUEST, by_guest=True)
    cancel_registration(registration=coming[1], actor=GUEST, by_guest=True)
    told.clear()
    clock.move_to(asked.until_at)

    assert close_due_rounds() == 1
    assert close_due_rounds() == 0

    asked.refresh_from_db()
    assert statuses(coming) == ["confirmed", "cancelled", "expired"]
    assert statuses([waiting]) == ["offered"]
    assert told == [("released", 1, False)]
    assert asked.closed_at == timezone.now()
    assert figures_of(asked) == RoundFigures(asked=3, yes=1, no=1, silent=0, released=1)


def test_without_release_silence_changes_nothing(conference, coming, clock):
    row = plan(conference)
    clock.move_to(row.ask_at)
    ask_due_rounds()
    clock.move_to(row.until_at)
    assert close_due_rounds() == 0
    row.refresh_from_db()
    assert row.closed_at is not None
    assert statuses(coming) == ["confirmed"] * 3
    assert figures_of(row) == RoundFigures(asked=3, silent=3)


def test_speakers_are_not_asked_and_invited_guests_keep_their_place(conference, kind, clock):
    speaks = RegistrationFactory(registration_type=kind, source="participation")
    invited = RegistrationFactory(registration_type=kind, source="invitation")
    joined = RegistrationFactory(registration_type=kind)
    InvitationFactory(registration_type=kind, registration=joined)
    row = plan(conference, releases=True)
    clock.move_to(row.ask_at)
    assert ask_due_rounds() == 2
    clock.move_to(row.until_at)
    close_due_rounds()
    assert statuses([speaks, invited, joined]) == ["confirmed"] * 3


def test_only_the_chosen_kinds_are_asked(conference, coming, clock):
    press = RegistrationTypeFactory(conference=conference, slug="press")
    RegistrationFactory(registration_type=press)
    row = plan(conference, registration_types=["press"])
    clock.move_to(row.ask_at)
    assert ask_due_rounds() == 1


def test_who_comes_after_the_question_is_not_released(conference, kind, asked, clock):
    kind.allotments.update(capacity=4)
    late = RegistrationFactory(registration_type=kind)
    clock.move_to(asked.until_at)
    close_due_rounds()
    assert statuses([late]) == ["confirmed"]


def test_a_yes_twice_is_one_and_needs_a_question(coming, asked, clock, told):
    told.clear()
    for _ in range(2):
        row = confirm_still_coming(registration=coming[0], actor=GUEST, by_guest=True)
    assert row.still_coming_at == timezone.now()
    assert told == [("still_coming", 1, True)]
    clock.move_to(asked.until_at)
    assert refusal(lambda: confirm_still_coming(registration=coming[1], actor=GUEST))[0] == (
        "wrong-state"
    )


def test_a_no_is_taken_after_the_deadline_for_changes(conference, coming, asked):
    conference.changes_until_at = timezone.now()
    conference.save()
    assert open_round_of(Registration.objects.get(pk=coming[0].pk)) == asked
    cancel_registration(registration=coming[0], actor=GUEST, by_guest=True, when_asked=True)
    assert statuses(coming[:1]) == ["cancelled"]
    assert (
        refusal(lambda: cancel_registration(registration=coming[1], actor=GUEST, by_guest=True))[0]
        == "wrong-state"
    )


def test_a_round_moves_with_the_conference_by_the_wall_clock(conference):
    row = plan(conference)
    change_conference(
        conference=conference,
        changes={
            "start_local": conference.start_local + dt.timedelta(days=14),
            "end_local": conference.end_local + dt.timedelta(days=14),
        },
        expected=None,
        actor=SYSTEM,
    )
    row.refresh_from_db()
    assert row.ask_local == dt.datetime(2027, 3, 24, 10, 0)
    assert row.until_local == dt.datetime(2027, 3, 28, 18, 0)
    # Summer time begins on the 28th: 18:00 is two hours before UTC then.
    assert row.until_at == dt.datetime(2027, 3, 28, 16, 0, tzinfo=dt.UTC)
    assert row.ask_at == dt.datetime(2027, 3, 24, 9, 0, tzinfo=dt.UTC)


def test_postponing_stops_a_round_and_nobody_loses_a_place(conference, coming, asked, clock):
    conference.refresh_from_db()
    postpone_conference(conference=conference, expected=None, actor=SYSTEM)
    clock.move_to(asked.until_at)
    assert close_due_rounds() == 0
    asked.refresh_from_db()
    assert asked.closed_at is not None
    assert statuses(coming) == ["confirmed"] * 3


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"until_local": ASK}, "/until_local", "order"),
        ({"until_local": "2027-03-19T10:00"}, "/until_local", "range"),
        ({"ask_local": "2027-02-01T10:00", "until_local": "2027-02-02T10:00"},
         "/until_local", "range"),
        ({"registration_types": ["nobody"]}, "/registration_types/0", "unknown"),
        ({"ask_local": "soon"}, "/ask_local", "invalid"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(conference, more, pointer, code):
    assert refusal(lambda: plan(conference, **more)) == ("validation-failed", [(pointer, code)])
    assert not Reconfirmation.objects.exists()


def test_nobody_is_asked_by_two_rounds_at_once(conference, kind):
    RegistrationTypeFactory(conference=conference, slug="press")
    plan(conference, registration_types=["guest"])
    plan(conference, registration_types=["press"])
    assert refusal(lambda: plan(conference))[1] == [("/ask_local", "overlap")]


def test_who_was_asked_is_not_treated_worse_afterwards(conference, asked):
    def change(**changes):
        return change_reconfirmation(
            reconfirmation=asked, changes=changes, expected=None, actor=SYSTEM
        )

    assert refusal(lambda: change(until_local="2027-03-12T10:00"))[0] == "wrong-state"
    assert refusal(lambda: change(ask_local="2027-03-11T10:00"))[0] == "wrong-state"
    row = change(until_local="2027-03-15T10:00", releases=False)
    assert (row.releases, row.version) == (False, asked.version + 1)
    assert refusal(lambda: change(releases=True))[0] == "wrong-state"
    assert (
        refusal(lambda: delete_reconfirmation(reconfirmation=asked, expected=None, actor=SYSTEM))[0]
        == "in-use"
    )


def test_a_round_that_asked_nobody_is_deleted(conference):
    delete_reconfirmation(reconfirmation=plan(conference), expected=1, actor=SYSTEM)
    assert not Reconfirmation.objects.exists()


def test_whom_no_question_reaches_is_not_asked_and_keeps_the_place(conference, kind, clock):
    silent = RegistrationFactory(registration_type=kind, email="")
    type(silent.booking).objects.update(contact_email="")
    create_reconfirmation(
        conference=conference, ask_local=ASK, until_local=UNTIL, releases=True, actor=SYSTEM
    )
    clock.move_to("2027-03-10T09:30Z")
    assert ask_due_rounds() == 0
    clock.move_to("2027-03-14T17:30Z")
    assert close_due_rounds() == 0
    assert Registration.objects.get(pk=silent.pk).status == "confirmed"


def test_a_round_that_a_postponement_ends_keeps_its_figures(conference, coming, clock):
    row = create_reconfirmation(
        conference=conference, ask_local=ASK, until_local=UNTIL, actor=SYSTEM
    )
    clock.move_to("2027-03-10T09:30Z")
    assert ask_due_rounds() == 3
    postpone_conference(conference=conference, expected=None, actor=SYSTEM)
    row.refresh_from_db()
    assert row.closed_at is not None
    assert figures_of(row) == RoundFigures(asked=3, silent=3)
