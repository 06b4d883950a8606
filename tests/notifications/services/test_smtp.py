"""One mail to a real server that fails at each stage: what was given, and what is known then."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest

from notifications.enums import DeliveryOutcome
from notifications.services.composing import Mail
from notifications.services.dialogue import Dialogue
from notifications.services.limits import Limits
from notifications.services.smtp import Server, SmtpTransport, Verdict
from tests.faults.sink import CLOSE, Script, Sink, self_signed

QUICK = Limits(connect=0.5, command=0.5, final=0.8)
RAW = b"Message-ID: <1@x>\r\nSubject: Hello\r\n\r\n.dot\r\nline\r\n"


def mail(recipient="ana@example.org", raw=RAW):
    return Mail("mail@example.org", recipient, raw, "<1@x>")


def server(sink, **more):
    return Server("127.0.0.1", sink.port, "mail.example.org", **more)


def send(sink, *mails, may_go=lambda: True, **more):
    """Return the verdicts over one transport."""
    transport = SmtpTransport(server(sink, **more), QUICK)
    try:
        return [transport.open() or transport.send(one, may_go) for one in mails or [mail()]]
    finally:
        transport.close()


@pytest.fixture(params=["at once", "one by one"])
def sink(request):
    """A server that takes the envelope in one go, and one that does not."""
    extensions = tuple(
        one for one in Script.extensions if request.param == "at once" or one != "PIPELINING"
    )
    with Sink(script=Script(extensions=extensions)) as running:
        yield running


def test_a_mail_arrives_as_it_was_made(sink):
    assert send(sink) == [Verdict(DeliveryOutcome.ACCEPTED, "250 kept")]
    (kept,) = sink.received
    assert (kept.message_id, kept.recipient, kept.raw) == ("<1@x>", "ana@example.org", RAW)


def test_one_connection_serves_many_mails(sink):
    verdicts = send(sink, *[mail(f"guest{n}@example.org") for n in range(5)])
    assert {v.outcome for v in verdicts} == {DeliveryOutcome.ACCEPTED}
    assert (sink.connections, sink.commands["EHLO"], sink.commands["QUIT"]) == (1, 1, 1)
    assert sink.recipients == [f"guest{n}@example.org" for n in range(5)]


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("421 busy", DeliveryOutcome.DEFERRED),
        ("450 later", DeliveryOutcome.DEFERRED),
        ("452 full", DeliveryOutcome.DEFERRED),
        ("550-no such\r\n550 mailbox", DeliveryOutcome.REFUSED),
        ("552 too big", DeliveryOutcome.REFUSED),
        ("554 5.7.1 no", DeliveryOutcome.REFUSED),
    ],
)
def test_what_the_server_says_decides(sink, stage, answer, outcome):
    sink.script.stages[stage] = answer
    (verdict,) = send(sink)
    assert verdict.outcome is outcome
    assert verdict.tried
    said = " ".join(line[4:] for line in answer.split("\r\n"))
    assert verdict.detail.startswith(f"{answer[:3]} {said} (in answer to ")


@pytest.mark.parametrize("answer", ["421 come back", "554 no service"])
def test_a_banner_that_is_no_welcome_counts_as_a_try(sink, answer):
    sink.script.stages["banner"] = answer
    (verdict,) = send(sink)
    wanted = DeliveryOutcome.DEFERRED if answer[0] == "4" else DeliveryOutcome.REFUSED
    assert (verdict.outcome, verdict.tried, sink.recipients) == (wanted, True, [])


def test_a_refused_mail_does_not_stop_the_next_one(sink):
    sink.script.stages["rcpt"] = lambda to: "550 no" if to.startswith("gone") else None
    outcomes = [
        v.outcome for v in send(sink, mail("gone@example.org"), mail(), mail("gone2@example.org"))
    ]
    assert outcomes == [
        DeliveryOutcome.REFUSED,
        DeliveryOutcome.ACCEPTED,
        DeliveryOutcome.REFUSED,
    ]
    assert sink.connections == 1


@pytest.mark.parametrize("stage", ["mail", "rcpt"])
def test_a_server_that_wants_the_mail_of_a_refused_envelope_does_not_get_it(stage):
    answers = ["550 no"]
    stages = {stage: lambda _to: answers.pop() if answers else None}
    with Sink(script=Script(stages=stages, is_lenient=True)) as sink:
        first, second = send(sink, mail("gone@example.org"), mail())
    assert (first.outcome, second.outcome) == (DeliveryOutcome.REFUSED, DeliveryOutcome.ACCEPTED)
    assert [one.recipient for one in sink.received] == ["ana@example.org"]
    assert sink.connections == 2


def test_a_server_that_says_no_and_then_nothing_has_said_no():
    stages = {"rcpt": "550 no", "data": hang}
    with Sink(script=Script(stages=stages, is_lenient=True)) as sink:
        began = time.monotonic()
        (verdict,) = send(sink)
    assert (verdict.outcome, verdict.detail[:6]) == (DeliveryOutcome.REFUSED, "550 no")
    assert time.monotonic() - began < 4


def test_an_envelope_is_said_in_one_go_where_the_server_takes_it(monkeypatch):
    said, real = [], Dialogue.send

    def listen(dialogue, octets):
        said.append(octets)
        real(dialogue, octets)

    monkeypatch.setattr(Dialogue, "send", listen)
    with Sink() as sink:
        assert send(sink)[0].outcome is DeliveryOutcome.ACCEPTED
    commands = b"MAIL FROM:<mail@example.org>\r\nRCPT TO:<ana@example.org>\r\nDATA\r\n"
    text = b"Message-ID: <1@x>\r\nSubject: Hello\r\n\r\n..dot\r\nline\r\n.\r\n"
    assert said[-3:-1] == [commands, text]


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "body"])
def test_a_connection_that_breaks_before_the_final_dot_gave_nothing(sink, stage):
    sink.script.stages[stage] = CLOSE
    (verdict,) = send(sink, mail(raw=RAW + b"x\r\n" * 4_000_000))
    assert verdict.outcome is DeliveryOutcome.LOST
    assert sink.deliveries == 0


def test_a_connection_that_breaks_after_the_final_dot_leaves_doubt(sink):
    sink.script.stages["dot"] = CLOSE
    (verdict,) = send(sink)
    assert verdict.outcome is DeliveryOutcome.AMBIGUOUS
    assert sink.deliveries == 1


def hang(_recipient):
    time.sleep(6)


@pytest.mark.parametrize("stage", ["banner", "ehlo"])
def test_a_server_that_hangs_before_a_mail_is_no_try(sink, stage):
    sink.script.stages[stage] = hang
    began = time.monotonic()
    (verdict,) = send(sink)
    assert (verdict.outcome, verdict.tried) == (DeliveryOutcome.LOST, False)
    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    ("stage", "outcome"),
    [
        ("mail", DeliveryOutcome.LOST),
        ("rcpt", DeliveryOutcome.LOST),
        ("data", DeliveryOutcome.LOST),
        ("dot", DeliveryOutcome.AMBIGUOUS),
    ],
)
def test_a_server_that_hangs_at_a_mail_holds_a_sender_no_longer_than_its_patience(
    sink, stage, outcome
):
    sink.script.stages[stage] = hang
    began = time.monotonic()
    (verdict,) = send(sink)
    assert verdict.outcome is outcome
    assert time.monotonic() - began < 4


def test_an_answer_in_drops_has_one_deadline():
    """A server that says one byte every tenth of a second keeps no sender longer than another."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,), daemon=True)
        thread.start()
        began = time.monotonic()
        verdict = SmtpTransport(Server("127.0.0.1", listening.getsockname()[1]), QUICK).open()
        assert verdict is not None
        assert (verdict.outcome, verdict.tried) == (DeliveryOutcome.LOST, False)
        assert time.monotonic() - began < 4


