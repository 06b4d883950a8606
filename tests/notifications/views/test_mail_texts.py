"""The pages of mail texts: which hold, an editor with its preview, a test, and the way back."""

from __future__ import annotations

import html as entities
import re

import pytest

from accounts.enums import Role
from core.models import AuditEntry
from notifications.models import MailTemplate, Message
from notifications.services.mail_facts import forget
from registrations.services.links import manage_url
from tests.factories.accounts import AccountFactory, MembershipFactory, OrganisationFactory
from tests.factories.events import ConferenceFactory
from tests.factories.notifications import MailTemplateFactory

pytestmark = pytest.mark.django_db
HERE = "/manage/institute/forum/mail-templates/"
WIDE = "/manage/institute/mail-templates/"
TYPED = {
    "version": "0",
    "subject": "Ours: {title}",
    "preheader": "{when}",
    "title": "Ours",
    "body": "{greeting}\n\nOur own words: [programme]({programme_url}).",
    "facts": ["when", "place"],
    "after": "",
    "lead": "",
    "button_label": "See or change",
    "button_url": "manage_url",
    "reason": "You are registered for {title}.",
}


@pytest.fixture
def browser(room, client_as):
    account = AccountFactory(email="mila@example.org")
    MembershipFactory(
        organisation=room.conference.organisation, account=account, role=Role.REGISTRAR
    )
    return client_as(account)


def words_of(response):
    return " ".join(entities.unescape(response.content.decode()).split())


def labels(response, name):
    """Return what the list says of a text, language by language."""
    return re.findall(rf'aria-label="{name}, [^:"]+: ([^"]+)"', words_of(response))


def test_the_list_says_where_each_text_comes_from(room, browser):
    organisation = room.conference.organisation
    MailTemplateFactory(conference=room.conference)
    MailTemplateFactory(organisation=organisation, conference=None, language="ru")
    MailTemplateFactory(
        organisation=organisation, conference=None, slug="press-letter", language="ru"
    )
    here = browser.get(HERE)
    assert labels(here, "Reminder") == [
        "Changed here",
        "As delivered",
        "As delivered",
        "By the organisation",
    ]
    assert labels(here, "Press letter") == [*["Missing"] * 3, "By the organisation"]
    assert "Missing: English, Srpski (latinica), Српски (ћирилица)" in words_of(here)
    assert set(labels(here, "Confirmation")) == {"As delivered"}
    wide = browser.get(WIDE)
    assert labels(wide, "Reminder") == [*["As delivered"] * 3, "Changed here"]


@pytest.mark.parametrize(("address", "queries"), [(HERE, 5), (WIDE, 4)])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    room, browser, address, queries, django_assert_num_queries
):
    for number in (1, 2):
        for n in range(number):
            conference = room.conference if address == HERE else None
            MailTemplateFactory(
                organisation=room.conference.organisation,
                conference=conference,
                slug=f"own-{number}{n}",
            )
        with django_assert_num_queries(queries):
            browser.get(address)


def test_the_editor_begins_with_the_text_that_holds(room, browser):
    page = words_of(browser.get(f"{HERE}en/reminder/"))
    assert 'value="{day}, {time}: {title}"' in page
    assert "**{title}** begins {on_day} at {time}." in page
    assert '<input type="hidden" name="version" value="0"' in page
    assert "<code>{place_url}</code>" in page
    assert "That link, only for who can give a place back" in page
    assert "<code>{former_when}</code>" not in page
    assert "Ana Petrović, registered" in page
    assert "Prof. Dr. Radina Vasić, speaks" in page
    assert 'src="/manage/institute/forum/mail-templates/en/reminder/preview/?sample=r.' in page


def test_a_text_is_saved_and_holds_at_once(room, browser):
    response = browser.post(f"{HERE}en/reminder/", TYPED, follow=True)
    assert "Every mail that is made from now on reads so." in words_of(response)
    row = MailTemplate.objects.get()
    assert (row.conference, row.subject, row.facts) == (
        room.conference,
        "Ours: {title}",
        ["when", "place"],
    )
    again = browser.post(
        f"{HERE}en/reminder/", {**TYPED, "version": "1", "title": "Soon"}, follow=True
    )
    assert "Changed here" in words_of(again)
    row.refresh_from_db()
    assert (row.title, row.version) == ("Soon", 2)


