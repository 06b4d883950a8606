"""The programme in a guest's hands: found, chosen and kept, with a script and without one."""

import re

import pytest

from core.text import search_key
from tests.browser.conftest import DESK, PHONE, ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
VISIBLE = ".session:visible"
SCRIPT = ROOT / "config" / "static" / "lectern" / "js" / "programme.js"


def _codes(page):
    return page.eval_on_selector_all(VISIBLE, "found => found.map((one) => one.dataset.code)")


def test_a_guest_finds_chooses_and_keeps_sessions_on_a_phone(open_page, stack):
    page = open_page(PHONE)
    page.goto(f"{stack.public}programme/")
    everything = _codes(page)
    title = page.locator(".session h3 a").last.inner_text()
    page.get_by_role("searchbox").fill(title.upper())
    page.get_by_text("On this page: 1").wait_for()
    (chosen,) = _codes(page)
    page.get_by_role("button", name=f"Choose: {title}").click()
    page.get_by_role("searchbox").fill("")
    page.wait_for_function(
        "n => document.querySelectorAll('.session:not([hidden])').length === n", arg=len(everything)
    )
    page.get_by_role("button", name="Show only these").click()
    assert _codes(page) == [chosen]
    page.reload()
    assert page.locator(".star[aria-pressed=true]").count() == 1
    page.get_by_role("button", name="Keep it as a calendar").click()
    page.get_by_role("heading", name="Your own selection").wait_for()
    assert _codes(page) == [chosen]
    own = page.url
    webcal = page.get_by_role("link", name="Subscribe").get_attribute("href")
    calendar = page.request.get(re.sub("^webcal", "http", webcal))
    assert calendar.text().count("BEGIN:VEVENT") == 1
    page.goto(f"{stack.public}programme/")
    page.get_by_role("link", name="Its page and calendar").click()
    assert page.url == own
    page.get_by_text("New link, or delete it").click()
    page.get_by_role("button", name="Make a new link").click()
    page.wait_for_url(lambda url: url != own)
    assert page.request.get(own).status == 404
    page.get_by_text("New link, or delete it").click()
    page.get_by_role("button", name="Delete the selection").click()
    page.wait_for_url("**/programme/")
    assert page.get_by_role("link", name="Its page and calendar").is_hidden()


def test_all_of_it_works_without_a_script(open_page, stack):
    page = open_page(DESK, java_script_enabled=False)
    page.goto(f"{stack.public}programme/")
    title = page.locator(".session h3 a").last.inner_text()
    page.get_by_role("searchbox").fill(title)
    page.get_by_role("button", name="Show", exact=True).first.click()
    assert page.get_by_role("status").inner_text().startswith(f"“{title}”: 1 found.")
    page.get_by_role("link", name="The whole programme").first.click()
    page.get_by_role("link", name="Your own selection").click()
    page.get_by_label(re.compile(re.escape(title))).check()
    page.get_by_role("button", name="Keep it as a calendar").click()
    assert page.locator(".session h3 a").all_inner_texts() == [title]
    page.get_by_role("link", name="Choose others").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Save the selection").click()
    assert page.locator(".session h3 a").count() == 2


def test_a_session_is_chosen_on_its_own_page(open_page, stack):
    page = open_page(PHONE)
    page.goto(f"{stack.public}programme/")
    page.locator(".session h3 a").first.click()
    star = page.get_by_role("button", name="In your own selection", pressed=False)
    star.click()
    page.get_by_role("button", name="In your own selection", pressed=True).wait_for()
    page.goto(f"{stack.public}programme/")
    assert page.locator(".star[aria-pressed=true]").count() == 1


def test_stars_are_reached_and_pressed_by_keys(open_page, stack):
    page = open_page(DESK)
    page.goto(f"{stack.public}programme/")
    link = page.locator(".session h3 a").first
    link.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    assert page.get_by_role("button", name="Show only these").is_visible()


@pytest.mark.parametrize("part", ["programme/", "speakers/", "now/", "selection/"])
def test_pages_of_a_usual_conference_are_light(open_page, stack, part):
    page = open_page(DESK)
    sizes = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(stack.public + part)
    page.wait_for_load_state("networkidle")
    assert len(sizes) <= 8
    assert sum(sizes) <= 60_000


def test_a_reader_far_away_sees_the_times_of_their_own_clock(open_page, stack):
    page = open_page(DESK, timezone_id="Asia/Tokyo")
    page.goto(f"{stack.public}programme/?zone=UTC")
    page.get_by_role("button", name="My own clock (Tokyo)").click()
    page.wait_for_url("**zone=Asia%2FTokyo**")
    assert page.get_by_text("All times are those of Tokyo").is_visible()


def test_the_script_makes_the_same_keys_as_the_server(open_page):
    words = ["Cvijić", "Цвијић", "Đorđević Ђорђе", "Щука Йод Её", "Łódź  naïve", "ǅ Straße ﬁ"]
    source = SCRIPT.read_text(encoding="utf-8")
    code = source[source.index("const LETTERS") : source.index("const sessions")]
    page = open_page(DESK)
    keys = page.evaluate(
        f"(words) => {{ {code.replace('export ', '')}; return words.map(searchKey); }}", words
    )
    assert keys == [search_key(word) for word in words]