def drip(listening):
    with contextlib.suppress(OSError):
        connection, _address = listening.accept()
        for byte in b"220 " + b"x" * 200:
            connection.sendall(bytes([byte]))
            time.sleep(0.1)


def test_a_connection_that_was_closed_between_two_mails_is_opened_again(sink):
    transport = SmtpTransport(server(sink), QUICK)
    assert transport.open() is None
    assert transport.send(mail(), lambda: True).outcome is DeliveryOutcome.ACCEPTED
    for stage in (CLOSE, "421 idle for too long"):
        answers = [stage]
        sink.script.stages["mail"] = lambda _to, left=answers: left.pop() if left else None
        assert transport.open() is None
        assert transport.send(mail(), lambda: True).outcome is DeliveryOutcome.ACCEPTED
    transport.close()
    assert (sink.deliveries, sink.duplicates, sink.connections) == (3, 2, 3)


def test_who_has_lost_the_lease_names_no_recipient(sink):
    (verdict,) = send(sink, may_go=lambda: False)
    assert verdict.outcome is DeliveryOutcome.LOST
    assert (sink.recipients, sink.deliveries) == ([], 0)


def test_nobody_listens():
    with Sink() as gone:
        port = gone.port
    (verdict,) = [SmtpTransport(Server("127.0.0.1", port), QUICK).open()]
    assert (verdict.outcome, verdict.tried) == (DeliveryOutcome.LOST, False)


