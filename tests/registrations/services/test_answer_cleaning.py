"""Answers cleaned against the form: nothing falls over, and what is stored reads back the same."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registrations.enums import QuestionKind
from registrations.services.answer_cleaning import Consent, WrongAnswersError, clean_answers
from registrations.services.answer_values import FileRef, Given
from registrations.services.form_definition import (
    Ask,
    Choice,
    Condition,
    FormDefinition,
    Wording,
)

OPTIONS = tuple(Choice(n, slug, {"en": slug}) for n, slug in enumerate(["vegan", "fish", "meat"]))


def ask(slug="q", kind="text", **fields):
    kind = QuestionKind(kind)
    defaults = {
        "id": abs(hash(slug)) % 10**6,
        "label": {"en": slug},
        "help_text": {},
        "required": False,
        "sensitivity": "",
        "lowest": None,
        "highest": None,
        "options": OPTIONS if kind in {"choice", "choices"} else (),
        "wording": Wording(7, 2, {"en": "Text"}) if kind == "consent" else None,
    }
    return Ask(slug=slug, kind=kind, **{**defaults, **fields})


def clean(*asks, answers=None, consents=(), **more):
    return clean_answers(
        FormDefinition(asks),
        answers=answers or {},
        consents=[one if isinstance(one, Consent) else Consent(one) for one in consents],
        **more,
    )


def one(value, kind="text", **fields):
    """Return what is stored of one answer: its text, or slugs of options."""
    cleaned = clean(ask("q", kind, **fields), answers={"q": value})
    if not cleaned.given:
        return None
    answer = cleaned.given[0]
    return [option.slug for option in answer.options] or answer.text


def errors(*asks, **sent):
    with pytest.raises(WrongAnswersError) as caught:
        clean(*asks, **sent)
    return {e.pointer: e.code for e in caught.value.errors}


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("text", "  Ana\u00a0 Petrović ", "Ana Petrović"),
        ("text", "   ", None),
        ("text", None, None),
        ("text", "<b>&amp;</b>", "<b>&amp;</b>"),
        ("long_text", "a\r\nb\rc\n", "a\nb\nc"),
        ("number", "3,50", "3.5"),
        ("number", " 1 000 ", "1000"),
        ("number", 0, "0"),
        ("number", "-0", "0"),
        ("number", 2.0, "2"),
        ("number", 0.1 + 0.2, "0.3"),
        ("choice", "fish", ["fish"]),
        ("choices", ["fish", "vegan", "fish"], ["vegan", "fish"]),
        ("choices", [], None),
        ("yes_no", True, "yes"),
        ("yes_no", False, "no"),
        ("yes_no", "no", "no"),
        ("date", "2027-03-28", "2027-03-28"),
        ("country", "rs", "RS"),
    ],
)
def test_what_is_stored(kind, value, stored):
    assert one(value, kind) == stored


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("text", 5, "invalid"),
        ("text", ["a"], "invalid"),
        ("text", "a\x00b", "control-character"),
        ("text", "a\r\nBcc: x@example.org", "control-character"),
        ("text", "x" * 501, "too-long"),
        ("long_text", "a\x00b", "control-character"),
        ("long_text", "a\u202eb", "control-character"),
        ("long_text", "x" * 5001, "too-long"),
        ("long_text", {"a": 1}, "invalid"),
        ("number", True, "invalid"),
        ("number", "1e9", "invalid"),
        ("number", "١٢", "invalid"),
        ("number", "NaN", "invalid"),
        ("number", float("inf"), "invalid"),
        ("number", 10**400, "invalid"),
        ("number", "1234567890.123456", "invalid"),
        ("choice", "pork", "unknown"),
        ("choice", ["fish"], "unknown"),
        ("choices", "fish", "invalid"),
        ("choices", ["fish", 5], "unknown"),
        ("yes_no", "maybe", "invalid"),
        ("yes_no", 1, "invalid"),
        ("date", "28.3.2027", "invalid"),
        ("date", "2027-02-30", "invalid"),
        ("date", "20270328", "invalid"),
        ("date", "0001-01-01", "range"),
        ("country", "XK", "unknown"),
        ("country", "Serbia", "unknown"),
        ("file", "../../etc/passwd", "invalid"),
        ("file", {"name": "a"}, "invalid"),
    ],
)
def test_what_can_not_be_taken(kind, value, code):
    assert errors(ask("q", kind), answers={"q": value}) == {"/answers/q": code}


@pytest.mark.parametrize(
    ("kind", "fields", "value", "code"),
    [
        ("text", {"lowest": 3}, "ab", "too-short"),
        ("text", {"highest": 3}, "abcd", "too-long"),
        ("long_text", {"lowest": 3}, "ab", "too-short"),
        ("number", {"lowest": 1}, 0, "range"),
        ("number", {"highest": 5}, 5.5, "range"),
        ("number", {"lowest": 1, "highest": 5}, "6", "range"),
    ],
)
def test_ranges(kind, fields, value, code):
    assert errors(ask("q", kind, **fields), answers={"q": value}) == {"/answers/q": code}


def test_a_range_holds_its_ends():
    for value in (1, 5, "2.5"):
        assert one(value, "number", lowest=1, highest=5) is not None


def test_what_is_required_is_named_and_may_be_left_out_by_organisers():
    asks = (ask("a", required=True), ask("photos", "consent", required=True), ask("b"))

    assert errors(*asks) == {"/answers/a": "required", "/consents": "required"}
    lenient = clean(*asks, required=False)
    assert (lenient.given, lenient.missing) == ((), ("a", "photos"))
    whole = clean(*asks, answers={"a": "x"}, consents=["photos"])
    assert (len(whole.given), [c.slug for c in whole.consents], whole.missing) == (
        1,
        ["photos"],
        (),
    )


def test_what_nobody_asks_is_refused_with_its_place():
    sent = {
        "answers": {"nothing": 1, "a/b~c": 1, "photos": True},
        "consents": ["photos", "nothing", 5, "q"],
    }
    assert errors(ask("q"), ask("photos", "consent"), **sent) == {
        "/answers/nothing": "unknown",
        "/answers/a~1b~0c": "unknown",
        "/answers/photos": "unknown",
        "/consents/1": "unknown",
        "/consents/2": "invalid",
        "/consents/3": "unknown",
    }


def test_20000_unknown_names_are_answered_with_100():
    answers = {f"x{n}": n for n in range(20_000)}
    assert len(errors(answers=answers)) == 100
    assert len(errors(consents=[f"x{n}" for n in range(20_000)])) == 100


def test_words_that_changed_since_are_not_agreed_to():
    consent = ask("photos", "consent")
    assert errors(consent, consents=[Consent("photos", 1)]) == {"/consents/0": "changed"}
    assert clean(consent, consents=[Consent("photos", 2)]).consents == (consent,)


FOOD = (
    ask("dinner", "yes_no"),
    ask("plate", "choice", required=True, shown_if=Condition("dinner", ("yes",))),
    ask("bones", required=True, shown_if=Condition("plate", ("fish",))),
)


@pytest.mark.parametrize(
    ("answers", "given_slugs", "missing"),
    [
        ({}, [], []),
        ({"dinner": False}, ["dinner"], []),
        ({"dinner": True}, ["dinner"], ["plate"]),
        ({"dinner": True, "plate": "fish"}, ["dinner", "plate"], ["bones"]),
        ({"dinner": True, "plate": "vegan", "bones": "x"}, ["dinner", "plate"], []),
        # Hidden ones are neither required nor stored nor even looked at, all the way down.
        ({"dinner": False, "plate": "pork", "bones": 5}, ["dinner"], []),
        ({"plate": "fish", "bones": "x"}, [], []),
    ],
)
def test_conditions(answers, given_slugs, missing):
    cleaned = clean(*FOOD, answers=answers, required=False)
    assert [answer.ask.slug for answer in cleaned.given] == given_slugs
    assert list(cleaned.missing) == missing


def test_a_consent_can_be_a_condition_and_hang_on_one():
    photos = ask("photos", "consent")
    name = ask("name", required=True, shown_if=Condition("photos", ("yes",)))
    video = ask("video", "consent", required=True, shown_if=Condition("name", ("x",)))

    assert clean(photos, name, video).missing == ()
    assert errors(photos, name, video, consents=["photos"]) == {"/answers/name": "required"}
    hidden = clean(photos, name, video, consents=["photos", "video"], answers={"name": "y"})
    assert hidden.consents == (photos,)


def test_conditions_in_a_circle_ask_nothing():
    one_ = ask("a", shown_if=Condition("b", ("x",)), required=True)
    other = ask("b", shown_if=Condition("a", ("x",)), required=True)
    assert clean(one_, other, answers={"a": "x", "b": "x"}).given == ()


def test_an_option_that_is_not_offered_any_more_stays_with_who_has_it():
    old = Choice(9, "old", {"en": "Old"}, active=False)
    question = ask("q", "choice", options=(*OPTIONS, old))
    assert errors(question, answers={"q": "old"}) == {"/answers/q": "unknown"}
    kept = clean(question, answers={"q": "old"}, kept=frozenset([9]))
    assert kept.given[0].options == (old,)


def test_a_file_is_one_that_was_kept():
    ref = FileRef(1, "cv.pdf", "digest", 2)
    cleaned = clean(ask("cv", "file"), answers={"cv": ref})
    assert cleaned.given[0].file == ref
    assert cleaned.said == {"answers": {"cv": ["cv.pdf", "digest"]}, "consents": []}


def test_an_answer_that_was_cleaned_passes_through():
    question = ask("q", highest=3)
    assert clean(question, answers={"q": Given(question, "longer")}).given[0].text == "longer"


KINDS = [kind.value for kind in QuestionKind if kind != "consent"]
RAW = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from(["yes", "vegan", "RS", "2027-03-28", "5", "1,5", "\x00", "\ud800", "=1+1"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(KINDS), raw=RAW, lowest=st.none() | st.integers(-5, 5))
def test_it_never_falls_over_and_reads_back_the_same(kind, raw, lowest):
    question = ask("q", kind, lowest=lowest)
    with suppress(WrongAnswersError):
        cleaned = clean(question, answers={"q": raw})
        _reads_back(question, cleaned)


def _reads_back(question, cleaned):
    for answer in cleaned.given:
        value = json.loads(json.dumps(answer.value))
        again = clean(question, answers={"q": value}).given[0]
        assert (again.key, again.value) == (answer.key, answer.value)
        assert "\x00" not in answer.text


@settings(max_examples=100, deadline=None)
@given(answers=st.dictionaries(st.text(max_size=10), RAW), consents=st.lists(RAW, max_size=5))
def test_whole_bodies_never_fall_over(answers, consents):
    with suppress(WrongAnswersError):
        clean(*FOOD, ask("photos", "consent"), answers=answers, consents=consents)


@settings(max_examples=200, deadline=None)
@given(
    whole=st.integers(-(10**11), 10**11),
    places=st.integers(0, 3),
)
def test_numbers_come_back_as_they_were(whole, places):
    text = f"{whole / 10**places:.{places}f}" if places else str(whole)
    stored = one(text, "number")
    assert float(stored) == float(text)
