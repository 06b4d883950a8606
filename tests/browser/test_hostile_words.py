"""No stored text is ever more than text: S16 of the plan, in a real browser.

Every text that the demo stores is made hostile behind the back of all validation, then every page
is opened, those with a search box with a hostile search too. A hook in the page counts what runs,
and every report of the policy counts as a failure.
"""

import os
import subprocess
import sys
import time

import pytest

from tests.browser.archives import ASKED, OFFERED, QUEUED, build
from tests.browser.conftest import DESK, ROOT, running
from tests.browser.examples import make_examples
from tests.browser.poison import HIT, WORDS
from tests.browser.test_pages import NOT_INSIDE, begin
from tests.browser.walking import Walk, page_names
from tests.sizes import FULL

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(3600 if FULL else 420)]
ROUNDS = len(WORDS) if FULL else 1
# What a page keeps at most (PUBLIC_KEPT_SECONDS).
KEPT = 6
HOOK = """
  window.hits = [];
  for (const name of ["alert", "confirm", "prompt"]) window[name] = () => { hits.push(name); };
  document.addEventListener("securitypolicyviolation", (event) => {
    hits.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
"""
FOUND = """() => [
  ...window.hits ?? [],
  ...document.documentElement.dataset.hit ? ["ran"] : [],
  ...[...document.querySelectorAll("[onerror],[onload],[onfocus],[ontoggle],[onbegin],[onstart]," +
     "[onmouseover],[onanimationstart],iframe[srcdoc],base,object,embed,marquee,a[href^='javascript:']")]
    .map((one) => one.outerHTML.slice(0, 200)),
]"""


class HostileWalk(Walk):
    """Looks for what ran, instead of for what looks wrong."""

    def look(self):
        # What a handler would do on its own it has done by now: pictures fail, fields get focus.
        self.page.wait_for_timeout(30)
        for hit in self.page.evaluate(FOUND):
            self.wrong.append((self.page.url, hit))

    def visit(self, link, name=""):
        super().visit(link, name)
        if name and "?" not in link and self.page.locator("input[name=q]").count():
            word = WORDS[len(self.looked_at) % len(WORDS)]
            self.page.goto(f"{link}?q={_quoted(word)}")
            self.look()


def _quoted(text):
    from urllib.parse import quote

    return quote(text)


@pytest.fixture(scope="module")
def victim(tmp_path_factory):
    """A running product of our own, with something on every page."""
    with running(tmp_path_factory.mktemp("hostile")) as stack:
        archives = build(stack)
        yield stack, archives, make_examples(stack, archives)


@pytest.fixture(scope="module")
def visitor(victim, chromium):
    """A browser that is signed in, with the hook in each page."""
    stack = victim[0]
    context = chromium.new_context(viewport=DESK, locale="en-GB")
    context.add_init_script(HOOK)
    page = context.new_page()
    page.goto(f"{stack.url}/accounts/login/")
    page.get_by_label("E-mail").first.fill(stack.demo["email"])
    page.get_by_label("Password").first.fill(stack.demo["password"])
    page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_url("**/manage/**")
    yield page
    context.close()


def _poison(stack, shift):
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "BASE_URL"}
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.poison", str(shift)],
        cwd=ROOT,
        env={**kept, "LECTERN_HOME": str(stack.home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [int(number) for number in done.stdout.split()]


def test_the_hook_sees_what_runs(victim, chromium):
    """A control: on a page of no policy the same words do run, and the hook says so."""
    stack = victim[0]
    context = chromium.new_context(viewport=DESK)
    context.add_init_script(HOOK)
    page = context.new_page()
    page.route(
        f"{stack.url}/bare/",
        lambda route: route.fulfill(
            body=f"<!doctype html><p>{WORDS[2]}</p><img src=x onerror={HIT}>",
            content_type="text/html",
        ),
    )
    page.goto(f"{stack.url}/bare/")
    page.wait_for_timeout(300)
    assert "ran" in page.evaluate(FOUND)
    context.close()


@pytest.mark.parametrize("shift", range(ROUNDS))
def test_no_stored_word_runs_on_any_page(victim, visitor, shift):
    stack, archives, examples = victim
    texts, fields = _poison(stack, shift)
    assert (texts > 3000, fields > 80) == (True, True), (texts, fields)
    time.sleep(KEPT)
    walk = HostileWalk(
        visitor,
        stack.url,
        page_names({"permission", "signed-in", "demo", "public", "capability"}) - {"api-docs"},
    )
    past = f"{stack.url}/{stack.demo['organisation']}/non-malign-influence/"
    personal = [f"{archives.links[ASKED]}{part}/" for part in ("change", "cancel", "sessions")]
    for link in (
        *examples,
        f"{past}outcome/",
        f"{archives.links[OFFERED]}offer/",
        archives.links[QUEUED],
        archives.form,
        *personal,
    ):
        walk.note(link)
    begin(walk, archives.stack)
    begin(walk, stack)
    walk.go()
    sys.stdout.write(f"{texts} texts of {fields} fields, {len(walk.looked_at)} pages, {shift}\n")
    assert walk.wrong == []
    assert len(walk.looked_at) > 120
    missed = {name for name in walk.names - walk.looked_at if name.startswith("manage-")}
    assert missed - NOT_INSIDE == set()