def test_what_is_wrong_stands_beside_its_field(room, browser):
    typed = {**TYPED, "body": "Dear {event.__init__.__globals__}", "subject": "{venue}"}
    response = browser.post(f"{HERE}en/reminder/", typed)
    page = words_of(response)
    assert "“{event.__init__.__globals__}” is no placeholder." in page
    assert "so it can not stand in the subject." in page
    assert response.context["form"].errors.keys() == {"body", "subject"}
    missing = browser.post(f"{HERE}en/reminder/", {**TYPED, "reason": ""})
    assert missing.context["form"].errors.keys() == {"reason"}
    assert not MailTemplate.objects.exists()


def test_a_change_on_an_old_version_is_refused_and_can_be_repeated(room, browser):
    MailTemplateFactory(conference=room.conference, version=4)
    typed = {**TYPED, "subject": "Mine"}
    response = browser.post(f"{HERE}en/reminder/", typed)
    assert "Somebody changed this" in words_of(response)
    assert 'name="version" value="4"' in words_of(response)
    browser.post(f"{HERE}en/reminder/", {**typed, "version": "4"})
    assert MailTemplate.objects.get().subject == "Mine"
    MailTemplate.objects.all().delete()
    response = browser.post(f"{HERE}en/reminder/", {**typed, "version": "5"})
    assert 'name="version" value="0"' in words_of(response)
    assert not MailTemplate.objects.exists()


def test_a_preview_shows_subject_and_mail_to_one_guest_and_no_link_of_theirs(room, browser):
    sample = f"r.{room.registration.code}"
    address = f"{HERE}en/confirmation/preview/"
    held = browser.get(f"{address}?sample={sample}")
    assert "sandbox" in held["Content-Security-Policy"]
    page = words_of(held)
    assert "<strong>Subject:</strong> Your place is confirmed: Rivers and borders" in page
    assert "Dear Ana Petrović," in page
    typed = browser.post(address, {**TYPED, "sample": sample})
    assert "<strong>Subject:</strong> Ours: Rivers and borders" in words_of(typed)
    plain = browser.post(address, {**TYPED, "sample": sample, "view": "text"})
    assert "See or change: http://testserver/r/" in words_of(plain)
    key = manage_url(room.registration).rstrip("/").rpartition("/")[2]
    for response in (held, typed, plain):
        assert key not in response.content.decode()
    assert not MailTemplate.objects.exists()
    assert not AuditEntry.objects.filter(verb="set_mail_template").exists()


def test_a_preview_of_what_can_not_be_sent_says_why(room, browser):
    typed = {**TYPED, "body": "{{7*7}}", "title": "", "facts": ["weather"]}
    page = words_of(browser.post(f"{HERE}en/reminder/preview/", typed))
    assert "This text can not be sent yet" in page
    assert "<li>Title: This is needed.</li>" in page
    assert "<li>Rows of facts: Give a list of names.</li>" in page
    typed = {**TYPED, "body": "<script>{{7*7}}</script>"}
    page = browser.post(f"{HERE}en/reminder/preview/", typed).content.decode()
    assert "49" not in page
    assert "<script" not in page
    assert "Text: “{7*7}” is no placeholder." in entities.unescape(page)


def test_a_test_goes_to_the_organiser_alone(room, browser):
    sample = f"r.{room.registration.code}"
    response = browser.post(f"{HERE}en/reminder/test/", {**TYPED, "sample": sample})
    assert "A test is on its way to mila@example.org." in words_of(response)
    assert 'value="Ours: {title}"' in words_of(response)
    row = Message.objects.get()
    assert (row.kind, row.to_email, row.registration) == ("test", "mila@example.org", None)
    assert not MailTemplate.objects.exists()
    outbox = browser.get(f"/manage/institute/forum/outbox/{row.uid}/")
    assert "[Test] Ours: Rivers and borders" in words_of(outbox)
    wrong = browser.post(f"{HERE}en/reminder/test/", {**TYPED, "body": "{x!r}"})
    assert "“{x!r}” is no placeholder." in words_of(wrong)
    assert Message.objects.count() == 1
    assert browser.get(f"{HERE}en/reminder/test/").status_code == 405


