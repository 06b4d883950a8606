"""Files that are bombs, broken, or in the wrong encoding: a sentence, soon, and nothing else."""

import io
import json
import time
import zipfile

import pytest

from core.errors import DomainError
from events.exchange import schedule_json, schedule_xml
from events.exchange.formats import FORMATS
from events.exchange.limits import MOST_BYTES
from events.exchange.texts import one_line, paragraphs
from tests.events.exchange import samples

BOMB = b"""<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>
<schedule><conference><title>&c;</title></conference></schedule>"""
XXE = b"""<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<schedule><conference><title>&a;</title></conference></schedule>"""
OUTSIDE = b'<!DOCTYPE s SYSTEM "http://127.0.0.1:9/a.dtd"><schedule/>'
PARAMETER = b'<!DOCTYPE s [<!ENTITY % a SYSTEM "http://127.0.0.1:9/a.dtd"> %a;]><schedule/>'


def refusal(form, content, options):
    begun = time.process_time()
    with pytest.raises(DomainError) as caught:
        FORMATS[form](content, options)
    assert time.process_time() - begun < 10
    return caught.value


@pytest.mark.parametrize("content", [BOMB, XXE, OUTSIDE, PARAMETER])
def test_a_document_type_is_refused_before_it_is_read(options, content):
    error = refusal("schedule_xml", content, options)
    assert "DOCTYPE" in error.detail
    assert "root:" not in error.detail


def test_deep_xml_and_json_are_refused(options):
    deep = b"<schedule>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</schedule>"
    assert refusal("schedule_xml", deep, options).kind == "too-large"
    for opening in (b"[", b'{"a":'):
        assert refusal("schedule_json", opening * 100_000, options).kind == "too-large"


def test_many_elements_are_refused(options):
    many = b"<schedule>" + b"<a/>" * 410_000 + b"</schedule>"
    assert refusal("schedule_xml", many, options).kind == "too-large"
    assert refusal("sessionize", b"[" + b"[]," * 210_000 + b"[]]", options).kind == "too-large"
    lines = b"BEGIN:VCALENDAR\n" + b"A:1\n" * 410_000
    assert refusal("icalendar", lines, options).kind == "too-large"


@pytest.mark.parametrize("form", samples.ALL)
def test_more_than_ten_megabytes_are_refused(options, form):
    assert refusal(form, samples.ALL[form] + b" " * MOST_BYTES, options).kind == "too-large"


@pytest.mark.parametrize("form", samples.ALL)
@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"\xff\xfe\x00", b"\xfe\xff\xd8\x00"])
def test_nothing_and_nul_are_refused(options, form, content):
    assert refusal(form, content, options).kind == "validation-failed"


@pytest.mark.parametrize("form", ["schedule_xml", "icalendar"])
def test_another_encoding_than_the_files_own_is_refused_with_its_line(options, form):
    content = samples.ALL[form].decode().encode("cp1250")
    assert "UTF-8" in refusal(form, content, options).detail
    assert "Line " in refusal(form, content, options).detail


@pytest.mark.parametrize("form", ["schedule_json", "sessionize"])
def test_json_in_a_code_page_is_refused(options, form):
    text = json.dumps(json.loads(samples.ALL[form]), ensure_ascii=False)
    assert "UTF-8" in refusal(form, text.encode("cp1250"), options).detail


@pytest.mark.parametrize("form", ["schedule_xml", "schedule_json", "icalendar", "opass"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_harm(options, form, encoding):
    text = samples.ALL[form].decode().replace('encoding="UTF-8"', "")
    found = FORMATS[form](text.encode(encoding), options)
    assert found == FORMATS[form](text.encode(), options)


def test_an_encoding_that_the_file_names_is_used(options):
    text = samples.SCHEDULE_XML.decode().replace("UTF-8", "windows-1250")
    found = schedule_xml.read(text.encode("cp1250"), options)
    assert found.people[0].family_name == "Kovač"


@pytest.mark.parametrize("name", ["no-such-page", "zlib", "rot13"])
def test_an_encoding_that_there_is_not_is_refused(options, name):
    text = samples.SCHEDULE_XML.decode().replace("UTF-8", name)
    assert refusal("schedule_xml", text.encode(), options).kind == "validation-failed"


@pytest.mark.parametrize(
    "text", ['{"a": NaN}', '{"a": 1' + "0" * 5000 + "}", '{"a": "\\ud800"}', '"' + '\\"' * 100_000]
)
def test_odd_json_is_refused(options, text):
    assert refusal("schedule_json", text.encode(), options).kind == "validation-failed"


def test_halves_of_letters_and_controls_fall_out_of_texts(options):
    record = json.loads(samples.SCHEDULE_JSON)
    event = record["schedule"]["conference"]["days"][0]["rooms"]["Blue room"][0]
    event.update({"title": "A\ud800B\u0007", "abstract": "C\u0000\ud800D\u2028E"})
    content = json.dumps(record).encode()
    found = schedule_json.read(content, options)
    assert found.sessions[1].title == {"en": "AB"}
    assert found.sessions[1].abstract == {"en": "CD\nE"}


def test_a_zip_that_unpacks_to_gigabytes_is_refused(options):
    bomb = samples.zipped({"sessions": b" " * (MOST_BYTES + 1)})
    assert len(bomb) < 100_000
    assert refusal("open_event", bomb, options).kind == "too-large"


def test_a_zip_that_is_broken_or_locked_is_refused(options):
    assert refusal("open_event", samples.OPEN_EVENT[:200], options).kind == "validation-failed"
    memory = io.BytesIO(samples.OPEN_EVENT)
    with zipfile.ZipFile(memory, "a") as archive:
        archive.writestr("../../outside", "x")
    assert len(FORMATS["open_event"](memory.getvalue(), options).sessions) == 2


def test_more_sessions_than_a_programme_has_are_refused(options):
    sessions = [{"id": n, "title": "A"} for n in range(5_001)]
    content = json.dumps({"sessions": sessions}).encode()
    assert "5,000 sessions" in refusal("sessionize", content, options).detail


def test_more_entries_or_names_than_a_calendar_has_are_refused(options):
    begin = b"BEGIN:VCALENDAR\n"
    entries = begin + b"BEGIN:VEVENT\nEND:VEVENT\n" * 10_001
    assert "10,000 entries" in refusal("icalendar", entries, options).detail
    named = begin + b"BEGIN:VEVENT\nSUMMARY:A\n" + b"ATTENDEE;CN=A:x\n" * 50_001 + b"END:VEVENT\n"
    assert "50,000 times" in refusal("icalendar", named, options).detail


def test_marks_do_not_grow_without_end(options):
    sessions = [{"id": n, "title": "A"} for n in range(2_000)]
    found = FORMATS["sessionize"](json.dumps({"sessions": sessions}).encode(), options)
    assert len(found.marks) == 501
    assert found.marks[-1].sentence == "1,500 more things were noticed; they are not listed."


@pytest.mark.parametrize(
    "text",
    ["<" * 100_000, "<p " * 50_000, "<a href='" * 20_000, "<!--" * 30_000, "&" * 100_000,
     "<p>" * 40_000, "* " * 60_000, "[" * 100_000, "\n \n" * 40_000],
)  # fmt: skip
def test_no_text_takes_long(text):
    begun = time.process_time()
    paragraphs(text, 20_000)
    one_line(text, 300)
    assert time.process_time() - begun < 1
