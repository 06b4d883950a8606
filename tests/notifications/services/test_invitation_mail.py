"""What invited guests get: one mail a click and one an answer, in their language, while right."""

from __future__ import annotations

import datetime as dt

import pytest

from core.actors import SYSTEM, Actor
from events.services.people import change_person, set_assistants
from notifications.models import Message, RenderedMail
from notifications.services.archive import archive, reveal
from notifications.services.delivery import send_due_messages
from notifications.services.rendering import RenderingError, render
from notifications.services.unsubscribing import unsubscribe_url
from registrations.models import Invitation
from registrations.services.answering import answer_invitation
from registrations.services.cancelling import cancel_registration
from registrations.services.invitation_links import invitation_url, revoke_invitation_link
from registrations.services.inviting import (
    add_invitations,
    change_invitation,
    send_invitations,
    withdraw_invitation,
)
from tests.factories.events import ConferenceFactory, PersonFactory
from tests.factories.registrations import RegistrationTypeFactory
from tests.notifications.mailroom import furnish

pytestmark = pytest.mark.django_db
GUEST = Actor("guest")
SUBJECTS = {
    "invitation": (
        "Invitation: Rivers and borders, 18 March",
        "Poziv: Reke i granice, 18. mart",
        "Приглашение: Реки и границы, 18 марта",
    ),
    "save_the_date": (
        "Please keep the day free: Rivers and borders, 18 March",
        "Molimo Vas da sačuvate dan: Reke i granice, 18. mart",
        "Пожалуйста, оставьте этот день свободным: Реки и границы, 18 марта",
    ),
    "answer": (
        "Thank you for your answer: Rivers and borders",
        "Hvala Vam na odgovoru: Reke i granice",
        "Спасибо за ответ: Реки и границы",
    ),
    "answer_maybe": (
        "Thank you for your answer: Rivers and borders",
        "Hvala Vam na odgovoru: Reke i granice",
        "Спасибо за ответ: Реки и границы",
    ),
}
INVITATION = """\
You are invited

Your Excellency,

Institute for Testing would be honoured to welcome you to Rivers and borders on Thursday, 18 March.

We have kept a place for you until 10 March.

The invitation is for 2 people: you are welcome to bring somebody along.

When: Thursday, 18 March 2027, 10:00–13:30 (Belgrade)
Doors: from 09:30
Where: Old Post Office
  Knez Mihailova 1, 11000 Belgrade
Entrance: Through the yard
Who speaks: Jean O’Brien, Jr., Editor, The River (opening remarks)
  Prof. Dr. Radina Vasić, University of Belgrade (moderator)
Questions: Mila Jović, desk@example.org, +381 11 555 0100

One press answers, and you can change your answer on the same page.

Answer the invitation:
{link}

—
Institute for Testing
You get this mail because Institute for Testing invites you by name to Rivers and borders.
We have your address from our list.
You may ask what we keep about you, have it corrected or deleted, and object to further letters: \
desk@example.org.
Stop mails like this one:
{stop}
"""


@pytest.fixture(autouse=True)
def clock(frozen):
    return frozen("2027-03-01T10:00")


@pytest.fixture
def room():
    made = furnish()
    made.conference.reply_until_at = dt.datetime(2027, 3, 10, 17, tzinfo=dt.UTC)
    return made


@pytest.mark.parametrize("template", sorted(SUBJECTS))
def test_subjects_are_in_the_readers_language(room, template):
    found = tuple(render(room.message(template, tag)).subject for tag in ("en", "sr-Latn", "ru"))
    assert found == SUBJECTS[template]


def test_an_invitation_greets_as_typed_and_says_until_when_a_place_is_kept(room):
    room.invitation.plus_one = True
    room.invitation.person.salutation = {"en": "Your Excellency"}

    message = room.message("invitation", to_name="Vera Vidić")
    mail = render(message)

    assert mail.text == INVITATION.format(
        link=invitation_url(room.invitation), stop=unsubscribe_url(message)
    )
    assert mail.attachments == ()
    assert mail.reply_to == "desk@example.org"


def test_an_assistant_reads_whose_invitation_it_is(room):
    assert "Dear Ana Petrović," in render(room.message("invitation", to_name="Vera Vidić")).text


