"""Ticket texts that a door checks without asking anybody."""

from __future__ import annotations

import base64

import pytest

from core.checks import refuse_unsafe_start
from core.tickets import key_is_usable, ticket_code, ticket_text


def test_a_ticket_says_its_code():
    text = ticket_text("ABCDE23456")
    assert text.startswith("L1.ABCDE23456.")
    assert ticket_code(text) == "ABCDE23456"


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace("ABCDE23456", "ABCDE23457"),
        lambda t: t.replace("L1.", "L2."),
        lambda t: t[:-4] + "AAAA",
        lambda t: t + "!",
        lambda t: t + ".x",
        lambda _: "",
        lambda _: "L1.ABCDE23456.é",
    ],
)
def test_a_changed_one_says_nothing(change):
    assert ticket_code(change(ticket_text("ABCDE23456"))) is None


def test_another_house_signs_otherwise(settings):
    ours = ticket_text("ABCDE23456")
    settings.TICKET_KEY = ""
    theirs = ticket_text("ABCDE23456")
    assert theirs != ours
    assert ticket_code(ours) is None
    assert ticket_code(theirs) == "ABCDE23456"


@pytest.mark.parametrize("key", ["short", "é", base64.b64encode(b"x" * 31).decode()])
def test_a_key_that_can_not_sign_stops_the_start(settings, key):
    settings.TICKET_KEY = key
    assert not key_is_usable()
    with pytest.raises(SystemExit, match="TICKET_KEY"):
        refuse_unsafe_start()