def test_taking_back_asks_first(room, browser):
    row = MailTemplateFactory(conference=room.conference)
    MailTemplateFactory(organisation=row.organisation, conference=None)
    page = words_of(browser.get(f"{HERE}en/reminder/reset/"))
    assert "Take back “Reminder” in English?" in page
    assert "the organisation's text holds again" in page
    stale = browser.post(f"{HERE}en/reminder/reset/", {"version": "9"}, follow=True)
    assert "Somebody" in words_of(stale)
    done = browser.post(f"{HERE}en/reminder/reset/", {"version": "1"}, follow=True)
    assert "The text is taken back." in words_of(done)
    assert browser.get(f"{HERE}en/reminder/reset/").status_code == 404
    page = words_of(browser.get(f"{WIDE}en/reminder/reset/"))
    assert "the text that came with Lectern holds again" in page


def test_a_text_of_ones_own_is_made_and_chosen_by_a_rule(room, browser):
    typed = {"name": "Letter to the press", "start_from": "practical", "language": "en"}
    response = browser.post(f"{HERE}new/", typed, follow=True)
    assert response.redirect_chain[-1][0] == f"{HERE}en/letter-to-the-press/"
    assert "Rules can choose it; write its words now." in words_of(response)
    page = words_of(browser.get("/manage/institute/forum/rules/new/"))
    assert '<option value="letter-to-the-press">Letter to the press</option>' in page
    taken = browser.post(f"{HERE}new/", typed)
    assert "There is a text of this name." in words_of(taken)
    missing = words_of(browser.get(f"{HERE}ru/letter-to-the-press/"))
    assert "Missing: Русский" in missing
    assert "Readers of this language get the text in English." in missing
    assert 'value="Before you come: {title}, {short_date}"' in missing
    browser.post(f"{HERE}ru/letter-to-the-press/", {**TYPED, "subject": "Прессе: {title}"})
    assert MailTemplate.objects.get(language="ru").subject == "Прессе: {title}"
    last = words_of(browser.get(f"{HERE}ru/letter-to-the-press/reset/"))
    assert "readers of this language get another one" in last


def test_the_organisations_text_is_tried_on_its_latest_conference(room, browser):
    page = words_of(browser.get(f"{WIDE}en/reminder/"))
    assert "Ana Petrović, registered" in page
    browser.post(f"{WIDE}en/reminder/", TYPED)
    assert MailTemplate.objects.get().conference is None
    forget()
    preview = words_of(browser.get(f"{WIDE}en/reminder/preview/"))
    assert "Ours: Rivers and borders" in preview


def test_without_a_conference_there_is_no_preview(client_as):
    organisation = OrganisationFactory(slug="young")
    account = AccountFactory()
    MembershipFactory(organisation=organisation, account=account, role=Role.OWNER)
    browser = client_as(account)
    page = words_of(browser.get("/manage/young/mail-templates/en/reminder/"))
    assert "No preview yet" in page
    preview = words_of(browser.get("/manage/young/mail-templates/en/reminder/preview/"))
    assert "There is none yet." in preview
    response = browser.post("/manage/young/mail-templates/en/reminder/test/", TYPED)
    assert "There is none yet." in words_of(response)


def test_texts_of_others_do_not_exist_here(room, browser, client_as):
    foreign = MailTemplateFactory(conference=ConferenceFactory(), slug="press-letter")
    for level in (HERE, WIDE):
        for page in ("", "preview/", "reset/"):
            assert browser.get(f"{level}en/{foreign.slug}/{page}").status_code == 404
        assert browser.post(f"{level}en/{foreign.slug}/", TYPED).status_code == 404
        assert browser.get(f"{level}de/reminder/").status_code == 404
    other = f"/manage/{foreign.organisation.slug}/mail-templates/"
    assert browser.get(other).status_code == 404
    stranger = client_as(AccountFactory())
    assert stranger.get(HERE).status_code == 404
    account = AccountFactory()
    MembershipFactory(
        organisation=room.conference.organisation, account=account, role=Role.PROGRAMME
    )
    for level in (HERE, WIDE):
        assert client_as(account).get(level).status_code == 403