def test_without_a_kept_place_an_answer_is_asked_for(room):
    room.invitation.held_places.all().delete()
    text = render(room.message("invitation")).text
    assert "Please let us know by 10 March whether we may expect you." in text
    assert "We have kept" not in text


def test_what_is_not_known_is_not_said(room):
    room.conference.reply_until_at = None
    room.invitation.person.source = ""
    text = render(room.message("invitation")).text
    for words in ("until", "let us know by", "our list", "people"):
        assert words not in text


def test_a_mail_about_no_invitation_can_not_be_made(room):
    with pytest.raises(RenderingError, match="invitation that this mail is about"):
        render(room.message("invitation", invitation=None))


def test_a_kept_mail_shows_the_link_that_was_sent(room):
    message = room.message("invitation")
    kept = RenderedMail(message=message, **archive(render(message)))
    old = invitation_url(room.invitation)
    room.invitation.link_generation += 1

    assert old in reveal(kept, None).text
    assert invitation_url(room.invitation) not in reveal(kept, None).text
    gone = RenderedMail(**archive(render(room.message("invitation"))))
    assert "http://testserver/i/\n" in reveal(gone, None).text


# --- Queued, taken back and sent -----------------------------------------------------------------


@pytest.fixture
def conference(organisation):
    row = ConferenceFactory(organisation=organisation, slug="forum", title={"en": "Open forum"})
    RegistrationTypeFactory(conference=row, slug="guest", capacity=10)
    return row


@pytest.fixture
def person(organisation):
    return PersonFactory(organisation=organisation, email="ana@example.org", language="ru")


@pytest.fixture
def invitation(conference, person):
    return add_invitations(
        conference=conference, person_ids=[person.pk], type_slug="guest", actor=SYSTEM
    ).invitations[0]


def send(row, **more):
    return send_invitations(
        conference=row.conference, invitation_ids=[row.pk], actor=SYSTEM, **more
    )


def answer(row, response, **more):
    given = {"via": "link", "actor": GUEST, "by_guest": True, **more}
    return answer_invitation(
        invitation=Invitation.objects.get(pk=row.pk), response=response, **given
    )


def assist(person, *, copy=False):
    return set_assistants(
        person=person,
        assistants=[
            {"name": "Vera", "email": "vera@example.org", "copy_to_principal": copy},
        ],
        expected=None,
        actor=SYSTEM,
    )


def test_nothing_is_queued_before_somebody_clicks(invitation, outbox):
    assert outbox() == []


def test_a_click_is_one_mail_in_the_persons_language(invitation, outbox):
    send(invitation)

    row = Message.objects.get()
    assert (row.kind, row.to_email, row.language) == ("invitation", "ana@example.org", "ru")
    assert (row.invitation, row.person, row.registration) == (invitation, invitation.person, None)
    assert row.key.startswith(f"invitation:{invitation.code}:2027")


def test_sending_again_is_another_mail(invitation, outbox, clock):
    send(invitation)
    clock.shift(60)
    send(invitation)
    assert outbox() == [("invitation", "ana@example.org", "queued")] * 2


@pytest.mark.parametrize(
    ("copy", "readers"),
    [(False, ["vera@example.org"]), (True, ["vera@example.org", "ana@example.org"])],
)
def test_the_assistant_gets_it_and_the_principal_a_copy_if_wished(
    invitation, person, outbox, copy, readers
):
    assist(person, copy=copy)
    send(invitation, save_the_date=True)
    assert [(kind, to) for kind, to, _state in outbox()] == [
        ("save_the_date", reader) for reader in readers
    ]


def test_a_yes_is_one_confirmation(invitation, outbox):
    send(invitation)
    answer(invitation, "accepted")
    assert outbox() == [
        ("invitation", "ana@example.org", "cancelled"),
        ("confirmation", "ana@example.org", "queued"),
    ]
    assert Message.objects.get(kind="invitation").cancelled_for == "answered"


