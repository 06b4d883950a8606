"""Registrations over the API."""

from __future__ import annotations

import csv
import io

import pytest

from accounts.permissions import Permission
from core.models import AuditEntry
from registrations.models import Registration
from registrations.services.links import manage_path
from tests.factories.events import PersonFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration(guest_type):
    return RegistrationFactory(
        registration_type=guest_type,
        given_name="Ana",
        family_name="Petrović",
        email="ana@example.org",
    )


@pytest.fixture
def path(base, registration):
    return f"{base}/registrations/{registration.code}/"


def test_an_organiser_enters_somebody(api, base, conference, guest_type, told):
    person = PersonFactory(organisation=conference.organisation)

    made = api.post(
        f"{base}/registrations/",
        {
            "registration_type": "guest",
            "given_name": "Ana",
            "family_name": "Petrović",
            "email": "ana@example.org",
            "honorific": "Dr.",
            "phone": "+381 11 123",
            "person": person.code,
        },
    )

    code = made.json()["code"]
    assert (made.status_code, made["ETag"]) == (201, '"v1"')
    assert made["Location"] == f"http://testserver{base}/registrations/{code}/"
    assert made.json() == {
        "code": code,
        "registration_type": "guest",
        "status": "confirmed",
        "source": "organiser",
        "honorific": "Dr.",
        "given_name": "Ana",
        "family_name": "Petrović",
        "email": "ana@example.org",
        "affiliation": "",
        "position": "",
        "phone": "+381 11 123",
        "language": "en",
        "person": person.code,
        "sessions": [],
        "access_code": None,
        "lead": None,
        "created_at": "2027-03-01T10:00:00Z",
        "status_at": "2027-03-01T10:00:00Z",
        "confirmed_at": "2027-03-01T10:00:00Z",
        "cancelled_at": None,
        "cancel_reason": "",
        "decision_reason": "",
        "waiting_since": None,
        "offer_expires_at": None,
        "asked_again_at": None,
        "still_coming_at": None,
        "checked_in_at": None,
        "date_confirmed": True,
        "answers": {},
        "missing_answers": [],
        "consents": [],
    }
    assert api.get(f"{base}/registrations/{code}/").json() == made.json()
    assert told == [("registered", 1, False)]
    assert AuditEntry.objects.get(verb="register").actor_kind == "token"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"registration_type": "nothing"}, {"/registration_type": "unknown"}),
        ({"given_name": ""}, {"/given_name": "required"}),
        ({"given_name": 5}, {"/given_name": "invalid"}),
        ({"email": "no"}, {"/email": "email"}),
        ({"person": "ZZZZZZ"}, {"/person": "unknown"}),
        ({"colour": "red"}, {"/colour": "unknown"}),
    ],
)
def test_what_can_not_be_taken_is_named(api, base, guest_type, problem, changes, errors):
    wish = {"registration_type": "guest", "given_name": "Ana", "family_name": "Petrović"}

    answer = api.post(f"{base}/registrations/", {**wish, **changes})

    assert problem(answer) == (400, "validation-failed", errors)
    assert not Registration.objects.exists()


def test_a_person_of_another_organisation_is_unknown(api, base, guest_type, problem):
    answer = api.post(
        f"{base}/registrations/",
        {
            "registration_type": "guest",
            "given_name": "Ana",
            "family_name": "Petrović",
            "person": PersonFactory().code,
        },
    )
    assert problem(answer)[2] == {"/person": "unknown"}


def test_the_same_key_enters_once(api, base, guest_type):
    wish = {"registration_type": "guest", "given_name": "Ana", "family_name": "Petrović"}

    first, again = (api.post(f"{base}/registrations/", wish, Idempotency_Key="k") for _ in range(2))
    assert first.content == again.content
    assert Registration.objects.count() == 1


def test_details_change_at_the_version_that_was_read(api, path, problem):
    changed = api.patch(path, {"given_name": "Mila", "language": "ru"}, '"v1"')
    assert (changed.status_code, changed["ETag"]) == (200, '"v2"')
    assert (changed.json()["given_name"], changed.json()["language"]) == ("Mila", "ru")

    assert problem(api.patch(path, {"given_name": "Ana"}))[:2] == (428, "precondition-required")
    assert problem(api.patch(path, {"given_name": "Ana"}, '"v1"'))[:2] == (412, "stale")
    for name in ("status", "registration_type", "person", "code"):
        assert problem(api.patch(path, {name: "x"}, '"v2"'))[2] == {f"/{name}": "unknown"}
    assert api.delete(path, '"v2"').status_code == 405


