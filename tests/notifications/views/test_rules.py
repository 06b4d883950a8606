"""Mail rules in the console: in sentences with their moments, and a form for each."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.enums import Role
from core.models import AuditEntry
from notifications.models import Message, ReminderRule
from notifications.services.default_plan import ensure_default_rules
from tests.factories.accounts import AccountFactory, MembershipFactory
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db
RULES = "/manage/institute/forum/rules/"
TYPED = {
    "name": "Day before",
    "template": "reminder",
    "audience": "attendees",
    "session": "",
    "role": "",
    "amount": "1",
    "unit": "days",
    "direction": "before",
    "anchor": "conference_start",
    "at": "",
    "late": "skip",
    "enabled": "on",
}


@pytest.fixture
def browser(room, client_as):
    account = AccountFactory(email="owner@example.org")
    MembershipFactory(
        organisation=room.conference.organisation, account=account, role=Role.REGISTRAR
    )
    return client_as(account)


@pytest.fixture
def short_time(frozen, monkeypatch):
    """The day before, on all clocks, before anybody signs in."""
    frozen("2027-03-17T13:00")
    monkeypatch.setattr("notifications.services.planning.database_now", timezone.now)


def made(room, **columns):
    values = {
        "name": "Day before",
        "audience": "attendees",
        "anchor": "conference_start",
        "offset": "-P1D",
        "template": "reminder",
    }
    return room.conference.reminder_rules.create(**{**values, **columns})


def words_of(response):
    return " ".join(response.content.decode().split())


def test_a_rule_is_a_sentence_with_its_moment_and_its_readers(room, browser):
    made(room)
    RegistrationFactory(registration_type=room.registration.registration_type)
    assert (
        "One day before the start, at the same time: reminder to 2 attendees, on "
        "Wednesday, 17 March 2027, 10:00 (Belgrade)."
    ) in words_of(browser.get(RULES))


def test_a_sentence_says_what_a_short_time_makes_of_the_plan(short_time, room, browser):
    """It is what the form and the mail calendar say."""
    ensure_default_rules(conference=room.conference)
    said = words_of(browser.get(RULES))
    assert (
        "3 days before the start, at the same time: practical information to 1 attendee; it falls "
        "out. Time is short: “Reminder one day before” says it.</p>"
    ) in said
    assert (
        "reminder to 1 attendee, on Wednesday, 17 March 2027, 14:00 (Belgrade). Its moment is "
        "past: it goes at once.</p>"
    ) in said
    assert "2 hours before the start: how to find us to 1 attendee, on Thursday, 18 March" in said
    practical = room.conference.reminder_rules.get(step="practical")
    assert "it falls out. Time is short" in words_of(browser.get(f"{RULES}{practical.code}/"))


def test_a_step_whose_moment_is_past_goes_at_once_only_before_it_is_planned(
    short_time, room, browser
):
    ensure_default_rules(conference=room.conference)
    revision = room.conference.plan_revision
    room.conference.reminder_rules.update(planned_revision=revision)
    assert (
        "reminder to 1 attendee, on Wednesday, 17 March 2027, 10:00 (Belgrade) (has passed).</p>"
    ) in words_of(browser.get(RULES))


def test_no_rule_offers_to_add_one(room, browser):
    assert "No rule yet: nobody is reminded." in words_of(browser.get(RULES))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    room, browser, number, django_assert_num_queries
):
    for n in range(number):
        made(room, name=f"Rule {n}")
    with django_assert_num_queries(12):
        browser.get(RULES)


def test_a_rule_is_made_with_its_moment_said(room, browser):
    response = browser.post(f"{RULES}new/", TYPED, follow=True)
    rule = ReminderRule.objects.get()
    assert (rule.name, rule.offset, rule.at, rule.enabled) == ("Day before", "-P1D", None, True)
    assert "The rule is made. One day before the start" in words_of(response)
    assert AuditEntry.objects.filter(verb="create_reminder_rule").count() == 1


def test_a_preview_says_the_moment_and_keeps_nothing(room, browser):
    typed = {**TYPED, "amount": "3", "at": "09:00", "preview": "yes"}
    response = browser.post(f"{RULES}new/", typed)
    assert (
        "3 days before the start, at 09:00: reminder to 1 attendee, on Monday, 15 March 2027, "
        "09:00 (Belgrade)."
    ) in words_of(response)
    assert not ReminderRule.objects.exists()
    assert not AuditEntry.objects.filter(verb="create_reminder_rule").exists()
    room.conference.refresh_from_db()
    rule = made(room)
    response = browser.post(f"{RULES}{rule.code}/", {**typed, "version": rule.version})
    assert "3 days before the start, at 09:00" in words_of(response)
    rule.refresh_from_db()
    assert (rule.offset, rule.version) == ("-P1D", 1)


def test_the_form_shows_its_exact_moments_while_it_is_typed(room, browser):
    typed = {**TYPED, "amount": "3", "preview": "yes"}
    part = words_of(browser.post(f"{RULES}new/", typed, HTTP_HX_REQUEST="true"))
    assert part.startswith('<div class="card')
    assert "<strong>Mon 15 March 2027, 10:00 CET (09:00 UTC)</strong> — to 1 attendee" in part
    wrong = {**typed, "unit": "hours", "at": "09:00"}
    part = words_of(browser.post(f"{RULES}new/", wrong, HTTP_HX_REQUEST="true"))
    assert "A time of day goes with whole days only" in part
    page = words_of(browser.get(f"{RULES}new/"))
    assert 'hx-post="/manage/institute/forum/rules/new/"' in page
    assert not ReminderRule.objects.exists()


def test_a_refusal_stands_beside_its_field(room, browser):
    typed = {**TYPED, "unit": "hours", "at": "09:00"}
    response = browser.post(f"{RULES}new/", typed)
    assert "A time of day goes with whole days only" in words_of(response)
    response = browser.post(f"{RULES}new/", {**TYPED, "audience": "session"})
    assert "Say which session&#x27;s people." in words_of(response)
    response = browser.post(f"{RULES}new/", {**TYPED, "amount": "-1"})
    assert "greater than or equal to 0" in words_of(response)
    response = browser.post(f"{RULES}new/", {**TYPED, "amount": "9999"})
    assert "An offset is 400 days at most." in words_of(response)
    assert not ReminderRule.objects.exists()


@pytest.mark.parametrize(
    ("offset", "amount", "unit", "direction"),
    [
        ("-P1D", "1", "days", "before"),
        ("-P2W", "14", "days", "before"),
        ("-PT2H", "2", "hours", "before"),
        ("PT90M", "90", "minutes", "after"),
        ("P0D", "0", "days", "after"),
    ],
)
def test_a_moment_is_typed_as_it_is_said(room, browser, offset, amount, unit, direction):
    rule = made(room, offset=offset)
    html = words_of(browser.get(f"{RULES}{rule.code}/"))
    assert f'name="amount" value="{amount}"' in html
    assert f'<option value="{unit}" selected>' in html
    assert f'<option value="{direction}" selected>' in html


def test_what_only_the_api_can_say_is_kept_when_other_things_change(room, browser):
    rule = made(room, offset="-P1DT2H")
    typed = {**TYPED, "name": "Renamed", "version": rule.version}
    browser.post(f"{RULES}{rule.code}/", typed)
    rule.refresh_from_db()
    assert (rule.name, rule.offset) == ("Renamed", "-P1DT2H")


def test_a_change_on_an_old_version_is_refused(room, browser):
    rule = made(room)
    ReminderRule.objects.update(version=5)
    response = browser.post(f"{RULES}{rule.code}/", {**TYPED, "name": "Mine", "version": 1})
    assert "Somebody changed this" in words_of(response)
    rule.refresh_from_db()
    assert rule.name == "Day before"


def test_a_rule_is_switched_off_and_on(room, browser):
    rule = made(room)
    response = browser.post(
        f"{RULES}{rule.code}/switch/", {"enabled": "no", "version": "1"}, follow=True
    )
    assert "“Day before” is switched off." in words_of(response)
    rule.refresh_from_db()
    assert not rule.enabled
    browser.post(f"{RULES}{rule.code}/switch/", {"enabled": "yes", "version": rule.version})
    rule.refresh_from_db()
    assert rule.enabled
    assert browser.get(f"{RULES}{rule.code}/switch/").status_code == 405


def test_deleting_asks_first_and_spares_what_has_sent(room, browser):
    rule = made(room)
    assert "Delete “Day before”?" in words_of(browser.get(f"{RULES}{rule.code}/delete/"))
    assert ReminderRule.objects.exists()
    message = room.message("reminder", rule=rule)
    message.state, message.sent_at = "sent", message.due_at
    message.save()
    response = browser.post(f"{RULES}{rule.code}/delete/", {"version": "1"}, follow=True)
    assert "This rule has sent mail" in words_of(response)
    Message.objects.all().delete()
    response = browser.post(f"{RULES}{rule.code}/delete/", {"version": "1"}, follow=True)
    assert "“Day before” is deleted." in words_of(response)
    assert not ReminderRule.objects.exists()


def test_a_draft_says_that_its_rules_send_nothing(room, browser):
    room.conference.state = "draft"
    room.conference.save()
    html = words_of(browser.get(RULES))
    assert "The conference is still a draft, so its rules send nothing." in html


def test_rules_of_others_do_not_exist_here(room, browser, client_as):
    other = furnish_another()
    assert browser.get(f"{RULES}{other.code}/").status_code == 404
    assert browser.post(f"{RULES}{other.code}/delete/").status_code == 404
    assert client_as(AccountFactory()).get(RULES).status_code == 404


def furnish_another():
    from tests.factories.events import ConferenceFactory

    return ConferenceFactory().reminder_rules.create(
        name="Other",
        audience="attendees",
        anchor="conference_start",
        offset="-P1D",
        template="reminder",
    )


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (
            {"offset": "-PT24H"},
            (
                "24 hours before the start: reminder to 1 attendee, on "
                "Wednesday, 17 March 2027, 10:00 (Belgrade)."
            ),
        ),
        (
            {"offset": "-PT1H30M", "anchor": "conference_end"},
            (
                "One hour and 30 minutes before the end: reminder to 1 attendee, on "
                "Thursday, 18 March 2027, 12:00 (Belgrade)."
            ),
        ),
        (
            {"offset": "P1D", "at": "10:00", "anchor": "conference_end", "template": "thanks"},
            (
                "One day after the end, at 10:00: thanks to 1 attendee, on "
                "Friday, 19 March 2027, 10:00 (Belgrade)."
            ),
        ),
        (
            {"offset": "P0D", "anchor": "outcome_published", "template": "thanks"},
            "When the outcome is published: thanks to 1 attendee; the moment is not known yet.",
        ),
        (
            {"offset": "PT1H", "anchor": "registered", "template": "practical"},
            (
                "One hour after registering: practical information to 1 attendee, for each from "
                "their own moment."
            ),
        ),
        (
            {"offset": "PT0M", "anchor": "conference_start", "audience": "waiting_list"},
            (
                "At the start: reminder to 0 people on the waiting list, on "
                "Thursday, 18 March 2027, 10:00 (Belgrade)."
            ),
        ),
        (
            {
                "offset": "-P2D",
                "anchor": "session_start",
                "audience": "speakers",
                "template": "briefing",
            },
            (
                "2 days before each of their sessions begins, at the same time: briefing for "
                "speakers to 2 speakers."
            ),
        ),
        ({"offset": "-P1D", "template": "gone_text"}, ": gone text to 1 attendee"),
    ],
)
def test_sentences_say_length_anchor_text_and_readers(room, browser, columns, sentence):
    made(room, **columns)
    assert sentence in words_of(browser.get(RULES))


def test_a_rule_about_one_session_names_it(room, browser):
    rule = made(
        room, audience="session", session=room.panel, anchor="session_start", offset="-PT2H"
    )
    html = words_of(browser.get(f"{RULES}{rule.code}/"))
    assert (
        "2 hours before “Who owns a river” begins: reminder to 2 people on the session, on "
        "Thursday, 18 March 2027, 08:15 (Belgrade)."
    ) in html
    assert f'<option value="{room.panel.code}" selected>Who owns a river</option>' in html


def test_several_moments_are_listed(room, browser):
    rule = made(room, audience="speakers", anchor="session_start", offset="-PT1H")
    html = words_of(browser.get(f"{RULES}{rule.code}/"))
    for local, utc in (("09:00", "08:00"), ("09:15", "08:15")):
        assert f"Thu 18 March 2027, {local} CET ({utc} UTC)" in html
    assert "11:00 CET" not in html  # nobody speaks in the pause


def test_a_moment_that_has_passed_says_so(room, browser):
    rule = made(room, offset="-P400D")
    assert "(has passed)" in words_of(browser.get(f"{RULES}{rule.code}/"))


def test_who_may_only_read_programmes_sees_no_rules(room, client_as):
    account = AccountFactory()
    MembershipFactory(
        organisation=room.conference.organisation, account=account, role=Role.PROGRAMME
    )
    assert client_as(account).get(RULES).status_code == 403
