"""Reminder rules, messages and texts by API: shapes, refusals, versions, query counts."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from accounts.permissions import Permission
from notifications.models import Message, ReminderRule
from tests.factories.events import SessionFactory
from tests.factories.notifications import (
    MessageFactory,
    ReminderRuleFactory,
    conference_in,
    guests_of,
)

pytestmark = pytest.mark.django_db
BODY = {
    "name": "Day before",
    "audience": "attendees",
    "anchor": "conference_start",
    "offset": "-P1D",
    "template": "reminder",
}


@pytest.fixture
def conference(organisation):
    return conference_in(organisation=organisation, slug="open-forum")


@pytest.fixture
def base(conference):
    return f"/api/v1/organisations/institute/conferences/{conference.slug}"


@pytest.fixture
def rule(conference):
    return ReminderRuleFactory(conference=conference)


@pytest.fixture
def message(conference):
    return MessageFactory(registration=guests_of(conference)[0])


def problem(response):
    body = response.json()
    return (
        response.status_code,
        body["type"].rpartition("/")[2],
        [(error["pointer"], error["code"]) for error in body.get("errors", [])],
    )


class TestRules:
    def test_a_rule_is_made_read_changed_and_deleted(self, api, base):
        made = api.post(f"{base}/reminder-rules/", BODY)
        assert made.status_code == 201
        body = made.json()
        assert body == {
            "code": body["code"],
            **BODY,
            "at": None,
            "session": None,
            "role": None,
            "quiet_hours": False,
            "working_days": False,
            "late": "skip",
            "enabled": True,
        }
        address = f"{base}/reminder-rules/{body['code']}/"
        assert made["Location"] == f"http://testserver{address}"
        assert made["ETag"] == '"v1"'
        assert api.get(address).json() == body
        changed = api.patch(address, {"at": "09:00", "late": "send"}, '"v1"')
        assert (changed.status_code, changed["ETag"]) == (200, '"v2"')
        assert changed.json() == {**body, "at": "09:00", "late": "send"}
        assert api.delete(address, '"v2"').status_code == 204
        assert api.get(address).status_code == 404

    def test_a_rule_about_a_session_names_it_by_its_code(self, api, base, conference):
        session = SessionFactory(conference=conference)
        body = {**BODY, "anchor": "session_start", "offset": "-PT2H", "session": session.code}
        assert api.post(f"{base}/reminder-rules/", body).json()["session"] == session.code
        foreign = {**body, "session": SessionFactory().code}
        assert problem(api.post(f"{base}/reminder-rules/", foreign)) == (
            400,
            "validation-failed",
            [("/session", "unknown")],
        )

    def test_a_rule_says_its_exact_moments_and_sends_nothing(self, api, base, conference, rule):
        guests_of(conference, 2)
        found = api.get(f"{base}/reminder-rules/{rule.code}/preview/")
        assert found.status_code == 200
        body = found.json()
        assert (body["readers"], body["more"]) == (2, 0)
        day_before = conference.start_local - dt.timedelta(days=1)
        assert [(m["local"], m["readers"], m["reasons"]) for m in body["moments"]] == [
            (f"{day_before:%Y-%m-%dT%H:%M}", 2, [])
        ]
        assert body["moments"][0]["sentence"].endswith("UTC) — to 2 attendees")
        assert not Message.objects.exists()
        assert api.get(f"{base}/reminder-rules/NOPE22/preview/").status_code == 404

    @pytest.mark.parametrize(
        ("values", "pointers"),
        [
            ({"offset": "1 day"}, ["/offset"]),
            ({"at": "09:00", "offset": "-PT24H"}, ["/at"]),
            ({"audience": "unanswered", "anchor": "registered", "offset": "P1D"}, ["/anchor"]),
            ({"audience": "everybody"}, ["/audience"]),
            ({"anchor": "invitation_sent", "offset": "P1D"}, ["/anchor"]),
            ({"template": "nothing"}, ["/template"]),
            ({"name": None}, ["/name"]),
            ({"enabled": "perhaps"}, ["/enabled"]),
            ({"colour": "red"}, ["/colour"]),
        ],
    )
    def test_what_can_not_be_is_refused(self, api, base, values, pointers):
        status, kind, errors = problem(api.post(f"{base}/reminder-rules/", {**BODY, **values}))
        assert (status, kind, [pointer for pointer, _code in errors]) == (
            400,
            "validation-failed",
            pointers,
        )
        assert not ReminderRule.objects.exists()

    def test_a_change_needs_the_version_that_it_was_made_on(self, api, base, rule):
        address = f"{base}/reminder-rules/{rule.code}/"
        assert problem(api.patch(address, {"late": "send"})) == (428, "precondition-required", [])
        assert problem(api.patch(address, {"late": "send"}, '"v7"')) == (412, "stale", [])
        assert problem(api.delete(address)) == (428, "precondition-required", [])

    def test_a_rule_that_has_sent_stays(self, api, base, rule, message):
        Message.objects.update(rule=rule, state="sent", sent_at=timezone.now())
        address = f"{base}/reminder-rules/{rule.code}/"
        assert problem(api.delete(address, '"v1"')) == (409, "in-use", [])

    def test_a_list_costs_the_same_for_one_and_three(
        self, api, base, conference, django_assert_num_queries
    ):
        ReminderRuleFactory(conference=conference)
        session = SessionFactory(conference=conference)
        api.get(f"{base}/reminder-rules/")  # writes down when the token was used
        for more in (0, 2):
            ReminderRuleFactory.create_batch(
                more, conference=conference, session=session, anchor="session_start"
            )
            with django_assert_num_queries(4):
                found = api.get(f"{base}/reminder-rules/").json()
            assert len(found["results"]) == 1 + more

    def test_filters_stand_on_a_list(self, api, base, rule):
        assert len(api.get(f"{base}/reminder-rules/?audience=attendees").json()["results"]) == 1
        assert api.get(f"{base}/reminder-rules/?enabled=false").json()["results"] == []
        assert api.get(f"{base}/reminder-rules/?name=x").status_code == 400

    def test_the_same_key_makes_one_rule(self, api, base):
        answers = [
            api.post(f"{base}/reminder-rules/", BODY, Idempotency_Key="once") for _ in range(2)
        ]
        assert answers[0].json() == answers[1].json()
        assert ReminderRule.objects.count() == 1


class TestMessages:
    def test_a_message_as_it_is_shown(self, api, base, message):
        address = f"{base}/messages/{message.uid}/"
        found = api.get(address)
        assert found.json() == {
            "id": str(message.uid),
            "kind": "confirmation",
            "to": message.to_email,
            "registration": message.registration.code,
            "rule": None,
            "due_at": f"{message.due_at:%Y-%m-%dT%H:%M:%SZ}",
            "state": "queued",
            "message_id": None,
            "attempts": 0,
            "last_error": None,
        }
        assert api.get(address, If_None_Match=found["ETag"]).status_code == 304
        Message.objects.update(attempts=1)
        assert api.get(address, If_None_Match=found["ETag"]).status_code == 200

    def test_a_list_costs_the_same_for_one_and_three(
        self, api, base, conference, rule, django_assert_num_queries
    ):
        api.get(f"{base}/messages/")  # writes down when the token was used
        for total in (1, 3):
            while Message.objects.count() < total:
                MessageFactory(
                    registration=guests_of(conference)[0],
                    rule=rule,
                    kind="reminder",
                    plan_revision=1,
                )
            with django_assert_num_queries(4):
                found = api.get(f"{base}/messages/").json()["results"]
            assert [row["rule"] for row in found] == [rule.code] * total

    def test_filters_by_kind_state_rule_and_registration(self, api, base, message, conference):
        failed = MessageFactory(registration=guests_of(conference)[0], state="failed")
        rejected = guests_of(conference, status="rejected")[0]
        other = MessageFactory(registration=rejected, kind="rejection")

        def ids(query):
            return [row["id"] for row in api.get(f"{base}/messages/?{query}").json()["results"]]

        assert ids("state=failed") == [str(failed.uid)]
        assert ids("kind=rejection") == [str(other.uid)]
        assert ids(f"registration={message.registration.code}") == [str(message.uid)]
        assert ids("kind=confirmation&state=queued") == [str(message.uid)]
        assert ids("ordering=-due_at") == [str(row.uid) for row in (other, failed, message)]
        for wrong in ("state=lost", "to=ana", "kind=", "ordering=to_email"):
            assert api.get(f"{base}/messages/?{wrong}").status_code in {200, 400}
        assert api.get(f"{base}/messages/?state=lost").status_code == 400
        assert api.get(f"{base}/messages/?to=ana").status_code == 400

    def test_taking_back_and_trying_again(self, api, base, message):
        address = f"{base}/messages/{message.uid}"
        assert api.post(f"{address}/cancel/").json()["state"] == "cancelled"
        assert problem(api.post(f"{address}/retry/")) == (409, "wrong-state", [])
        Message.objects.update(state="failed", cancelled_for="", last_error="550 no")
        done = api.post(f"{address}/retry/")
        assert (done.status_code, done.json()["state"]) == (200, "queued")
        Message.objects.update(state="sent", sent_at=timezone.now())
        assert problem(api.post(f"{address}/cancel/")) == (409, "wrong-state", [])
        assert problem(api.post(f"{address}/cancel/", {"why": "x"}))[0] == 400

    def test_messages_of_another_house_are_not_there(self, api, base):
        foreign = MessageFactory()
        for path in ("", "retry/", "cancel/"):
            method = api.post if path else api.get
            answer = method(f"{base}/messages/{foreign.uid}/{path}")
            gone = method(f"{base}/messages/{uuid.uuid4()}/{path}")
            assert answer.status_code == gone.status_code == 404
            assert answer.json()["detail"] == gone.json()["detail"]
        assert foreign.state == "queued"


@pytest.mark.parametrize("path", ["reminder-rules/", "messages/", "mail-templates/"])
def test_a_token_needs_the_scope(api, base, path):
    assert api.anonymous.get(f"{base}/{path}").status_code == 401
    assert api.of(Permission.REGISTRATION_READ).get(f"{base}/{path}").status_code == 403
    reader = api.of(Permission.MAIL_READ)
    assert reader.get(f"{base}/{path}").status_code == 200
    if path == "reminder-rules/":
        assert reader.post(f"{base}/{path}", BODY).status_code == 403


def test_the_texts_come_in_pages_like_any_list(api, base):
    whole = [row["slug"] for row in api.get(f"{base}/mail-templates/").json()["results"]]
    first = api.get(f"{base}/mail-templates/?page_size=5")
    second = api.get(first.json()["next"]).json()
    assert first["Link"].endswith('rel="next"')
    assert [row["slug"] for row in second["results"]] == whole[5:10]
    assert api.get(second["previous"]).json()["results"] == first.json()["results"]
    for query in ("x=1", "ordering=slug", "cursor=nothing", "page_size=0"):
        assert api.get(f"{base}/mail-templates/?{query}").status_code == 400


def test_a_filter_of_true_or_false_takes_nothing_else(api, base):
    made = api.post(f"{base}/reminder-rules/", {**BODY, "enabled": False}).json()["code"]
    off = api.get(f"{base}/reminder-rules/?enabled=false").json()["results"]
    assert made in [row["code"] for row in off]
    assert not [row for row in off if row["enabled"]]
    for word in ("maybe", "null", "1"):
        assert api.get(f"{base}/reminder-rules/?enabled={word}").status_code == 400
