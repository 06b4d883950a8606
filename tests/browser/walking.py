"""Going from page to page as the table of routes names them, and looking at each with axe.

Structure and width are looked at on a phone and at a desk. Colours take nine tenths of the time:
of four pages one is looked at in light at a desk and one in dark on a phone, and with `LOOKS=full`
each in all four ways.
"""

import inspect
import os
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
from django.urls import Resolver404, resolve

from tests.browser.conftest import DESK, PHONE
from tests.routes.walk import access_of, pages

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
IS_FULL = os.environ.get("LOOKS") == "full"
# What is folded up is opened.
LOOK = """async ([structure, inks]) => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  const colours = ["color-contrast", "link-in-text-block"];
  const options = { resultTypes: ["violations"], preload: false, iframes: false };
  const others = Object.fromEntries(colours.map((name) => [name, { enabled: false }]));
  const rules = { ...others, "target-size": { enabled: true } };
  const found = [
    structure && await axe.run({ ...options, rules }),
    inks && await axe.run({ ...options, runOnly: colours }),
  ].filter(Boolean).flatMap(({ violations }) => violations);
  return {
    broken: found.map((rule) => [rule.id, ...rule.nodes.map((node) => node.target.join(" "))]),
    wide: Math.max(document.documentElement.scrollWidth - innerWidth, 0),
    headings: document.querySelectorAll("h1").length,
  };
}"""
LINKS = "[...document.querySelectorAll('a[href], iframe[src]')].map((one) => one.href || one.src)"


def page_names(kinds):
    """Return the names of the addresses that can be read, of these kinds of access."""
    return {
        route.name
        for route in pages()
        if access_of(route).kind in kinds and _is_read(route.view) and not _is_file(route)
    }


def _is_read(view):
    """Tell whether a view takes GET: its decorators name the methods that it takes."""
    while view is not None:
        methods = inspect.getclosurevars(view).nonlocals.get("request_method_list")
        if methods is not None:
            return "GET" in methods
        view = getattr(view, "__wrapped__", None)
    return True


def _is_file(route):
    return "." in route.pattern.rsplit("/", 1)[-1] or route.name.endswith("-file")


class Walk:
    """Visits one page of each name, and notes what is wrong with it."""

    def __init__(self, page, base, names):
        self.page, self.base, self.names = page, base, names
        self.examples = {}
        self.seen = set()
        self.linked = set()
        self.looked_at = set()
        self.wrong = []
        self.looked = 0
        # Nothing moves: colours are read when they have settled.
        page.emulate_media(reduced_motion="reduce")

    def note(self, link):
        """Take a link as the example of its address, if there is none yet."""
        if not link.startswith(self.base):
            return
        try:
            name = resolve(urlsplit(link).path).view_name
        except Resolver404:
            return
        if name in self.names:
            self.examples.setdefault(name, link.split("#")[0])

    def go(self):
        """Visit what is known, and what that leads to, until nothing is left."""
        while names := sorted(self.examples.keys() - self.seen):
            for name in names:
                self.seen.add(name)
                self.visit(self.examples[name], name)

    def visit(self, link, name=""):
        """Open a page and look at it, if it is one."""
        if link not in self.linked:
            answer = self.page.request.get(link, max_redirects=0)
            if answer.status != 200 or "<html" not in answer.text()[:200]:
                return
        answer = self.page.goto(link)
        rules = answer.headers.get("content-security-policy", "")
        if "sandbox" in rules and "allow-scripts" not in rules:
            self.names.discard(name)  # a mail in its frame is no page of ours, and axe can not run
            return
        if self.page.url != link:
            return
        self.looked_at.add(name)
        for one in self.page.evaluate(LINKS):
            self.note(one)
            self.linked.add(one)
        self.look()

    def look(self):
        """Look at the page that is open, in each way."""
        self.page.evaluate(AXE)
        self.looked += 1
        for viewport in (DESK, PHONE):
            self.page.set_viewport_size(viewport)
            for scheme in ("light", "dark"):
                diagonal = (viewport == DESK) == (scheme == "light")
                turn = self.looked % 4 == (0 if viewport == DESK else 2)
                inks = IS_FULL or (diagonal and turn)
                structure = scheme == "light"
                if structure or inks:
                    self._look(viewport, scheme, structure, inks)
        self.page.set_viewport_size(DESK)

    def _look(self, viewport, scheme, structure, inks):
        self.page.emulate_media(color_scheme=scheme)
        found = self.page.evaluate(LOOK, [structure, inks])
        if found != {"broken": [], "wide": 0, "headings": 1}:
            self.wrong.append((self.page.url, viewport["width"], scheme, found))