def test_what_was_read_can_be_sent_back_whole(api, path, problem):
    read = api.get(path)
    sent = api.patch(path, {**read.json(), "position": "Editor"}, read["ETag"])
    assert sent.status_code == 200
    assert sent.json() == {**read.json(), "position": "Editor"}


def test_cancelling_and_taking_it_back(api, path, registration, told):
    cancelled = api.post(f"{path}cancel/", {"reason": "Ill"}, If_Match='"v1"')
    assert (cancelled.status_code, cancelled["ETag"]) == (200, '"v2"')
    assert cancelled.json()["status"] == "cancelled"
    assert cancelled.json()["cancel_reason"] == "Ill"
    assert cancelled.json()["cancelled_at"] == "2027-03-01T10:00:00Z"

    back = api.post(f"{path}uncancel/")
    assert (back.status_code, back.json()["status"]) == (200, "confirmed")
    assert [verb for verb, _n, _g in told] == ["cancelled", "uncancelled"]


def test_verbs_refuse_what_does_not_fit(api, path, problem):
    assert problem(api.post(f"{path}approve/"))[:2] == (409, "wrong-state")
    assert problem(api.post(f"{path}cancel/", {"reason": 5}))[2] == {"/reason": "invalid"}
    assert problem(api.post(f"{path}uncancel/", {"a": 1}))[2] == {"/a": "unknown"}
    assert problem(api.post(f"{path}cancel/", If_Match='"v9"'))[:2] == (412, "stale")


@pytest.mark.parametrize(("verb", "status"), [("approve", "confirmed"), ("reject", "rejected")])
def test_the_organiser_decides(api, base, guest_type, verb, status):
    row = RegistrationFactory(registration_type=guest_type, status="pending_approval")

    answer = api.post(f"{base}/registrations/{row.code}/{verb}/")
    assert (answer.status_code, answer.json()["status"]) == (200, status)


def test_a_yes_without_a_place_is_sold_out(api, base, conference, problem):
    full = RegistrationTypeFactory(conference=conference, capacity=0)
    row = RegistrationFactory(registration_type=full, status="waiting_list")

    answer = api.post(f"{base}/registrations/{row.code}/approve/")
    assert problem(answer)[:2] == (409, "sold-out")


def test_links_are_revoked_and_sent_again(api, path, registration, problem, told):
    before = manage_path(registration)
    assert api.post(f"{path}revoke-link/").status_code == 200
    registration.refresh_from_db()
    assert manage_path(registration) != before

    assert api.post(f"{path}resend-link/").status_code == 200
    soon = api.post(f"{path}resend-link/")
    assert problem(soon)[:2] == (429, "throttled")
    assert int(soon["Retry-After"]) == 60
    assert told == [("link_requested", 1, False)]


def test_no_answer_holds_a_personal_link(api, base, path, registration):
    token = manage_path(registration).strip("/").split("/")[2]
    for address in (path, f"{base}/registrations/", f"{base}/registrations/export/"):
        answer = api.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert token.encode() not in body


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["ana", "cvijic", "mila"]),
        ("search=cvijic", ["cvijic"]),
        ("search=%D0%A6%D0%B2%D0%B8%D1%98%D0%B8%D1%9B", ["cvijic"]),
        ("search=petrovic+ana", ["ana"]),
        ("search=mila@example.org", ["mila"]),
        ("status=waiting_list", ["mila"]),
        ("type=press", ["mila"]),
        ("source=api", ["cvijic"]),
        ("ordering=sort_key", ["cvijic", "mila", "ana"]),
        ("ordering=-created_at", ["mila", "cvijic", "ana"]),
    ],
)
def test_the_list_is_filtered_and_ordered(api, base, conference, registration, query, found):
    press = RegistrationTypeFactory(conference=conference, slug="press")
    kind = registration.registration_type
    RegistrationFactory(
        registration_type=kind, given_name="Jovan", family_name="Cvijić",
        email="cvijic@example.org", source="api",
    )  # fmt: skip
    RegistrationFactory(
        registration_type=press, given_name="Mila", family_name="Ilić",
        email="mila@example.org", status="waiting_list",
    )  # fmt: skip

    answer = api.get(f"{base}/registrations/?{query}")

    emails = [row["email"].split("@")[0] for row in answer.json()["results"]]
    assert (answer.status_code, emails) == (200, found)


@pytest.mark.parametrize(
    "query",
    ["email=a", "status=no", "ordering=email", "ordering=link_generation", "page_size=0",
     "search__regex=a", "conference__organisation=1", "search=%00"],
)  # fmt: skip
def test_what_is_not_on_the_list_is_refused(api, base, registration, query):
    assert api.get(f"{base}/registrations/?{query}").status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_many(api, base, guest_type, count, django_assert_num_queries):
    for _ in range(count):
        person = PersonFactory(organisation=guest_type.conference.organisation)
        RegistrationFactory(registration_type=guest_type, person=person)
    token = api.of(Permission.REGISTRATION_READ)
    token.get(f"{base}/registrations/")

    # Token, organisation, conference, registrations, the sessions that they have chosen; questions;
    # answers of both kinds, consents.
    with django_assert_num_queries(9):
        answer = token.get(f"{base}/registrations/")
    assert len(answer.json()["results"]) == count


