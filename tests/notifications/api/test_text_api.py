"""Mail texts by API: the list, one text whole and in parts, versions, and whose they are."""

from __future__ import annotations

import pytest

from accounts.permissions import Permission
from notifications.models import MailTemplate
from notifications.services.texts import LANGUAGES
from tests.factories.events import ConferenceFactory
from tests.factories.notifications import MailTemplateFactory, ReminderRuleFactory, conference_in

pytestmark = pytest.mark.django_db
WORDS = {
    "subject": "Ours: {title}",
    "preheader": "{when}",
    "title": "Ours",
    "body": "{greeting}\n\nOur own words.",
    "reason": "You are registered for {title}.",
}


@pytest.fixture
def conference(organisation):
    return conference_in(organisation=organisation, slug="open-forum", languages=["en", "ru"])


@pytest.fixture
def wide():
    return "/api/v1/organisations/institute/mail-templates/"


@pytest.fixture
def here(conference):
    return f"/api/v1/organisations/institute/conferences/{conference.slug}/mail-templates/"


def problem(response):
    body = response.json()
    return (
        response.status_code,
        body["type"].rpartition("/")[2],
        [(error["pointer"], error["code"]) for error in body.get("errors", [])],
    )


def by_slug(answer):
    return {row["slug"]: row for row in answer.json()["results"]}


def test_the_list_says_what_rules_may_choose_and_where_texts_come_from(api, here, wide, conference):
    MailTemplateFactory(conference=conference)
    MailTemplateFactory(organisation=conference.organisation, conference=None, slug="press-letter")
    found = by_slug(api.get(here))
    assert found["reminder"] == {
        "slug": "reminder",
        "name": "Reminder",
        "kind": "reminder",
        "for_rules": True,
        "languages": list(LANGUAGES),
        "origins": {tag: "conference" if tag == "en" else "delivered" for tag in LANGUAGES},
        "missing": [],
    }
    assert found["press-letter"] == {
        "slug": "press-letter",
        "name": "Press letter",
        "kind": "reminder",
        "for_rules": True,
        "languages": ["en"],
        "origins": {"en": "organisation"},
        "missing": ["ru"],
    }
    assert not found["confirmation"]["for_rules"]
    assert by_slug(api.get(wide))["reminder"]["origins"]["en"] == "delivered"
    one = api.get(f"{here}press-letter/")
    assert one.json() == found["press-letter"]
    assert api.get(f"{here}press-letter/", If_None_Match=one["ETag"]).status_code == 304
    assert api.get(f"{here}nothing/").status_code == 404


@pytest.mark.parametrize(("level", "queries"), [("here", 4), ("wide", 3)])
def test_a_list_costs_the_same_for_one_and_three(
    api, here, wide, conference, level, queries, django_assert_num_queries
):
    address = here if level == "here" else wide
    api.get(address)  # writes down when the token was used
    for number in (1, 2):
        for n in range(number):
            MailTemplateFactory(
                organisation=conference.organisation,
                conference=conference if level == "here" else None,
                slug=f"own-{number}{n}",
            )
        with django_assert_num_queries(queries):
            api.get(address)


def test_a_text_is_read_written_changed_and_taken_back(api, here, conference):
    address = f"{here}reminder/en/"
    before = api.get(address)
    assert before["ETag"] == '"v0"'
    assert before.json()["origin"] == "delivered"
    assert before.json()["subject"] == "{day}, {time}: {title}"
    assert before.json()["placeholders"]["place_url"]
    written = api.put(address, WORDS, '"v0"')
    assert (written.status_code, written["ETag"]) == (200, '"v1"')
    body = written.json()
    assert body == {**body, **WORDS, "origin": "conference"}
    changed = api.patch(address, {"title": "Soon"}, '"v1"')
    assert changed["ETag"] == '"v2"'
    assert changed.json() == {**body, "title": "Soon"}
    assert api.get(address, If_None_Match='"v2"').status_code == 304
    assert api.delete(address, '"v2"').status_code == 204
    assert api.get(address).json() == before.json()
    assert problem(api.delete(address, '"v2"')) == (404, "not-found", [])


