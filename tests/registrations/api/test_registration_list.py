"""The API's list of registrations: its filters, its files, and what happened to one."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook

from accounts.permissions import Permission
from core.models import AuditEntry
from registrations.models import Answer, RegistrationPlace, SensitiveAnswer
from registrations.services.cancelling import cancel_registration
from tests.conftest import ApiClient
from tests.factories.events import PersonFactory, TagFactory
from tests.factories.registrations import (
    AccessCodeFactory,
    QuestionFactory,
    RegistrationFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(api_token):
    return ApiClient(api_token(Permission.REGISTRATION_READ))


def found(answer):
    assert answer.status_code == 200
    return [row["family_name"] for row in answer.json()["results"]]


@pytest.fixture
def two(conference, guest_type):
    """Anić is a VIP on top of the places who eats vegan; Bošković came with a code."""
    vip = PersonFactory(organisation=conference.organisation)
    vip.tags.add(TagFactory(organisation=conference.organisation, slug="vip"))
    diet = QuestionFactory(conference=conference, slug="diet", kind="choice", options=["vegan"])
    code = AccessCodeFactory(conference=conference, code="Friends", code_key="FRIENDS")
    first = RegistrationFactory(registration_type=guest_type, family_name="Anić", person=vip)
    Answer.objects.create(registration=first, question=diet, option=diet.options.get())
    RegistrationPlace.objects.filter(registration=first).delete()
    second = RegistrationFactory(
        registration_type=guest_type, family_name="Бошковић", access_code=code
    )
    return first, second


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("status=live", ["Anić", "Бошковић"]),
        ("status=over", []),
        ("tag=vip", ["Anić"]),
        ("answer=diet:vegan", ["Anić"]),
        ("over_capacity=true", ["Anić"]),
        ("over_capacity=false", ["Бошковић"]),
        ("access_code=FRIENDS", ["Бошковић"]),
        ("with_code=true", ["Бошковић"]),
        ("with_code=false", ["Anić"]),
        ("search=boskovic", ["Бошковић"]),
        ("search=%25", ["Anić", "Бошковић"]),
        ("registered_after=2027-03-01T10:00:00Z", ["Anić", "Бошковић"]),
        ("registered_before=2027-03-01T10:00:00Z", []),
        ("ordering=-sort_key", ["Бошковић", "Anić"]),
    ],
)
def test_filters(api, base, two, query, names):
    assert found(api.get(f"{base}/registrations/?{query}")) == names


UNKNOWN = [
    "search_key__regex=(a%2B)%2B",
    "email__startswith=a",
    "booking__contact_email=x",
    "answer=diet",
    "answer=diet:vegan:x",
    "answer=';--",
    "over_capacity=maybe",
    "registered_after=soon",
    "status=any",
    "source=x",
    "tag=%00",
]


@pytest.mark.parametrize("query", UNKNOWN)
@pytest.mark.parametrize("part", ["", "export/", "export/xlsx/"])
def test_what_is_not_on_the_list_is_refused(api, base, two, query, part, problem):
    refusal = problem(api.get(f"{base}/registrations/{part}?{query}"))
    assert refusal[:2] == (400, "validation-failed")


@pytest.mark.parametrize(
    "query",
    [
        "ordering=password",
        "ordering=booking__contact_email",
        "ordering=--created_at",
        "ordering=?",
        "ordering=search_key",
        "cursor=W10",
        "page_size=1000",
    ],
)
def test_orders_and_cursors_are_those_of_the_list(api, base, two, query, problem):
    assert problem(api.get(f"{base}/registrations/?{query}"))[0] == 400


def test_the_workbook_is_the_list(api, base, two):
    answer = api.get(f"{base}/registrations/export/xlsx/?search=anic")
    content = b"".join(answer.streaming_content)

    assert answer["Content-Disposition"] == 'attachment; filename="forum-registrations.xlsx"'
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    row = dict(zip(rows[0], rows[1], strict=True))
    assert (row["code"], row["family_name"], row["tags"]) == (two[0].code, "Anić", "vip")


def test_what_happened(api, base, two, owner):
    from core.actors import Actor

    cancel_registration(registration=two[0], actor=Actor("account", str(owner.pk)), reason="Ill")
    answer = api.get(f"{base}/registrations/{two[0].code}/history/")

    assert answer.json() == {
        "next": None,
        "previous": None,
        "results": [
            {
                "at": "2027-03-01T10:00:00Z",
                "about": "registration",
                "verb": "cancel_registration",
                "what": "Cancelled",
                "actor": "account",
                "who": owner.get_full_name(),
                "how": "in the console",
                "from_status": "confirmed",
                "to_status": "cancelled",
                "changed": [],
            }
        ],
    }
    assert "Ill" not in answer.content.decode()


def test_history_of_others_is_not_there(api, api_token, base, two):
    foreign = RegistrationFactory()
    assert api.get(f"{base}/registrations/{foreign.code}/history/").status_code == 404
    other = ApiClient(api_token(Permission.CONFERENCE_READ))
    assert other.get(f"{base}/registrations/{two[0].code}/history/").status_code == 403


def test_a_file_has_the_answers_and_food_only_for_who_may_read_it(
    api, api_token, base, two, conference, problem
):
    first, _second = two
    health = QuestionFactory(conference=conference, slug="health", sensitivity="access")
    SensitiveAnswer.objects.create(registration=first, question=health, text="Wheelchair")
    export = f"{base}/registrations/export/"

    body = b"".join(api.get(export).streaming_content).decode()
    assert "answer:diet" in body
    assert "Vegan" in body
    assert "health" not in body
    assert problem(api.get(f"{export}?sensitive_answers=true"))[:2] == (403, "forbidden")

    writer = ApiClient(api_token(Permission.REGISTRATION_READ, Permission.REGISTRATION_WRITE))
    body = b"".join(writer.get(f"{export}?sensitive_answers=true").streaming_content).decode()
    assert "answer:health" in body
    assert "Wheelchair" in body
    entry = AuditEntry.objects.get(verb="read_sensitive_answers")
    assert (entry.actor_kind, entry.facts) == ("token", {"questions": ["health"], "where": "csv"})
