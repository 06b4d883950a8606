"""Where mail leaves, by the settings."""

from __future__ import annotations

import errno

import pytest
from django.core.exceptions import ImproperlyConfigured

from notifications.enums import DeliveryOutcome
from notifications.services import transports
from notifications.services.composing import Mail
from notifications.services.delivery import send_due_messages
from notifications.services.limits import Limits, limits
from notifications.services.smtp import Server, SmtpTransport
from notifications.services.transports import FolderTransport, make_transport
from tests.factories.notifications import MessageFactory
from tests.faults.sink import Sink

MAIL = Mail("mail@example.org", "ana@example.org", b"Subject: Hello\r\n\r\nHello\r\n", "<1@x>")


def test_without_a_server_mail_goes_to_the_folder(settings):
    settings.EMAIL_URL = ""
    transport = make_transport(Limits())
    assert isinstance(transport, FolderTransport)
    assert transport.open() is None
    verdict = transport.send(MAIL, lambda: True)
    (path,) = settings.MAIL_DIR.iterdir()
    assert verdict.outcome is DeliveryOutcome.ACCEPTED
    assert (verdict.detail, path.read_bytes()) == (path.name, MAIL.raw)
    transport.close()


def test_the_folder_keeps_the_same_rules_as_a_server(settings, monkeypatch):
    assert FolderTransport().send(MAIL, lambda: False).outcome is DeliveryOutcome.LOST
    assert not settings.MAIL_DIR.exists()

    def full(_raw):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(transports, "write_mail", full)
    verdict = FolderTransport().send(MAIL, lambda: True)
    assert (verdict.outcome, verdict.detail) == (
        DeliveryOutcome.LOST,
        "The mail could not be written: No space left on device",
    )


@pytest.mark.parametrize(
    ("use_tls", "use_ssl", "port", "wanted"),
    [
        (False, False, None, 25),
        (True, False, None, 587),
        (False, True, None, 465),
        (True, False, 2525, 2525),
    ],
)
def test_a_server_with_its_port_and_credentials(settings, use_tls, use_ssl, port, wanted):
    settings.EMAIL_URL = "smtp://mail.example.org"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example.org", port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "mailer", "secret"
    settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = use_tls, use_ssl
    settings.MAIL_HOST = "lectern.example.org"
    transport = make_transport(Limits())
    assert isinstance(transport, SmtpTransport)
    assert transport.server == Server(
        "mail.example.org", wanted, "lectern.example.org", "mailer", "secret", use_tls, use_ssl
    )


def test_mail_goes_nowhere_else(settings):
    settings.EMAIL_URL = "consolemail://"
    with pytest.raises(ImproperlyConfigured):
        make_transport(Limits())


@pytest.mark.django_db
def test_from_a_row_to_a_real_server(settings):
    rows = MessageFactory.create_batch(3)
    with Sink() as sink:
        settings.EMAIL_URL = sink.url
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = None
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        assert send_due_messages().sent == 3
    assert sink.recipients == [row.to_email for row in rows]
    assert sink.distinct == {f"<{row.uid}@testserver>" for row in rows}
    assert sink.connections == 1


def test_single_figures_can_be_set(settings):
    settings.OUTBOX = {"batch": 3, "waits": [1, 2]}
    found = limits()
    assert (found.batch, found.waits, found.lease) == (3, (1, 2), 30.0)
    assert [found.wait_after(n) for n in (0, 1, 2, 3)] == [1, 1, 2, 2]
    assert [Limits().wait_after(n) for n in (1, 2, 3, 4, 9)] == [60, 300, 900, 3600, 3600]