def test_letters_that_the_server_can_not_carry_are_refused(sink):
    assert send(sink, mail("ана@example.org"))[0].outcome is DeliveryOutcome.ACCEPTED
    sink.script.extensions = ("8BITMIME",)
    (verdict,) = send(sink, mail("ана@example.org"))
    assert verdict.outcome is DeliveryOutcome.REFUSED
    assert "SMTPUTF8" in verdict.detail
    assert sink.deliveries == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize(
    ("extensions", "stages"),
    [
        (("8BITMIME",), {}),  # the offer of TLS was taken away on the way
        (("STARTTLS",), {"starttls": "454 not now"}),
        (("STARTTLS",), {"starttls": "502 unknown"}),
        (("STARTTLS",), {}),  # a certificate that nobody trusts
    ],
)
def test_without_tls_nothing_is_said_in_the_clear(certificate, extensions, stages):
    script = Script(stages=stages, extensions=(*extensions, "AUTH PLAIN LOGIN"))
    with Sink(script=script, certificate=certificate) as sink:
        (verdict,) = send(sink, starttls=True, user="mailer", password="canary-secret")
    assert (verdict.outcome, verdict.tried) == (DeliveryOutcome.LOST, False)
    assert not sink.commands.keys() & {"AUTH", "MAIL", "RCPT", "DATA"}
    assert "canary" not in verdict.detail


def test_a_password_that_is_wrong_is_a_refusal(sink):
    sink.script.extensions = ("AUTH PLAIN LOGIN",)
    sink.script.stages["auth"] = "535 5.7.8 wrong"
    (verdict,) = send(sink, user="mailer", password="canary-secret")
    assert verdict.outcome is DeliveryOutcome.REFUSED
    assert verdict.detail.startswith("535 ")
    assert sink.recipients == []
    assert "canary" not in verdict.detail + repr(server(sink, password="canary-secret"))


def test_with_the_right_password_mail_goes(sink):
    sink.script.extensions = ("AUTH PLAIN LOGIN",)
    assert send(sink, user="mailer", password="x")[0].outcome is DeliveryOutcome.ACCEPTED


def test_a_command_is_one_line(sink):
    transport = SmtpTransport(server(sink), QUICK)
    assert transport.open() is None
    with pytest.raises(ValueError, match="one line"):
        transport.send(mail("ana@example.org>\r\nRCPT TO:<x@example.org"), lambda: True)
    transport.close()


def test_what_is_not_on_the_disk_is_not_given(sink):
    def broken():
        raise OSError("No space left on device")

    transport = SmtpTransport(server(sink), QUICK)
    assert transport.open() is None
    verdict = transport.send(mail(), lambda: True, broken)
    assert verdict.outcome is DeliveryOutcome.LOST
    assert "No space left on device" in verdict.detail
    assert (sink.deliveries, transport.is_open) == (0, False)
