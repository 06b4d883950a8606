"""The answer page: one press answers, and no program that follows links changes anything."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.actors import SYSTEM
from core.links import link_token
from core.models import AuditEntry
from events.models import Conference
from notifications.models import Message
from registrations.models import HeldPlace, Invitation, InvitationEvent, Registration
from registrations.services.invitation_links import invitation_path, revoke_invitation_link
from registrations.services.inviting import withdraw_invitation
from registrations.services.links import manage_path
from tests.factories.events import PersonFactory
from tests.factories.registrations import InvitationFactory, QuestionFactory

pytestmark = pytest.mark.django_db
MILA = {"answer": "companion", "given_name": "Mila", "family_name": "Marić"}
IVO = {"answer": "colleague", "given_name": "Ivo", "family_name": "Ilić", "position": "Secretary"}
# What is pressed, in each language.
BUTTONS = {
    "sr-Latn": (
        "Vaša ekselencijo,",
        "Sačuvali smo Vam mesto; rok za odgovor je sreda, 10. mart.",
        "Dolazim",
        "Doći će neko umesto mene",
        "Žao mi je, ne mogu da dođem",
        "Možda – pitajte me ponovo",
    ),
    "ru": (
        "Здравствуйте, H.E. Ana Petrović!",
        "Я приду",
        "Вместо меня придёт коллега",
        "К сожалению, не смогу",
        "Возможно – спросите меня ещё раз",
    ),
}


@pytest.fixture
def person(organisation):
    return PersonFactory(
        organisation=organisation,
        honorific="H.E.",
        given_name="Ana",
        family_name="Petrović",
        email="ana@example.org",
        language="en",
        salutation={"en": "Your Excellency", "sr-Latn": "Vaša ekselencijo"},
    )


@pytest.fixture
def invitation(conference, guest_type, person):
    conference.reply_until_local = dt.datetime.fromisoformat("2027-03-10T18:00")
    conference.reply_until_at = dt.datetime(2027, 3, 10, 17, tzinfo=dt.UTC)
    conference.description = {"en": "Why rivers do not stop at borders."}
    conference.save()
    return InvitationFactory(registration_type=guest_type, person=person, held=1)


@pytest.fixture
def path(invitation):
    return invitation_path(invitation)


@pytest.fixture(autouse=True)
def _counters_from_nothing():
    cache.clear()  # what other tests tried within these ten minutes, which the clock stands in
    yield
    cache.clear()


@pytest.fixture
def stranger():
    """A browser that checks forged requests as in production and has no cookie."""
    return Client(enforce_csrf_checks=True)


def row():
    return Invitation.objects.get()


def text(response):
    return " ".join(response.content.decode().split())


def press(client, path, answer, **more):
    return client.post(path, {"answer": answer, "version": row().version, **more})


def test_the_link_is_the_pages_address(invitation, path):
    kwargs = {"code": invitation.code, "token": path.strip("/").split("/")[2]}
    assert reverse("invitation-answer", kwargs=kwargs) == path


def test_the_page_greets_and_offers_three_answers_before_all_else(stranger, path):
    page = text(stranger.get(path)).partition("<main")[2]

    order = [
        "<h1>Your Excellency,</h1>",
        "We have kept a place for you until Wednesday, 10 March.",
        "Thursday, 18 March 2027, 10:00",
        "I will attend",
        "A colleague will come for me",
        "I regret",
        "Maybe – ask me again",
        "I am answering for H.E. Ana Petrović",
        "Why rivers do not stop at borders.",
        "This invitation is for H.E. Ana Petrović.",
        "office@example.org",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_the_page_costs_the_same_number_of_questions(
    stranger, path, invitation, django_assert_num_queries
):
    for _ in range(2):
        with django_assert_num_queries(5):
            # Invitation, conference, venues, partners, kept places.
            stranger.get(path)


def test_without_a_kept_place_it_asks_for_an_answer(stranger, path):
    HeldPlace.objects.all().delete()

    page = text(stranger.get(path))
    assert "Please answer by Wednesday, 10 March." in page
    assert "kept a place" not in page


@pytest.mark.parametrize("language", ["sr-Latn", "ru"])
def test_the_buttons_are_in_the_guests_language(stranger, path, person, language):
    person.language = language
    person.save()

    page = stranger.get(path)

    assert page["Content-Language"] == language
    for words in BUTTONS[language]:
        assert words in text(page)


def test_a_yes_is_one_press_and_shows_ticket_and_what_is_open(stranger, path, invitation):
    Invitation.objects.update(plus_one=True)

    pressed = press(stranger, path, "attend")

    assert (pressed.status_code, pressed["Location"]) == (302, path)
    assert (row().response, row().answered_via, row().answered_by) == ("accepted", "link", "")
    page = text(stranger.get(path))
    for words in (
        "See you on Thursday, 18 March",
        "Show the ticket",
        f'href="{path}event.ics"',
        f'href="/r/{row().registration.code}/',
        "Who comes along",
        "Phone on the day",
        "Answered on Monday, 1 March at 11:00: I will attend.",
        "I regret",
    ):
        assert words in page
    assert "I will attend</button>" not in page


def test_after_a_yes_the_hosts_questions_are_asked(stranger, path, conference):
    QuestionFactory(conference=conference, slug="topic", label={"en": "Your topic"}, required=True)
    press(stranger, path, "attend")

    change = f"{manage_path(row().registration)}change/"
    for page in (path, manage_path(row().registration)):
        words = text(stranger.get(page))
        assert "The hosts still need an answer from you:" in words
        assert "Your topic" in words
        assert f'href="{change}"' in words
    own = row().registration
    sent = {
        "version": own.version,
        "given_name": own.given_name,
        "family_name": own.family_name,
        "email": own.email,
        "language": own.language,
        "q-topic": "Rivers",
    }
    assert stranger.post(change, sent).status_code == 302
    assert "still need" not in text(stranger.get(path))


def test_whoever_answers_for_the_guest_is_kept_with_the_answer(stranger, path):
    press(stranger, path, "regret", answered_by=" Vera  Vidić ")

    assert (row().answered_via, row().answered_by) == ("assistant", "Vera Vidić")
    assert "Answered by Vera Vidić on Monday, 1 March" in text(stranger.get(path))


def test_a_regret_is_noted_before_anything_is_asked(stranger, path):
    press(stranger, path, "regret")
    assert row().response == "declined"

    page = text(stranger.get(path))
    assert "Thank you for telling us" in page
    assert "Please send me the findings afterwards" in page

    press(stranger, path, "more", reason="Travelling", wants_findings="on")
    assert (row().decline_reason, row().wants_findings) == ("Travelling", True)
    assert 'value="Travelling"' in text(stranger.get(path))


@pytest.mark.parametrize(
    ("more", "lang", "said"),
    [
        (
            {"reason": "Travelling", "wants_findings": "on"},
            "en",
            "The hosts can read it, and know that you would like the findings.",
        ),
        ({"reason": "Put"}, "sr-Latn", "Hvala Vam. Domaćini mogu da pročitaju šta ste napisali."),
        ({"wants_findings": "on"}, "sr-Cyrl", "Хвала Вам. Домаћини знају да бисте желели налазе."),
        ({}, "ru", "Спасибо. Всё сохранено."),
    ],
)
def test_what_is_added_to_a_regret_is_thanked_for(stranger, path, person, more, lang, said):
    person.language = lang
    person.save()
    press(stranger, path, "regret")
    assert said not in text(stranger.get(path))
    saved = press(stranger, path, "more", **more)
    assert said in text(stranger.get(saved["Location"]))
    assert said not in text(stranger.get(path))


def test_thanks_are_for_a_regret_only(stranger, path):
    assert 'role="status"' not in text(stranger.get(f"{path}?thanks=yes"))


def test_a_maybe_keeps_asking(stranger, path):
    press(stranger, path, "maybe")

    page = text(stranger.get(path))
    assert row().response == "tentative"
    assert "You are not sure yet, and we will ask you again." in page
    assert "We have kept a place for you until" in page
    assert "Maybe – ask me again" not in page


def test_a_colleague_is_named_before_anything_is_written(stranger, path):
    asked = press(stranger, path, "colleague", answered_by="Vera")

    assert asked.status_code == 200
    assert "Who comes for you" in text(asked)
    assert 'value="Vera"' in text(asked)
    assert row().response == ""

    given = stranger.post(path, {**IVO, "version": 1, "answered_by": "Vera"})
    assert given.status_code == 302
    assert (row().by_delegate, row().answered_by) == (True, "Vera")
    page = text(stranger.get(path))
    assert "We expect Ivo Ilić" in page
    assert "I will come myself" in page


@pytest.mark.parametrize(
    "wrong",
    [{"family_name": ""}, {"email": "nowhere"}, {"given_name": "www.example.com"}],
)
def test_a_colleague_without_a_name_is_asked_for_again(stranger, path, wrong):
    asked = stranger.post(path, {**IVO, **wrong, "version": 1})

    assert asked.status_code == 400
    assert "One thing needs another look." in text(asked)
    assert 'value="Secretary"' in text(asked)
    assert row().response == ""


def test_the_companions_name_comes_later_and_goes_again(stranger, path):
    Invitation.objects.update(plus_one=True)
    press(stranger, path, "attend")

    stranger.post(path, {**MILA, "version": row().version})
    assert row().companion.given_name == "Mila"
    assert "Nobody comes along after all" in text(stranger.get(path))

    press(stranger, path, "alone")
    assert row().companion.status == "cancelled"


def test_a_phone_number_is_kept_with_the_registration(stranger, path):
    stranger.post(path, {**IVO, "version": 1})

    press(stranger, path, "phone", phone="+381 11 555")

    assert row().registration.phone == "+381 11 555"
    assert row().by_delegate
    assert "Phone on the day" not in text(stranger.get(path))


def test_two_tabs_the_second_is_told_what_the_first_has_answered(stranger, path):
    press(stranger, path, "regret", answered_by="Vera")

    late = stranger.post(path, {"answer": "attend", "version": 1})

    assert late.status_code == 412
    assert "Somebody has answered meanwhile. Answered by Vera" in text(late)
    assert row().response == "declined"
    assert not Registration.objects.exists()


def test_pressing_twice_is_pressing_once(stranger, path):
    for _ in range(2):
        assert stranger.post(path, {"answer": "attend", "version": 1}).status_code == 302
    assert Registration.objects.count() == 1
    assert InvitationEvent.objects.count() == 1


def test_what_was_never_offered_changes_nothing(stranger, path):
    for nonsense in ({}, {"answer": "burn"}, {"answer": "attend", "version": "x"}):
        assert stranger.post(path, nonsense).status_code == 400
    assert row().version == 1


# --- Links -------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["", "attend", "regret"])
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("part", ["", "event.ics", "?lang=sr-Latn"])
def test_opening_a_link_changes_nothing(stranger, path, answer, method, part):
    if answer:
        press(stranger, path, answer)
    before = everything()

    for _ in range(3):
        getattr(stranger, method)(f"{path}{part}")
    assert getattr(stranger, method)(f"{path}seen/").status_code == 405

    assert everything() == before


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (Invitation, InvitationEvent, HeldPlace, Registration, Message, AuditEntry)
    ]


@pytest.mark.parametrize("answer", ["", "attend"])
def test_nobody_keeps_the_page_or_learns_its_address(stranger, path, answer):
    if answer:
        press(stranger, path, answer)
    page = stranger.get(path)

    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert not page.cookies


@pytest.mark.parametrize("part", ["", "event.ics"])
def test_wrong_links_open_the_same_nothing(stranger, invitation, path, part):
    token = path.strip("/").split("/")[2]
    other = "A" * len(token)
    wrong = stranger.get(f"/i/{invitation.code}/{other}/{part}")
    unknown = stranger.get(f"/i/NOSUCHCODE/{token}/{part}")
    manage = link_token("manage", invitation.pk, invitation.link_generation)
    purpose = stranger.get(f"/i/{invitation.code}/{manage}/{part}")

    assert {a.status_code for a in (wrong, unknown, purpose)} == {404}
    assert wrong.content == unknown.content == purpose.content


def test_guessing_is_stopped_at_the_twentieth_wrong_link(stranger, invitation, path, settings):
    settings.THROTTLE = True
    statuses = [
        stranger.get(f"/i/{invitation.code}/guess-{number}/").status_code for number in range(21)
    ]

    assert statuses == [404] * 19 + [429] * 2
    assert stranger.get(path).status_code == 200


def test_a_revoked_link_says_so_and_nothing_of_the_guest(stranger, invitation, path):
    revoke_invitation_link(invitation=invitation, actor=SYSTEM)

    page = stranger.get(path)
    assert page.status_code == 410
    assert "This link has been replaced" in text(page)
    assert "Petrović" not in text(page)
    assert press(stranger, path, "attend").status_code == 410
    assert row().response == ""
    assert stranger.post(f"{path}seen/").status_code == 410
    assert row().seen_at is None
    assert stranger.get(invitation_path(row())).status_code == 200


def test_a_withdrawn_invitation_says_so(stranger, invitation, path):
    withdraw_invitation(invitation=invitation, expected=None, actor=SYSTEM)

    page = stranger.get(path)
    assert page.status_code == 410
    assert "The hosts have taken it back." in text(page)
    assert "office@example.org" in text(page)
    assert stranger.post(path, {"answer": "attend"}).status_code == 410


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"state": "draft"}, "This can not be answered yet"),
        ({"state": "cancelled"}, "This will not take place"),
        ({"state": "postponed"}, "This has been postponed"),
        ({"state": "archived"}, "This is over"),
        ({"ends_at": "2027-02-28T10:00Z", "starts_at": "2027-02-28T09:00Z"}, "This is over"),
        ({"changes_until_at": "2027-03-01T09:00Z"}, "It is too late to answer here"),
    ],
)
def test_what_can_not_be_answered_says_why_and_whom_to_ask(stranger, path, columns, words):
    Conference.objects.update(**columns)

    for page in (stranger.get(path), stranger.post(path, {"answer": "attend", "version": 1})):
        assert page.status_code == 200
        assert words in text(page)
        assert "office@example.org" in text(page)
    assert row().response == ""
    assert not Registration.objects.exists()


@pytest.mark.parametrize("visibility", ["private", "unlisted"])
def test_who_is_invited_reads_what_it_is_about(stranger, path, visibility):
    Conference.objects.update(visibility=visibility)

    page = text(stranger.get(path))
    assert "Open forum" in page
    assert "Why rivers do not stop at borders." in page
    assert ("/forum/programme/" in page) == (visibility == "unlisted")


# --- The calendar entry and the script -----------------------------------------------------------


def test_the_calendar_entry_is_there_for_who_comes(stranger, path):
    assert stranger.get(f"{path}event.ics").status_code == 404
    press(stranger, path, "attend")

    file = stranger.get(f"{path}event.ics")

    body = file.content.decode()
    assert file["Content-Type"].startswith("text/calendar")
    assert 'filename="forum.ics"' in file["Content-Disposition"]
    assert file["Cache-Control"] == "no-store"
    assert "METHOD:PUBLISH" in body
    assert f"UID:{row().registration.uid}" in body
    assert "SUMMARY:Open forum" in body


def test_the_script_says_once_that_the_page_was_seen(stranger, path):
    assert f'data-seen="{path}seen/"' in text(stranger.get(path))

    assert stranger.post(f"{path}seen/").status_code == 204
    first = row().seen_at
    assert abs(first - timezone.now()) < dt.timedelta(seconds=1)
    assert stranger.post(f"{path}seen/").status_code == 204

    assert row().seen_at == first
    assert row().version == 1
    page = text(stranger.get(path))
    assert "data-seen" not in page
    assert "invitation.js" not in page


def test_too_many_answers_of_one_network_are_slowed_down(stranger, path, settings, monkeypatch):
    settings.THROTTLE = True
    monkeypatch.setattr("registrations.views.public.base.SENDS_A_MINUTE", 2)
    statuses = [press(stranger, path, answer).status_code for answer in ("maybe", "maybe", "maybe")]

    assert statuses == [302, 302, 429]
