"""The whole product as `make run` starts it, and a real Chromium in front of it.

The tests talk to processes, never to the ORM: Playwright's event loop and Django's don't mix, and a
journey that needs the database's help is no journey.
"""

import contextlib
import email
import email.policy
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.archives import build

ROOT = Path(__file__).resolve().parent.parent.parent
CHROMIUM = next(
    (p for p in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if p), ""
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass(frozen=True)
class Stack:
    """A running Lectern with its demo."""

    url: str
    home: Path
    demo: dict

    @property
    def public(self) -> str:
        return f"{self.url}/{self.demo['organisation']}/{self.demo['conference']}/"

    @property
    def console(self) -> str:
        return f"{self.url}/manage/{self.demo['organisation']}/{self.demo['conference']}/"

    @property
    def api(self) -> str:
        organisation, conference = self.demo["organisation"], self.demo["conference"]
        return f"{self.url}/api/v1/organisations/{organisation}/conferences/{conference}/"

    def call(self, method: str, url: str, body: dict | None = None, **headers: str):
        """Ask the organiser's API; return status, headers and the JSON body."""
        request = urllib.request.Request(  # noqa: S310 - our own server on loopback
            url,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.demo['token']}",
                "Content-Type": "application/json",
                **{name.replace("_", "-"): value for name, value in headers.items()},
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - see above
                return response.status, response.headers, json.loads(response.read() or b"null")
        except urllib.error.HTTPError as refusal:
            refusal.add_note(refusal.read().decode())
            raise

    def mails_to(self, address: str, *, at_least: int = 1, within: float = 30.0) -> list:
        """Return the mails in the folder for this address, oldest first, waiting for them."""
        deadline = time.monotonic() + within
        while True:
            found = []
            for path in sorted((self.home / "mail").glob("*.eml")):
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                if address in str(message["To"]):
                    found.append(message)
            if len(found) >= at_least or time.monotonic() > deadline:
                return found
            time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(home):
    """Start everything with one command on an empty home, as a new user does; stop it after."""
    port = _free_port()
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "BASE_URL"}
        and name not in {"SECRET_KEY", "LINK_KEY", "TICKET_KEY", "EMAIL_URL"}
    }
    log = (home.parent / "run.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "scripts.run"],
        cwd=ROOT,
        env={**kept, "LECTERN_HOME": str(home), "PORT": str(port)},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while b"Ready after" not in Path(log.name).read_bytes():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"Lectern did not start:\n{Path(log.name).read_text()[-4000:]}")
            time.sleep(0.2)
        yield Stack(url, home, json.loads((home / "demo.json").read_text()))
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        log.close()


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The product with its demo, one for all tests of a run."""
    with running(tmp_path_factory.mktemp("lectern")) as found:
        yield found


@pytest.fixture(scope="session")
def archives(stack):
    """Return the conference with questions, sessions, codes and a waiting list."""
    return build(stack)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "Chromium is not installed: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _trouble(line):
    """Return what an error of the console says, but for refused forms and mails in their frames.

    Chromium names both: a mail is shown where no script runs, Playwright's own included.
    """
    known = r"responded with a status of (400|409|412) |^Blocked script execution in '"
    known = re.search(known, line.text)
    return [f"console: {line.text}"] if line.type == "error" and not known else []


@pytest.fixture
def open_page(chromium, stack):
    """Open a page at a width; fail at the end on any error of the console or of the policy."""
    contexts = []
    troubles = []

    def open_(viewport=DESK, **options):
        context = chromium.new_context(viewport=viewport, locale="en-GB", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
        page.on("console", lambda line: troubles.extend(_trouble(line)))
        page.on(
            "request",
            lambda request: (
                troubles.append(f"foreign host: {request.url}")
                if not request.url.startswith((stack.url, "data:", "blob:", "about:"))
                else None
            ),
        )
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def signed_in(open_page, stack):
    """Open a page whose visitor has signed in as the demo's organiser."""

    def sign_in(viewport=DESK):
        page = open_page(viewport)
        page.goto(f"{stack.url}/accounts/login/")
        page.get_by_label("E-mail").first.fill(stack.demo["email"])
        page.get_by_label("Password").first.fill(stack.demo["password"])
        page.get_by_role("button", name="Sign in").first.click()
        page.wait_for_url("**/manage/**")
        return page

    return sign_in
