"""Answers in the organisers' list and in its files."""

from __future__ import annotations

import csv
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from accounts.enums import Role
from core.models import AuditEntry
from registrations.models import Answer, ConsentGiven, ConsentText, SensitiveAnswer
from tests.factories.crowd import make_crowd
from tests.factories.registrations import (
    QuestionFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/manage/institute/forum/registrations/"


@pytest.fixture
def desk(conference, client_as, account_with_role):
    return client_as(account_with_role(Role.REGISTRAR))


@pytest.fixture
def door(conference, client_as, account_with_role):
    return client_as(account_with_role(Role.DOOR))


@pytest.fixture
def asked(conference):
    """A question of each sort, one about food among them."""

    def ask(slug, kind, **facts):
        return QuestionFactory(conference=conference, slug=slug, kind=kind, **facts)

    return {
        "dinner": ask("dinner", "choices", options=["fish", "vegan"]),
        "guests": ask("guests", "number"),
        "born": ask("born", "date"),
        "motto": ask("motto", "text"),
        "food": ask("food", "choice", options=["nuts"], sensitivity="dietary"),
        "photos": ask("photos", "consent"),
        "old": ask("old", "text", active=False),
    }


@pytest.fixture
def ana(asked, guest_type):
    row = RegistrationFactory(registration_type=guest_type, family_name="Anić")
    for option in asked["dinner"].options.all():
        Answer.objects.create(registration=row, question=asked["dinner"], option=option)
    for slug, text in [("guests", "-3"), ("born", "2001-02-03"), ("motto", "=1+1")]:
        Answer.objects.create(registration=row, question=asked[slug], text=text)
    SensitiveAnswer.objects.create(
        registration=row, question=asked["food"], option=asked["food"].options.get()
    )
    text = ConsentText.objects.create(question=asked["photos"], number=2, text={"en": "Yes"})
    ConsentGiven.objects.create(registration=row, consent_text=text)
    return row


def cells(page):
    assert page.status_code == 200
    (line,) = page.context["lines"]
    return {cell["label"]: cell["value"] for cell in line["cells"]}


def text_of(page):
    return re.sub(r"\s+", " ", page.content.decode())


def rows_of(answer):
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body, newline="")))


def looks():
    found = AuditEntry.objects.filter(verb="read_sensitive_answers").order_by("pk")
    return [(one.object_uid, one.facts) for one in found]


def test_no_answer_is_a_column_unless_it_is_chosen(desk, ana):
    page = desk.get(LIST)
    assert set(cells(page)) == {"Status", "Kind", "Organisation", "E-mail", "Registered"}
    assert [one[:3] for one in page.context["answer_columns"]] == [
        ("answer:dinner", "Dinner", False),
        ("answer:guests", "Guests", False),
        ("answer:born", "Born", False),
        ("answer:motto", "Motto", False),
        ("answer:food", "Food", False),
        ("answer:photos", "Photos", False),
    ]


def test_chosen_answers_stand_beside_the_name_as_people_read_them(desk, ana):
    page = desk.get(
        f"{LIST}?column=phone&column=answer:dinner&column=answer:born&column=answer:photos"
        "&column=answer:guests&column=answer:nothing"
    )
    assert cells(page) == {
        "Phone": "",
        "Dinner": "Fish, Vegan",
        "Guests": "-3",
        "Born": "Saturday, 3 February 2001",
        "Photos": "Agreed to version 2",
    }
    # They stay when something else is asked for.
    assert ("column", "answer:dinner") in page.context["kept"]
    assert ("column", "answer:nothing") not in page.context["kept"]
    assert looks() == []


def test_a_consent_that_was_taken_back_is_none(desk, ana):
    given = ConsentGiven.objects.get()
    given.withdrawn_at = given.given_at
    given.save()
    assert cells(desk.get(f"{LIST}?column=answer:photos")) == {"Photos": "Withdrawn"}


def test_what_is_not_asked_any_more_is_a_column_where_it_was_answered(desk, ana, asked):
    assert "answer:old" not in text_of(desk.get(LIST))
    Answer.objects.create(registration=ana, question=asked["old"], text="Kept")
    assert cells(desk.get(f"{LIST}?column=answer:old")) == {"Old": "Kept"}


