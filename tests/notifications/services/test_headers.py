"""Header lines: whatever people are called, one each, readable everywhere, never a second one."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.utils import parseaddr

import pytest
from django.core.mail import BadHeaderError
from hypothesis import given
from hypothesis import strategies as st

from notifications.services.headers import (
    AddressError,
    address_line,
    make_address,
    text_line,
)

SCRIPTS = "Cvijić Цвијић Ђорђе Щербаков Ελένη أحمد 王小明 한국 Zoë 👩🏽‍🏫"
NAMES = [
    "Ana Petrović",
    "Петровић, Ана",
    'Ana "Ančica" Petrović',
    "O'Brien, Seán (Dr.)",
    "Smith, John",
    "a@b.example, c@d.example",
    "=?utf-8?q?no?=",
    "back\\slash",
    SCRIPTS,
    SCRIPTS * 4,
    "x" * 240,
    "Ж" * 240,
    "a,b;c:d<e>f[g]",
]
words = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=250
).map(lambda text: " ".join(text.split()))


def parsed(lines):
    """Return the headers as a mail program reads them."""
    raw = (lines + "\r\n\r\n").encode()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    return message_from_bytes(raw, policy=policy.default)


def read_address(line):
    """Return name and mailbox by RFC 5322 and 2047; the newer parser of some Python releases puts
    gaps between encoded words of a name.
    """
    unfolded = line.partition(": ")[2].replace("\r\n", "")
    name, mailbox = parseaddr(unfolded)
    return str(make_header(decode_header(name))) if "=?utf-8" in unfolded else name, mailbox


@pytest.mark.parametrize("text", [*NAMES, "Reminder: " + "a long subject of many words " * 12])
def test_a_subject_in_any_script_is_read_as_it_was_written(text):
    line = text_line("Subject", text)
    assert parsed(line)["Subject"] == text.strip()
    assert line.isascii()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_with_commas_and_quotes_is_one_address(name):
    line = address_line("To", make_address(name, "ana@example.org"))
    assert read_address(line) == (name, "ana@example.org")
    assert len(parsed(line)["To"].addresses) == 1
    assert line.isascii()


@given(text=words)
def test_every_subject_survives(text):
    line = text_line("Subject", text)
    assert line.isascii()
    assert re.fullmatch(r"Subject: [^\r\n]*(?:\r\n [^\r\n]+)*", line)
    assert max(map(len, line.split("\r\n"))) <= 998
    assert _decoded(line) == text.strip()


@given(name=words)
def test_every_name_survives(name):
    line = address_line("To", make_address(name, "ana@example.org"))
    assert line.isascii()
    assert line.count("\n") == line.count("\r\n ")
    assert read_address(line) == (name.strip(), "ana@example.org")
    assert len(parsed(line)["To"].addresses) == 1


def _decoded(line):
    """Decode RFC 2047 by its own grammar, without the library that may have faults of its own."""
    from base64 import b64decode

    unfolded = line.partition(": ")[2].replace("\r\n", "")
    found = re.findall(r"=\?utf-8\?b\?([^?]*)\?=", unfolded)
    if found and re.fullmatch(r"(=\?utf-8\?b\?[^?]*\?= ?)+", unfolded):
        assert all(len(f"=?utf-8?b?{word}?=") <= 75 for word in found)
        return b"".join(map(b64decode, found)).decode()
    return unfolded


@pytest.mark.parametrize("evil", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x1b", "\x7f"])
def test_nothing_begins_a_second_line(evil):
    for make in (
        lambda: text_line("Subject", f"Hello{evil}Bcc: x@example.org"),
        lambda: make_address(f"Ana{evil}Bcc: x@example.org", "ana@example.org"),
        lambda: make_address("Ana", f"ana@example.org{evil}Bcc: x@example.org"),
    ):
        with pytest.raises(BadHeaderError):
            make()


@pytest.mark.parametrize("name", ["", "Bad name", "X:", "Ж", "a\r\nb"])
def test_a_header_has_a_name_of_letters(name):
    with pytest.raises(BadHeaderError):
        text_line(name, "x")


def test_line_separators_of_unicode_are_encoded_not_sent():
    line = text_line("Subject", "one\u2028two\u2029three\u0085four")
    assert line.isascii()
    assert parsed(line)["Subject"] == "one\u2028two\u2029three\u0085four"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("ana@example.org", "ana@example.org"),
        ("ana@пример.срб", "ana@xn--e1afmkfd.xn--90a3ac"),
        ("o'brien+tag@Example.ORG", "o'brien+tag@Example.ORG"),
        ('"ana maria"@example.org', '"ana maria"@example.org'),
        ('"a\\"b"@example.org', '"a\\"b"@example.org'),
        ("ана@example.org", "ана@example.org"),
    ],
)
def test_mailboxes_of_all_kinds(typed, wanted):
    assert make_address("", typed).addr_spec == wanted


@pytest.mark.parametrize(
    "typed",
    [
        "", "ana", "@example.org", "ana@", "a b@example.org", "a@b@example.org", "a@exa mple.org",
        "a..b@example.org", ".a@example.org", "a@-example-.org", "a@example.org>", "<a@example.org",
        "a,b@example.org", "a@[127.0.0.1]", "a@" + "x" * 64 + ".пример", '"a"b"@example.org',
    ],
)  # fmt: skip
def test_what_is_no_mailbox_is_refused(typed):
    with pytest.raises(AddressError):
        make_address("Ana", typed)


def test_a_long_name_is_cut_between_words():
    line = address_line("To", make_address("Александра Константиновна Рождественская", "a@b.rs"))
    words = re.findall(r"=\?\S+\?=", line)
    assert [_decoded(f"To: {word}") for word in words] == [
        "Александра",
        " Константиновна",
        " Рождественская",
    ]


def test_a_long_name_and_a_long_mailbox_stand_on_lines_of_their_own():
    line = address_line("To", Address("Ж" * 60, "a" * 60, "example.org"))
    assert line.split("\r\n")[-1] == f" <{'a' * 60}@example.org>"
