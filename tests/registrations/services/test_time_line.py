"""Every change of a registration with who did it and how, and no personal values."""

from __future__ import annotations

import pytest

from core.actors import CLOCK, SYSTEM, Actor
from core.services import audit
from registrations.services.answering import answer_invitation
from registrations.services.approving import approve_registration
from registrations.services.attendance import check_in
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.changing import change_registration
from registrations.services.inviting import add_invitations
from registrations.services.links import resend_link
from registrations.services.registering import register
from registrations.services.time_line import time_line
from tests.factories.events import PersonFactory
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db


def told(registration):
    return [(one.what, one.statuses, one.who, one.how) for one in time_line(registration)]


def test_who_did_what_and_how(conference, guest_type, guest, owner, api_token):
    type(guest_type).objects.filter(pk=guest_type.pk).update(approval=True)
    row = guest()
    member = Actor("account", str(owner.pk))
    api_token()
    token = conference.organisation.api_tokens.get()
    row = approve_registration(registration=row, actor=member)
    row = change_registration(
        registration=row,
        changes={"email": "new@example.org", "affiliation": "Institute"},
        expected=None,
        actor=Actor("guest"),
    )
    resend_link(registration=row, actor=member)
    row = cancel_registration(registration=row, actor=Actor("token", str(token.pk)))
    row = uncancel_registration(registration=row, actor=CLOCK)
    row = check_in(registration=row, actor=SYSTEM)

    assert told(row) == [
        ("Registered", "Waiting for approval", "The guest", "by the public form"),
        (
            "Given a place",
            "Waiting for approval → Confirmed",
            owner.get_full_name(),
            "in the console",
        ),
        ("Details changed", "", "The guest", "by the personal link"),
        ("Link sent", "", owner.get_full_name(), "in the console"),
        ("Cancelled", "Confirmed → Cancelled", f"API token “{token.name}”", "by API"),
        ("Given a place again", "Cancelled → Confirmed", "A rule", "by the clock"),
        ("Checked in", "", "Lectern", "by a command"),
    ]
    assert [one.fields for one in time_line(row)][2] == "organisation, e-mail"


@pytest.mark.parametrize(
    ("source", "how"),
    [
        ("api", "by API"),
        ("organiser", "in the console"),
        ("import", "by an import"),
        ("participation", "as a speaker"),
        ("walk_in", "at the door"),
    ],
)
def test_where_it_came_from(conference, guest_type, owner, source, how):
    row = register(
        conference=conference,
        type_slug="guest",
        given_name="Ana",
        family_name="Petrović",
        email="ana@example.org",
        language="en",
        source=source,
        actor=Actor("account", str(owner.pk)),
    )
    assert told(row) == [("Registered", "Confirmed", owner.get_full_name(), how)]


def test_the_invitation_tells_too(conference, guest_type, owner):
    person = PersonFactory(organisation=conference.organisation)
    (invitation,) = add_invitations(
        conference=conference,
        person_ids=[person.pk],
        type_slug="guest",
        wave=1,
        plus_one=False,
        hold=False,
        actor=Actor("account", str(owner.pk)),
    ).invitations
    answered = answer_invitation(
        invitation=invitation,
        response="accepted",
        via="assistant",
        answered_by="Mila Ilić",
        actor=Actor("guest"),
        expected=None,
    )

    lines = told(answered.registration)
    assert ("Put on the guest list", "", owner.get_full_name(), "in the console") in lines
    assert ("Invitation answered: coming", "", "Mila Ilić", "by an assistant") in lines
    assert ("Registered", "Confirmed", "The guest", "by an invitation") in lines


def test_verbs_that_are_new_are_said_as_they_are_called(guest_type):
    row = RegistrationFactory(registration_type=guest_type)
    audit.record(
        verb="promote_registration",
        obj=row,
        organisation_id=1,
        actor=Actor("account", "987654"),
        changed=["status", "waiting_since"],
        facts={"from": "waiting_list", "to": "offered"},
    )
    (line,) = time_line(row)
    assert (line.what, line.who, line.fields) == (
        "Promote registration",
        "A former member",
        "waiting since",
    )
    assert line.statuses == "On the waiting list → Offered a place"


@pytest.mark.parametrize("count", [1, 10])
def test_it_costs_the_same_for_much(guest_type, owner, count, django_assert_num_queries):
    row = RegistrationFactory(registration_type=guest_type)
    for _ in range(count):
        audit.record(
            verb="check_in", obj=row, organisation_id=1, actor=Actor("account", str(owner.pk))
        )
    # Audit, invitations, their events (none without an invitation), accounts.
    with django_assert_num_queries(3):
        time_line(row)
