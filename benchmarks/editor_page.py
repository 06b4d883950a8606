"""Claim: the editors stay usable with 1,000 sessions and 40 rooms, in a real browser.

The reference is the same editor, in the same browser and run, with the demo's own six sessions.
Weights are bytes over the wire of the page and of its own scripts, beside what all pages of the
console share.
"""

from __future__ import annotations

import shutil
import statistics
from typing import TYPE_CHECKING, Any

from benchmarks.harness import Row, answer_of, stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.harness import Running

ROUNDS = 3
LARGE = "large-forum"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_LOADED = """() => {
  const of = (type) => performance.getEntriesByType(type);
  const all = [...of("navigation"), ...of("resource")];
  return all.reduce((sum, one) => sum + one.transferSize, 0) / 1000;
}"""
_READY = "() => Number(document.getElementById('grid').dataset.ready)"
# When the list's own script has run: its page loads no other module after it.
_LIST_READY = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
_WROTE = "() => Number(document.getElementById('grid').dataset.wrote)"
_FRAMES = """() => { window.frames_ = []; let last = performance.now();
  const next = (now) => {
    window.frames_.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next); }"""


def rows(engine: str) -> list[Row]:
    from playwright.sync_api import sync_playwright

    found: dict[str, dict[str, float]] = {}
    with stack(engine) as lectern, sync_playwright() as playwright:
        organisation, own = lectern.demo["organisation"], lectern.demo["conference"]
        settings = {"DJANGO_SETTINGS_MODULE": "config.settings.base"}
        answer_of("benchmarks.programme_data", {**lectern.environment, **settings}, organisation)
        path = next(p for p in map(shutil.which, CHROMIUM) if p)
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        for conference in (LARGE, own):
            base = f"{lectern.url}/manage/{organisation}/{conference}"
            rounds = [dict(_measure(browser, lectern, base)) for _ in range(ROUNDS)]
            found[conference] = {
                name: statistics.median(one[name] for one in rounds) for name in rounds[0]
            }
        browser.close()
    large, small = found[LARGE], found[own]
    return [
        Row("editors", name.partition(",")[0], value, "six sessions", small[name], _unit(name))
        for name, value in large.items()
    ]


def _unit(name: str) -> str:
    return name.partition(", ")[2]


def _measure(browser: Any, lectern: Running, base: str) -> Iterator[tuple[str, float]]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{lectern.url}/accounts/login/")
    page.get_by_label("E-mail").first.fill(lectern.demo["email"])
    page.get_by_label("Password").first.fill(lectern.demo["password"])
    page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_url("**/manage/**")
    page.goto(f"{base}/sessions/", wait_until="networkidle")
    yield "list: weight, kB", page.evaluate(_LOADED)
    yield "list: until its lines can be used, ms", page.evaluate(_LIST_READY)
    page.goto(f"{base}/grid/", wait_until="networkidle")
    yield "grid: weight, kB", page.evaluate(_LOADED)
    yield "grid: until it can be used, ms", page.evaluate(_READY)
    page.wait_for_selector("#grid[data-conflicts]")
    block = page.locator(".block:not(.for-all)").nth(2)
    block.scroll_into_view_if_needed()
    at = block.bounding_box()
    page.evaluate(_FRAMES)
    page.mouse.move(at["x"] + 20, at["y"] + 8)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(at["x"] + 20 + step, at["y"] + 8 + step % 30)
    frames = sorted(page.evaluate("() => window.frames_"))
    with page.expect_response(lambda answer: answer.url.endswith("/slot/")):
        page.mouse.up()
    page.wait_for_selector("#grid[data-wrote]")
    yield "grid: a frame while dragging (p95), ms", frames[int(len(frames) * 0.95)]
    yield "grid: a move saved, ms", page.evaluate(_WROTE)
    page.locator("#grid-toast").get_by_role("button", name="Undo").click()
    page.wait_for_function(
        "() => document.getElementById('grid-toast').innerText.includes('Undone')"
    )
    context.close()
