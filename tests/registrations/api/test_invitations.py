"""Invitations over the API."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.enums import Role
from accounts.permissions import Permission
from core.models import AuditEntry
from registrations.models import Invitation
from tests.factories.events import PersonFactory, TagFactory
from tests.factories.registrations import InvitationFactory

pytestmark = pytest.mark.django_db
THEN = dt.datetime(2027, 2, 20, 9, tzinfo=dt.UTC)


@pytest.fixture
def invitation(guest_type, organisation):
    person = PersonFactory(organisation=organisation, given_name="Ana", family_name="Ilić")
    return InvitationFactory(registration_type=guest_type, person=person)


@pytest.fixture
def path(base, invitation):
    return f"{base}/invitations/{invitation.code}/"


def test_somebody_is_put_on_the_list(api, base, guest_type, organisation, account_with_role):
    person = PersonFactory(organisation=organisation)
    member = account_with_role(Role.ORGANISER)
    body = {
        "person": person.code,
        "registration_type": "guest",
        "wave": 2,
        "plus_one": True,
        "owner": member.email,
        "reply_until": "2027-03-10T18:00",
    }
    made = api.post(f"{base}/invitations/", body)

    code = made.json()["code"]
    assert (made.status_code, made["ETag"]) == (201, '"v1"')
    assert made["Location"] == f"http://testserver{base}/invitations/{code}/"
    assert made.json() == {
        "code": code,
        "person": person.code,
        "registration_type": "guest",
        "wave": 2,
        "plus_one": True,
        "owner": member.email,
        "note": "",
        "reply_until": "2027-03-10T18:00",
        "hold": True,
        "response": "",
        "answered_at": None,
        "answered_via": "",
        "answered_by": "",
        "by_delegate": False,
        "decline_reason": "",
        "wants_findings": False,
        "save_the_date_at": None,
        "sent_at": None,
        "last_sent_at": None,
        "seen_at": None,
        "registration": None,
        "companion": None,
        "over_capacity": False,
        "withdrawn_at": None,
        "created_at": "2027-03-01T10:00:00Z",
    }
    assert api.get(f"{base}/invitations/{code}/").json() == made.json()
    assert AuditEntry.objects.get(verb="add_invitations").actor_kind == "token"
    again = api.post(f"{base}/invitations/", body)
    assert (again.status_code, again.json()["errors"][0]["pointer"]) == (409, "/person")


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"person": "ZZZZZZ"}, {"/person": "unknown"}),
        ({"registration_type": "nothing"}, {"/registration_type": "unknown"}),
        ({"owner": "nobody@example.org"}, {"/owner": "unknown"}),
        ({"wave": 0}, {"/wave": "range"}),
        ({"wave": "1"}, {"/wave": "invalid"}),
        ({"reply_until": "2027-03-20T10:00"}, {"/reply_until": "range"}),
        ({"response": "accepted", "colour": 1}, {"/colour": "unknown"}),
    ],
    ids=str,
)
def test_what_can_not_be_taken_is_named(
    api, base, guest_type, organisation, problem, changes, errors
):
    person = PersonFactory(organisation=organisation)
    body = {"person": person.code, "registration_type": "guest", **changes}

    answer = problem(api.post(f"{base}/invitations/", body))
    assert answer == (400, "validation-failed", errors)
    assert Invitation.objects.count() == 0


def test_a_person_of_another_house_is_not_there(api, base, guest_type, other_organisation, problem):
    person = PersonFactory(organisation=other_organisation)
    body = {"person": person.code, "registration_type": "guest"}
    assert problem(api.post(f"{base}/invitations/", body))[2] == {"/person": "unknown"}


def test_the_list_is_filtered_by_what_is_allowed(
    api, base, guest_type, organisation, account_with_role
):
    vip = TagFactory(organisation=organisation, slug="vip")
    member = account_with_role(Role.ORGANISER)
    one = InvitationFactory(registration_type=guest_type, sent_at=THEN, wave=2, owner=member)
    one.person.tags.add(vip)
    two = InvitationFactory(
        registration_type=guest_type,
        response="accepted",
        answered_at=THEN,
        answered_via="link",
        person=PersonFactory(organisation=organisation, family_name="Цвијић"),
    )
    gone = InvitationFactory(registration_type=guest_type, withdrawn_at=THEN)

    def codes(query):
        answer = api.get(f"{base}/invitations/?{query}")
        assert answer.status_code == 200
        return [row["code"] for row in answer.json()["results"]]

    assert codes("") == [one.code, two.code, gone.code]
    assert codes("response=accepted") == codes("search=cvijic") == [two.code]
    assert codes("response=none&withdrawn=false") == codes("wave=2") == [one.code]
    assert codes("tag=vip") == codes("sent=true") == codes(f"owner={member.email}") == [one.code]
    assert codes(f"person={two.person.code}") == [two.code]
    assert codes("withdrawn=true") == [gone.code]
    for query in ("response=maybe", "wave=0", "wave=99999999999999999999", "sent=1", "note=x"):
        assert api.get(f"{base}/invitations/?{query}").status_code == 400, query


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_many(api, base, guest_type, count, django_assert_num_queries):
    InvitationFactory.create_batch(count, registration_type=guest_type)
    api.get(f"{base}/invitations/")
    # Token, organisation, conference, rows.
    with django_assert_num_queries(4):
        api.get(f"{base}/invitations/")


def test_a_change_needs_the_version(api, path, invitation, problem):
    assert api.patch(path, {"wave": 3}).status_code == 428
    changed = api.patch(path, {"wave": 3, "note": "Ask twice", "hold": True}, etag='"v1"')

    assert (changed.status_code, changed["ETag"]) == (200, '"v2"')
    assert {n: changed.json()[n] for n in ("wave", "note", "hold")} == {
        "wave": 3,
        "note": "Ask twice",
        "hold": True,
    }
    assert api.patch(path, {"wave": 4}, etag='"v1"').status_code == 412
    whole = api.patch(path, changed.json(), etag='"v2"')
    assert (whole.status_code, whole.json()) == (200, changed.json())
    refused = problem(api.patch(path, {"response": "accepted"}, etag='"v2"'))
    assert refused == (400, "validation-failed", {"/response": "unknown"})


def test_verbs(api, path, invitation, problem):
    saved = api.post(f"{path}save-the-date/")
    assert saved.json()["save_the_date_at"] == "2027-03-01T10:00:00Z"
    sent = api.post(f"{path}send/")
    assert (sent.status_code, sent.json()["sent_at"]) == (200, "2027-03-01T10:00:00Z")
    assert problem(api.post(f"{path}send/"))[:2] == (409, "wrong-state")
    assert problem(api.post(f"{path}send/", {"a": 1}))[0] == 400
    assert api.post(f"{path}revoke-link/").json()["code"] == invitation.code
    invitation.refresh_from_db()
    assert invitation.link_generation == 2
    gone = api.post(f"{path}withdraw/", {"reason": "Another list"})
    assert gone.json()["withdrawn_at"] == "2027-03-01T10:00:00Z"
    assert problem(api.post(f"{path}withdraw/"))[:2] == (409, "wrong-state")


def test_an_answer_is_recorded(api, path, invitation, problem):
    body = {
        "response": "accepted",
        "via": "phone",
        "answered_by": "Mina",
        "delegate": {"given_name": "Petar", "family_name": "Kovač"},
    }
    answer = api.post(f"{path}answer/", body).json()
    invitation.refresh_from_db()
    assert {n: answer[n] for n in ("response", "answered_via", "answered_by", "by_delegate")} == {
        "response": "accepted",
        "answered_via": "phone",
        "answered_by": "Mina",
        "by_delegate": True,
    }
    assert answer["registration"] == invitation.registration.code

    assert problem(api.post(f"{path}answer/", {**body, "via": "link"}))[2] == {
        "/via": "invalid_choice"
    }
    companion = {"given_name": "Mira", "family_name": "Kovač"}
    refused = problem(api.post(f"{path}answer/", {**body, "companion": companion}))
    assert refused == (400, "validation-failed", {"/companion": "not-invited"})


def test_many_are_sent_at_once_and_once_for_a_key(api, base, guest_type, problem):
    rows = InvitationFactory.create_batch(2, registration_type=guest_type)
    no_address = InvitationFactory(registration_type=guest_type, person__email="")
    codes = [row.code for row in (*rows, no_address)]

    answer = api.post(f"{base}/invitations/send/", {"codes": codes}, Idempotency_Key="once")
    assert answer.json() == {
        "queued": 2,
        "skipped": [{"code": no_address.code, "reason": "There is no e-mail address."}],
    }
    again = api.post(f"{base}/invitations/send/", {"codes": codes}, Idempotency_Key="once")
    assert (again.json(), again["Idempotency-Replayed"]) == (answer.json(), "true")
    unknown = problem(api.post(f"{base}/invitations/send/", {"codes": ["ZZZZZZZZZZ"]}))
    assert unknown == (400, "validation-failed", {"/codes/0": "unknown"})


@pytest.mark.parametrize("scope", [Permission.REGISTRATION_WRITE, Permission.MAIL_WRITE])
def test_sending_takes_both_scopes(api, path, base, invitation, scope):
    half, whole = api.of(scope), api.of(Permission.REGISTRATION_WRITE, Permission.MAIL_WRITE)
    for address in (f"{path}send/", f"{path}save-the-date/", f"{base}/invitations/send/"):
        assert half.post(address, {"codes": [invitation.code]}).status_code == 403
    assert whole.post(f"{path}send/").status_code == 200


def test_the_funnel_is_read(api, base, invitation, organisation):
    invitation.person.tags.add(TagFactory(organisation=organisation, slug="vip"))
    body = api.get(f"{base}/invitations/funnel/").json()

    stage = {
        "added": 1,
        "sent": 0,
        "seen": 0,
        "answered": 0,
        "coming": 0,
        "attended": 0,
        "maybe": 0,
        "declined": 0,
        "silent": 0,
        "not_asked": 1,
        "companions": 0,
    }
    assert body == {
        "all": {"tag": None, **stage},
        "by_tag": [{"tag": "vip", **stage}],
        "expected_turnout": None,
    }
