"""What is in a donor pack: figures without names, names only of who agreed, and what is missing."""

from __future__ import annotations

import csv
import io
import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from console.donor_pack import building, facts, missing, papers, photos
from console.donor_pack.building import build_pack
from console.donor_pack.missing import missing_of
from core.actors import SYSTEM
from core.tables.reading import read_table
from events.languages import Reader
from events.services.donor_packs import ask_for_pack, make_packs
from events.services.schedules import current_programme, publish_schedule
from tests.console import donor_pack_world
from tests.factories.events import ConferenceFactory
from tests.factories.registrations import RegistrationFactory

ENGLISH = Reader("en", ("en",))


@pytest.fixture
def world(organisation):
    return donor_pack_world.build(organisation)


@pytest.fixture
def pack(world):
    row = ask_for_pack(conference=world.conference, actor=SYSTEM)
    assert make_packs(build=build_pack) == 1
    return donor_pack_world.opened(row)


def rows_of(pack, name):
    return list(csv.reader(io.StringIO(pack.read(name).decode("utf-8-sig"))))


def test_the_pack_holds_all_its_parts_under_names_of_ours(pack):
    assert sorted(pack.namelist()) == [
        "README.txt",
        "agenda.pdf",
        "figures/by-tag.csv",
        "figures/by-tag.xlsx",
        "funders.txt",
        "mails.csv",
        "photos/01.jpg",
        "photos/02.jpg",
        "photos/photos.csv",
        "signature-sheet.pdf",
    ]
    assert pack.testzip() is None
    assert pack.read("agenda.pdf").startswith(b"%PDF-")
    assert pack.read("signature-sheet.pdf").startswith(b"%PDF-")


def test_who_was_invited_and_came_is_told_by_tag_in_numbers(pack):
    expected = [
        ["Tag", "Invited by name", "Said yes", "Had a place", "Came"],
        ["All", "2", "2", "5", "3"],
        ["Press", "1", "1", "2", "1"],
        ["VIP", "2", "2", "2", "1"],
        ["Without a tag", "0", "0", "2", "1"],
    ]
    assert rows_of(pack, "figures/by-tag.csv") == expected
    table = read_table(pack.read("figures/by-tag.xlsx"))
    cells = [table.header, *(row for _number, row in table.rows)]
    assert [[str(cell) for cell in row] for row in cells] == expected


def test_mails_are_counted_without_an_address(pack):
    day = f"{timezone.localtime(timezone=ZoneInfo('Europe/Belgrade')):%Y-%m-%d}"
    assert rows_of(pack, "mails.csv") == [["Day", "Mail", "Sent"], [day, "Confirmation", "2"]]


def test_only_photos_of_who_agreed_are_in_it_with_what_they_show(pack):
    assert rows_of(pack, "photos/photos.csv") == [
        ["File", "Caption", "Shows", "Credit", "Consent"],
        ["photos/01.jpg", "'=1+1", "A full hall", "", "Given"],
        ["photos/02.jpg", "", "An empty hall", "", "Nobody can be recognised"],
    ]
    assert pack.read("photos/01.jpg").startswith(b"\xff\xd8\xff")


def test_who_paid_is_said_in_one_line_each(pack):
    assert pack.read("funders.txt").decode() == (
        "Funded by: Rivers Fund, City of Niš\nPart of the project: Open Waters\n"
    )


def test_the_readme_says_what_is_in_it_and_what_is_missing(pack):
    text = pack.read("README.txt").decode()
    assert text.startswith("Forum\nInstitute for Testing\nThursday, 18 March 2027, 10:00–13:30")
    assert "- photos/: 2, of people who agreed or can not be recognised" in text
    assert "Personal data" in text
    lines = text.split("What is missing\n")[1].splitlines()
    assert lines == [
        "- The conference is not over: its figures may still change.",
        "- 2 photos are left out: those on them have not agreed to being shown.",
    ]


def test_named_are_who_speaks_in_public_and_who_agreed(world):
    people = facts.people_of(world.conference, current_programme(world.conference), ENGLISH)
    assert [(one.name, one.post) for one in people.named] == [
        ("Vera Cvijić", "Director, Faculty of Water"),
        ("Ana Anić", "Institute"),
    ]
    # Boris, Ceca, and Dana who has taken it back; not the speaker, who is named.
    assert (people.others, people.agreed) == (3, 1)


