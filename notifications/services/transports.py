"""Where mail leaves: an SMTP server, or a folder where there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.mail import write_mail
from notifications.enums import DeliveryOutcome
from notifications.services.composing import Mail
from notifications.services.limits import Limits
from notifications.services.smtp import Server, SmtpTransport, Verdict

_PORTS = {(False, False): 25, (True, False): 587, (False, True): 465}


class Transport(Protocol):
    """Takes one mail at a time and says how that ended."""

    @property
    def is_open(self) -> bool: ...

    def open(self) -> Verdict | None: ...

    def send(
        self,
        mail: Mail,
        may_go: Callable[[], bool],
        before_dot: Callable[[], None] = ...,
    ) -> Verdict: ...

    def close(self) -> None: ...


class FolderTransport:
    """Mail as files in `$LECTERN_HOME/mail`. Renaming a file is what the final dot is to SMTP."""

    is_open = True

    def open(self) -> Verdict | None:
        return None

    def send(
        self,
        mail: Mail,
        may_go: Callable[[], bool],
        before_dot: Callable[[], None] = lambda: None,
    ) -> Verdict:
        if not may_go():
            return Verdict(DeliveryOutcome.LOST, "The lease ran out before the file was written.")
        try:
            before_dot()
            name = write_mail(mail.raw).name
        except OSError as error:
            detail = f"The mail could not be written: {error.strerror}"
            return Verdict(DeliveryOutcome.LOST, detail)
        return Verdict(DeliveryOutcome.ACCEPTED, name)

    def close(self) -> None:
        """Nothing is open between mails."""


def make_transport(figures: Limits) -> Transport:
    """Return the transport that the settings name.

    Raises:
        ImproperlyConfigured: when EMAIL_URL names something that is neither SMTP nor empty.
    """
    if not settings.EMAIL_URL:
        return FolderTransport()
    if not settings.EMAIL_URL.startswith("smtp"):
        raise ImproperlyConfigured("EMAIL_URL is smtp://, smtp+tls:// or smtp+ssl://, or empty.")
    starttls = bool(getattr(settings, "EMAIL_USE_TLS", False))
    tls = bool(getattr(settings, "EMAIL_USE_SSL", False))
    server = Server(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT or _PORTS[starttls, tls],
        name=settings.MAIL_HOST,
        user=settings.EMAIL_HOST_USER or "",
        password=settings.EMAIL_HOST_PASSWORD or "",
        starttls=starttls,
        tls=tls,
    )
    return SmtpTransport(server, figures)
