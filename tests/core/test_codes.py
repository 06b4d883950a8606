"""Codes that are read aloud."""

from __future__ import annotations

from core.codes import ALPHABET, new_code, registration_code, session_code


def test_codes_have_no_look_alikes():
    assert set(ALPHABET) & set("01OIL") == set()
    assert len(new_code()) == len(session_code()) == 6
    assert len(registration_code()) == 10
    assert set("".join(new_code() for _ in range(500))) == set(ALPHABET)


def test_codes_differ():
    assert len({registration_code() for _ in range(2000)}) == 2000
