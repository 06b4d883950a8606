"""A logo is a small picture, the former one is gone, and a refusal leaves everything as it was."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from accounts.services.logos import logo_path, remove_logo, set_logo
from core.actors import SYSTEM
from core.errors import DomainError
from core.models import AuditEntry, StoredFile


def picture(kind="PNG", size=(900, 300), mode="RGB"):
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind)
    return out.getvalue()


def show(organisation, content, expected=None):
    return set_logo(
        organisation=organisation, content=content, name="mark.png", expected=expected, actor=SYSTEM
    )


def test_a_logo_is_kept_small_and_everybody_may_see_it(organisation, client):
    assert logo_path(organisation) == ""
    row = show(organisation, picture(), expected=1)
    assert (row.version, row.logo.visibility) == (2, "public")
    with Image.open(row.logo.file) as kept:
        assert kept.size == (480, 160)
    assert client.get(f"/files/{row.logo.uid}/").status_code == 200
    assert logo_path(row) == f"/files/{row.logo.uid}/"
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["store_file", "set_logo"]


def test_a_large_drawing_is_kept_in_few_colours_and_stays_transparent(organisation):
    chance = random.Random(5)  # noqa: S311 - nothing secret
    noise = bytes(chance.randrange(256) for _ in range(300 * 300 * 4))
    out = io.BytesIO()
    Image.frombytes("RGBA", (300, 300), noise).save(out, "PNG")
    row = show(organisation, out.getvalue())
    assert row.logo.size < len(out.getvalue()) / 3
    with Image.open(row.logo.file) as kept:
        assert kept.has_transparency_data


def test_the_next_one_takes_its_place(organisation, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = show(organisation, picture()).logo
        second = show(organisation, picture("JPEG")).logo
    assert list(StoredFile.objects.values_list("pk", flat=True)) == [second.pk]
    assert not first.file.storage.exists(first.file.name)


def test_it_is_removed_and_once_more_changes_nothing(organisation):
    row = remove_logo(organisation=show(organisation, picture()), expected=2, actor=SYSTEM)
    assert (row.logo, row.version, StoredFile.objects.count()) == (None, 3, 0)
    assert remove_logo(organisation=row, expected=3, actor=SYSTEM).version == 3


@pytest.mark.parametrize(
    "content", [b"", b"<svg/>", b"%PDF-1.7", b"\x89PNG\r\n\x1a\nbroken"], ids=range(4)
)
def test_what_is_no_picture_is_refused(organisation, content):
    with pytest.raises(DomainError) as refused:
        show(organisation, content)
    assert refused.value.errors[0].pointer == "/file"
    organisation.refresh_from_db()
    assert (organisation.logo, organisation.version, StoredFile.objects.count()) == (None, 1, 0)


def test_what_was_changed_meanwhile_is_not_overwritten(organisation):
    show(organisation, picture(), expected=1)
    with pytest.raises(DomainError) as refused:
        show(organisation, picture(), expected=1)
    assert (refused.value.kind, StoredFile.objects.count()) == ("stale", 1)
