"""Mail into a folder."""

from __future__ import annotations

import email
import stat
from email.policy import default
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection

from core.mail import write_mail


def test_django_mail_becomes_a_file_that_only_we_read(settings):
    message = EmailMessage("Ваш код", "Text", "lectern@example.org", ["ana@example.org"])
    connection = get_connection("core.mail.FolderEmailBackend")
    assert connection.send_messages([message, message]) == 2
    files = sorted(Path(settings.MAIL_DIR).iterdir())
    assert [f.suffix for f in files] == [".eml", ".eml"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(settings.MAIL_DIR).stat().st_mode) == 0o700
    raw = files[0].read_bytes()
    assert b"\r\n" in raw
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert email.message_from_bytes(raw, policy=default)["Subject"] == "Ваш код"


def test_a_full_disk_leaves_no_half_mail(settings, monkeypatch):
    def full(_self, _target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        write_mail(b"x")
    assert list(Path(settings.MAIL_DIR).glob("*.eml")) == []
    assert list(Path(settings.MAIL_DIR).glob(".*.part")) == []
