"""The attendee's journey: from the page to the ticket, by the mail's link, and back out."""

import email.utils
import io
import re
import time

import pytest
import zxingcpp
from PIL import Image

from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def _plain(message):
    return message.get_body(("plain",)).get_content()


def _part(message, content_type):
    return next(part for part in message.walk() if part.get_content_type() == content_type)


@pytest.mark.parametrize(("viewport", "name"), [(PHONE, "phone"), (DESK, "desk")])
def test_an_attendee_registers_reads_the_mail_changes_a_detail_and_gives_the_place_back(
    open_page, stack, viewport, name
):
    address = f"jelena.{name}@example.org"
    page = open_page(viewport)
    page.goto(stack.public)
    page.get_by_role("link", name="Register").locator("visible=true").first.click()

    page.get_by_role("button", name="Register").click()
    summary = page.get_by_role("alert").or_(page.locator(".form-errors, .error-summary")).first
    summary.wait_for()
    page.get_by_label("Given name").fill("Jelena")
    page.get_by_label("Family name").fill("Đurić")
    page.get_by_label("E-mail").fill(address)
    began = time.monotonic()
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name=re.compile("^See you on")).wait_for()

    (confirmation,) = stack.mails_to(address, within=10)
    assert time.monotonic() - began < 10
    link = re.search(r"http://\S+/r/\S+/", _plain(confirmation)).group()
    assert link == page.url
    picture = Image.open(io.BytesIO(_part(confirmation, "image/png").get_content()))
    assert zxingcpp.read_barcodes(picture)[0].text.startswith(f"L1.{link.split('/')[4]}.")
    assert "METHOD:PUBLISH" in _part(confirmation, "text/calendar").get_content()
    assert email.utils.parseaddr(str(confirmation["To"]))[1] == address

    page.goto(link)
    page.get_by_role("link", name="Change details").click()
    page.get_by_label(re.compile("^Position")).fill("Head of Office")
    page.get_by_role("button", name=re.compile("Save|Change")).click()
    page.get_by_role("link", name="Give my place back").click()
    page.get_by_role("button", name=re.compile("Give my place back|Cancel my registration")).click()
    page.get_by_role("heading", level=1).wait_for()
    assert "Cancelled" in page.get_by_role("main").inner_text()

    mails = stack.mails_to(address, at_least=2)
    assert "METHOD:CANCEL" in _part(mails[-1], "text/calendar").get_content()


def test_a_second_try_with_the_same_address_is_answered_kindly_and_changes_nothing(
    open_page, stack
):
    page = open_page(PHONE)
    for _ in range(2):
        page.goto(f"{stack.public}register/")
        page.get_by_label("Given name").fill("Ana")
        page.get_by_label("Family name").fill("Marić")
        page.get_by_label("E-mail").fill("ana.twice@example.org")
        page.get_by_role("button", name="Register").click()
        page.wait_for_load_state()

    assert "already registered" in page.get_by_role("main").inner_text()
    assert page.get_by_label("Given name").input_value() == "Ana"
    _, _, found = stack.call("GET", f"{stack.api}registrations/?search=ana.twice")
    assert [row["status"] for row in found["results"]] == ["confirmed"]


def test_public_pages_open_at_both_widths_with_few_requests_and_little_weight(open_page, stack):
    past = f"{stack.url}/{stack.demo['organisation']}/non-malign-influence/"
    pages = [
        f"{stack.url}/{stack.demo['organisation']}/",
        stack.public,
        f"{stack.public}programme/",
        f"{stack.public}register/",
        past,
        f"{past}programme/",
        f"{past}outcome/",
    ]
    heavy = []
    for viewport in (DESK, PHONE):
        for url in pages:
            weight, number, wide, has_cookie = _weigh(open_page(viewport), url)
            has_cookie = has_cookie and not url.endswith("/register/")
            if weight > 65_000 or number > 8 or wide > 0 or has_cookie:
                heavy.append((url, viewport["width"], weight, number, wide, has_cookie))
    assert heavy == []


def test_the_form_has_at_most_60_kilobytes_and_8_requests(open_page, stack, archives):
    """The demo's form, and one with questions of all kinds and sessions, on a phone."""
    forms = (f"{stack.public}register/", archives.form)
    in_cyrillic = [f"{form}?lang={code}" for form in forms for code in ("sr-Cyrl", "ru")]
    for url in (*forms, *in_cyrillic):
        weight, number, wide, _cookie = _weigh(open_page(PHONE), url)
        assert (weight <= 60_000, number <= 8, wide) == (True, True, 0), (url, weight, number)


def _weigh(page, url):
    """Return what a first visit transfers, in how many requests, the overhang, and any cookie."""
    answers = []
    # Playwright takes no method of a list.
    page.on("requestfinished", lambda request: answers.append(request))  # noqa: PLW0108
    page.goto(url)
    page.evaluate("document.fonts.ready")
    # The other journeys put names in Cyrillic on the panel; they bring their own font.
    own = "lang=" in url
    sizes = [one.sizes() for one in answers if own or "cyrillic" not in one.url]
    weight = sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    found = weight, len(sizes), wide, bool(page.context.cookies())
    page.context.close()
    return found


def test_the_past_panel_shows_its_moderator_and_panellists_in_order(open_page, stack):
    page = open_page(PHONE)
    page.goto(f"{stack.url}/{stack.demo['organisation']}/non-malign-influence/programme/")

    shown = page.get_by_role("main").inner_text()

    order = ["Radina Vučetić", "Maksim Samorukov", "Srđan Cvijić", "Margarita Zavadskaya"]
    panel = shown[shown.index("Expert panel discussion") :]
    assert [panel.index(name) for name in order] == sorted(panel.index(name) for name in order)
    assert "Prof. Dr." in panel