def test_nobody_is_named_for_a_closed_session(world):
    world.conference.sessions.update(attribution="closed")
    publish_schedule(conference=world.conference, name="2", actor=SYSTEM)
    people = facts.people_of(world.conference, current_programme(world.conference), ENGLISH)
    assert [one.name for one in people.named] == ["Ana Anić"]


def test_the_sheet_has_a_line_for_each_and_lines_without_a_name(world):
    people = facts.people_of(world.conference, current_programme(world.conference), ENGLISH)
    sheet = papers.sheet_of(world.conference, people, ENGLISH, [])
    assert [line.name for line in sheet.lines] == ["Vera Cvijić", "Ana Anić", *[""] * 8]
    assert (sheet.heading, sheet.place) == (
        "Signature sheet",
        "River House, Knez Mihailova 1, Belgrade",
    )


def test_no_address_and_no_other_name_is_anywhere_in_the_texts(pack, world):
    texts = "".join(
        pack.read(name).decode("utf-8-sig")
        for name in pack.namelist()
        if name.endswith((".txt", ".csv"))
    )
    assert not re.search(r"@|Anić|Babić|Cvetić|Dulić|Ana ", texts)


def test_an_empty_conference_gives_a_pack_that_says_what_is_missing(organisation):
    conference = ConferenceFactory(organisation=organisation, title={"en": "Bare"})
    row = ask_for_pack(conference=conference, actor=SYSTEM)
    assert make_packs(build=build_pack) == 1
    pack = donor_pack_world.opened(row)
    assert "agenda.pdf" not in pack.namelist()
    assert (
        row.missing
        == missing_of(conference)
        == [
            "The conference is not over: its figures may still change.",
            "No programme is published, so there is no agenda.",
            "The outcome page is not published.",
            "No funder is named among the partners.",
            "No project is named among the partners.",
            "Nobody was invited by name.",
            "Nobody has a place.",
            missing._NO_CONSENT + missing._ASK,
            "No mail was sent.",
            "There are no photos whose people agreed to being shown.",
        ]
    )


def test_without_check_in_it_says_that_who_came_is_not_known(world):
    world.conference.registrations.update(checked_in_at=None)
    assert "No attendance is recorded: who came is not known." in missing_of(world.conference)


def test_photos_that_are_too_many_or_gone_are_left_out_and_that_is_said(world, monkeypatch):
    monkeypatch.setattr(building, "MOST_BYTES", world.photos[0].file.size)
    row = ask_for_pack(conference=world.conference, actor=SYSTEM)
    make_packs(build=build_pack)
    assert "photos/02.jpg" not in donor_pack_world.opened(row).namelist()
    assert row.missing[-1] == "1 photo is left out: the pack would be too large."
    monkeypatch.setattr(building, "MOST_BYTES", photos.MOST_BYTES)
    world.photos[0].file.file.storage.delete(world.photos[0].file.file.name)
    again = ask_for_pack(conference=world.conference, actor=SYSTEM)
    make_packs(build=build_pack)
    archive = donor_pack_world.opened(again)
    assert rows_of(archive, "photos/photos.csv")[1][2] == "An empty hall"
    assert again.missing[-1] == "1 photo is left out: what was uploaded is not there any more."


def test_what_people_wrote_is_set_in_type_and_never_run(world):
    hostile = '#read("/etc/passwd") *bold* $x$ <a> \\ "quoted"'
    world.conference.title = {"en": hostile}
    world.conference.save()
    agreed = RegistrationFactory(
        registration_type=world.kind, given_name=hostile[:60], family_name="]"
    )
    donor_pack_world.agree(agreed, world.question)
    people = facts.people_of(world.conference, current_programme(world.conference), ENGLISH)
    pdf = papers.sheet_pdf(world.conference, people, ENGLISH, [hostile])
    assert pdf.startswith(b"%PDF-")


def test_the_papers_are_in_the_conference_s_first_language(world):
    world.conference.languages = ["sr-Cyrl", "en"]
    world.conference.title = {"en": "Forum", "sr-Cyrl": "Форум"}
    world.conference.save()
    reader = Reader("sr-Cyrl", ("sr-Cyrl", "en"))
    programme = current_programme(world.conference)
    assert papers.agenda_pdf(world.conference, programme, reader, []).startswith(b"%PDF-")


def test_figures_take_as_many_queries_whatever_their_size(world, django_assert_num_queries):
    with django_assert_num_queries(6):
        facts.tag_lines(world.conference)
