"""The guest list: who gets on it, whose place is kept, and what goes out when somebody clicks."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.enums import Role
from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry
from events.services.people import set_assistants
from registrations.models import Allotment, HeldPlace, Invitation, InvitationEvent
from registrations.services.answering import answer_invitation
from registrations.services.inviting import (
    add_invitations,
    change_invitation,
    send_invitations,
    withdraw_invitation,
)
from registrations.signals import invitation_changed
from tests.factories.events import ConferenceFactory, PersonFactory
from tests.factories.registrations import InvitationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(organisation):
    return [PersonFactory(organisation=organisation) for _ in range(3)]


@pytest.fixture
def heard():
    """What those above were told of invitations: verb, how many, by a guest or not."""
    found = []

    def hear(sender, event, **kwargs):
        found.append((event.verb, len(event.invitation_ids), event.by_guest))

    invitation_changed.connect(hear, sender=Invitation)
    yield found
    invitation_changed.disconnect(hear, sender=Invitation)


def places(kind):
    return tuple(kind.allotments.values_list("taken", "held").get())


def add(conference, people, **more):
    return add_invitations(
        conference=conference,
        person_ids=[person.pk for person in people],
        type_slug="guest",
        actor=SYSTEM,
        **more,
    )


def test_added_people_have_a_place_kept_and_nothing_is_sent(conference, guest_type, people, heard):
    added = add(conference, people, wave=2)

    assert [row.person for row in added.invitations] == people
    assert (added.already, added.without_place) == (0, 0)
    assert places(guest_type) == (0, 3)
    assert [(row.wave, row.sent_at, row.response) for row in added.invitations] == [
        (2, None, "")
    ] * 3
    assert heard == []
    assert (
        list(InvitationEvent.objects.values_list("verb", "actor_kind")) == [("add", "system")] * 3
    )
    entry = AuditEntry.objects.get(verb="add_invitations")
    assert entry.facts == {"invitations": 3, "wave": 2}


def test_who_is_invited_already_is_counted_and_stays(conference, guest_type, people):
    first = add(conference, people[:1], plus_one=True).invitations[0]

    added = add(conference, [*people, people[1]])

    assert [row.person for row in added.invitations] == people[1:]
    assert added.already == 1
    first.refresh_from_db()
    assert first.plus_one
    assert places(guest_type) == (0, 4)


def test_who_gets_no_place_is_invited_all_the_same(conference, people):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=3)

    added = add(conference, people, plus_one=True)

    assert len(added.invitations) == 3
    assert added.without_place == 1
    # Two for the first, the last one for the second, none for the third.
    counts = dict(HeldPlace.objects.values_list("invitation__person_id", "count"))
    assert counts == {people[0].pk: 2, people[1].pk: 1}
    assert places(kind) == (0, 3)


def test_nothing_is_kept_where_an_organiser_does_not_want_it(conference, guest_type, people):
    added = add(conference, people, hold=False)

    assert added.without_place == 0
    assert places(guest_type) == (0, 0)


def test_a_type_without_a_limit_keeps_places_too(conference, people):
    kind = RegistrationTypeFactory(conference=conference, slug="guest")
    kind.allotments.update(capacity=None)

    assert add(conference, people).without_place == 0
    assert places(kind) == (0, 3)


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"wave": 0}, "/wave"),
        ({"reply_until_local": dt.datetime(2027, 3, 18, 10, 1)}, "/reply_until_local"),
    ],
)
def test_what_can_not_be_is_refused_and_leaves_nothing(
    conference, guest_type, people, more, pointer
):
    with pytest.raises(DomainError) as refused:
        add(conference, people, **more)

    assert [error.pointer for error in refused.value.errors] == [pointer]
    assert not Invitation.objects.exists()
    assert places(guest_type) == (0, 0)


def test_people_types_and_owners_of_others_are_unknown(
    conference, guest_type, people, other_organisation, account_with_role
):
    stranger = PersonFactory(organisation=other_organisation)
    foreign = account_with_role(Role.OWNER, of=other_organisation)
    RegistrationTypeFactory(conference=ConferenceFactory(), slug="press")

    for ids, slug, owner in [
        ([stranger.pk], "guest", None),
        ([people[0].pk], "press", None),
        ([people[0].pk], "guest", foreign),
    ]:
        with pytest.raises(DomainError, match="There is no such"):
            add_invitations(
                conference=conference, person_ids=ids, type_slug=slug, actor=SYSTEM, owner=owner
            )
    assert not Invitation.objects.exists()


def test_nobody_is_invited_to_what_will_not_be(organisation, people):
    conference = ConferenceFactory(organisation=organisation, state="cancelled")
    RegistrationTypeFactory(conference=conference, slug="guest")

    with pytest.raises(DomainError, match="cancelled"):
        add(conference, people)


# --- Changing ------------------------------------------------------------------------------------


def change(row, **changes):
    return change_invitation(invitation=row, changes=changes, expected=None, actor=SYSTEM)


def test_a_companion_more_or_less_is_a_place_more_or_less(conference, guest_type, people, heard):
    row = add(conference, people[:1]).invitations[0]

    row = change(row, plus_one=True)
    assert (row.version, places(guest_type)) == (2, (0, 2))
    row = change(row, plus_one=False)
    assert (row.version, places(guest_type)) == (3, (0, 1))
    assert change(row, plus_one=False).version == 3
    assert heard == [("changed", 1, False)] * 2


def test_another_type_keeps_its_own_place(conference, guest_type, people):
    press = RegistrationTypeFactory(conference=conference, slug="press", capacity=5)
    row = add(conference, people[:1]).invitations[0]

    row = change(row, registration_type="press")

    assert row.registration_type == press
    assert (places(guest_type), places(press)) == ((0, 0), (0, 1))


def test_keeping_a_place_is_a_wish_that_can_be_refused(conference, people):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=1)
    first, second = add(conference, people[:2]).invitations

    with pytest.raises(DomainError) as refused:
        change(second, hold=True)
    assert refused.value.kind == "sold-out"
    assert Invitation.objects.get(pk=second.pk).version == 1

    change(first, hold=False)
    change(second, hold=True)
    assert HeldPlace.objects.get().invitation == second
    assert places(kind) == (0, 1)


def test_a_deadline_of_ones_own_is_local_and_before_the_start(conference, guest_type, people):
    row = add(conference, people[:1]).invitations[0]

    row = change(row, reply_until_local="2027-03-10T18:00", note="calls back on Monday")

    assert row.reply_until_at == dt.datetime(2027, 3, 10, 17, tzinfo=dt.UTC)
    assert row.note == "calls back on Monday"
    with pytest.raises(DomainError, match="before the conference"):
        change(row, reply_until_local="2027-03-19T18:00")


def test_what_a_yes_stands_on_does_not_change(conference, guest_type, people):
    RegistrationTypeFactory(conference=conference, slug="press")
    row = add(conference, people[:1], plus_one=True).invitations[0]
    row = answer_invitation(
        invitation=row,
        response="accepted",
        via="phone",
        actor=SYSTEM,
        companion={"given_name": "Mila", "family_name": "Marić"},
    )

    for changes in ({"registration_type": "press"}, {"plus_one": False}):
        with pytest.raises(DomainError) as refused:
            change(row, **changes)
        assert refused.value.kind == "wrong-state"


def test_an_older_version_is_refused(conference, guest_type, people):
    row = add(conference, people[:1]).invitations[0]
    change(row, note="one")

    with pytest.raises(DomainError) as refused:
        change_invitation(invitation=row, changes={"note": "two"}, expected=1, actor=SYSTEM)
    assert refused.value.kind == "stale"


# --- Sending -------------------------------------------------------------------------------------


def send(conference, rows, **more):
    return send_invitations(
        conference=conference, invitation_ids=[row.pk for row in rows], actor=SYSTEM, **more
    )


def test_sending_notes_the_moment_and_tells_once(conference, guest_type, people, heard, clock):
    rows = add(conference, people).invitations

    sent = send(conference, rows)

    assert (sent.queued, sent.skipped) == (3, [])
    assert heard == [("sent", 3, False)]
    row = Invitation.objects.get(pk=rows[0].pk)
    assert row.sent_at == row.last_sent_at is not None
    assert row.version == 1
    assert InvitationEvent.objects.filter(verb="send").count() == 3


def test_a_second_click_sends_nothing_and_a_later_one_does(conference, guest_type, people, clock):
    rows = add(conference, people[:1]).invitations
    send(conference, rows)

    again = send(conference, rows)
    assert (again.queued, [why for _row, why in again.skipped]) == (
        0,
        ["It went out less than a minute ago."],
    )

    first = Invitation.objects.get().sent_at
    clock.shift(60)
    assert send(conference, rows).queued == 1
    row = Invitation.objects.get()
    assert row.sent_at == first < row.last_sent_at


def test_who_can_not_be_sent_anything_is_named_with_the_reason(conference, guest_type, people):
    nobody = PersonFactory(organisation=conference.organisation, email="")
    rows = add(conference, [*people, nobody]).invitations
    withdraw_invitation(invitation=rows[0], expected=None, actor=SYSTEM)
    answer_invitation(invitation=rows[1], response="declined", via="phone", actor=SYSTEM)
    answer_invitation(invitation=rows[2], response="tentative", via="phone", actor=SYSTEM)

    sent = send(conference, rows)

    assert sent.queued == 1  # who has not decided may be asked again
    assert {row.person_id: why for row, why in sent.skipped} == {
        people[0].pk: "The invitation was withdrawn.",
        people[1].pk: "Has answered already.",
        nobody.pk: "There is no e-mail address.",
    }


def test_an_assistants_address_is_enough(conference, guest_type):
    person = PersonFactory(organisation=conference.organisation, email="")
    set_assistants(
        person=person,
        assistants=[{"name": "Vera", "email": "vera@example.org"}],
        expected=None,
        actor=SYSTEM,
    )

    assert send(conference, add(conference, [person]).invitations).queued == 1


def test_a_save_the_date_comes_before_the_invitation(conference, guest_type, people, heard):
    rows = add(conference, people[:2]).invitations
    send(conference, rows[:1])

    sent = send(conference, rows, save_the_date=True)

    assert (sent.queued, [why for _row, why in sent.skipped]) == (1, ["Has been invited already."])
    assert heard == [("sent", 1, False), ("save_the_date", 1, False)]
    row = Invitation.objects.get(pk=rows[1].pk)
    assert row.save_the_date_at is not None
    assert row.sent_at is None


@pytest.mark.parametrize("state", ["draft", "postponed", "cancelled", "archived"])
def test_nothing_leaves_while_the_page_is_not_public(organisation, people, state):
    conference = ConferenceFactory(organisation=organisation)
    RegistrationTypeFactory(conference=conference, slug="guest")
    rows = add(conference, people).invitations
    type(conference).objects.filter(pk=conference.pk).update(state=state)

    with pytest.raises(DomainError) as refused:
        send(conference, rows)
    assert refused.value.kind == "wrong-state"
    assert not Invitation.objects.filter(sent_at__isnull=False).exists()


def test_invitations_of_other_conferences_are_passed_over(conference, guest_type):
    foreign = InvitationFactory()

    assert send(conference, [foreign]).queued == 0


# --- Withdrawing ---------------------------------------------------------------------------------


def test_withdrawing_frees_the_place_and_the_person(conference, guest_type, people, heard):
    row = add(conference, people[:1]).invitations[0]

    row = withdraw_invitation(invitation=row, expected=1, actor=SYSTEM, reason="sent by mistake")

    assert not row.is_live
    assert places(guest_type) == (0, 0)
    assert heard == [("withdrawn", 1, False)]
    assert InvitationEvent.objects.get(verb="withdraw").detail == "sent by mistake"
    assert add(conference, people[:1]).already == 0
    with pytest.raises(DomainError, match="withdrawn already"):
        withdraw_invitation(invitation=row, expected=None, actor=SYSTEM)


def test_who_comes_is_not_disinvited_by_that(conference, guest_type, people):
    row = add(conference, people[:1]).invitations[0]
    answer_invitation(invitation=row, response="accepted", via="phone", actor=SYSTEM)

    with pytest.raises(DomainError, match="has said yes"):
        withdraw_invitation(invitation=row, expected=None, actor=SYSTEM)
    assert Allotment.objects.get().taken == 1
