"""The editors of the draft in a real browser: six typed lines that flow, and a grid of 1,000."""

import datetime as dt
import json
import os
import re
import secrets
import subprocess
import sys

import pytest

from tests.browser.conftest import DESK, PHONE, ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

LINES = (
    ("10:00 Opening remarks — Ambassador Smith", "10:00", "15", "Opening remarks"),
    ("Presentation of the research “Envoys” 30 min", "10:15", "30", "Presentation"),
    ("Panel: Who speaks for the region", "10:45", "90", "Panel"),
    ("15 min Break", "12:15", "15", "Break"),
    ("Discussion with the audience", "12:30", "45", "Discussion"),
    ("Reception", "13:15", "60", "Reception"),
)


@pytest.fixture
def belgrade(stack):
    """Return the console address of a conference without a session."""
    slug = f"envoys-{secrets.token_hex(3)}"
    day = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=60)
    body = {
        "slug": slug,
        "kind": "half_day_conference",
        "title": {"en": "Envoys of the region"},
        "start": f"{day}T10:00",
        "end": f"{day}T14:30",
        "time_zone": "Europe/Belgrade",
    }
    stack.call("POST", f"{stack.api.split('/conferences/')[0]}/conferences/", body)
    return f"{stack.url}/manage/{stack.demo['organisation']}/{slug}/"


@pytest.fixture(scope="module")
def large(stack):
    """Return the console address of a conference of 1,000 sessions, some in each other's way."""
    lines = (stack.home / "secrets.env").read_text().split("\n")
    environment = {
        **os.environ,
        **dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#"),
        "LECTERN_HOME": str(stack.home),
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
    }
    command = [sys.executable, "-m", "benchmarks.programme_data", stack.demo["organisation"]]
    done = subprocess.run(
        [*command, "--clashes", "10"], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    facts = json.loads(done.stdout.decode().strip().split("\n")[-1])
    assert facts["sessions"] == 1000
    return f"{stack.url}/manage/{stack.demo['organisation']}/{facts['conference']}/"


def said(page, text):
    """Wait until the page says this."""
    page.locator("#main .notice", has_text=text).first.wait_for()


def lines_of(page):
    """Return the list as it is read: (start, minutes, title)."""
    return [
        (
            line.locator("input.time").input_value(),
            line.locator("input.minutes").input_value(),
            line.locator(".line-title").inner_text(),
        )
        for line in page.locator("li.line").all()
    ]


@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_six_typed_lines_are_a_programme_whose_times_flow(signed_in, belgrade, width):
    page = signed_in(width)
    page.goto(f"{belgrade}sessions/")
    field = page.get_by_label("New session")
    field.focus()
    for number, (line, _start, _minutes, kind) in enumerate(LINES, 1):
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        page.locator("li.line").nth(number - 1).wait_for()
        assert page.locator(".line-kind").nth(number - 1).inner_text() == kind
        # The next line can be typed at once.
        assert page.evaluate("document.activeElement.name") == "line"
    assert [(start, minutes) for start, minutes, _ in lines_of(page)] == [
        (start, minutes) for _, start, minutes, _ in LINES
    ]
    page.locator("input.minutes").nth(1).fill("40")
    page.keyboard.press("Enter")
    said(page, "4 sessions moved with it")
    flowed = ["10:00", "10:15", "10:55", "12:25", "12:40", "13:25"]
    assert [start for start, _, _ in lines_of(page)] == flowed
    page.get_by_role("button", name="Undo").click()
    said(page, "Undone:")
    assert [start for start, _, _ in lines_of(page)] == [start for _, start, _, _ in LINES]
    page.get_by_role("button", name="Move down").nth(3).click()
    said(page, "“Break” is later.")
    assert [title for _, _, title in lines_of(page)][3:5] == [
        "Discussion with the audience",
        "Break",
    ]
    page.get_by_role("button", name="Break of 15 minutes after this").nth(1).click()
    said(page, "is put in")
    assert [start for start, _, _ in lines_of(page)][2:4] == ["10:45", "11:00"]
    assert not page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def test_lines_are_dragged_and_two_editors_do_not_overwrite_each_other(signed_in, belgrade, stack):
    page = signed_in(DESK)
    page.goto(f"{belgrade}sessions/")
    for line in ("10:00 Panel A 60 min", "Panel B 30 min", "Panel C 30 min"):
        page.get_by_label("New session").fill(line)
        page.keyboard.press("Enter")
        said(page, f"Added “{re.search('Panel .', line)[0]}”")
    last, first = page.locator(".grip").nth(2), page.locator("li.line").nth(0)
    last.hover()
    page.mouse.down()
    box = first.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 30, steps=4)
    page.mouse.move(box["x"] + 20, box["y"] + 4, steps=4)
    page.mouse.up()
    said(page, "3 sessions moved.")
    assert [line[::2] for line in lines_of(page)] == [
        ("10:00", "Panel C"),
        ("10:30", "Panel A"),
        ("11:30", "Panel B"),
    ]
    api = belgrade.replace("/manage/", "/api/v1/organisations/").split("/")
    url = f"{stack.url}/api/v1/organisations/{api[-3]}/conferences/{api[-2]}/sessions/"
    _, _, sessions = stack.call("GET", url)
    row = next(s for s in sessions["results"] if s["title"] == {"en": "Panel B"})
    day = row["slot"]["start"][:10]
    stack.call(
        "POST",
        f"{url}{row['code']}/place/",
        {"start": f"{day}T12:00", "end": f"{day}T12:30"},
    )
    page.locator("input.minutes").nth(2).fill("45")
    page.keyboard.press("Enter")
    said(page, "moved it to 12:00 just now. Your change was not saved.")
    page.get_by_role("button", name="Do mine again").click()
    said(page, "“Panel B”: 11:30–12:15.")


