"""Uploads are what they look like, and carry nothing hidden."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from core.actors import Actor
from core.errors import DomainError
from core.models import AuditEntry, StoredFile
from core.services import files
from core.services.files import store_file
from core.services.kept_files import MAX_BYTES

ACTOR = Actor("account", "7")


def image(kind="PNG", size=(40, 30), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, None if mode == "P" else 0).save(out, kind, **options)
    return out.getvalue()


def store(content, name="photo.png", **fields):
    return store_file(organisation_id=1, content=content, name=name, actor=ACTOR, **fields)


def on_disk(settings):
    return [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]


@pytest.mark.parametrize(
    ("kind", "mode", "content_type"),
    [
        ("PNG", "RGB", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "I;16", "image/png"),
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("WEBP", "RGBA", "image/webp"),
    ],
)
def test_images_are_kept(db, settings, kind, mode, content_type):
    row = store(image(kind, mode=mode))
    assert row.content_type == content_type
    kept = row.file.read()
    assert (row.size, row.digest) == (len(kept), hashlib.sha256(kept).hexdigest())
    with Image.open(io.BytesIO(kept)) as again:
        assert (again.format, again.size) == (kind, (40, 30))
    assert [p.name for p in on_disk(settings)] == [str(row.uid)]
    assert AuditEntry.objects.get().verb == "store_file"
    assert str(row) == str(row.uid)


def test_transparency_is_kept(db):
    out = io.BytesIO()
    Image.new("P", (4, 4)).save(out, "PNG", transparency=0)
    with Image.open(io.BytesIO(store(out.getvalue()).file.read())) as again:
        assert again.mode == "RGBA"


def test_where_a_photo_was_taken_is_not_kept_but_which_side_is_up(db):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = "at home"
    exif.get_ifd(0x8825)[1] = "N"
    row = store(image("JPEG", exif=exif, comment=b"secret"), "photo.jpg")
    kept = row.file.read()
    with Image.open(io.BytesIO(kept)) as again:
        assert again.size == (30, 40)
        assert dict(again.getexif()) == {}
        assert "comment" not in again.info
    assert b"at home" not in kept


def test_large_images_are_made_smaller(db):
    with Image.open(io.BytesIO(store(image(size=(6000, 100))).file.read())) as again:
        assert again.size == (3000, 50)


def test_a_pdf_is_kept_as_it_is(db):
    row = store(b"%PDF-1.7 ...", "slides.pdf")
    assert (row.content_type, row.file.read()) == ("application/pdf", b"%PDF-1.7 ...")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><script>alert(1)</script>",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"GIF89a",
        b"PK\x03\x04",
        b"MZ",
        b"\x89PNG\r\n\x1a\nnot really",
        b"\xff\xd8\xff<script>alert(1)</script>",
        b"RIFF\x10\x00\x00\x00WEBPVP8 ....",
        image()[:60],
    ],
)
def test_everything_else_is_refused_without_a_trace(db, settings, content):
    with pytest.raises(DomainError) as refused:
        store(content)
    assert refused.value.kind == "validation-failed"
    assert StoredFile.objects.count() == AuditEntry.objects.count() == 0
    assert on_disk(settings) == []


def test_too_many_pixels_and_too_many_bytes_are_refused(db, monkeypatch):
    monkeypatch.setattr(files, "MAX_PIXELS", 1000)
    with pytest.raises(DomainError, match="too many pixels"):
        store(image())
    with pytest.raises(DomainError, match="may have 10 MB") as refused:
        store(b"%PDF-" + b"x" * MAX_BYTES)
    assert refused.value.status == 413


def test_a_polyglot_loses_its_other_half(db):
    row = store(image() + b"<script>alert(1)</script>")
    assert b"script" not in row.file.read()


def test_a_row_that_can_not_be_written_leaves_no_file(db, settings):
    with pytest.raises(ValueError, match="nonsense"):
        store_file(
            organisation_id="nonsense", content=image(), name="x", actor=ACTOR
        )  # the database refuses
    assert on_disk(settings) == []
