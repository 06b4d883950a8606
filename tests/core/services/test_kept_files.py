"""What is kept has a row and a name that says nothing, and goes with both."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction

from core.actors import Actor
from core.enums import Visibility
from core.errors import DomainError
from core.models import StoredFile
from core.services.kept_files import MAX_BYTES, delete_file, keep_upload, safe_name

ACTOR = Actor("account", "7")


def on_disk(settings):
    return [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]


@pytest.mark.django_db(transaction=True)
def test_deleting_takes_the_file_away_once_that_is_certain(settings):
    row = keep_upload(
        organisation_id=7, content=b"a;b\n", name="list.csv", content_type="text/csv", actor=ACTOR
    )
    with transaction.atomic():
        delete_file(file=row, actor=ACTOR)
        transaction.set_rollback(True)
    row = StoredFile.objects.get()
    assert len(on_disk(settings)) == 1
    delete_file(file=row, actor=ACTOR)
    assert StoredFile.objects.count() == 0
    assert on_disk(settings) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("photo.png", "photo.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\slides.pdf", "slides.pdf"),
        ("a\r\nSet-Cookie: x.png", "a Set-Cookie: x.png"),
        (".htaccess", "htaccess"),
        ("x" * 300 + ".png", "x" * 196 + ".png"),
        ("слика.jpg", "слика.jpg"),
        ("a\x00.png", "a.png"),
        ("", ""),
        ("..", ""),
    ],
)
def test_names_are_only_names(given, kept):
    assert safe_name(given) == kept


def test_an_upload_for_the_callers_own_use_is_private_and_as_it_came(db):
    row = keep_upload(
        organisation_id=7,
        content=b"a;b\n",
        name="../list.csv",
        content_type="text/csv",
        actor=ACTOR,
    )
    assert (row.visibility, row.original_name, row.content_type) == (
        Visibility.PRIVATE,
        "list.csv",
        "text/csv",
    )
    assert row.file.read() == b"a;b\n"
    with pytest.raises(DomainError, match="10 MB"):
        keep_upload(
            organisation_id=7,
            content=b"x" * (MAX_BYTES + 1),
            name="x",
            content_type="text/csv",
            actor=ACTOR,
        )