def test_one_of_a_thousand_is_moved_by_mouse_and_by_keys_and_put_back(signed_in, large):
    page = signed_in(DESK)
    page.goto(f"{large}grid/")
    page.wait_for_selector("#grid[data-conflicts]")
    assert page.locator(".has-error").count() >= 2
    block = page.locator(".block[class*=kind-]", has_text="(42)").first
    code = block.get_attribute("data-code")
    block = page.locator(f"[data-code='{code}']")
    when, says = block.locator(".block-when"), page.locator("#grid-says")
    before = when.inner_text()
    block.scroll_into_view_if_needed()
    box = block.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] - 60, box["y"] + 30, steps=6)
    page.mouse.move(box["x"] - 120, box["y"] + 44, steps=6)
    page.locator("#grid-says", has_text="overlap").wait_for()
    assert when.inner_text() == "13:45–15:15"
    page.mouse.up()
    page.get_by_role("button", name="Undo").click()
    page.locator("#grid-toast", has_text="Undone: ").wait_for()
    assert when.inner_text() == before
    block.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    page.locator("#grid-says", has_text="overlap").wait_for()
    page.keyboard.press("Escape")
    assert (when.inner_text(), says.inner_text()[:8]) == (before, "Put back")
    page.keyboard.press("Shift+ArrowDown")
    page.locator("#grid-toast", has_text="15:15").wait_for()
    assert when.inner_text() == "13:30–15:15"
    page.keyboard.press("Enter")
    page.locator("#place-start").fill("18:00")
    page.keyboard.press("Enter")
    page.locator("#grid-toast", has_text="18:00").wait_for()
    assert page.evaluate("document.activeElement.dataset.code") == code
    page.get_by_label("Steps of").select_option("5")
    page.locator(f"[data-code='{code}']").press("ArrowUp")
    page.locator("#grid-toast", has_text="17:55").wait_for()


def test_a_phone_places_a_session_by_the_dialog(signed_in, large):
    page = signed_in(PHONE)
    page.goto(f"{large}grid/")
    page.wait_for_selector("#grid[data-conflicts]")
    item = page.locator(".tray-item").first
    code = item.get_attribute("data-code")
    item.click()
    page.locator("#place-start").fill("17:00")
    page.locator("#place-room").select_option(index=2)
    page.get_by_role("button", name="Put it there").click()
    page.get_by_role("button", name="Undo").wait_for()
    assert page.locator(f".block[data-code='{code}'] .block-when").inner_text() == "17:00–18:30"
    assert not page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )


def test_the_grid_is_a_readable_table_without_a_script(chromium, stack, large, signed_in):
    cookies = signed_in(DESK).context.cookies()
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(f"{large}grid/")
    page.get_by_role("link", name="Tuesday, 11 May").click()
    assert page.get_by_role("row").count() > 100
    page.goto(f"{large}sessions/")
    page.locator("input.minutes").nth(2).fill("85")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Undo").click()
    said(page, "Undone:")
    context.close()
