"""Bodies: read by another library exactly as they were written."""

from __future__ import annotations

from email import message_from_bytes, policy

import pytest
from django.core.mail import BadHeaderError
from hypothesis import given
from hypothesis import strategies as st

from notifications.services.archive import MailAttachment, MailContent
from notifications.services.mime import body, file_part, text_part

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=400)


def content(text="Hello\n", html="<p>Hello</p>\n", attachments=()):
    return MailContent("", text, html, {}, tuple(attachments), "", {})


def read(raw):
    return message_from_bytes(raw, policy=policy.SMTP)


def lines_of(text):
    """Return a text as lines that all mail programs agree on."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return (plain if plain.endswith("\n") else f"{plain}\n").split("\n")


def payload(part):
    return part.get_payload(decode=True).decode().replace("\r\n", "\n").split("\n")


@given(text=texts)
def test_any_text_is_read_as_it_was_written(text):
    part = read(text_part("plain", text))
    assert part.get_content_type() == "text/plain"
    assert part.get_content_charset() == "utf-8"
    assert payload(part) == lines_of(text)


@given(text=texts, html=texts)
def test_any_mail_is_seven_bits_in_short_lines(text, html):
    raw = body(content(text, html))
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    plain, rich = read(raw).iter_parts()
    assert (payload(plain), payload(rich)) == (lines_of(text), lines_of(html))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Plain words\n.\nFrom here\n", "7bit"),
        ("Mostly words and one ć\n", "quoted-printable"),
        ("x" * 2000, "quoted-printable"),
        ("--=_no boundary of ours\n", "quoted-printable"),
        ("a \x00 in it\n", "quoted-printable"),
        ("Добар дан свима\n", "base64"),
    ],
)
def test_each_text_has_the_encoding_that_suits_it(text, encoding):
    part = read(text_part("plain", text))
    assert part["Content-Transfer-Encoding"] == encoding
    assert payload(part) == lines_of(text)


@given(data=st.binary(max_size=300))
def test_any_file_is_read_as_it_was_written(data):
    found = read(body(content(attachments=[MailAttachment("a.bin", "image/png", data)])))
    alternative, file = found.iter_parts()
    assert (alternative.get_content_type(), file.get_filename()) == (
        "multipart/alternative",
        "a.bin",
    )
    assert file.get_payload(decode=True) == data


@pytest.mark.parametrize(
    "part",
    [
        MailAttachment('a"; x="y', "image/png", b""),
        MailAttachment("a\r\nX: y", "image/png", b""),
        MailAttachment("../a", "image/png", b""),
        MailAttachment("a.png", "image/png\r\nX: y", b""),
        MailAttachment("a.png", "image", b""),
        MailAttachment("a.png", "image/png", b"", "x>\r\nX: y"),
    ],
)
def test_a_part_has_plain_words_for_names(part):
    with pytest.raises(BadHeaderError):
        file_part(part)
