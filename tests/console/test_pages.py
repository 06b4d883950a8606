"""The dashboard and the conference at a glance."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from accounts.enums import Role
from core.actors import SYSTEM
from events.models import Conference
from events.services.sessions import create_session
from notifications.models import Message
from notifications.services.default_plan import ensure_default_rules
from tests.console.conftest import NOON_THE_DAY_BEFORE, conference_with_panel
from tests.events.views.reading import HOSTILE, text_of
from tests.factories.notifications import AnnouncementFactory

DASHBOARD = "/manage/institute/"
OVERVIEW = "/manage/institute/open-forum/"


def test_the_dashboard_answers_what_needs_me_now(forum, guests, owner, client_as):
    guests(94)
    forum.panellist.state = "invited"
    forum.panellist.save()
    page = text_of(client_as(owner).get(DASHBOARD))
    assert "What needs you now “Who drinks first” waits for Petar Ilić. See the panel" in page
    assert "Guests coming 94 of 120" in page
    assert "Registrations so far: 94 of 120 places taken" not in page  # that is the curve's name
    assert "18 Mar 2027 Conference Open Forum Published" in page


def test_an_organisation_without_conferences_is_led_to_the_first(owner, client_as):
    page = text_of(client_as(owner).get(DASHBOARD))
    assert "Nothing. Everything that can be done now is done." in page
    assert "Nothing is ahead. New conference" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_dashboard_costs_the_same_for_one_and_for_three(
    organisation, owner, client_as, django_assert_num_queries, frozen, count
):
    frozen("2027-03-04T12:00")
    for _ in range(count):
        conference_with_panel(organisation)
    client = client_as(owner)
    with django_assert_num_queries(26):
        client.get(DASHBOARD)


def test_the_overview_says_where_the_conference_stands(
    forum, guests, owner, client_as, django_assert_num_queries
):
    guests(3)
    create_session(conference=forum.conference, kind="keynote", title={"en": "New"}, actor=SYSTEM)
    client = client_as(owner)
    with django_assert_num_queries(39):
        page = text_of(client.get(OVERVIEW))
    assert "Open Forum Published" in page
    assert "Thursday, 18 March 2027, 10:00–13:30 (Belgrade)" in page
    assert "Readers see “First”. 1 change in the draft" in page
    assert "Who drinks first 10:00–11:00 Complete" in page
    assert "No mail is planned." in page
    assert "Tomorrow" not in page


@pytest.fixture
def clocks(frozen, monkeypatch):
    """Let all clocks show noon on 15 March 2027, the database's for what is foretold, too."""
    frozen("2027-03-15T11:00")
    for name in ("forecast", "horizon"):
        monkeypatch.setattr(f"notifications.services.{name}.database_now", timezone.now)


@pytest.mark.parametrize("count", [1, 30])
def test_the_overview_foretells_what_rules_have_still_to_plan(
    forum, guests, clocks, owner, client_as, django_assert_num_queries, count
):
    guests(count)
    ensure_default_rules(conference=forum.conference)
    AnnouncementFactory(
        conference=forum.conference,
        state="scheduled",
        round=1,
        expected=12,
        undo_until=timezone.now() + dt.timedelta(days=1),
    )
    client = client_as(owner)
    with django_assert_num_queries(65):
        page = text_of(client.get(OVERVIEW))
    assert not Message.objects.exists()
    assert "16 Mar, 12:00 A word on the programme to about 12 17 Mar, 10:00 Reminder" in page
    assert f"Reminder one day before to {count} 18 Mar, 08:00 How to find us to {count}" in page
    assert "waits in the outbox" not in page
    dashboard = text_of(client.get(DASHBOARD))
    assert "Nothing waits in the outbox. What rules have still to plan stands in" in dashboard


@pytest.mark.parametrize("path", [DASHBOARD, OVERVIEW])
def test_what_is_held_back_is_the_first_that_needs_me(forum, owner, client_as, path):
    forum.panellist.state = "invited"
    forum.panellist.save()
    row = AnnouncementFactory(
        conference=forum.conference,
        subject={"en": HOSTILE},
        state="held",
        held_at=timezone.now(),
        held_for=[{"check": "contact", "detail": "There is no contact address."}],
    )
    answer = client_as(owner).get(path)
    page = text_of(answer)
    assert "What needs you now 1 announcement of Open Forum is held back: " in page
    assert "There is no contact address. See why “Who drinks first” waits" in page
    body = answer.content.decode()
    assert f'href="{OVERVIEW}announcements/{row.code}/"' in body
    assert "<script>alert" not in body


