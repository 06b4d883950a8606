"""The Belgrade panel from nothing: composed, asked, one declines, is replaced, all is published;
whom a change concerns gets one letter, the others none.
"""

import datetime as dt
import io
import re
import urllib.request
from dataclasses import replace

import pytest
from pypdf import PdfReader

from tests.browser.conftest import DESK, PHONE
from tests.browser.post import Post, link_of, plain

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

DOMAIN = "panel.example"
DAY = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=60)
TITLE = "Who speaks for the region"
# Role, given name, family name, affiliation.
PANEL = (
    ("Moderator", "Mila", "Đorđević", "Radio Sava"),
    ("Panellist", "Petar", "Őry", "Tisza Institute"),
    ("Panellist", "Ana", "Žnidar", "Danube Ledger"),
    ("Panellist", "Ivan", "Громов", "River Institute"),
)
NEW = ("Luca", "Weiß-Grünwald", "Port Authority")


@pytest.fixture
def envoys(stack):
    """A published conference without a session."""
    slug = "envoys-of-the-region"
    body = {
        "slug": slug,
        "kind": "half_day_conference",
        "title": {"en": "Envoys of the region"},
        "start": f"{DAY}T10:00",
        "end": f"{DAY}T15:00",
        "time_zone": "Europe/Belgrade",
        "contact_email": "office@example.org",
    }
    stack.call("POST", stack.api.removesuffix(f"{stack.demo['conference']}/"), body)
    own = replace(stack, demo={**stack.demo, "conference": slug})
    _, headers, _ = stack.call("GET", own.api)
    stack.call("PATCH", own.api, {"state": "published"}, If_Match=headers["ETag"])
    given, family, affiliation = NEW
    people = f"{stack.api.split('/conferences/')[0]}/people/"
    stack.call("POST", people, _person(given, family, affiliation))
    return own


def _address(given_name):
    return f"{given_name.lower()}@{DOMAIN}"


def _person(given_name, family_name, affiliation):
    names = {"given_name": given_name, "family_name": family_name}
    return {**names, "email": _address(given_name), "affiliation": affiliation}


def test_a_panel_is_composed_asked_replaced_published_and_told(signed_in, open_page, envoys):
    page, post = signed_in(DESK), Post(envoys, f"@{DOMAIN}")
    panel = _compose(page, envoys)
    _ask_all(page)
    letters = post.bring(4)
    assert letters.readers == {f"{given} {family}": 1 for _role, given, family, _of in PANEL}
    assert "We would love to have you" in plain(letters.to("Mila Đorđević"))

    _answer(open_page, letters.to("Mila Đorđević"), "Yes, I will speak")
    _answer(open_page, letters.to("Petar Őry"), "Yes, I will speak")
    _answer(open_page, letters.to("Ivan Громов"), "Yes, I will speak")
    _answer(open_page, letters.to("Ana Žnidar"), "No, I can not", reason="I travel that week")
    post.bring(3)

    _replace(page, panel)
    asked = post.bring(1)
    assert asked.readers == {"Luca Weiß-Grünwald": 1}
    _answer(open_page, asked.to("Luca Weiß-Grünwald"), "Yes, I will speak")
    post.bring(1)

    _publish(page, envoys, "First programme", "Publish quietly")
    _read_programme(open_page, envoys)
    assert not post.bring(0, calm=2).readers
    _move(page, envoys)
    _publish(page, envoys, "Half an hour later", "Publish and tell 4 people")
    told = post.bring(4, calm=3)
    assert told.readers == {
        "Mila Đorđević": 1,
        "Petar Őry": 1,
        "Ivan Громов": 1,
        "Luca Weiß-Grünwald": 1,
    }
    assert "11:15" in plain(told.to("Petar Őry"))

    _read_briefing(open_page, letters.to("Mila Đorđević"))
    _look_at_who_declined(page, envoys)


