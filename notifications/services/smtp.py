"""Mail to an SMTP server, over one connection for as long as it lasts."""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Callable
from typing import Final

from notifications.enums import DeliveryOutcome
from notifications.services.composing import Mail
from notifications.services.dialogue import Dialogue, Server, Verdict, broken, judged, said, words
from notifications.services.limits import Limits

__all__ = ["Server", "SmtpTransport", "Verdict"]

_READY: Final = 220


class SmtpTransport:
    """A connection, opened when it is first needed and reused for one mail after the other."""

    def __init__(self, server: Server, figures: Limits) -> None:
        self.server, self.figures = server, figures
        self._dialogue: Dialogue | None = None
        self._given = 0
        self._named = False

    @property
    def is_open(self) -> bool:
        """Tell whether there is a connection, as far as is known without asking the server."""
        return self._dialogue is not None and self._dialogue.sock is not None

    def open(self) -> Verdict | None:
        """Be ready for a mail; a verdict says why that can not be."""
        if self.is_open:
            return None
        dialogue = Dialogue(self.server, self.figures)
        try:
            verdict = self._introduce(dialogue)
        except smtplib.SMTPResponseException as error:
            verdict = judged((error.smtp_code, _octets(error.smtp_error)), "our greeting")
        except (OSError, smtplib.SMTPException, ValueError) as error:
            verdict = Verdict(
                DeliveryOutcome.LOST, f"No connection: {said(error)}"[:500], tried=False
            )
        if verdict is not None:
            dialogue.close()
            return verdict
        self._dialogue, self._given = dialogue, 0
        return None

    def _introduce(self, dialogue: Dialogue) -> Verdict | None:
        answer = dialogue.connect(self.server.host, self.server.port)
        if answer[0] != _READY:
            return judged(answer, "our call")
        dialogue.ehlo_or_helo_if_needed()
        if self.server.starttls:
            # Without TLS nothing is said: no fallback to plain text, whoever took the offer away.
            try:
                answer = dialogue.begin_tls()
            except smtplib.SMTPResponseException as error:
                answer = (error.smtp_code, _octets(error.smtp_error))
            if answer[0] != _READY:
                raise smtplib.SMTPServerDisconnected(f"TLS was not begun: {words(answer)}")
            dialogue.ehlo_or_helo_if_needed()
        if self.server.user:
            dialogue.login(self.server.user, self.server.password)
        return None

    def send(
        self,
        mail: Mail,
        may_go: Callable[[], bool],
        before_dot: Callable[[], None] = lambda: None,
    ) -> Verdict:
        """Give a mail to the server. Call `open` first.

        A connection that the server closed since the last mail is opened anew, once: of this mail
        it was told nothing but the sender.
        """
        used = self._given > 0
        verdict = self._give(mail, may_go, before_dot)
        if used and self._dialogue is None and not self._named:
            return self.open() or self._give(mail, may_go, before_dot)
        return verdict

    def _give(
        self, mail: Mail, may_go: Callable[[], bool], before_dot: Callable[[], None]
    ) -> Verdict:
        dialogue = self._dialogue
        if dialogue is None:
            return Verdict(DeliveryOutcome.LOST, "There is no connection.", tried=False)
        self._given += 1
        try:
            return dialogue.give(mail, may_go, before_dot)
        except (OSError, smtplib.SMTPException) as error:
            dialogue.close()
            return broken(dialogue.place, error)
        finally:
            self._named = dialogue.named
            if dialogue.sock is None:
                self._dialogue = None

    def close(self) -> None:
        """Say goodbye."""
        dialogue, self._dialogue = self._dialogue, None
        if dialogue is not None and dialogue.sock is not None:
            dialogue.patience = 1.0
            with contextlib.suppress(OSError, smtplib.SMTPException):
                dialogue.quit()
            dialogue.close()


def _octets(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
