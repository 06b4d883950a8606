"""One mail at a time to an SMTP server, knowing at each moment how far it got.

What matters after a failure is whether the final dot was given: before it the server has nothing,
after it nobody knows.

Where the server takes several commands at once (PIPELINING, RFC 2920), a mail costs two round trips
instead of four; over a line of 20 ms that doubles what one connection carries.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from notifications.enums import DeliveryOutcome
from notifications.services.composing import Mail
from notifications.services.limits import Limits

_GO_ON: Final = 354
_LONGEST_LINE: Final = 8192
_CHUNK: Final = 4096
_CLOSING: Final = 421


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail goes, how, and by which name we introduce ourselves."""

    host: str
    port: int
    name: str = "localhost"
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"  # never the password


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a try ended.

    Arguments:
        tried: whether it was a try at all; without a connection no message is to blame.
        final: whether another try would end the same way.
    """

    outcome: DeliveryOutcome
    detail: str
    tried: bool = True
    final: bool = False


_LAPSED: Final = Verdict(DeliveryOutcome.LOST, "The lease ran out before the recipient was named.")


class Place(IntEnum):
    """How far a message got."""

    ENVELOPE = 0
    BODY = 1
    AFTER_DOT = 2


class Dialogue(smtplib.SMTP):
    """smtplib's client with time limits for whole answers, and a memory of where it is.

    A server that sends one byte a second keeps smtplib waiting for ever; here an answer has one
    deadline, however it comes.
    """

    def __init__(self, server: Server, figures: Limits) -> None:
        self.server, self.figures = server, figures
        self.patience = figures.command
        self.place = Place.ENVELOPE
        self.named = False
        self._rest = b""
        super().__init__(local_hostname=server.name, timeout=figures.connect)
        self._host = server.host  # by which smtplib checks a certificate after STARTTLS

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = socket.create_connection((host, port), timeout)
        # The final dot is a write of its own; it must not wait for an acknowledgement.
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.server.tls:
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        sock.settimeout(self.figures.command)
        self._rest = b""
        return sock

    def getreply(self) -> tuple[int, bytes]:
        """Read one whole answer, of any number of lines, before the deadline."""
        deadline = time.monotonic() + self.patience
        lines = []
        while True:
            line = self._read_line(deadline)
            lines.append(line[4:].strip(b" \t\r\n"))
            try:
                code = int(line[:3])
            except ValueError:
                code = -1
            if code < 0 or line[3:4] != b"-":
                return code, b"\n".join(lines)

    def _read_line(self, deadline: float) -> bytes:
        while b"\n" not in self._rest:
            left = deadline - time.monotonic()
            if left <= 0 or len(self._rest) > _LONGEST_LINE or self.sock is None:
                self.close()
                raise smtplib.SMTPServerDisconnected("no answer in time")
            try:
                self.sock.settimeout(left)
                chunk = self.sock.recv(_CHUNK)
            except OSError as error:
                self.close()
                raise smtplib.SMTPServerDisconnected(said(error)) from error
            if not chunk:
                self.close()
                raise smtplib.SMTPServerDisconnected("the server hung up")
            self._rest += chunk
        line, _newline, self._rest = self._rest.partition(b"\n")
        return line

    def send(self, s: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(self.patience)
        super().send(s)

    def begin_tls(self) -> tuple[int, bytes]:
        """Begin TLS; whatever was said in the clear after the answer is a trick (CVE-2011-0411)."""
        answer = self.starttls(context=ssl.create_default_context())
        if self._rest:
            raise smtplib.SMTPServerDisconnected("the server spoke before TLS began")
        return answer

    def give(
        self, mail: Mail, may_go: Callable[[], bool], before_dot: Callable[[], None]
    ) -> Verdict:
        """Give one mail to one recipient.

        Arguments:
            may_go: asked right before the recipient is named; whoever has lost the lease starts no
                other one.
            before_dot: called before the text and its final dot; an OSError leaves them out.

        Raises:
            OSError, smtplib.SMTPException: when the connection breaks; `place` says where.
        """
        self.place, self.named = Place.ENVELOPE, False
        options = ["SMTPUTF8", "BODY=8BITMIME"] if mail.needs_smtputf8 else []
        if options and not self.has_extn("smtputf8"):
            return Verdict(
                DeliveryOutcome.REFUSED,
                "The mail server can not carry letters outside ASCII in an address (no SMTPUTF8).",
            )
        sender = f"MAIL FROM:<{mail.sender}>{''.join(f' {o}' for o in options)}"
        envelope = (sender, f"RCPT TO:<{mail.recipient}>", "DATA")
        verdict = (
            self._name_at_once(envelope, may_go)
            if self.has_extn("pipelining")
            else self._name_one_by_one(envelope, may_go)
        )
        return verdict or self._give_body(mail.raw, before_dot)

    def _name_one_by_one(
        self, envelope: Sequence[str], may_go: Callable[[], bool]
    ) -> Verdict | None:
        """Say who writes to whom; a verdict says why the mail is not wanted."""
        for command in envelope:
            if command.startswith("RCPT") and not may_go():
                self._start_over()
                return _LAPSED
            answer = self._command(command)
            if not _is_taken(command, answer):
                return self._refused(_verb(command), answer)
            self.named = True
        return None

    def _name_at_once(self, envelope: Sequence[str], may_go: Callable[[], bool]) -> Verdict | None:
        """Say the same in one go; each answer counts as if it had been waited for."""
        if not may_go():
            return _LAPSED
        self._say(*envelope)
        for number, command in enumerate(envelope, 1):
            answer = self.getreply()
            if not _is_taken(command, answer):
                if answer[0] != _CLOSING and answer[0] >= 0:
                    self._hear_out(len(envelope) - number)
                return self._refused(_verb(command), answer)
            self.named = True
        return None

    def _hear_out(self, number: int) -> None:
        """Read the answers to what was said along with a command that was refused.

        A server that waits for the mail all the same is hung up on: even a dot alone would be one.
        """
        try:
            wants_it = _GO_ON in [self.getreply()[0] for _ in range(number)]
        except (OSError, smtplib.SMTPException):
            wants_it = True
        if wants_it:
            self.close()

    def _give_body(self, raw: bytes, before_dot: Callable[[], None]) -> Verdict:
        # A line's first dot is doubled (RFC 5321, 4.5.2).
        body = (b"." if raw.startswith(b".") else b"") + raw.replace(b"\n.", b"\n..")
        self.patience = self.figures.final
        try:
            self.place = Place.BODY
            before_dot()
            # A dot that could not even be handed to the kernel was not given: it is the end of it.
            self.send(body + (b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n"))
            self.place = Place.AFTER_DOT
            answer = self.getreply()
        finally:
            self.patience = self.figures.command
        self.place = Place.ENVELOPE
        if _is_yes(answer):
            return Verdict(DeliveryOutcome.ACCEPTED, words(answer))
        return self._refused("the message", answer, again=False)

    def _command(self, line: str) -> tuple[int, bytes]:
        self._say(line)
        return self.getreply()

    def _say(self, *lines: str) -> None:
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a command is one line")
        self.send("".join(f"{line}\r\n" for line in lines).encode())

    def _refused(self, where: str, answer: tuple[int, bytes], *, again: bool = True) -> Verdict:
        if answer[0] == _CLOSING or answer[0] < 0:
            self.close()
        elif again:
            self._start_over()
        return judged(answer, where)

    def _start_over(self) -> None:
        """Forget the envelope; a connection that can not even do that is closed."""
        if self.sock is None:
            return
        try:
            answer = self._command("RSET")
        except (OSError, smtplib.SMTPException):
            answer = (-1, b"")
        if not _is_yes(answer):
            self.close()


def judged(answer: tuple[int, bytes], where: str) -> Verdict:
    """Return what an answer that is not yes means: 5xx is final, everything else may change."""
    final = 500 <= answer[0] < 600  # noqa: PLR2004 - the class of the reply code
    outcome = DeliveryOutcome.REFUSED if final else DeliveryOutcome.DEFERRED
    return Verdict(outcome, f"{words(answer)} (in answer to {where})"[:500])


def _is_taken(command: str, answer: tuple[int, bytes]) -> bool:
    return answer[0] == _GO_ON if command == "DATA" else _is_yes(answer)


def _verb(command: str) -> str:
    return command.partition(":")[0]


def _is_yes(answer: tuple[int, bytes]) -> bool:
    return 200 <= answer[0] < 300  # noqa: PLR2004 - the class of the reply code


def words(answer: tuple[int, bytes]) -> str:
    text = answer[1].decode("utf-8", "replace")
    plain = " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())
    return f"{answer[0]} {plain}"[:400]


def said(error: BaseException) -> str:
    return str(error) or type(error).__name__


def broken(place: Place, error: BaseException) -> Verdict:
    """Return what a broken connection means for the message that was being given."""
    if place is Place.AFTER_DOT:
        return Verdict(
            DeliveryOutcome.AMBIGUOUS,
            f"The connection broke after the message was given: {said(error)}"[:500],
        )
    where = "while" if place is Place.BODY else "before"
    return Verdict(
        DeliveryOutcome.LOST, f"The connection broke {where} the message was given: {said(error)}"
    )
