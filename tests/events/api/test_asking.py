"""Asking people to speak over the API: whole answers, refusals, and who may."""

from __future__ import annotations

import pytest

from events.models import Candidate, Participation
from notifications.models import Message
from tests.factories.events import ParticipationFactory, PersonFactory, SessionFactory


@pytest.fixture
def seat(conference, frozen):
    frozen("2027-02-10T09:00")
    return ParticipationFactory(
        session__conference=conference, state="planned", person__email="ana@example.org"
    )


@pytest.fixture
def at(base, seat):
    return lambda verb, row=None: f"{base}/participations/{(row or seat).code}/{verb}/"


def test_somebody_is_asked_answers_and_is_read_so(api, base, seat, at):
    asked = api.post(at("ask"), {"words": "Please", "reply_until": "2027-03-01T18:00"})
    assert (asked.status_code, asked["ETag"]) == (200, '"v2"')
    body = asked.json()
    assert body == {
        "code": seat.code,
        "session": seat.session.code,
        "person": seat.person.code,
        "role": "panellist",
        "order": 0,
        "minutes": None,
        "state": "invited",
        "honorific": "",
        "affiliation": seat.affiliation,
        "position": seat.position,
        "shown_unconfirmed": False,
        "asked_at": "2027-02-10T09:00:00Z",
        "last_asked_at": "2027-02-10T09:00:00Z",
        "reply_until": "2027-03-01T18:00",
        "answered_at": None,
        "answered_via": "",
        "answered_by": "",
        "decline_reason": "",
        "replaces": None,
    }
    assert list(Message.objects.values_list("kind", "to_email")) == [
        ("speaker_ask", "ana@example.org")
    ]
    said = {"state": "declined", "via": "phone", "answered_by": "Jovan", "reason": "Travel"}
    answered = api.post(at("answer"), said).json()
    names = ("state", "answered_via", "answered_by", "decline_reason")
    assert tuple(answered[name] for name in names) == tuple(said.values())
    assert answered["answered_at"] == "2027-02-10T09:00:00Z"
    found = api.get(f"{base}/participations/?state=declined").json()["results"]
    assert [row["code"] for row in found] == [seat.code]


def test_somebody_comes_instead_and_is_asked_in_the_same_step(api, seat, at):
    person = PersonFactory(organisation=seat.person.organisation, email="iva@example.org")
    answer = api.post(at("replace"), {"person": person.code, "ask": True, "words": "Please"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["person"], body["replaces"], body["state"]) == (
        person.code,
        seat.code,
        "invited",
    )
    seat.refresh_from_db()
    assert seat.state == "replaced"
    assert Message.objects.count() == 1


def test_somebody_is_let_go_quietly_or_told(api, seat, at):
    api.post(at("ask"), {})
    assert api.post(at("release"), {"tell": True}).json()["state"] == "replaced"
    kinds = Message.objects.order_by("pk").values_list("kind", "state")
    assert list(kinds) == [("speaker_ask", "cancelled"), ("speaker_released", "queued")]


def test_a_shortlist_is_kept_and_read(api, base, seat):
    person = PersonFactory(organisation=seat.person.organisation)
    body = {"session": seat.session.code, "person": person.code, "role": "moderator"}
    made = api.post(f"{base}/candidates/", {**body, "note": "Knows it"})
    assert made.status_code == 201
    row = {**body, "order": 0, "note": "Knows it"}
    assert made.json() == row
    other = SessionFactory(conference=seat.session.conference)
    for address in ("candidates/", f"candidates/?session={seat.session.code}"):
        assert api.get(f"{base}/{address}").json()["results"] == [row]
    assert api.get(f"{base}/candidates/?session={other.code}").json()["results"] == []
    assert api.post(f"{base}/candidates/", body).status_code == 409
    assert Candidate.objects.count() == 1


def test_a_shortlist_is_noted_ordered_and_shortened(api, base, seat):
    session = seat.session.code
    first, second = [
        PersonFactory(organisation=seat.person.organisation).code for _number in range(2)
    ]
    for person in (first, second):
        made = api.post(
            f"{base}/candidates/", {"session": session, "person": person, "role": "moderator"}
        )
    here = f"{base}/candidates/{session}/{second}/moderator/"
    assert made["Location"].endswith(here)
    assert api.patch(here, {"note": "In Brussels then"}).status_code == 428
    noted = api.patch(here, {"note": "In Brussels then"}, etag=made["ETag"])
    assert (noted.status_code, noted.json()["note"]) == (200, "In Brussels then")
    assert api.patch(here, {"note": "Late"}, etag=made["ETag"]).status_code == 412
    order = {"order": [{"person": one, "role": "moderator"} for one in (second, first)]}
    ordered = api.post(f"{base}/candidates/{session}/order/", order)
    assert (ordered.status_code, ordered.json()) == (200, order)
    half = {"order": order["order"][:1]}
    assert api.post(f"{base}/candidates/{session}/order/", half).status_code == 400
    gone = api.delete(here, etag=ordered["ETag"])
    assert gone.status_code == 204
    assert api.get(here).status_code == 404
    assert [c.person.code for c in Candidate.objects.select_related("person")] == [first]


@pytest.mark.parametrize(
    ("verb", "body", "status", "pointer"),
    [
        ("ask", {"reply_until": "2027-02-01T10:00"}, 400, "/reply_until"),
        ("ask", {"wods": "x"}, 400, "/wods"),
        ("answer", {"state": "invited", "via": "phone"}, 400, "/state"),
        ("answer", {"state": "confirmed", "via": "link"}, 400, "/via"),
        ("replace", {}, 400, "/person"),
        ("replace", {"person": "NOBODY"}, 400, "/person"),
        ("release", {}, 409, None),
    ],
)
def test_what_is_wrong_is_said_and_leaves_no_trace(api, seat, at, verb, body, status, pointer):
    before = list(Participation.objects.values())
    answer = api.post(at(verb), body)
    assert answer.status_code == status
    if pointer is not None:
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert list(Participation.objects.values()) == before
    assert Message.objects.count() == 0


def test_an_older_version_and_other_organisations_are_refused(api, seat, at):
    assert api.post(at("ask"), {}, if_match='"v9"').status_code == 412
    foreign = ParticipationFactory(state="planned")
    assert api.post(at("ask", foreign), {}).status_code == 404
    assert Message.objects.count() == 0


def test_twice_with_one_key_is_one_letter(api, seat, at):
    for _ in range(2):
        answer = api.post(at("ask"), {}, idempotency_key="once")
        assert answer.status_code == 200
    assert Message.objects.count() == 1