def read_csv(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_list_as_csv(api, base, registration):
    answer = api.get(f"{base}/registrations/export/")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="forum-registrations.csv"'
    assert read_csv(answer) == [
        {
            "code": registration.code,
            "status": "confirmed",
            "registration_type": "guest",
            "honorific": "",
            "given_name": "Ana",
            "family_name": "Petrović",
            "email": "ana@example.org",
            "affiliation": "",
            "position": "",
            "phone": "",
            "language": "en",
            "source": "form",
            "registered": "2027-03-01 11:00",
            "confirmed": "",
            "cancelled": "",
            "checked_in": "",
            "lead": "",
            "access_code": "",
            "tags": "",
            "person": "",
        }
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "＝"])
def test_no_cell_of_the_csv_is_a_formula(api, base, guest_type, start):
    RegistrationFactory(
        registration_type=guest_type,
        given_name=f"{start}1+1",
        affiliation=f'{start}HYPERLINK("http://evil.example")',
    )

    [row] = read_csv(api.get(f"{base}/registrations/export/"))

    assert row["given_name"] == f"'{start}1+1"
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for cell in row.values())


def test_the_csv_is_filtered_like_the_list(api, base, registration, problem):
    assert read_csv(api.get(f"{base}/registrations/export/?status=cancelled")) == []
    assert len(read_csv(api.get(f"{base}/registrations/export/?search=petrovic"))) == 1
    assert problem(api.get(f"{base}/registrations/export/?email=a"))[0] == 400


def test_the_csv_answers_to_any_accept_header(api, base, registration):
    for accept in ("text/csv", "*/*", "application/json"):
        answer = api.get(f"{base}/registrations/export/", Accept=accept)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")


@pytest.mark.parametrize(
    "verb", ["cancel", "uncancel", "approve", "reject", "revoke-link", "resend-link"]
)
def test_verbs_need_the_scope_to_write_and_only_post(api, path, verb, registration, problem):
    reader = api.of(Permission.REGISTRATION_READ)

    assert problem(reader.post(f"{path}{verb}/"))[:2] == (403, "forbidden")
    for method in ("GET", "HEAD"):
        assert api.request(method, f"{path}{verb}/").status_code == 405
    registration.refresh_from_db()
    assert registration.version == 1


def test_strangers_find_nothing(api, base, path, other_organisation, problem):
    stranger = api.of(organisation=other_organisation)

    for address in (path, f"{base}/registrations/", f"{base}/registrations/export/"):
        assert problem(stranger.get(address))[:2] == (404, "not-found")
    assert problem(stranger.post(f"{path}cancel/"))[:2] == (404, "not-found")


def test_a_registration_of_another_conference_is_not_there(api, base, problem):
    other = RegistrationFactory()
    assert problem(api.get(f"{base}/registrations/{other.code}/"))[:2] == (404, "not-found")


def test_somebody_is_checked_in_and_out_again(api, path):
    done = api.post(f"{path}check-in/", {}, HTTP_IF_MATCH='"v1"')
    assert (done.status_code, done["ETag"]) == (200, '"v2"')
    assert done.json()["checked_in_at"] == "2027-03-01T10:00:00Z"
    assert api.post(f"{path}check-in/", {}).json()["checked_in_at"] == "2027-03-01T10:00:00Z"
    assert api.post(f"{path}undo-check-in/", {}).json()["checked_in_at"] is None


def test_a_list_is_filtered_by_who_came_and_who_confirmed_the_date(api, base, guest_type):
    came = RegistrationFactory(registration_type=guest_type, checked_in_at="2027-03-01T09:00Z")
    open_ = RegistrationFactory(registration_type=guest_type, confirmed_day="2027-03-17")
    waits = RegistrationFactory(registration_type=guest_type, status="waiting_list")

    def found(query):
        return {row["code"] for row in api.get(f"{base}/registrations/?{query}").json()["results"]}

    assert found("checked_in=true") == {came.code}
    assert found("checked_in=false") == {open_.code, waits.code}
    assert found("date_confirmed=true") == {came.code}
    assert found("date_confirmed=false") == {open_.code, waits.code}
    confirmed = api.post(f"{base}/registrations/{open_.code}/confirm-date/", {})
    assert confirmed.json()["date_confirmed"] is True
