"""The organisers' form builder: outline, order, sections, questions, options, preview."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from registrations.models import Answer, Question, QuestionSection
from registrations.services.form_order import in_form_order
from registrations.services.usual_questions import NAMES
from tests.factories.registrations import (
    QuestionFactory,
    QuestionSectionFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db

FORM = "/manage/institute/forum/form/"
NEW = f"{FORM}add-question/"


@pytest.fixture
def desk(conference, client_as, account_with_role):
    return client_as(account_with_role(Role.REGISTRAR))


@pytest.fixture
def door(conference, client_as, account_with_role):
    """A browser at the door, which reads only."""
    return client_as(account_with_role(Role.DOOR))


@pytest.fixture
def ask(conference):
    def make(slug, **fields):
        fields.setdefault("order", Question.objects.count())
        return QuestionFactory(conference=conference, slug=slug, **fields)

    return make


def text_of(answer):
    return answer.content.decode()


def page_of(slug):
    return f"{FORM}questions/{slug}/"


def slugs(conference):
    return [row.slug for row in in_form_order(conference)]


def rows(*labels, **more):
    """Return what a page sends of these options."""
    sent = {"option-rows": len(labels), **more}
    for number, (slug, label) in enumerate(labels):
        sent |= {
            f"option-{number}-slug": slug,
            f"option-{number}-label_en": label,
            f"option-{number}-active": "on",
        }
    return sent


# --- The whole -----------------------------------------------------------------------------------
def test_an_empty_form_offers_a_beginning(desk, door, guest_type):
    page = text_of(desk.get(FORM))
    assert "Guests are asked nothing further." in page
    assert f'href="{NEW}"' in page
    assert all(name in page for name in NAMES.values())
    assert 'href="/manage/institute/forum/form/"' in page
    assert NEW not in text_of(door.get(FORM))


def test_the_form_stands_in_order_with_what_is_to_be_known(desk, door, conference, ask):
    part = QuestionSectionFactory(conference=conference, title={"en": "At the table"})
    ask("zero", required=True)
    ask("food", kind="choice", options=["vegan"], section=part, sensitivity="dietary")
    ask("old", section=part, active=False)

    page = text_of(desk.get(FORM))
    assert page.index("Zero") < page.index("At the table") < page.index('id="q-food"')
    for words in ("needed", "kept apart, erased after the conference", "Retired", "One choice"):
        assert words in page
    assert 'data-reorder-url="/manage/institute/forum/form/order/?section=section' in page
    assert "data-reorder" not in text_of(door.get(FORM))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_many(desk, ask, guest_type, count, django_assert_num_queries):
    for number in range(count):
        ask(f"food-{number}", kind="choice", options=["a", "b"])
    desk.get(FORM)

    # Session, account, membership, conference; the outline (six), usual questions, kinds of place.
    with django_assert_num_queries(12):
        desk.get(FORM)


def test_a_usual_question_takes_one_click(desk, conference):
    for name in ("food", "access", "photos", "data-protection"):
        assert desk.post(f"{FORM}usual/", {"name": name})["Location"] == FORM
    assert slugs(conference) == ["food", "food-other", "access", "photos", "data-protection"]
    assert "“Food” is on the form already." in text_of(
        desk.post(f"{FORM}usual/", {"name": "food"}, follow=True)
    )
    desk.post(f"{FORM}usual/", {"name": "../etc"})
    assert Question.objects.count() == 5


def test_questions_move_by_buttons_and_by_dragging(desk, conference, ask):
    for slug in ("one", "two", "three"):
        ask(slug)
    section = QuestionSectionFactory(conference=conference)

    answer = desk.post(f"{page_of('three')}move/", {"to": "earlier", "version": "1"})
    assert answer["Location"] == f"{FORM}#q-three"
    assert slugs(conference) == ["one", "three", "two"]
    desk.post(f"{page_of('two')}move/", {"to": "later", "version": "1"})
    assert Question.objects.get(slug="two").section == section
    desk.post(f"{page_of('two')}move/", {"to": "later", "version": "2"})
    assert slugs(conference) == ["one", "three", "two"]
    assert desk.post(f"{FORM}order/", {"order": "three,one"}).status_code == 204
    assert slugs(conference) == ["three", "one", "two"]
    assert desk.post(f"{FORM}order/", {"order": "three"}).status_code == 400
    assert "The order was kept." in text_of(desk.get(FORM))
    path = f"{FORM}order/?section={section.slug}"
    assert desk.post(path, {"order": "two"}).status_code == 204
    assert desk.post(f"{FORM}order/?section=none", {"order": "two"}).status_code == 404


def test_a_move_that_can_not_be_says_why(desk, conference, ask):
    lunch = ask("lunch", kind="yes_no")
    ask("food", shown_if=lunch, shown_if_answers=["yes"])

    page = text_of(desk.post(f"{page_of('food')}move/", {"to": "earlier"}, follow=True))
    assert "so it has to stand below it" in page
    stale = desk.post(f"{page_of('food')}move/", {"to": "earlier", "version": "9"}, follow=True)
    assert "changed this" in text_of(stale)
    assert slugs(conference) == ["lunch", "food"]


# --- Sections ------------------------------------------------------------------------------------
def test_sections_are_made_changed_moved_and_deleted(desk, conference, ask):
    assert desk.post(f"{FORM}add-section/", {"title_en": "Food"})["Location"] == FORM
    assert "This field is required." in text_of(desk.post(f"{FORM}add-section/", {"title_en": ""}))
    desk.post(f"{FORM}add-section/", {"title_en": "Visits"})
    ask("fish", section=QuestionSection.objects.get(slug="food"))
    path = f"{FORM}sections/visits/"
    assert 'value="Visits"' in text_of(desk.get(path))
    desk.post(path, {"title_en": "Trips", "version": "1"})
    stale = desk.post(path, {"title_en": "Tours", "version": "1"})
    assert "changed this" in text_of(stale)
    assert 'value="Tours"' in text_of(stale)
    desk.post(f"{path}move/", {"to": "earlier", "version": "2"})
    assert [s.title["en"] for s in conference.question_sections.all()] == ["Trips", "Food"]
    assert "Its questions stay" in text_of(desk.get(f"{FORM}sections/food/delete/"))
    desk.post(f"{FORM}sections/food/delete/", {"version": "1"})
    assert Question.objects.get().section.slug == "visits"
    assert desk.get(f"{FORM}sections/food/").status_code == 404


# --- A question ----------------------------------------------------------------------------------
def test_a_question_is_written_in_two_steps(desk, conference, guest_type, ask):
    press = RegistrationTypeFactory(conference=conference, slug="press")
    ask("stays", kind="yes_no")
    kinds = text_of(desk.get(NEW))
    assert all(f'href="?kind={kind}"' in kinds for kind in ("text", "choices", "consent"))
    page = text_of(desk.get(f"{NEW}?kind=number"))
    assert "Smallest" in page
    answer = desk.post(
        NEW,
        {
            "kind": "number",
            "label_en": "How many nights?",
            "required": "on",
            "lowest": "1",
            "highest": "5",
            "types": ["press"],
            "condition": ["stays:yes"],
            "sensitivity": "",
        },
    )

    assert answer["Location"] == FORM
    row = Question.objects.get(slug="how-many-nights")
    assert (row.lowest, row.highest, row.required) == (1, 5, True)
    assert (row.shown_if.slug, row.shown_if_answers) == ("stays", ["yes"])
    assert list(row.registration_types.all()) == [press]
    page = text_of(desk.get(page_of(row.slug)))
    assert 'value="stays:yes"' in page
    assert "checked" in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"label_en": ""}, "This field is required."),
        ({"slug": "No slug"}, "Use lower-case letters"),
        ({"slug": "stays"}, "Another question of this conference has this short name."),
        ({"lowest": "9", "highest": "1"}, "The largest is not below the smallest."),
        ({"condition": ["stays:yes", "eats:no"]}, "Choose answers of one question only."),
        ({"condition": ["stays:maybe"]}, "Select a valid choice."),
    ],
)
def test_what_can_not_be_saved_says_why_and_keeps_what_was_typed(desk, ask, sent, words):
    ask("stays", kind="yes_no")
    ask("eats", kind="yes_no")
    typed = {"kind": "text", "label_en": "Kept words", "help_text_en": "Kept help"}

    page = text_of(desk.post(NEW, typed | sent))
    assert words in page
    assert "Kept help" in page
    assert Question.objects.count() == 2


def test_options_are_rows_that_need_no_script(desk, conference):
    typed = {"kind": "choice", "label_en": "Visit"}
    blank = text_of(desk.get(f"{NEW}?kind=choice"))
    assert blank.count('-label_en"') > 3
    assert "Add an answer" in blank
    sent = rows(("", "Museum"), ("", "River"))
    more = text_of(desk.post(NEW, {**typed, **sent, "do": "add"}))
    assert 'name="option-2-label_en"' in more
    assert 'value="Visit"' in more
    assert "required" not in more.split("error-summary")[-1] or "error-summary" not in more
    turned = text_of(desk.post(NEW, {**typed, **sent, "do": "down-0"}))
    assert turned.index('value="River"') < turned.index('value="Museum"')
    out = text_of(desk.post(NEW, {**typed, **sent, "do": "out-0"}))
    assert "Museum" not in out
    for strange in ("out-9", "up-x", "", "drop", "down-99999999999"):
        assert desk.post(NEW, {**typed, **sent, "do": strange}).status_code == 200
    assert Question.objects.count() == 0

    desk.post(NEW, {**typed, **sent, "option-0-capacity": "5"})
    row = Question.objects.get()
    shown = [(o.slug, o.allotment and o.allotment.capacity) for o in row.options.all()]
    assert shown == [("museum", 5), ("river", None)]


def test_wrong_options_are_named_beside_their_rows(desk, conference):
    typed = {"kind": "choice", "label_en": "Visit"}
    page = text_of(desk.post(NEW, {**typed, **rows(), "option-rows": "3"}))
    assert "Give one answer at least that guests can choose." in page
    page = text_of(desk.post(NEW, {**typed, **rows(("", "A")), "option-0-capacity": "-3"}))
    assert "Ensure this value is greater than or equal to 0." in page
    sent = rows(("", "A"), ("", ""), **{"option-1-capacity": "3"})
    assert "Give this in English, the first language." in text_of(desk.post(NEW, {**typed, **sent}))
    for strange in ("", "x", "99999", "-1"):
        assert desk.post(NEW, {**typed, "option-rows": strange}).status_code == 200
    assert Question.objects.count() == 0


def test_chosen_answers_are_not_taken_out(desk, ask, guest_type):
    row = ask("visit", kind="choice", options=["museum", "river"])
    registration = RegistrationFactory(registration_type=guest_type)
    Answer.objects.create(
        registration=registration, question=row, option=row.options.get(slug="museum")
    )
    sent = rows(("museum", "Museum"), ("river", "River"))
    typed = {"kind": "choice", "label_en": "Visit", "version": "1"}

    assert "Chosen by guests" in text_of(desk.get(page_of("visit")))
    kept = text_of(desk.post(page_of("visit"), {**typed, **sent, "do": "out-0"}))
    assert 'value="Museum"' in kept
    refused = desk.post(page_of("visit"), {**typed, **rows(("river", "River"))})
    assert "Stop offering it instead of deleting it." in text_of(refused)
    del sent["option-0-active"]
    assert desk.post(page_of("visit"), {**typed, **sent})["Location"] == page_of("visit")
    assert list(row.options.values_list("slug", "active")) == [("museum", False), ("river", True)]


def test_a_consent_is_written_in_each_language(desk, conference):
    conference.languages = ["en", "sr-Cyrl"]
    conference.save()
    sent = {
        "kind": "consent",
        "label_en": "Photographs",
        "label_sr_Cyrl": "Фотографије",
        "consent_text_en": "I agree.",
        "consent_text_sr_Cyrl": "",
    }
    desk.post(NEW, sent)
    row = Question.objects.get()
    assert row.label == {"en": "Photographs", "sr-Cyrl": "Фотографије"}
    assert row.consent_texts.get().text == {"en": "I agree."}
    assert "Words missing" in text_of(desk.get(FORM))
    desk.post(page_of(row.slug), {**sent, "version": "1", "consent_text_sr_Cyrl": "Слажем се."})
    # Somebody may have the first words before them, so these are others.
    both = {"en": "I agree.", "sr-Cyrl": "Слажем се."}
    assert row.consent_texts.get(number=2).text == both
    assert "Words missing" not in text_of(desk.get(FORM))


def test_somebody_quicker_is_named(desk, ask):
    ask("food")
    sent = {"kind": "text", "label_en": "Mine", "version": "1"}
    desk.post(page_of("food"), {**sent, "label_en": "Theirs"})

    page = text_of(desk.post(page_of("food"), sent))
    assert "Registrar changed this" in page
    assert 'value="Mine"' in page
    desk.post(page_of("food"), {**sent, "version": "2"})
    assert Question.objects.get().label == {"en": "Mine"}


def test_a_question_is_retired_restored_and_deleted(desk, ask, guest_type):
    row = ask("food")
    page = text_of(desk.post(f"{page_of('food')}retire/", {"version": "1"}, follow=True))
    assert "Restore the question" in page
    desk.post(f"{page_of('food')}restore/", {"version": "2"})
    Answer.objects.create(
        registration=RegistrationFactory(registration_type=guest_type), question=row, text="Soup"
    )
    assert "Delete the question" not in text_of(desk.get(page_of("food")))
    page = text_of(desk.post(f"{page_of('food')}delete/", {"version": "3"}, follow=True))
    assert "Retire it" in page
    Answer.objects.all().delete()
    assert "Delete “Food”?" in text_of(desk.get(f"{page_of('food')}delete/"))
    assert desk.post(f"{page_of('food')}delete/", {"version": "3"})["Location"] == FORM
    assert desk.get(page_of("food")).status_code == 404


# --- The preview ---------------------------------------------------------------------------------
def test_the_preview_is_the_public_form_and_sends_nothing(desk, conference, guest_type):
    conference.languages = ["en", "ru"]
    conference.save()
    page = desk.get(f"{FORM}preview/?type=guest&lang=ru")
    text = text_of(page)

    assert page.status_code == 200
    assert page["Content-Language"] == "ru"
    assert 'lang="ru"' in text
    assert 'name="given_name"' in text
    assert "data-keep=" not in text
    assert " disabled>" in text
    policy = page["Content-Security-Policy"]
    assert "form-action 'none'" in policy
    assert "sandbox allow-scripts allow-same-origin" in policy
    assert "frame-ancestors 'self'" in policy
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    assert desk.post(f"{FORM}preview/").status_code == 405
    assert desk.get(f"{FORM}preview/?type=none").status_code == 404


def test_the_preview_shows_kinds_that_are_closed_or_not_public(desk, conference):
    conference.state = "draft"
    conference.save()
    kind = RegistrationTypeFactory(
        conference=conference, slug="staff", name={"en": "Helpers"}, public=False, capacity=0
    )
    text = text_of(desk.get(f"{FORM}preview/?type={kind.slug}"))
    assert "Helpers" in text
    assert 'name="given_name"' in text


def test_the_frame_follows_what_one_chooses(desk, conference, guest_type):
    RegistrationTypeFactory(conference=conference, slug="press")
    conference.languages = ["en", "ru"]
    conference.save()
    first = text_of(desk.get(FORM))
    assert 'src="/manage/institute/forum/form/preview/?type=guest&amp;lang=en"' in first
    wide = text_of(desk.get(f"{FORM}?type=press&lang=ru&width=desk"))
    assert "?type=press&amp;lang=ru" in wide
    assert "beside-phone" not in wide
    strange = text_of(desk.get(f"{FORM}?type=%22onload&lang=xx&width=1"))
    assert "?type=guest&amp;lang=en" in strange


def test_without_a_kind_of_place_there_is_no_preview(desk, conference):
    page = text_of(desk.get(FORM))
    assert "<iframe" not in page
    assert "nobody can register" in page
    assert desk.get(f"{FORM}preview/").status_code == 404


# --- Trust ---------------------------------------------------------------------------------------
def test_markup_in_words_stays_text(desk, conference, guest_type):
    bad = '"><script>x</script>'
    section = QuestionSectionFactory(conference=conference, title={"en": bad})
    row = QuestionFactory(
        conference=conference,
        slug="bad",
        kind="choice",
        label={"en": bad},
        help_text={"en": bad},
        section=section,
    )
    row.options.create(slug="a", label={"en": bad})
    QuestionFactory(
        conference=conference,
        slug="next",
        order=1,
        section=section,
        shown_if=row,
        shown_if_answers=["a"],
    )
    paths = [
        FORM,
        page_of("bad"),
        page_of("next"),
        f"{page_of('bad')}delete/",
        f"{FORM}sections/{section.slug}/",
        f"{FORM}sections/{section.slug}/delete/",
        f"{FORM}preview/",
    ]
    for path in paths:
        assert "<script>x" not in text_of(desk.get(path)), path


def test_questions_of_others_are_not_there(desk, guest_type):
    other = QuestionFactory(slug="theirs", kind="yes_no")
    QuestionSectionFactory(conference=other.conference, slug="their-section")
    assert desk.get(page_of("theirs")).status_code == 404
    assert desk.post(f"{page_of('theirs')}move/", {"to": "later"}).status_code == 404
    assert desk.get(f"{FORM}sections/their-section/").status_code == 404
    sent = {"kind": "text", "label_en": "X", "condition": ["theirs:yes"], "types": ["elsewhere"]}
    desk.post(NEW, sent)
    assert Question.objects.filter(conference=guest_type.conference).count() <= 1
    assert not Question.objects.filter(shown_if=other).exists()
