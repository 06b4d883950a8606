"""The console's navigation leads where the role may go, and says where one is."""

from __future__ import annotations

import pytest

from accounts.enums import Role

DASHBOARD = "/manage/institute/"
SCHEDULE = "/manage/institute/open-forum/schedule/"


def labels(response, part):
    return [item["label"] for item in response.context["nav"][part]]


@pytest.mark.parametrize(
    ("role", "items", "conference_items"),
    [
        (
            Role.OWNER,
            ["Dashboard", "Conferences", "People", "Venues", "Mail texts", "Opted out", "Team"],
            [
                *("Overview", "Sessions", "Speakers", "Programme", "Conflicts", "Guests"),
                "Registrations",
                *("Who waits", "Types", "Form"),
                *("Mail calendar", "Announcements", "Mail rules", "Mail texts", "Outbox"),
                *("Donor pack", "Outcome", "Settings"),
            ],
        ),
        (
            Role.PROGRAMME,
            ["Dashboard", "Conferences", "People", "Venues"],
            ["Overview", "Sessions", "Speakers", "Programme", "Conflicts", "Outcome", "Settings"],
        ),
        (
            Role.VIEWER,
            ["Dashboard", "Conferences", "Venues"],
            ["Overview", "Sessions", "Speakers", "Programme", "Conflicts", "Outcome", "Settings"],
        ),
    ],
)
def test_each_role_is_led_where_it_may_go(
    forum, account_with_role, client_as, role, items, conference_items
):
    page = client_as(account_with_role(role)).get(SCHEDULE)
    assert (labels(page, "items"), labels(page, "conference_items")) == (items, conference_items)
    client = client_as(account_with_role(role))
    for item in [*page.context["nav"]["items"], *page.context["nav"]["conference_items"]]:
        assert client.get(item["url"]).status_code == 200


def test_it_says_where_one_is_and_what_is_public(forum, owner, client_as):
    nav = client_as(owner).get(SCHEDULE).context["nav"]
    assert [item["label"] for item in nav["conference_items"] if item["current"]] == ["Programme"]
    assert nav["conference"] == {
        "title": "Open Forum",
        "url": "/manage/institute/open-forum/",
        "dates": "18 March 2027",
        "state": "published",
        "state_label": "Published",
        "public_url": "/institute/open-forum/",
        "version": "First",
        "changes": 0,
    }


def test_the_demo_leads_to_its_inbox(owner, client_as, settings):
    assert "Inbox" not in labels(client_as(owner).get(DASHBOARD), "items")
    settings.LECTERN_DEMO = True
    assert "Inbox" in labels(client_as(owner).get(DASHBOARD), "items")


def test_outside_an_organisation_there_is_none(forum, client_as):
    assert "nav" not in (client_as().get("/").context or {})