def test_food_is_shown_to_who_may_read_it_and_that_is_written_down(desk, ana, conference):
    page = desk.get(f"{LIST}?column=answer:food")
    assert cells(page) == {"Food": "Nuts"}
    assert "that you looked is written down" in text_of(page)
    assert looks() == [(str(conference.uid), {"questions": ["food"], "where": "list"})]


def test_food_is_no_column_for_the_door(door, ana):
    page = door.get(f"{LIST}?column=answer:food&column=answer:dinner")
    assert cells(page) == {"Dinner": "Fish, Vegan"}
    assert "answer:food" not in [one[0] for one in page.context["answer_columns"]]
    assert "food and access" not in text_of(page)
    assert looks() == []


def test_a_file_has_a_column_for_each_question(desk, ana):
    (row,) = rows_of(desk.get(f"{LIST}registrations.csv"))
    assert {name: value for name, value in row.items() if name.startswith("answer:")} == {
        "answer:dinner": "Fish, Vegan",
        "answer:guests": "-3",
        "answer:born": "2001-02-03",
        "answer:motto": "'=1+1",
        "answer:photos": "Agreed to version 2",
    }
    assert row["family_name"] == "Anić"
    assert looks() == []


def test_a_workbook_has_them_too_and_none_is_a_formula(desk, ana):
    answer = desk.get(f"{LIST}registrations.xlsx?column=answer:motto&column=answer:guests")
    content = b"".join(answer.streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][4:] == ["answer:guests", "answer:motto"]
    assert rows[1][4:] == [-3, "=1+1"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_food_is_in_a_file_only_where_it_is_asked_for(desk, ana, conference, kind):
    for query in ["sensitive=yes", "column=answer:food", "sensitive=yes&column=phone"]:
        body = b"".join(desk.get(f"{LIST}registrations.{kind}?{query}").streaming_content)
        if kind == "csv":
            assert b"answer:food" in body
            assert b"Nuts" in body
    assert looks() == [(str(conference.uid), {"questions": ["food"], "where": kind})] * 3


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_door_takes_no_food_along(door, ana, kind):
    assert door.get(f"{LIST}registrations.{kind}?sensitive=yes").status_code == 403
    body = b"".join(door.get(f"{LIST}registrations.{kind}?column=answer:food").streaming_content)
    assert b"Nuts" not in body
    assert looks() == []


def test_a_selection_is_a_file_with_the_columns_shown(desk, ana):
    answer = desk.post(
        f"{LIST}bulk/", {"pick": ana.code, "more": "csv", "column": ["phone", "answer:dinner"]}
    )
    (row,) = rows_of(answer)
    assert list(row)[-2:] == ["phone", "answer:dinner"]
    assert row["answer:dinner"] == "Fish, Vegan"


@pytest.mark.parametrize("count", [1, 3])
def test_answers_cost_the_same_for_many(desk, asked, ana, guest_type, count,
                                        django_assert_num_queries):  # fmt: skip
    for _ in range(count - 1):
        row = RegistrationFactory(registration_type=guest_type)
        Answer.objects.create(registration=row, question=asked["motto"], text="Mine")
    address = f"{LIST}?column=answer:dinner&column=answer:motto&column=answer:photos"
    desk.get(address)

    # As without answers (12); options of questions; answers, consents.
    with django_assert_num_queries(15):
        desk.get(address)
    # And: sensitive answers, and the line that says so.
    with django_assert_num_queries(17):
        desk.get(f"{address}&column=answer:food")


@pytest.mark.parametrize("count", [1, 500])
def test_answers_of_a_file_are_read_in_pieces(desk, conference, asked, count,
                                              django_assert_num_queries):  # fmt: skip
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=1000)
    make_crowd([kind], count)

    # Session, account, membership, conference; questions; rows; answers and consents.
    with django_assert_num_queries(8):
        body = b"".join(desk.get(f"{LIST}registrations.csv").streaming_content)
    assert body.count(b"\r\n") == count + 1
