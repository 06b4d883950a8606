"""An SMTP server that keeps what it is given and fails where it is told to.

Every connection has a thread. A mail counts as delivered from the moment its final dot has arrived,
unless it is refused: also when the connection breaks then, as a real server may have kept it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CLOSE = "close"


RESET = "reset"


@dataclass(frozen=True)
class Received:
    """A mail: when its recipient was named and when its final dot came."""

    message_id: str
    recipient: str
    at: float
    raw: bytes
    named_at: float


class Drip(str):
    """An answer of which one byte is said a second."""

    __slots__ = ()


@dataclass
class Script:
    """What to do at a stage: an answer to give (perhaps a Drip), CLOSE, or None for the usual.

    Arguments:
        is_lenient: whether it takes RCPT and DATA whatever it said to what came before.

    Stages: banner, ehlo, starttls, auth, mail, rcpt, data, body, dot. A function gets the recipient
    (or "") and may sleep first. At `body` None reads on; CLOSE and RESET cut the connection in it,
    politely and with an RST.
    """

    stages: dict = field(default_factory=dict)
    extensions: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 10000000")
    is_lenient: bool = False

    def at(self, stage, recipient=""):
        act = self.stages.get(stage)
        return act(recipient) if callable(act) else act


class Sink:
    """`with Sink() as sink:` listens on a port of loopback until the block ends."""

    def __init__(self, port=0, script=None, certificate=None):
        self.script = script or Script()
        self.certificate = certificate
        self.received: list[Received] = []
        self.recipients: list[str] = []  # each RCPT, whatever became of it
        self.commands: Counter = Counter()
        self.connections = 0
        self.lock = threading.Lock()
        sink = self

        class Handler(_Handler):
            def setup(self):
                self.sink = sink
                super().setup()

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def keep(self, recipient, raw, named_at):
        head = raw.split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace")
        found = [x for x in head.split("\r\n") if x.lower().startswith("message-id:")]
        message_id = found[0].partition(":")[2].strip() if found else ""
        with self.lock:
            self.received.append(Received(message_id, recipient, time.time(), raw, named_at))

    @property
    def deliveries(self):
        with self.lock:
            return len(self.received)

    @property
    def distinct(self):
        with self.lock:
            return {mail.message_id for mail in self.received}

    @property
    def duplicates(self):
        return self.deliveries - len(self.distinct)


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    recipient = ""
    named_at = 0.0
    may_follow: frozenset | set = frozenset()

    def handle(self):
        with self.sink.lock:
            self.sink.connections += 1
        with contextlib.suppress(OSError, EOFError, ValueError):
            self.converse()

    def say(self, text):
        line = f"{text}\r\n".encode()
        if isinstance(text, Drip):
            for byte in line:
                self.wfile.write(bytes([byte]))
                time.sleep(1)
        else:
            self.wfile.write(line)

    def answer(self, stage, usual, recipient=""):
        """Give the answer of a stage; tell whether it was the usual one."""
        wanted = self.sink.script.at(stage, recipient)
        if wanted == CLOSE:
            raise EOFError(stage)
        self.say(usual if wanted is None else wanted)
        return wanted is None

    def converse(self):
        if not self.answer("banner", "220 sink ESMTP"):
            return
        verbs = {
            "EHLO": self.greet,
            "HELO": self.greet,
            "STARTTLS": self.begin_tls,
            "AUTH": self.authenticate,
            "MAIL": self.name_sender,
            "RCPT": self.name_recipient,
            "DATA": self.take,
        }
        while line := self.rfile.readline(4096):
            verb, _space, rest = line.decode("utf-8", "replace").strip().partition(" ")
            verb = verb.upper()
            with self.sink.lock:
                self.sink.commands[verb] += 1
            if verb == "QUIT":
                self.say("221 bye")
                return
            act = verbs.get(verb)
            if act is None:
                self.say("250 ok")
            else:
                act(verb, rest)

    def name_sender(self, _verb, _rest):
        self.may_follow = {"RCPT"} if self.answer("mail", "250 ok") else set()

    def name_recipient(self, _verb, rest):
        if self.comes_too_soon("RCPT"):
            return
        self.recipient = rest.partition("<")[2].partition(">")[0]
        self.named_at = time.time()
        with self.sink.lock:
            self.sink.recipients.append(self.recipient)
        if self.answer("rcpt", "250 ok", self.recipient):
            self.may_follow.add("DATA")

    def comes_too_soon(self, verb):
        """Say so of what was said along with a command that was refused."""
        if verb in self.may_follow or self.sink.script.is_lenient:
            return False
        self.say("503 not now")
        return True

    def greet(self, verb, _rest):
        extensions = self.sink.script.extensions if verb == "EHLO" else ()
        lines = ["sink", *extensions]
        usual = "\r\n".join(
            f"250{' ' if number == len(lines) else '-'}{text}"
            for number, text in enumerate(lines, 1)
        )
        self.answer("ehlo", usual)

    def authenticate(self, _verb, rest):
        if rest.upper().startswith("LOGIN"):
            for prompt in ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"):
                self.say(prompt)
                self.rfile.readline(4096)
        elif " " not in rest:
            self.say("334 ")
            self.rfile.readline(4096)
        self.answer("auth", "235 welcome")

    def take(self, _verb, _rest):
        if self.comes_too_soon("DATA"):
            return
        if not self.answer("data", "354 go on", self.recipient):
            return
        lines = []
        while (line := self.rfile.readline(1 << 20)) != b".\r\n":
            cut = self.sink.script.at("body", self.recipient)
            if cut == RESET:
                # Closed at once, with what was sent thrown away: the kernel says RST.
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            if not line or cut in {CLOSE, RESET}:
                raise EOFError
            lines.append(line[1:] if line.startswith(b".") else line)
        wanted = self.sink.script.at("dot", self.recipient)
        if wanted is None or wanted == CLOSE:
            self.sink.keep(self.recipient, b"".join(lines), self.named_at)
        if wanted == CLOSE:
            raise EOFError
        self.say(wanted or "250 kept")

    def begin_tls(self, _verb, _rest):
        if not self.answer("starttls", "220 go ahead"):
            return
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.sink.certificate)
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", buffering=0)


def self_signed(folder):
    """Write a certificate that nobody trusts, with its key, and return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "sink.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return str(path)
