"""What an anonymous program may do: read the form and register."""

from __future__ import annotations

import json

import pytest

from core.models import AuditEntry, IdempotencyRecord
from notifications.models import Message
from registrations.models import Booking, Registration, RegistrationPlace
from registrations.services.links import find_by_link
from tests.factories.notifications import ReminderRuleFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db

WISH = {
    "registration_type": "guest",
    "given_name": "Ana",
    "family_name": "Petrović",
    "email": "ana@example.org",
}


@pytest.fixture
def ask(api, public, guest_type):
    """Return a function: POST a registration; None leaves a field out."""

    def call(path=f"{public}/registrations/", headers=None, raw=None, **changes):
        body = {name: value for name, value in {**WISH, **changes}.items() if value is not None}
        return api.anonymous.post(path, body, raw=raw, **(headers or {}))

    return call


def nothing_written():
    rows = (Booking, Registration, RegistrationPlace, IdempotencyRecord)
    audited = AuditEntry.objects.filter(object_type="registrations.registration")
    return not audited.exists() and not any(model.objects.exists() for model in rows)


def test_registering_answers_with_code_status_and_link(ask):
    answer = ask(
        affiliation="Institute",
        position="Researcher",
        language="sr-Latn",
        answers={},
        consents=[],
        access_code="",
    )

    row = Registration.objects.get()
    body = answer.json()
    told = {"code", "status", "manage_url", "companions"}
    assert (answer.status_code, set(body)) == (201, told)
    assert (body["code"], body["status"]) == (row.code, "confirmed")
    assert answer["Cache-Control"] == "no-store"
    assert (answer["Location"], answer["ETag"]) == (body["manage_url"], row.etag)
    assert (row.source, row.language, row.affiliation) == ("api", "sr-Latn", "Institute")
    start, _, rest = body["manage_url"].partition("/r/")
    assert start == "http://testserver"
    assert find_by_link(*rest.strip("/").split("/")) == row


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"approval": True}, "pending_approval"),
        ({"capacity": 0}, "waiting_list"),
        ({"capacity": 1}, "confirmed"),
    ],
)
def test_the_status_is_one_of_three(ask, conference, fields, status):
    RegistrationTypeFactory(conference=conference, slug="kind", **fields)

    assert ask(registration_type="kind").json()["status"] == status


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [
        ("", "", "en"),
        ("", "sr", "sr-Latn"),
        ("?lang=sr-Latn", "en", "sr-Latn"),
    ],
)
def test_the_language_is_the_readers_when_none_is_named(ask, public, query, accept, language):
    answer = ask(f"{public}/registrations/{query}", headers={"Accept-Language": accept})

    assert (answer.status_code, answer["Content-Language"]) == (201, language)
    assert Registration.objects.get().language == language


@pytest.mark.parametrize("name", list(WISH))
def test_each_required_field_is_named_when_it_is_missing(ask, problem, name):
    assert problem(ask(**{name: None})) == (400, "validation-failed", {f"/{name}": "required"})
    assert nothing_written()


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"given_name": ""}, {"/given_name": "required"}),
        ({"email": "ana"}, {"/email": "email"}),
        ({"given_name": 7}, {"/given_name": "invalid"}),
        ({"given_name": ["Ana"]}, {"/given_name": "invalid"}),
        ({"email": {"a": 1}}, {"/email": "invalid"}),
        ({"registration_type": 1}, {"/registration_type": "invalid"}),
        ({"registration_type": "nothing"}, {"/registration_type": "unknown"}),
        ({"registration_type": ""}, {"/registration_type": "unknown"}),
        ({"language": "de"}, {"/language": "unknown"}),
        ({"language": False}, {"/language": "invalid"}),
        ({"phone": "1"}, {"/phone": "unknown"}),
        ({"status": "confirmed"}, {"/status": "unknown"}),
        ({"person": "ABC123"}, {"/person": "unknown"}),
        ({"source": "organiser"}, {"/source": "unknown"}),
        ({"answers": {"diet": "vegan"}}, {"/answers/diet": "unknown"}),
        ({"answers": {"x~/y": 1}}, {"/answers/x~0~1y": "unknown"}),
        ({"answers": ["diet"]}, {"/answers": "invalid"}),
        ({"consents": ["photo"]}, {"/consents/0": "unknown"}),
        ({"consents": "photo"}, {"/consents": "invalid"}),
        ({"access_code": "VIP"}, {"/access_code": "unknown"}),
        ({"access_code": 5}, {"/access_code": "invalid"}),
        ({"invitation": "ABC"}, {"/invitation": "unknown"}),
        ({"given_name": "A" * 121, "email": "no"}, {"/given_name": "too-long", "/email": "email"}),
    ],
)  # fmt: skip
def test_what_can_not_be_taken_is_named_and_leaves_no_trace(ask, problem, changes, errors):
    assert problem(ask(**changes)) == (400, "validation-failed", errors)
    assert nothing_written()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'"text"', 400),
        (b'{"given_name": "\\u0000"}', 400),
        (b'{"given_name": "\x00"}', 400),
        (b'{"given_name": "\xff"}', 400),
        (b'{"email": "\\ud800"}', 400),
        (b'{"a": 1, "a": 2}', 400),
        (b"[" * 5000, 400),
        (b'{"given_name": "' + b"A" * 10_000_000 + b'"}', 413),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_body_that_is_none_is_refused(ask, public, api, guest_type, raw, status):
    path = f"{public}/registrations/"
    answer = api.anonymous.request("POST", path, body={}, raw=raw)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert nothing_written()


