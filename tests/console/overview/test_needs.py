"""What needs an organiser now, as sentences with one button each."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.permissions import permissions_of
from console.overview.needs import Need, needs_of
from core.actors import SYSTEM
from events.services.sessions import create_session
from registrations.services.answering import answer_invitation
from tests.console.conftest import conference_with_panel
from tests.factories.events import ConferenceFactory, OutcomeFactory, QuoteFactory
from tests.factories.notifications import MessageFactory
from tests.factories.registrations import InvitationFactory, RegistrationTypeFactory


def needs(*conferences, role=Role.OWNER):
    granted = permissions_of(role)
    return needs_of("institute", conferences, lambda permission: permission in granted)


def sentences(*conferences, **options):
    return [need.sentence for need in needs(*conferences, **options)]


def test_when_all_is_done_nothing_needs_anybody(forum):
    assert needs(forum.conference) == []


def test_what_readers_do_not_see_yet(forum, frozen):
    frozen("2027-03-05T12:00")
    create_session(conference=forum.conference, kind="keynote", title={"en": "New"}, actor=SYSTEM)
    assert needs(forum.conference) == [
        Need(
            "The draft of Open Forum has been worked on since “First” was published.",
            "See what readers do not",
            "/manage/institute/open-forum/schedule/",
        )
    ]


def test_a_draft_without_a_programme(forum):
    forum.version.delete()
    assert sentences(forum.conference) == [
        "1 session is in the draft of Open Forum; no programme is public."
    ]


def test_a_panel_that_is_not_complete(forum, organisation):
    forum.moderator.state = "declined"
    forum.moderator.save()
    panel = f"/manage/institute/open-forum/sessions/{forum.panel.code}/"
    replace = f"{panel}people/{forum.moderator.code}/replace/"
    declined = "Mila Đorđević declined “Who drinks first”."
    assert needs(forum.conference) == [
        Need(declined, "Replace", replace, "warn"),
        Need("“Who drinks first” has no moderator.", "Find a moderator", panel, "warn"),
    ]
    other = ConferenceFactory(organisation=organisation)
    assert sentences(forum.conference, other) == [
        declined,
        "“Who drinks first” of Open Forum has no moderator.",
    ]


def test_a_panel_that_is_far_away_needs_nobody_yet(forum, frozen):
    forum.moderator.state = "invited"
    forum.moderator.save()
    frozen("2027-01-04T12:00")
    assert sentences(forum.conference) == []


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "1 registration waits for your yes to Open Forum."),
        (2, "2 registrations wait for your yes to Open Forum."),
    ],
)
def test_registrations_that_wait_for_a_yes(forum, guests, number, sentence):
    guests(number, "pending_approval")
    assert sentences(forum.conference) == [sentence]


@pytest.fixture
def invited(forum):
    """Return a function: so many invited guests."""

    def make(number, **fields):
        return InvitationFactory.create_batch(
            number, registration_type=forum.guest_type, conference=forum.conference, **fields
        )

    return make


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        ("2027-03-07T17:00", "the deadline is in 3 days"),
        ("2027-03-05T17:00", "the deadline is tomorrow"),
        ("2027-03-04T17:00", "the deadline is today"),
        ("2027-03-03T17:00", "and the deadline has passed"),
        (None, "the deadline is in 14 days"),
    ],
)
def test_guests_who_are_silent_near_the_deadline(forum, invited, deadline, words):
    at = dt.datetime.fromisoformat(deadline).replace(tzinfo=dt.UTC) if deadline else None
    forum.conference.reply_until_at = at
    invited(2, sent_at=timezone.now())
    assert needs(forum.conference) == [
        Need(
            f"2 guests are silent about Open Forum, {words}.",
            "Call list",
            "/manage/institute/open-forum/invitations/call-list/",
            "warn",
        )
    ]


def test_silence_long_before_the_deadline_needs_nobody(forum, invited, frozen):
    invited(2, sent_at=timezone.now())
    frozen("2027-02-20T12:00")
    assert sentences(forum.conference) == []


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "1 invitation to Open Forum is not sent yet."),
        (7, "7 invitations to Open Forum are not sent yet."),
    ],
)
def test_invitations_that_are_not_sent_yet(forum, invited, number, sentence):
    invited(number)
    invited(1, withdrawn_at=timezone.now())
    assert sentences(forum.conference) == [sentence]
    assert needs(forum.conference)[0].url == ("/manage/institute/open-forum/invitations/?sent=no")
    assert sentences(forum.conference, role=Role.PROGRAMME) == []


def test_a_draft_whose_registration_opens_soon(organisation, frozen):
    frozen("2027-02-01T12:00")
    draft = ConferenceFactory(organisation=organisation, title={"en": "Lakes"}, state="draft")
    opens = dt.datetime(2027, 2, 3, 8)
    kind = RegistrationTypeFactory(
        conference=draft, opens_local=opens, opens_at=opens.replace(tzinfo=dt.UTC)
    )
    assert sentences(draft) == [
        "Lakes opens its registration Wednesday, 3 February, and its page is still a draft."
    ]
    frozen("2027-02-03T12:00")
    assert sentences(draft) == [
        "Lakes opened its registration Wednesday, 3 February, and its page is still a draft."
    ]
    kind.opens_at = kind.opens_local = None
    kind.save()
    assert sentences(draft) == []
    frozen("2027-03-01T12:00")
    assert sentences(draft) == [
        "Lakes takes place Thursday, 18 March, and its page is still a draft."
    ]


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.OWNER, ["mail", "approval", "panel"]),
        (Role.REGISTRAR, ["mail", "approval"]),
        (Role.PROGRAMME, ["panel"]),
        (Role.VIEWER, []),
    ],
)
def test_each_role_sees_what_it_can_do(forum, guests, role, kinds):
    guest, *_ = guests(1, "pending_approval")
    MessageFactory(registration=guest, state="failed")
    forum.panellist.state = "invited"
    forum.panellist.save()
    words = {"mail": "could not be delivered", "approval": "waits for your yes", "panel": "Petar"}
    said = sentences(forum.conference, role=role)
    assert [k for k, word in words.items() if any(word in s for s in said)] == kinds
    assert len(said) == len(kinds)


def test_three_conferences_cost_as_much_as_one(forum, organisation, django_assert_num_queries):
    others = [conference_with_panel(organisation).conference for _ in range(2)]
    for conferences in ([forum.conference], [forum.conference, *others]):
        with django_assert_num_queries(17):
            needs(*conferences)


def test_words_that_are_proposed_for_quotes_wait_for_a_look(forum):
    outcome = OutcomeFactory(conference=forum.conference)
    QuoteFactory(outcome=outcome, asked=True)
    assert not [s for s in sentences(forum.conference) if "proposed" in s]
    for number, what in ((1, "1 quote"), (2, "2 quotes")):
        QuoteFactory(
            outcome=outcome, asked=True, state="proposed", proposal={"en": "A border is drawn."},
            answered_at=forum.conference.ends_at, answered_via="link",
        )  # fmt: skip
        said = [s for s in sentences(forum.conference) if "proposed" in s]
        title = forum.conference.title["en"]
        assert said == [f"Other words are proposed for {what} of {title}."], number


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "1 guest comes on top of the 2 places."),
        (2, "2 guests come on top of the 2 places."),
    ],
)
def test_invited_guests_for_whom_no_place_was_left(organisation, number, sentence):
    conference = ConferenceFactory(organisation=organisation, slug="dinner")
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=2)
    for _ in range(2 + number):
        row = InvitationFactory(registration_type=kind, person__email="")
        answer_invitation(invitation=row, response="accepted", via="phone", actor=SYSTEM)
    assert needs(conference) == [
        Need(sentence, "See the places", "/manage/institute/dinner/types/", "warn")
    ]
