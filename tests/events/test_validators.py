from __future__ import annotations

from decimal import Decimal

import pytest

from events import validators as v


@pytest.mark.parametrize(
    ("cleaner", "given", "stored"),
    [
        (v.conference_slug, "open-forum-2027", "open-forum-2027"),
        (v.optional_language, None, ""),
        (v.optional_language, "sr", "sr-Latn"),
        (v.degrees(90), "", None),
        (v.degrees(90), "44.8125001", Decimal("44.812500")),
        (v.colour, " #ABCDEF ", "#abcdef"),
        (v.colour, "", ""),
        (v.names_by_script, {}, {}),
        (
            v.names_by_script,
            {"Cyrl": {"given_name": "Ана"}},
            {"Cyrl": {"given_name": "Ана", "family_name": ""}},
        ),
        (v.names_by_script, {"Cyrl": {"given_name": " "}}, {}),
        (v.web_address, "", ""),
        (v.email_address, " ana@example.org ", "ana@example.org"),
    ],
)
def test_what_can_be_taken(cleaner, given, stored):
    assert cleaner(given) == stored


@pytest.mark.parametrize(
    ("cleaner", "given", "code"),
    [
        (v.conference_slug, "people", "reserved"),
        (v.conference_slug, "x", "reserved"),
        (v.conference_slug, "Open Forum", "slug"),
        (v.degrees(90), "90.01", "range"),
        (v.degrees(90), "north", "range"),
        (v.degrees(180), float("inf"), "range"),
        (v.colour, "#abc", "colour"),
        (v.colour, "red", "colour"),
        (v.names_by_script, "Ана", "invalid"),
        (v.names_by_script, {"Arab": {}}, "script"),
        (v.names_by_script, {"Cyrl": ["Ана"]}, "script"),
        (v.names_by_script, {"Cyrl": {"nick": "Ана"}}, "unknown"),
        (v.names_by_script, {"Cyrl": {"given_name": "А\u0007"}}, "control-character"),
    ],
)
def test_what_is_refused(cleaner, given, code):
    with pytest.raises(v.Wrong) as caught:
        cleaner(given)
    assert caught.value.code == code