def test_another_media_type_is_refused(ask, problem):
    answer = ask(headers={"content_type": "application/x-www-form-urlencoded"})
    assert problem(answer)[:2] == (415, "unsupported-media-type")


def test_sold_out_closed_and_twice_are_conflicts(ask, conference, problem, clock):
    RegistrationTypeFactory(conference=conference, slug="full", capacity=0, waiting_list=False)
    RegistrationTypeFactory(conference=conference, slug="closed", closes_at=conference.created_at)

    assert problem(ask(registration_type="full")) == (409, "sold-out", {})
    assert problem(ask(registration_type="closed")) == (409, "registration-closed", {})
    assert nothing_written()
    assert ask().status_code == 201
    assert problem(ask(email="ANA@example.org")) == (409, "already-registered", {})
    conference.state = "cancelled"
    conference.save()
    assert problem(ask(email="b@example.org")) == (409, "registration-closed", {})


def test_a_refusal_says_nothing_of_the_first_registration(ask, told):
    first = ask(given_name="Secret", family_name="Person", affiliation="Hidden house").json()

    answer = ask(given_name="Somebody")

    text = answer.content.decode()
    for part in ("Secret", "Person", "Hidden", first["code"], "confirmed", "example.org"):
        assert part not in text.replace("http://testserver", "")
    assert told == [("registered", 1, True), ("link_requested", 1, True)]


@pytest.mark.parametrize("state", ["draft"])
def test_a_draft_is_not_there(ask, conference, problem, state):
    conference.state = state
    conference.save()
    assert problem(ask())[:2] == (404, "not-found")


def test_a_private_conference_is_not_there(ask, conference, problem):
    conference.visibility = "private"
    conference.save()
    assert problem(ask())[:2] == (404, "not-found")


def test_a_type_that_is_not_public_is_unknown(ask, conference, problem):
    RegistrationTypeFactory(conference=conference, slug="staff", public=False)
    assert problem(ask(registration_type="staff"))[2] == {"/registration_type": "unknown"}


def test_the_same_key_and_body_get_the_same_answer(ask):
    first = ask(headers={"Idempotency-Key": "a-key"})
    again = ask(headers={"Idempotency-Key": '"a-key"'})

    assert (again.status_code, again.content) == (201, first.content)
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert (first.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert Registration.objects.count() == 1


def test_the_same_key_with_another_body_is_a_mistake(ask, problem):
    ask(headers={"Idempotency-Key": "a-key"})
    answer = ask(email="b@example.org", headers={"Idempotency-Key": "a-key"})

    assert problem(answer)[:2] == (422, "idempotency-mismatch")
    assert Registration.objects.count() == 1


def test_a_used_key_is_a_mistake_whatever_else_is_wrong(ask, problem):
    ask(headers={"Idempotency-Key": "a-key"})
    for changes in ({"email": None}, {"email": 5}, {"vip": True}):
        answer = ask(headers={"Idempotency-Key": "a-key"}, **changes)
        assert problem(answer)[:2] == (422, "idempotency-mismatch")


def test_a_key_of_another_address_is_another_key(ask, api, public, client):
    ask(headers={"Idempotency-Key": "a-key"})
    answer = client.post(
        f"{public}/registrations/",
        json.dumps({**WISH, "email": "b@example.org"}),
        content_type="application/json",
        headers={"Idempotency-Key": "a-key"},
        REMOTE_ADDR="203.0.113.9",
    )
    assert answer.status_code == 201


def test_a_refusal_gives_its_key_back(ask, guest_type, conference):
    key = {"Idempotency-Key": "a-key"}
    RegistrationFactory(registration_type=guest_type, email="ana@example.org")
    assert ask(headers=key).status_code == 409
    assert not IdempotencyRecord.objects.exists()
    assert ask(email="b@example.org", headers=key).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 129, "a\tb", 'a"b'])
