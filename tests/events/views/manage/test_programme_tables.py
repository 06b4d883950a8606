"""The draft as CSV and XLSX: what is in it, that nothing of it runs, and who gets it."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from python_calamine import CalamineWorkbook

from accounts.enums import Role
from core.tables.reading import read_table
from events.exchange.programme_rows import programme_rows
from tests.events.views.conftest import at
from tests.factories.events import ParticipationFactory, PersonFactory, SessionFactory, TrackFactory

CSV = "/manage/institute/open-forum/programme.csv"
XLSX = "/manage/institute/open-forum/programme.xlsx"
API = "/api/v1/organisations/institute/conferences/open-forum/sessions/export/"
HEADER = [
    *("code", "start", "end", "room", "kind", "title", "abstract", "title:sr-Latn"),
    *("abstract:sr-Latn", "track", "language", "interpretation", "attribution", "recorded"),
    *("state", "minutes", "moderator", "speakers", "people"),
]


@pytest.fixture
def draft(stage):
    """Return a panel as rich as can be, in a draft that nobody has published."""
    panel = stage.panel
    panel.track = TrackFactory(conference=stage.conference, name={"en": "Water"})
    panel.language, panel.interpretation, panel.recorded = "en", ["sr-Latn", "ru"], True
    panel.attribution = "closed"
    panel.abstract = {"en": "One.\n\nTwo; “three”, four"}
    panel.save()
    stage.moderator.position = "Director | acting"
    stage.moderator.save()
    late = PersonFactory(
        organisation=stage.conference.organisation, given_name="Rade", family_name="", code="RADE22"
    )
    ParticipationFactory(session=panel, person=late, state="declined", order=2)
    SessionFactory(
        conference=stage.conference, code="LATER2", kind="workshop", planned_minutes=45,
        title={"en": "Later"}, state="cancelled",
    )  # fmt: skip
    return panel


def content(response):
    return b"".join(response.streaming_content)


def rows_of(response):
    text = content(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_csv_holds_the_draft_with_all_states(draft, account_with_role, client_as):
    response = client_as(account_with_role(Role.VIEWER)).get(CSV)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="open-forum-programme.csv"'
    assert response["Cache-Control"] == "no-store"
    rows = rows_of(response)
    assert [row["code"] for row in rows] == ["KEYN22", "COFFEE", "PANEL2", "LATER2"]
    assert list(rows[0]) == HEADER
    assert rows[2] == {
        "code": "PANEL2",
        "start": "2027-03-18 11:00",
        "end": "2027-03-18 12:30",
        "room": "Great hall",
        "kind": "panel",
        "title": "Who drinks first",
        "abstract": "One.\n\nTwo; “three”, four",
        "title:sr-Latn": "Ko prvi pije",
        "abstract:sr-Latn": "",
        "track": "Water",
        "language": "en",
        "interpretation": "sr-Latn, ru",
        "attribution": "closed",
        "recorded": "yes",
        "state": "planned",
        "minutes": "90",
        "moderator": "Prof. Dr. Mila Đorđević (Institute for Testing)",
        "speakers": "Petar Ilić (Institute for Testing)",
        "people": (
            "panellist: Petar Ilić | Researcher | Institute for Testing | confirmed | PETAR2\n"
            "moderator: Prof. Dr. Mila Đorđević | Director / acting | Institute for Testing"
            " | confirmed | MILA22\n"
            "panellist: Rade | Researcher | Institute for Testing | declined | RADE22"
        ),
    }
    assert [rows[3][name] for name in ("start", "end", "room", "state", "minutes")] == [
        *("", "", "", "cancelled", "45"),
    ]


def test_the_workbook_holds_the_same_with_times_as_times(draft, account_with_role, client_as):
    response = client_as(account_with_role(Role.VIEWER)).get(XLSX)
    assert response["Content-Disposition"] == 'attachment; filename="open-forum-programme.xlsx"'
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content(response))).get_sheet_by_index(0)
    header, *rows = sheet.to_python()
    assert header == HEADER
    panel = dict(zip(header, rows[2], strict=True))
    assert (panel["start"], panel["minutes"]) == (dt.datetime.fromisoformat("2027-03-18T11:00"), 90)
    assert panel["people"].count("\n") == 2


@pytest.mark.parametrize("path", [CSV, XLSX])
def test_both_are_read_again_as_they_were(draft, account_with_role, client_as, path):
    draft.title = {"en": "=1+1", "sr-Latn": "'@SUM(A1)"}
    draft.save()
    table = read_table(content(client_as(account_with_role(Role.VIEWER)).get(path)))
    rows = {row[0]: dict(zip(table.header, row, strict=True)) for _line, row in table.rows}
    assert table.header == HEADER
    assert (rows["PANEL2"]["title"], rows["PANEL2"]["title:sr-Latn"]) == ("=1+1", "'@SUM(A1)")
    assert rows["PANEL2"]["abstract"] == "One.\n\nTwo; “three”, four"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "＝"])
def test_no_cell_runs_as_a_formula(draft, account_with_role, client_as, start):
    draft.title = {"en": f"{start}1+1"}
    draft.abstract = {"en": f'{start}HYPERLINK("http://evil.example")'}
    draft.save()
    draft.participations.update(honorific=f"{start}1")
    rows = rows_of(client_as(account_with_role(Role.VIEWER)).get(CSV))
    assert rows[2]["title"] == f"'{start}1+1"
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]


def test_a_house_that_would_be_read_as_somebody_else_stands_with_the_people_only(
    draft, account_with_role, client_as
):
    draft.participations.update(affiliation="Institute (Novi Sad); Rade")
    row = rows_of(client_as(account_with_role(Role.VIEWER)).get(CSV))[2]
    assert (row["moderator"], row["speakers"]) == ("Prof. Dr. Mila Đorđević", "Petar Ilić")
    assert row["people"].count("| Institute (Novi Sad); Rade |") == 3


@pytest.mark.parametrize("path", [CSV, XLSX])
def test_strangers_do_not_get_it(draft, client_as, account_with_role, other_organisation, path):
    assert client_as().get(path).status_code == 302
    assert (
        client_as(account_with_role(Role.OWNER, of=other_organisation)).get(path).status_code == 404
    )


def test_the_api_answers_the_same_files(draft, api, account_with_role, client_as):
    page = client_as(account_with_role(Role.VIEWER))
    assert content(api.get(API)) == content(page.get(CSV))
    book = api.get(f"{API}xlsx/")
    assert book["Content-Type"].endswith("spreadsheetml.sheet")
    assert read_table(content(book)).header == HEADER
    assert api.get(API.replace("open-forum", "nowhere")).status_code == 404


@pytest.mark.parametrize("sessions", [1, 3])
def test_it_asks_the_database_as_often_however_much_there_is(
    stage, django_assert_num_queries, sessions
):
    for number in range(sessions):
        SessionFactory(
            conference=stage.conference, start_local=at(f"1{number}:00", 19),
            end_local=at(f"1{number}:30", 19),
        )  # fmt: skip
    with django_assert_num_queries(2):
        assert len(list(programme_rows(stage.conference))) == sessions + 3


def test_the_console_leads_to_the_files(stage, account_with_role, client_as):
    client = client_as(account_with_role(Role.VIEWER))
    for path in ("sessions/", "schedule/"):
        page = client.get(f"/manage/institute/open-forum/{path}").content.decode()
        assert (CSV in page, XLSX in page) == (True, True)
    assert '"/institute/open-forum/programme.pdf"' in page
    type(stage.conference).objects.update(visibility="private")
    page = client.get("/manage/institute/open-forum/schedule/").content.decode()
    assert "programme.pdf" not in page
