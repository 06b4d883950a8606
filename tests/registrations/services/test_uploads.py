"""Files from guests: looked at, kept for a day, gone when no form comes."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from core.actors import ANONYMOUS
from core.cleaning import Wrong
from core.errors import DomainError
from core.models import AuditEntry, StoredFile
from registrations.models import GuestUpload
from registrations.services import uploads
from registrations.services.uploads import (
    DOCX,
    ODT,
    forget_unused_uploads,
    keep_guest_file,
    sniff_guest_file,
    token_of,
    use_up,
    waiting_file,
)
from registrations.tasks import erase_answers
from tests.factories.events import ConferenceFactory

pytestmark = pytest.mark.django_db


def archive(*names, stored=(), **texts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in stored:
            packed.writestr(zipfile.ZipInfo(name), text)
        for name in names:
            packed.writestr(name, "<x/>")
    return out.getvalue()


def picture(kind, **options):
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, kind, **options)
    return out.getvalue()


DOCUMENT = archive("[Content_Types].xml", "word/document.xml")
ODT_FILE = archive("content.xml", stored=[("mimetype", ODT)])


@pytest.fixture
def keep(conference):
    """Return a function: a guest's file."""

    def make(content=b"%PDF-1.7", name="cv.pdf", of=None):
        return keep_guest_file(
            conference=of or conference, content=content, name=name, actor=ANONYMOUS, client="c"
        )

    return make


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (DOCUMENT, DOCX),
        (ODT_FILE, ODT),
        ("Добар дан\r\n\tsvima".encode(), "text/plain"),
        (b"\xef\xbb\xbfhello", "text/plain"),
    ],
)
def test_what_is_taken(keep, content, kind):
    assert sniff_guest_file(content) == kind
    file = StoredFile.objects.get(pk=keep(content).file)
    assert (file.content_type, file.visibility) == (kind, "private")


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"  \n<?xml version='1.0'?><svg/>",
        b"MZ\x90\x00",
        b"#!/bin/sh\x00",
        b"\xff\xfeh\x00i\x00",
        b"%!PS-Adobe-3.0 EPSF\x04",
        picture("GIF"),
        picture("WEBP"),
        archive("xl/workbook.xml", "[Content_Types].xml"),
        archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
        archive("evil.exe"),
        archive("content.xml", stored=[("mimetype", "application/zip")]),
        b"PK\x03\x04" + b"\x00" * 100,
        b"PK\x03\x04",
    ],
)
def test_what_is_not_taken_whatever_it_is_called(keep, content):
    with pytest.raises(Wrong) as caught:
        keep(content, "cv.pdf")
    assert caught.value.code == "type"
    assert not StoredFile.objects.exists()
    assert not GuestUpload.objects.exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"%PDF-" + b"x" * uploads.MAX_BYTES, "too-large"),
        (b"\x89PNG\r\n\x1a\n broken", "unreadable"),
        (b"\xff\xd8\xff broken", "unreadable"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(keep, content, code):
    with pytest.raises(Wrong) as caught:
        keep(content)
    assert caught.value.code == code
    assert not StoredFile.objects.exists()


def test_places_and_cameras_are_dropped_from_pictures(keep):
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    ref = keep(picture("JPEG", exif=exif), "me.jpg")
    content = StoredFile.objects.get(pk=ref.file).file.read()
    assert b"Secret camera" not in content


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\r\nb.pdf", "a b.pdf"),
        ("C:\\x\\y.pdf", "y.pdf"),
        ("", ""),
    ],
)
def test_a_name_has_no_folders_and_no_lines(keep, given, kept):
    assert keep(name=given).name == kept


def test_a_token_opens_its_file_in_its_conference_only(keep, conference, organisation):
    ref = keep()
    token = token_of(ref)
    other = ConferenceFactory(organisation=organisation)

    assert waiting_file(conference, token) == ref
    number, _dash, key = token.partition("-")
    for wrong in (f"{int(number) + 1}-{key}", f"{number}-{key[:-1]}x", number, "", "-", f"٣-{key}",
                  f"{'9' * 40}-{key}"):  # fmt: skip
        with pytest.raises(Wrong):
            waiting_file(conference, wrong)
    with pytest.raises(Wrong):
        waiting_file(other, token)


def test_what_no_form_came_for_goes_after_a_day(keep, clock):
    old, path = keep(), StoredFile.objects.get().file.path
    clock.shift(23 * 3600)
    new = keep()
    clock.shift(3700)
    audited = AuditEntry.objects.filter(verb="delete_file")

    assert forget_unused_uploads() == 1
    assert list(StoredFile.objects.values_list("pk", flat=True)) == [new.file]
    assert (audited.count(), old.file != new.file, bool(path)) == (1, True, True)
    assert forget_unused_uploads() == 0
    erase_answers()
    assert audited.count() == 1


def test_a_file_that_was_used_is_still_named_and_stays_with_its_answer(keep, conference, clock):
    ref = keep(b"%PDF-1.7")
    assert use_up([ref.upload])
    assert not use_up([ref.upload])
    assert waiting_file(conference, token_of(ref)) == ref
    clock.shift(25 * 3600)

    assert forget_unused_uploads() == 0
    assert (GuestUpload.objects.count(), StoredFile.objects.count()) == (0, 1)
    with pytest.raises(Wrong):
        waiting_file(conference, token_of(ref))


def test_very_many_files_are_slowed_down(keep, settings, monkeypatch):
    settings.THROTTLE = True
    monkeypatch.setattr(uploads, "MOST_WAITING", 2)
    keep()
    keep()
    with pytest.raises(DomainError) as caught:
        keep()
    assert (caught.value.kind, StoredFile.objects.count()) == ("throttled", 2)