def test_of_a_draft_the_overview_says_when_its_rules_start(forum, guests, clocks, owner, client_as):
    guests(2)
    ensure_default_rules(conference=forum.conference)
    Conference.objects.update(state="draft")
    page = text_of(client_as(owner).get(OVERVIEW))
    assert "Rules start when the conference is published. Mail calendar" in page
    assert "Reminder one day before to 2" in page


def test_from_the_day_before_it_is_the_evening_before(forum, guests, owner, client_as, frozen):
    guests(94)
    forum.panellist.state = "invited"
    forum.panellist.save()
    frozen(NOON_THE_DAY_BEFORE)
    client = client_as(owner)
    page = text_of(client.get(OVERVIEW))
    assert page.index("Tomorrow 10:00, River House.") < page.index("What needs you now")
    assert "94 of 120 guests coming." in page
    assert "Who drinks first waits for Petar Ilić." in page
    assert "Call list Petar Ilić , Who drinks first, Panellist: +381 11 22" in page
    assert "Open Forum Tomorrow 10:00 See what matters now" in text_of(client.get(DASHBOARD))


def test_roles_see_what_is_theirs(forum, guests, account_with_role, client_as, frozen):
    guests(5)
    forum.panellist.state = "invited"
    forum.panellist.save()
    frozen(NOON_THE_DAY_BEFORE)
    viewer = text_of(client_as(account_with_role(Role.VIEWER)).get(OVERVIEW))
    for words in ("guests coming", "Who comes", "Next mail", "Call list", "+381"):
        assert words not in viewer
    assert "Tomorrow 10:00" in viewer
    door = text_of(client_as(account_with_role(Role.DOOR)).get(OVERVIEW))
    assert "5 of 120 guests coming." in door
    assert "Call list" not in door


def test_before_anything_is_published_it_says_so(organisation, owner, client_as, frozen):
    frozen("2027-03-04T12:00")
    conference_with_panel(organisation, slug="open-forum", state="draft")
    page = text_of(client_as(owner).get(OVERVIEW))
    assert "Readers see no programme yet." in page
    assert "Nobody has registered yet." in page


@pytest.mark.parametrize("path", [DASHBOARD, OVERVIEW])
def test_strangers_see_nothing(forum, other_organisation, account_with_role, client_as, path):
    stranger = client_as(account_with_role(Role.OWNER, of=other_organisation))
    assert stranger.get(path).status_code == 404
    assert client_as().get(path).status_code == 302


@pytest.mark.parametrize("page", ["people", "venues", "conferences", "team"])
def test_an_organisations_own_pages_are_no_conferences(owner, client_as, page):
    assert client_as(owner).get(f"/manage/institute/{page}/").status_code == 200


def test_a_draft_has_no_link_to_a_public_page(forum, owner, client_as):
    assert "Public page" in text_of(client_as(owner).get(OVERVIEW))
    forum.conference.state = "draft"
    forum.conference.save()
    assert "Public page" not in text_of(client_as(owner).get(OVERVIEW))


@pytest.mark.parametrize("flag", ["LECTERN_DEMO", "EMBEDDED"])
def test_a_demo_leads_to_its_inbox(forum, owner, client_as, settings, flag):
    settings.LECTERN_DEMO = settings.EMBEDDED = False
    link = 'href="/manage/inbox/"'
    assert link not in client_as(owner).get(DASHBOARD).content.decode()
    setattr(settings, flag, True)
    for path in (DASHBOARD, OVERVIEW):
        assert link in client_as(owner).get(path).content.decode()
    inbox = client_as(owner).get("/manage/inbox/").content.decode()
    assert re.search(rf'{link}\s+aria-current="page"', inbox)


def test_nothing_stored_becomes_markup(forum, owner, client_as, frozen):
    frozen(NOON_THE_DAY_BEFORE)
    for row, name in ((forum.conference, "title"), (forum.panel, "title")):
        setattr(row, name, {"en": HOSTILE})
        row.save()
    person = forum.panellist.person
    person.given_name, person.phone = HOSTILE, HOSTILE[:40]
    person.save()
    forum.panellist.state = "invited"
    forum.panellist.save()
    client = client_as(owner)
    for path in (DASHBOARD, OVERVIEW, "/manage/"):
        body = client.get(path).content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body
