"""The guest's way to a place on a phone: questions, the waiting list, an offer, changes, and out.

Each step of a journey is a function of its own: one step more is one line more.
"""

import re

import pytest

from tests.browser.archives import DOMAIN, HOLDER, PRESS, WAITING
from tests.browser.conftest import DESK, PHONE
from tests.browser.post import Post, link_of, plain

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
ADDRESS = f"lucja@{DOMAIN}"


def test_a_guest_waits_takes_an_offered_place_changes_answers_and_gives_it_back(
    open_page, archives
):
    page, post = open_page(PHONE), Post(archives.stack, ADDRESS)
    _see_what_is_asked(page, archives)
    _be_refused_and_lose_nothing(page)
    _join_the_waiting_list(page, post)
    _be_offered_the_place(archives, post, page)
    _take_it(page, post)
    _change_answers(page, archives)
    _choose_sessions(page)
    _give_it_back(page, post)


def _see_what_is_asked(page, archives):
    """Questions come and go with the kind of place and with the answers before them."""
    page.goto(archives.form)
    _choose(page, "Press")
    assert _asked(page) == []
    _choose(page, "Seminar")
    assert {"What do you read?", "Country"} < set(_asked(page))
    assert not {"What else?", "Nights"} & set(_asked(page))
    _choose(page, "Something else")
    page.get_by_label("What else?").fill("Seals")
    _choose(page, "Maps")
    assert "What else?" not in _asked(page)
    _choose(page, "Something else")
    assert page.get_by_label("What else?").input_value() == "Seals"
    _choose(page, "Yes")
    page.get_by_label("Nights").fill("9")


def _be_refused_and_lose_nothing(page):
    page.get_by_label("Given name").first.fill("Łucja")
    page.get_by_label("E-mail").first.fill("lucja")
    page.get_by_label("Which holdings").fill("Letters\nof 1848")
    page.get_by_role("button", name="Register").click()
    summary = page.get_by_role("alert")
    assert summary.get_by_role("link").all_inner_texts() == ["Family name", "E-mail", "Nights"]
    assert page.evaluate("document.activeElement.contains(document.querySelector('[role=alert]'))")
    summary.get_by_role("link", name="Nights").click()
    assert page.evaluate("document.activeElement.value") == "9"
    kept = ("Łucja", "lucja", "Seals", "Letters\nof 1848")
    labels = ("Given name", "E-mail", "What else?", "Which holdings")
    assert tuple(page.get_by_label(label).first.input_value() for label in labels) == kept
    assert page.get_by_role("radio", name=re.compile("^Seminar")).is_checked()


def _join_the_waiting_list(page, post):
    page.get_by_label("Family name").first.fill("Mészáros")
    page.get_by_label("E-mail").first.fill(ADDRESS)
    page.get_by_label("Nights").fill("2")
    page.get_by_role("button", name="Register").click()
    page.wait_for_url("**/r/**")
    page.get_by_text("You are number 2 in line.").wait_for()
    assert page.url.startswith(link_of(post.bring(1, calm=0).all[0], "r"))


def _be_offered_the_place(archives, post, page):
    """Who stands before leaves the list, who has the place gives it back: it is on offer."""
    archives.do(WAITING, "cancel")
    archives.do(HOLDER, "cancel")
    (letter,) = post.bring(1, calm=0).all
    page.goto(re.search(r"http\S+/r/\S+/offer/", plain(letter)).group())


def _take_it(page, post):
    page.get_by_role("button", name="Take the place").click()
    page.get_by_role("heading", name=re.compile("^See you on")).wait_for()
    assert post.bring(1, calm=0).readers == {"Łucja Mészáros": 1}


def _change_answers(page, archives):
    page.get_by_role("link", name="Change details").click()
    assert page.get_by_label("What else?").input_value() == "Seals"
    assert {"Nights", "What else?"} < set(_asked(page))
    _choose(page, "Letters")
    _choose(page, "No")
    assert not {"Nights", "What else?"} & set(_asked(page))
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Your details are saved.").wait_for()
    assert archives.answers(page.url) == {
        "reading": "letters",
        "overnight": False,
        "wishes": "Letters\nof 1848",
    }


def _choose_sessions(page):
    page.get_by_role("link", name="Choose sessions").click()
    page.get_by_label("Reading hands of the 18th century").check()
    page.get_by_label("Maps that moved borders").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Maps that moved borders").uncheck()
    page.get_by_role("button", name="Save").click()
    assert "Reading hands" in page.get_by_role("main").inner_text()


def _give_it_back(page, post):
    page.get_by_role("link", name="Give my place back").click()
    page.get_by_role("button", name="Give my place back").click()
    page.get_by_text("Cancelled").first.wait_for()
    assert len(post.bring(1, calm=0).all) == 1


def _choose(page, name):
    page.get_by_role("radio", name=re.compile(f"^{name}")).first.check()


def _asked(page):
    """Return the labels of the questions that are to be seen, without what stands behind them."""
    return page.evaluate(
        """[...document.querySelectorAll("[data-asked]")].filter((one) => !one.hidden)
           .map((one) => one.querySelector("legend, label").firstChild.textContent.trim())"""
    )


def test_without_javascript_all_questions_are_there_and_only_those_that_are_asked_count(
    open_page, archives
):
    page = open_page(PHONE, java_script_enabled=False)
    page.goto(archives.form)
    asked = page.locator("[data-asked]")
    assert all(one.is_visible() for one in asked.all())
    rule = "Only if you answer “What do you read?” with: Something else."
    page.get_by_text(rule).wait_for()
    _choose(page, "Guest")
    _choose(page, "Letters")
    typed = {"Given name": "Žofie", "Family name": "Nováková", "Nights": "3", "What else?": "Seals"}
    for label, text in typed.items():
        page.get_by_label(label).first.fill(text)
    page.get_by_role("button", name="Register").click()
    page.get_by_role("alert").get_by_role("link", name="E-mail").wait_for()
    assert {name: page.get_by_label(name).first.input_value() for name in typed} == typed
    page.get_by_label("E-mail").first.fill(f"zofie@{DOMAIN}")
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name=re.compile("^See you on")).wait_for()
    assert archives.answers(page.url) == {"reading": "letters"}


def test_an_organiser_approves_many_at_once_and_each_is_told(signed_in, archives):
    page, post = signed_in(DESK), Post(archives.stack, "press")
    post.bring(len(PRESS), calm=0)  # that they wait
    page.goto(f"{archives.console}approvals/")
    page.get_by_label("All on this page").check()
    page.get_by_label(PRESS[0]).uncheck()
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("textbox", name="Reason").fill("Welcome to the reading room")
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Done: 5 ").wait_for()
    links = page.locator("tbody").get_by_role("link")
    assert links.all_inner_texts() == PRESS[:1]
    assert post.bring(len(PRESS) - 1).readers == dict.fromkeys(PRESS[1:], 1)


def test_an_organiser_builds_a_form_and_sees_it_as_guests_will(signed_in, archives):
    page = signed_in(DESK)
    page.goto(f"{archives.console}form/")
    page.get_by_role("link", name="New question").click()
    page.get_by_role("link", name="Text", exact=True).click()
    page.get_by_label(re.compile("^Question")).first.fill("Which script do you read?")
    page.get_by_text("Asked only after certain answers").click()
    page.get_by_label(re.compile("Letters")).check()
    page.get_by_role("button", name="Add the question").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("radio", name="Letters").wait_for()
    assert not frame.get_by_label("Which script do you read?").is_visible()
    frame.get_by_role("radio", name="Letters").check()
    assert frame.get_by_label("Which script do you read?").is_visible()
