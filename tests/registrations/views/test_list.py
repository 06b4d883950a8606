"""The organisers' list: filters, order, columns, pages of 50, and its files."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook

from accounts.enums import Role
from registrations.models import Answer, Registration, RegistrationPlace
from tests.factories.crowd import make_crowd
from tests.factories.events import PersonFactory, TagFactory
from tests.factories.registrations import (
    AccessCodeFactory,
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
def people(guest_type):
    """Return a function: a registration of that family name."""

    def make(family_name, **facts):
        return RegistrationFactory(
            registration_type=guest_type, family_name=family_name, **{"source": "form", **facts}
        )

    return make


def names(page):
    assert page.status_code == 200
    return [row.family_name for row in page.context["page"].rows]


def text_of(answer):
    return answer.content.decode()


@pytest.fixture
def crowd(conference):
    """120 people of one kind with places for all."""
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=200)
    make_crowd([kind], 120)
    return kind


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=cvijic", ["Цвијић"]),
        ("q=Цвијић", ["Цвијић"]),
        ("q=djordjevic+ana", ["Đorđević"]),
        ("q=%25", ["Đorđević", "Цвијић"]),
        ("q=a", ["Đorđević", "Цвијић"]),
        ("q=o_dj", []),
        ("status=live", ["Đorđević", "Цвијић"]),
        ("status=over", []),
        ("source=import", ["Цвијић"]),
        ("tag=vip", ["Đorđević"]),
        ("tag=press", []),
        ("arrived=yes", ["Цвијић"]),
        ("arrived=no", ["Đorđević"]),
        ("answer=diet:vegan", ["Đorđević"]),
        ("answer=dinner:yes", ["Цвијић"]),
        ("answer=health:yes", []),
        ("code=any", ["Цвијић"]),
        ("code=FRIENDS", ["Цвијић"]),
        ("code=OTHERS", []),
        ("over=yes", ["Đorđević"]),
        ("from=2027-03-02", ["Цвијић"]),
        ("to=2027-03-01", ["Đorđević"]),
        ("from=2027-03-01&to=2027-03-02", ["Đorđević", "Цвијић"]),
        ("from=soon&to=9999-99-99&source=x&arrived=2&tag=*&answer=diet", ["Đorđević", "Цвијић"]),
    ],
)
def test_each_filter_asks_one_thing(desk, people, conference, clock, query, found):
    vip = PersonFactory(organisation=conference.organisation)
    vip.tags.add(TagFactory(organisation=conference.organisation, slug="vip"))
    code = AccessCodeFactory(conference=conference, code="FRIENDS", code_key="FRIENDS")
    diet = QuestionFactory(conference=conference, slug="diet", kind="choice", options=["vegan"])
    dinner = QuestionFactory(conference=conference, slug="dinner", kind="yes_no")
    health = QuestionFactory(
        conference=conference, slug="health", kind="yes_no", sensitivity="access"
    )
    first = people("Đorđević", person=vip)
    RegistrationPlace.objects.filter(registration=first).delete()
    second = people(
        "Цвијић",
        source="import",
        access_code=code,
        checked_in_at=first.created_at,
        created_at=first.created_at + dt.timedelta(days=1),
    )
    Answer.objects.create(registration=first, question=diet, option=diet.options.get())
    Answer.objects.create(registration=second, question=dinner, text="yes")
    Answer.objects.create(registration=second, question=health, text="yes")

    assert names(desk.get(f"{LIST}?order=old&{query}")) == found


def test_a_day_ends_in_the_conferences_own_zone(desk, people):
    people("Before", created_at=dt.datetime(2027, 2, 28, 22, 59, tzinfo=dt.UTC))
    people("After", created_at=dt.datetime(2027, 2, 28, 23, 0, tzinfo=dt.UTC))

    assert names(desk.get(f"{LIST}?from=2027-03-01")) == ["After"]
    assert names(desk.get(f"{LIST}?to=2027-02-28")) == ["Before"]


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("new", ["Цвијић", "Anić", "Žarić"]),
        ("old", ["Žarić", "Anić", "Цвијић"]),
        ("name", ["Anić", "Цвијић", "Žarić"]),
        ("-name", ["Žarić", "Цвијић", "Anić"]),
        ("status", ["Anić", "Žarić", "Цвијић"]),
        ("password", ["Цвијић", "Anić", "Žarić"]),
        ("booking__contact_email", ["Цвијић", "Anić", "Žarić"]),
        ("?", ["Цвијић", "Anić", "Žarić"]),
    ],
)
def test_the_order_is_one_of_six(desk, people, order, found):
    for minutes, (name, status) in enumerate(
        [("Žarić", "confirmed"), ("Anić", "cancelled"), ("Цвијић", "waiting_list")]
    ):
        at = dt.datetime(2027, 3, 1, 9, minutes, tzinfo=dt.UTC)
        people(name, status=status, created_at=at)

    assert names(desk.get(LIST, {"order": order})) == found


@pytest.mark.parametrize("order", ["new", "old", "name", "-name", "status", "-status"])
def test_pages_follow_each_other_and_lead_back(desk, crowd, order):
    seen, address, pages = [], f"{LIST}?order={order}", []
    while address:
        page = desk.get(address)
        seen += [row.pk for row in page.context["page"].rows]
        pages.append(page)
        following = page.context["next_url"]
        address = f"{LIST}{following}" if following else ""

    assert len(pages) == 3
    assert len(seen) == len(set(seen)) == 120
    back = desk.get(f"{LIST}{pages[2].context['previous_url']}")
    assert [r.pk for r in back.context["page"].rows] == seen[50:100]
    assert not pages[0].context["previous_url"]


def test_a_cursor_of_another_order_begins_anew(desk, crowd):
    following = desk.get(f"{LIST}?order=name").context["next_url"]

    page = desk.get(f"{LIST}{following.replace('order=name', 'order=new')}")
    assert page.status_code == 200
    assert len(page.context["page"].rows) == 50
    assert not page.context["previous_url"]


def test_a_filter_leads_to_the_first_page_and_keeps_the_rest(desk, crowd):
    following = desk.get(f"{LIST}?order=name&column=phone").context["next_url"]
    page = desk.get(f"{LIST}{following}")

    confirmed = page.context["chips"][0][2]
    assert confirmed["label"] == "Confirmed"
    assert confirmed["url"] == "?order=name&column=phone&status=confirmed"


def test_numbers_are_those_of_the_filter(desk, crowd):
    page = desk.get(f"{LIST}?status=confirmed")
    assert (page.context["total"], page.context["number"]) == (120, 72)
    assert "120 in all, 72 found" in re.sub(r"\s+", " ", text_of(page))
    assert "All 72 that match" in re.sub(r"\s+", " ", text_of(page))


def test_the_columns_are_chosen_in_the_address(desk, people):
    people("Anić", phone="+381 11 123", position="Dean")
    page = desk.get(f"{LIST}?column=phone&column=position&column=search_key")

    assert [one["label"] for one in page.context["headings"]] == ["Name", "Position", "Phone"]
    (line,) = page.context["lines"]
    assert [cell["value"] for cell in line["cells"]] == ["Dean", "+381 11 123"]
    assert 'value="search_key"' not in text_of(page)


@pytest.mark.parametrize("count", [1, 3])
def test_filters_columns_and_tags_cost_the_same_for_many(
    desk, people, conference, count, django_assert_num_queries
):
    question = QuestionFactory(conference=conference, kind="choice", options=["a", "b"])
    for _ in range(count):
        person = PersonFactory(organisation=conference.organisation)
        person.tags.add(TagFactory(organisation=conference.organisation))
        row = people("Anić", person=person)
        Answer.objects.create(
            registration=row, question=question, option=question.options.get(slug="a")
        )
    address = f"{LIST}?q=anic&answer={question.slug}:a&column=tags&column=access_code"
    desk.get(address)

    # As without filters (12), and: options of questions, ids of who is found, tags.
    with django_assert_num_queries(15):
        desk.get(address)


def test_who_has_no_name_yet_is_found_by_who_brings_them(desk, people, guest_type):
    lead = people("Lazić", given_name="Vesna")
    lead.search_key = "vesna lazic"
    lead.save()
    companion = RegistrationFactory(
        registration_type=guest_type, lead=lead, booking=lead.booking, email="",
        given_name="", family_name="", search_key="",
    )  # fmt: skip
    page = desk.get(f"{LIST}?q=lazic")
    assert [row.code for row in page.context["page"].rows] == [companion.code, lead.code]
    assert names(desk.get(f"{LIST}?q=elsewhere")) == []


def test_a_short_search_says_that_it_asks_nothing(desk, people):
    people("Anić")
    page = desk.get(f"{LIST}?q=a")
    assert "Type two letters or more" in text_of(page)
    assert names(page) == ["Anić"]


def test_other_conferences_are_not_in_it(desk, people):
    people("Anić")
    RegistrationFactory(family_name="Elsewhere")
    assert names(desk.get(LIST)) == ["Anić"]
    assert names(desk.get(f"{LIST}?q=elsewhere")) == []


WILD = [
    "=1+1",
    "+381",
    "-1",
    "@SUM(A1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
    "https://example.org",
    "007",
    "1e5",
    "_x0041_ <b>&amp;",
    " Ана  Žarić 😀",
]


def wild_rows(people):
    for number, text in enumerate(WILD):
        row = people("Anić", status="waiting_list", email=f"wild{number}@example.org")
        # As an import of another program may have left it.
        Registration.objects.filter(pk=row.pk).update(affiliation=text)


def test_the_workbook_holds_texts_as_texts_and_times_as_times(desk, people):
    wild_rows(people)
    answer = desk.get(f"{LIST}registrations.xlsx?order=old&column=affiliation&column=registered")
    content = b"".join(answer.streaming_content)

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Content-Disposition"].endswith('"forum-registrations.xlsx"')
    assert answer["Cache-Control"] == "no-store"
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0] == [
        "code",
        "honorific",
        "given_name",
        "family_name",
        "affiliation",
        "registered",
    ]
    assert [row[4] for row in rows[1:]] == WILD
    assert {row[5] for row in rows[1:]} == {dt.datetime(2027, 3, 1, 11, 0)}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet
        # Who edits such a cell by hand does not make a formula of it.
        assert 'quotePrefix="1"' in archive.read("xl/styles.xml").decode()


def test_the_csv_reads_back_as_it_was(desk, people):
    from core.csv import rearm

    wild_rows(people)
    answer = desk.get(f"{LIST}registrations.csv?order=old")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    found = [row["affiliation"] for row in csv.DictReader(io.StringIO(body, newline=""))]

    assert [rearm(cell) for cell in found] == WILD
    assert not any(cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) for cell in found)


def test_a_file_is_the_list_as_it_is_filtered_and_ordered(desk, crowd):
    answer = desk.get(f"{LIST}registrations.csv?status=confirmed&order=-name&q=petrovic")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body, newline="")))

    expected = Registration.objects.filter(status="confirmed", search_key__contains="petrovic")
    assert [row["code"] for row in rows] == [
        row.code for row in expected.order_by("-sort_key", "-pk")
    ]


def test_a_file_says_with_whom_somebody_comes(desk, guest_type):
    lead = RegistrationFactory(registration_type=guest_type)
    RegistrationFactory(registration_type=guest_type, lead=lead, booking=lead.booking, email="")
    answer = desk.get(f"{LIST}registrations.csv?column=lead&order=old")
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body, newline="")))
    assert [row["lead"] for row in rows] == ["", lead.code]


@pytest.mark.parametrize("count", [1, 700])
def test_a_file_is_read_in_pieces(desk, conference, count, django_assert_num_queries):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=1000)
    make_crowd([kind], count)

    # Session, account, membership, conference; questions; rows.
    with django_assert_num_queries(6):
        body = b"".join(desk.get(f"{LIST}registrations.csv").streaming_content)
    assert body.count(b"\r\n") == count + 1


@pytest.mark.parametrize("part", ["", "registrations.csv", "registrations.xlsx"])
def test_who_may_not_read_registrations_gets_none(
    client_as, account_with_role, other_organisation, conference, part
):
    stranger = client_as(account_with_role(Role.OWNER, other_organisation))
    assert stranger.get(f"{LIST}{part}").status_code == 404
    assert client_as(account_with_role(Role.VIEWER)).get(f"{LIST}{part}").status_code == 403
    assert client_as(account_with_role(Role.DOOR)).get(f"{LIST}{part}").status_code == 200