def test_a_text_whole_begins_from_nothing_and_a_part_from_what_holds(api, here, wide):
    api.put(f"{wide}reminder/en/", {**WORDS, "facts": ["when"]}, '"v0"')
    patched = api.patch(f"{here}reminder/en/", {"title": "Here"}, '"v0"').json()
    assert (patched["subject"], patched["title"], patched["facts"]) == (
        "Ours: {title}",
        "Here",
        ["when"],
    )
    whole = api.put(f"{here}reminder/en/", WORDS, '"v1"').json()
    assert (whole["facts"], whole["button_url"], whole["lead"]) == ([], "", "")
    assert problem(api.put(f"{here}reminder/en/", {"title": "x"}, '"v2"'))[:2] == (
        400,
        "validation-failed",
    )


def test_a_new_slug_makes_a_text_that_rules_can_choose(api, here, wide, conference):
    address = f"{wide}press-letter/ru/"
    assert problem(api.patch(address, {"title": "x"}, '"v0"'))[0] == 404
    assert api.put(address, WORDS, '"v0"').status_code == 200
    rule = {
        "name": "Press",
        "audience": "attendees",
        "anchor": "conference_start",
        "offset": "-P1D",
        "template": "press-letter",
    }
    rules = here.replace("mail-templates", "reminder-rules")
    assert api.post(rules, rule).status_code == 201
    assert problem(api.delete(address, '"v1"')) == (409, "in-use", [])


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"body": "{event.__init__}"}, [("/body", "placeholder")]),
        ({"body": "{{7*7}}"}, [("/body", "placeholder"), ("/body", "brace")]),
        ({"subject": "{title:>999999999}"}, [("/subject", "placeholder")]),
        ({"body": "xPH01x"}, [("/body", "mark")]),
        ({"body": "[x](/here)"}, [("/body", "markdown")]),
        ({"facts": ["weather"]}, [("/facts", "choice")]),
        ({"button_label": "Go"}, [("/button_url", "required")]),
        ({"colour": "red"}, [("/colour", "unknown")]),
        ({"version": 7}, [("/version", "unknown")]),
        ({"subject": 5}, [("/subject", "invalid")]),
    ],
)
def test_what_can_not_be_is_refused_with_all_that_is_wrong(api, here, values, errors):
    answer = api.put(f"{here}reminder/en/", {**WORDS, **values}, '"v0"')
    assert problem(answer) == (400, "validation-failed", errors)
    assert not MailTemplate.objects.exists()


def test_a_change_needs_the_version_that_it_was_made_on(api, here, conference):
    MailTemplateFactory(conference=conference)
    address = f"{here}reminder/en/"
    for call in (api.put, api.patch):
        assert problem(call(address, WORDS)) == (428, "precondition-required", [])
        assert problem(call(address, WORDS, '"v0"')) == (412, "stale", [])
        assert problem(call(address, WORDS, '"v7"')) == (412, "stale", [])
    assert problem(api.delete(address)) == (428, "precondition-required", [])
    assert problem(api.delete(address, '"v7"')) == (412, "stale", [])


def test_there_is_no_text_in_a_language_without_mail_nor_under_an_odd_name(api, here):
    assert api.put(f"{here}reminder/de/", WORDS, '"v0"').status_code == 404
    assert problem(api.put(f"{here}No_Name/en/", WORDS, '"v0"')) == (
        400,
        "validation-failed",
        [("/template", "slug")],
    )


def test_texts_of_another_house_are_not_there(api, here, wide):
    foreign = MailTemplateFactory(conference=ConferenceFactory(), slug="press-letter")
    house = foreign.organisation.slug
    for base in (here, wide):
        assert api.get(f"{base}press-letter/").status_code == 404
        assert api.get(f"{base}press-letter/en/").status_code == 404
        assert api.delete(f"{base}press-letter/en/", '"v1"').status_code == 404
    for path in ("", "press-letter/", "press-letter/en/"):
        address = f"/api/v1/organisations/{house}/mail-templates/{path}"
        assert api.get(address).status_code == 404
    assert ReminderRuleFactory._meta.model.objects.count() == 0


def test_a_token_needs_the_scope(api, here, wide):
    for base in (here, wide):
        for path in ("", "reminder/", "reminder/en/"):
            assert api.anonymous.get(f"{base}{path}").status_code == 401
            assert api.of(Permission.REGISTRATION_READ).get(f"{base}{path}").status_code == 403
        reader = api.of(Permission.MAIL_READ)
        assert reader.get(f"{base}reminder/en/").status_code == 200
        assert reader.put(f"{base}reminder/en/", WORDS, '"v0"').status_code == 403