def _compose(page, envoys):
    page.goto(f"{envoys.console}sessions/")
    page.get_by_label("New session").fill(f"10:45 Panel: {TITLE} 90 min")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name=TITLE).click()
    for role, given, family, affiliation in PANEL:
        page.goto(f"{page.url.split('?')[0].split('#')[0]}?add=1")
        page.get_by_text("Somebody new").click()
        card = page.locator("#card")
        card.get_by_label("Role").last.select_option(label=role)
        card.get_by_label("Given name").fill(given)
        card.get_by_label("Family name").fill(family)
        card.get_by_label(re.compile("Affiliation|Organisation")).fill(affiliation)
        card.get_by_label("E-mail").fill(_address(given))
        card.get_by_role("button", name="Add to the panel").click()
        page.locator(".panel-table").get_by_text(family).wait_for()
    return page.url.split("?")[0].split("#")[0]


def _ask_all(page):
    page.get_by_role("link", name="Ask all 4 who were not asked").click()
    page.get_by_label(re.compile("words|write", re.IGNORECASE)).first.fill(
        "We would love to have you with us."
    )
    page.get_by_role("button", name="Ask 4 people").click()
    page.locator(".panel-table").get_by_text("Invited").first.wait_for()
    assert page.locator(".panel-table").get_by_text("Invited", exact=True).count() == 4


def _answer(open_page, letter, button, reason=""):
    page = open_page(PHONE)
    page.goto(link_of(letter, "s"))
    page.get_by_role("button", name=button).click()
    if not reason:
        page.get_by_role("heading", name="Thank you, we count on you").wait_for()
        return
    page.get_by_role("heading", name="Thank you for telling us").wait_for()
    page.get_by_role("textbox").first.fill(reason)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Thank you for telling us").wait_for()


def _replace(page, panel):
    page.goto(panel)
    seat = page.locator(".panel-table .seat", has_text="Žnidar")
    seat.get_by_text("Declined: I travel that week").wait_for()
    seat.get_by_role("link", name=re.compile("Replace")).click()
    # Both words: another journey of the same house may know another Weiß.
    page.get_by_role("searchbox").fill("Weiss Grunwald")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Choose").click()
    page.get_by_label(re.compile("^Ask")).check()
    page.get_by_role("button", name="Put Luca in their place").click()
    page.locator(".panel-table .seat", has_text="Grünwald").get_by_text("Invited").wait_for()
    assert page.locator(".panel-table .seat", has_text="Žnidar").count() == 0


def _publish(page, envoys, name, button):
    page.goto(f"{envoys.console}schedule/")
    page.get_by_label(re.compile("^What you call")).fill(name)
    page.get_by_role("button", name=button).click()
    page.locator("table").get_by_text(name).first.wait_for()


def _read_programme(open_page, envoys):
    page = open_page(PHONE)
    page.goto(f"{envoys.public}programme/")
    shown = page.get_by_role("main").inner_text()
    places = [shown.index(name) for name in ("Đorđević", "Őry", "Grünwald", "Громов")]
    assert places == sorted(places)
    assert "Žnidar" not in shown


def _move(page, envoys):
    page.goto(f"{envoys.console}sessions/")
    page.get_by_label(f"Start of {TITLE}").fill("11:15")
    page.get_by_label(f"Start of {TITLE}").press("Enter")
    page.get_by_role("button", name="Undo").first.wait_for()


def _read_briefing(open_page, letter):
    """The moderator opens the briefing from the page behind the link, and prints it."""
    page = open_page(PHONE)
    page.goto(link_of(letter, "s"))
    page.get_by_role("link", name="Briefing").click()
    page.get_by_role("heading", name=TITLE).wait_for()
    address = page.get_by_role("link", name="As a PDF").evaluate("link => link.href")
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - on loopback
        document = PdfReader(io.BytesIO(answer.read()))
    text = " ".join(" ".join(one.extract_text().split()) for one in document.pages)
    assert TITLE in text
    assert "11:15" in text
    assert all(name in text for name in ("Őry", "Grünwald", "Громов"))
    assert "Žnidar" not in text


def _look_at_who_declined(page, envoys):
    page.goto(f"{envoys.url}/manage/{envoys.demo['organisation']}/people/?q=Znidar")
    page.locator("tbody th a").first.click()
    main = page.get_by_role("main").inner_text()
    assert "I travel that week" in main
    assert "Asked once" in main
