"""A person's history over the API, as far as the scopes reach."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.permissions import Permission
from tests.factories.events import ConferenceFactory, ParticipationFactory, PersonFactory
from tests.factories.notifications import MessageFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

URL = "/api/v1/organisations/institute/people/MILA22/history/"
START, END = (dt.datetime.fromisoformat(f"2026-05-20T{hour}:00") for hour in (10, 12))


def day(number):
    return dt.datetime(2026, 5, number, 9, tzinfo=dt.UTC)


@pytest.fixture
def past(organisation, frozen):
    """Return a function: so many conferences of last spring at which Mila was."""
    frozen("2026-06-01T12:00")
    person = PersonFactory(organisation=organisation, code="MILA22")

    def make(number):
        for count in range(number):
            conference = ConferenceFactory(
                organisation=organisation, slug=f"spring-{count}", start_local=START, end_local=END
            )
            ParticipationFactory(
                session__conference=conference, session__title={"en": "Media"},
                session__code="PANEL2", person=person, state="declined", asked_at=day(1),
                answered_at=day(3), answered_via="mail", decline_reason="travel",
            )  # fmt: skip
            place = RegistrationFactory(
                registration_type=RegistrationTypeFactory(conference=conference),
                person=person, code=f"PLACE{count}", created_at=day(5), checked_in_at=day(20),
            )  # fmt: skip
            MessageFactory(registration=place, state="sent", sent_at=day(6))

    return make


def test_everything_is_told_to_a_token_with_all_scopes(api, past):
    past(1)
    body = api.get(URL).json()
    mail = body["results"][1].pop("code")
    assert len(mail) == 36
    assert body == {
        "sentence": (
            "Asked once, said yes never, declined in May 2026 (travel); came to 1 of 1; "
            "last contact 20 May 2026 (came)"
        ),
        "asked": 1,
        "said_yes": 0,
        "declined": 1,
        "waiting": 0,
        "attendance": {"came": 1, "had_a_place": 1},
        "last_contact": {"at": "2026-05-20T09:00:00Z", "how": "came"},
        "results": [
            {
                "at": f"2026-05-{date}T09:00:00Z",
                "kind": kind,
                "what": what,
                "more": more,
                "conference": "spring-0",
                **({"code": code} if code else {}),
            }
            for date, kind, what, more, code in [
                ("20", "came", "Came", "", "PLACE0"),
                ("06", "mail", "Mail: Confirmation", "Sent", ""),
                ("05", "registered", "Registered (form)", "Confirmed", "PLACE0"),
                ("03", "answered", "Said no: panellist on “Media”", "travel, by mail", "PANEL2"),
                ("01", "asked", "Asked to be panellist on “Media”", "", "PANEL2"),
            ]
        ],
    }


@pytest.mark.parametrize(
    ("scopes", "kinds"),
    [
        ([], ["answered", "asked"]),
        ([Permission.MAIL_READ], ["mail", "answered", "asked"]),
        ([Permission.REGISTRATION_READ], ["came", "registered", "answered", "asked"]),
    ],
)
def test_each_scope_opens_its_part(api, past, scopes, kinds):
    past(1)
    body = api.of(Permission.PEOPLE_READ, *scopes).get(URL).json()
    assert [line["kind"] for line in body["results"]] == kinds
    assert (body["attendance"] is None) == (Permission.REGISTRATION_READ not in scopes)


@pytest.mark.parametrize("count", [1, 3])
def test_a_long_past_costs_as_much_as_a_short_one(api, past, django_assert_num_queries, count):
    past(count)
    with django_assert_num_queries(11):
        assert len(api.get(URL).json()["results"]) == 5 * count


def test_nobody_is_not_there(api, past, other_organisation):
    past(1)
    assert api.get(URL.replace("MILA22", "NNBDY2")).status_code == 404
    assert api.of(organisation=other_organisation).get(URL).status_code == 404
    assert api.of(Permission.PROGRAMME_READ).get(URL).status_code == 403