@pytest.mark.parametrize(
    ("response", "template"), [("declined", "answer"), ("tentative", "answer_maybe")]
)
def test_a_regret_or_a_maybe_is_one_word_of_thanks(invitation, outbox, response, template):
    row = answer(invitation, response)
    if response == "declined":
        answer(row, response, reason="Travelling")
    assert outbox() == [("answer", "ana@example.org", "queued")]
    message = Message.objects.get()
    assert (message.template, message.requested) == (template, True)


def test_a_place_given_back_is_one_cancellation(invitation, outbox):
    answer(invitation, "accepted")
    answer(invitation, "declined")
    assert outbox(state="queued") == [("cancellation", "ana@example.org", "queued")]


def test_giving_it_back_on_the_personal_page_is_one_cancellation_too(invitation, outbox):
    row = answer(invitation, "accepted")
    cancel_registration(registration=row.registration, actor=GUEST, by_guest=True)
    assert outbox(state="queued") == [("cancellation", "ana@example.org", "queued")]


def test_a_guest_whose_colleague_is_told_is_thanked(invitation, outbox):
    colleague = {"given_name": "Ivo", "family_name": "Ilić", "email": "ivo@example.org"}
    answer(invitation, "accepted", delegate=colleague)
    answer(invitation, "declined")
    assert outbox(state="queued") == [
        ("cancellation", "ivo@example.org", "queued"),
        ("answer", "ana@example.org", "queued"),
    ]


def test_each_answer_takes_the_thanks_for_the_former_one_back(invitation, outbox, clock):
    answer(invitation, "declined")
    clock.shift(1)
    answer(invitation, "tentative")
    answer(invitation, "accepted")
    assert [(kind, state) for kind, _to, state in outbox()] == [
        ("answer", "cancelled"),
        ("answer", "cancelled"),
        ("confirmation", "queued"),
    ]


def test_what_is_recorded_for_a_guest_is_not_thanked_for(invitation, outbox):
    answer(invitation, "declined", via="phone", actor=SYSTEM, by_guest=False)
    assert outbox() == []


def test_what_waits_is_taken_back_with_the_invitation(invitation, outbox):
    send(invitation)
    withdraw_invitation(invitation=invitation, expected=None, actor=SYSTEM)
    assert outbox() == [("invitation", "ana@example.org", "cancelled")]


def test_it_goes_out_once_to_where_the_person_reads_now(invitation, person, outbox, transport):
    send(invitation)
    change_person(person=person, changes={"email": "new@example.org"}, expected=None, actor=SYSTEM)

    send_due_messages()

    assert transport.recipients == ["new@example.org"]
    assert invitation_url(invitation).encode() in transport.mails[0].raw.replace(b"=\r\n", b"")
    assert outbox() == [("invitation", "new@example.org", "sent")]


@pytest.mark.parametrize("gone", ["answered", "withdrawn", "draft", "cancelled"])
def test_it_does_not_go_out_when_it_is_not_right_any_more(
    invitation, conference, outbox, transport, gone
):
    send(invitation)
    # As if another transaction had done it after this one was claimed: nothing has taken it back.
    rows = Invitation.objects.filter(pk=invitation.pk)
    if gone == "answered":
        rows.update(response="declined", answered_at="2027-03-01T09:00Z", answered_via="link")
    elif gone == "withdrawn":
        rows.update(withdrawn_at="2027-03-01T09:00Z")
    else:
        type(conference).objects.update(state=gone)

    send_due_messages()

    assert transport.recipients == []
    assert outbox() == [("invitation", "ana@example.org", "cancelled")]


def test_a_maybe_may_be_invited_again(invitation, outbox, transport):
    answer(invitation, "tentative")
    send(invitation)
    send_due_messages()
    assert outbox(kind="invitation") == [("invitation", "ana@example.org", "sent")]


def test_a_revoked_link_never_leaves(invitation, outbox, transport):
    send(invitation)
    old = invitation_url(invitation).rpartition("/i/")[2].encode()
    revoke_invitation_link(invitation=invitation, actor=SYSTEM)
    send_due_messages()
    assert old not in transport.mails[0].raw.replace(b"=\r\n", b"")


def test_a_change_of_the_invitation_sends_nothing(invitation, outbox):
    change_invitation(
        invitation=invitation, changes={"plus_one": True}, expected=None, actor=SYSTEM
    )
    assert outbox() == []
