"""Lists of people as spreadsheets write them: encodings, delimiters, workbooks, and bombs."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from core.csv import csv_lines
from core.errors import DomainError
from core.tables.encodings import guess_encoding
from core.tables.reading import read_table
from core.tables.workbooks import MOST_UNPACKED
from registrations.exchange.guest_columns import guess_columns

LATIN = "Ime;Prezime;Institucija\nŠćepan;Čolić;Fakultet političkih nauka\nŽarko;Đorđević;Zavod\n"
CYRILLIC = "Име;Презиме;Институција\nЂорђе;Цвијић;Факултет\nЉубица;Ђорђевић;Министарство\n"
RUSSIAN = "Имя;Фамилия\nПавел;Рудаков\nНаталья;Щёголева\n"


def workbook(rows, **options):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    return out.getvalue()


def with_entry(content, name, change):
    """Return the archive with one entry's text changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            text = old.read(entry)
            new.writestr(entry.filename, change(text) if entry.filename == name else text)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (LATIN, "utf-8", "utf-8"),
        (LATIN, "utf-8-sig", "utf-8"),
        (LATIN, "utf-16", "utf-16"),
        (LATIN, "utf-16-le", "utf-16"),
        (LATIN, "utf-16-be", "utf-16"),
        (LATIN, "cp1250", "cp1250"),
        (LATIN, "iso8859-2", "iso8859-2"),
        (CYRILLIC, "utf-8", "utf-8"),
        (CYRILLIC, "utf-16-le", "utf-16"),
        (CYRILLIC, "cp1251", "cp1251"),
        (RUSSIAN, "cp1251", "cp1251"),
        ("Name;Surname\nAna;Petrovic\n", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_guessed_by_its_letters(text, encoding, found):
    content = text.encode(encoding)

    assert guess_encoding(content) == found
    table = read_table(content)
    assert (table.encoding, table.delimiter) == (found, ";")
    assert table.header == text.splitlines()[0].split(";")
    assert [cells for _n, cells in table.rows] == [
        line.split(";") for line in text.splitlines()[1:]
    ]


def test_the_encoding_can_be_said():
    table = read_table(LATIN.encode("cp1250"), encoding="iso8859-2")
    assert table.rows[0][1][0] != "Šćepan"
    with pytest.raises(DomainError, match="not written in UTF-8"):
        read_table(LATIN.encode("cp1250"), encoding="utf-8")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_delimiter_is_guessed(delimiter):
    text = f'Name{delimiter}Org\nAna{delimiter}"Institute; Law, and more"\nIvo{delimiter}X\n'
    table = read_table(text.encode())

    assert table.delimiter == delimiter
    assert table.rows == [(2, ["Ana", "Institute; Law, and more"]), (3, ["Ivo", "X"])]


def test_the_delimiter_that_a_spreadsheet_says_is_taken():
    assert read_table(b"sep=,\r\nName,A;B\r\nAna,1;2\r\n").header == ["Name", "A;B"]


def test_what_we_disarmed_is_read_as_it_was():
    rows = [["=1+1", "-5", "'quoted", "@x", "＝2"], ["a", "b", "c", "d", "e"]]
    text = "".join(csv_lines(["one", "two", "three", "four", "five"], rows))

    assert [cells for _number, cells in read_table(text.encode()).rows] == rows


def test_a_workbook_is_read_as_text():
    content = workbook([["Name", "Number", "Yes"], ["Цвијић", 12, True], ["Ana", 1.5, ""]])
    table = read_table(content)

    assert table.header == ["Name", "Number", "Yes"]
    assert table.rows == [(2, ["Цвијић", "12", "yes"]), (3, ["Ana", "1.5", ""])]
    assert table.encoding == ""


def test_a_formula_is_never_calculated():
    content = workbook([["Name", "Note"], ["Ana", '=HYPERLINK("https://example.org","x")']])

    assert read_table(content).rows[0][1][0] == "Ana"
    assert "HYPERLINK" not in str(read_table(content).rows)


def test_a_workbook_that_unpacks_to_gigabytes_is_not_opened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(SHEET, b" " * (MOST_UNPACKED + 1))
    assert len(out.getvalue()) < 200_000

    with pytest.raises(DomainError, match="unpacks to more than 60 MB") as refused:
        read_table(out.getvalue())
    assert refused.value.kind == "too-large"


def test_a_workbook_that_lies_about_its_size_is_not_opened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(SHEET, b" " * (MOST_UNPACKED + 1))
    lying = out.getvalue().replace(
        (MOST_UNPACKED + 1).to_bytes(4, "little"), (100).to_bytes(4, "little")
    )

    with pytest.raises(DomainError):
        read_table(lying)


@pytest.mark.parametrize("place", [b'r="XFD1048576"', b"r = 'XFD1048576'"])
def test_a_cell_far_outside_is_not_read(place):
    content = workbook([["Name"], ["Ana"]])
    far = with_entry(content, SHEET, lambda xml: xml.replace(b'r="A2"', place))

    with pytest.raises(DomainError, match="far outside"):
        read_table(far)


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04", b"PK\x03\x04" + b"\x00" * 200, b"", b"\n\n", b"Name\n", b"a\x00b;c\n1;2"],
    ids=["cut", "zeros", "empty", "blank", "header only", "NUL"],
)
def test_what_is_no_list_is_refused_with_a_sentence(content):
    with pytest.raises(DomainError) as refused:
        read_table(content)
    assert refused.value.detail


def test_a_sheet_in_utf_16_hides_nothing():
    content = workbook([["Name"], ["Ana"]])
    odd = with_entry(content, SHEET, lambda xml: xml.decode().encode("utf-16"))

    with pytest.raises(DomainError, match="no workbook that can be read"):
        read_table(odd)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"x" * (10 * 1024 * 1024 + 1), "10 MB"),
        (b"Name\n" + b"Ana\n" * 5001, "5,000 rows"),
        (b";".join([b"Name"] * 201) + b"\n" + b"x\n", "200 columns"),
    ],
    ids=["bytes", "rows", "columns"],
)
def test_there_are_limits(content, sentence):
    with pytest.raises(DomainError, match=sentence):
        read_table(content, delimiter=";")


def test_five_thousand_rows_are_taken():
    assert len(read_table(b"Name;X\n" + b"Ana;1\n" * 5000).rows) == 5000


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (["Ime", "Prezime", "Институција", "E-mail"], "given_name family_name affiliation email"),
        (["Имя", "Фамилия", "Эл. почта", "Должность"], "given_name family_name email position"),
        (["Name", "Surname", "Tags"], "given_name family_name tags"),
        (["Full name", "Firma", "Язык", "Plus one"], "full_name affiliation language plus_one"),
        (["Титула", "Ime i prezime", "Salutation en"], "honorific full_name salutation.en"),
        (["Assistant", "Assistant e-mail", "?"], "assistant_name assistant_email "),
        (["E-mail", "Email"], "email "),
    ],
    ids=lambda v: str(v)[:20],
)  # fmt: skip
def test_columns_are_guessed_from_their_headers(header, fields):
    assert guess_columns(header) == fields.split(" ")