def test_a_key_has_1_to_128_visible_characters(ask, problem, key):
    assert problem(ask(headers={"Idempotency-Key": key}))[:2] == (400, "validation-failed")
    assert nothing_written()


def test_registering_is_ten_statements(ask, unheard, round_trips):
    # The conference, and the nine of register().
    with round_trips(10, together=4):
        assert ask().status_code == 201


def test_what_is_told_costs_one_statement_more(ask, conference, round_trips):
    """All mails. Whether the rules that this process knows still hold is asked along."""
    rules = ReminderRuleFactory.create_batch(3, conference=conference)
    ask()
    with round_trips(11, together=4):
        ask(email="other@example.org")
    mails = Message.objects.filter(to_email="other@example.org")
    assert sorted(mails.values_list("kind", flat=True)) == ["confirmation", *["reminder"] * 3]
    assert {mail.rule for mail in mails} == {None, *rules}


def test_one_address_may_ask_so_often_and_is_told_when_to_come_back(ask, settings):
    from rest_framework.settings import api_settings

    from core.api.throttles import CallerThrottle
    from registrations.api.views.public import PublicRegistrations

    PublicRegistrations.throttle_classes = [CallerThrottle]
    try:
        limit = int(api_settings.DEFAULT_THROTTLE_RATES["public-write"].split("/")[0])
        answers = [ask(email="no") for _ in range(limit + 1)]
    finally:
        PublicRegistrations.throttle_classes = []
    assert {a.status_code for a in answers[:-1]} == {400}
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_the_form_says_what_can_be_had(api, public, conference, guest_type):
    RegistrationTypeFactory(
        conference=conference,
        slug="press",
        name={"en": "Press", "sr-Latn": "Mediji"},
        capacity=0,
    )
    RegistrationTypeFactory(conference=conference, slug="staff", public=False)

    answer = api.anonymous.get(f"{public}/registration-form/?lang=sr-Latn")

    assert answer.status_code == 200
    assert answer["Content-Language"] == "sr-Latn"
    assert answer.json() == {
        "types": [
            {"slug": "guest", "name": "Guest", "state": "open", "party_max": 1},
            {"slug": "press", "name": "Mediji", "state": "waiting_list", "party_max": 1},
        ],
        "questions": [],
        "consents": [],
        "sessions": [],
        "languages": ["en", "sr-Latn"],
    }
    same = api.anonymous.get(
        f"{public}/registration-form/?lang=sr-Latn", If_None_Match=answer["ETag"]
    )
    assert same.status_code == 304


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE"])
def test_only_post_registers(api, public, guest_type, method):
    answer = api.anonymous.request(method, f"{public}/registrations/", body=WISH)
    assert answer.status_code == 405
    assert nothing_written()


def test_several_come_by_one_request(ask, guest_type):
    guest_type.party_max = 3
    guest_type.save()
    named = {"given_name": "Marko", "family_name": "Ilić", "email": "marko@example.org"}

    answer = ask(party=3, companions=[named])

    lead = Registration.objects.get(lead=None)
    marko, nobody = lead.companions.order_by("pk")
    assert (answer.status_code, answer.json()["companions"]) == (
        201,
        [
            {"code": marko.code, "status": "confirmed"},
            {"code": nobody.code, "status": "confirmed"},
        ],
    )


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"party": 0}, "/party"),
        ({"party": 51}, "/party"),
        ({"party": 2}, "/party"),
        ({"party": "many"}, "/party"),
        ({"companions": [{"name": "Marko"}]}, "/companions/0/name"),
        ({"companions": "Marko"}, "/companions"),
        ({"contact_only": "perhaps"}, "/contact_only"),
    ],
)
def test_what_a_party_can_not_be_is_refused(ask, given, pointer):
    answer = ask(**given)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert not Registration.objects.exists()
