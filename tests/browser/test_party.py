"""Who brings others, and who sends somebody else: each on a phone, without an account."""

import re

import pytest

from tests.browser.archives import DOMAIN
from tests.browser.conftest import PHONE
from tests.browser.post import Post, link_of, plain

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
ADDRESS = f"jasna@{DOMAIN}"
OWN = f"emil@{DOMAIN}"
READS = {"reading": "letters"}


def test_a_guest_brings_two_names_one_later_and_takes_the_other_out(open_page, archives):
    page, post = open_page(PHONE), Post(archives.stack, ADDRESS)
    _register_three(page, archives)
    assert post.bring(1).readers == {"Jasna Đurić": 1}
    assert _party(page) == ["Emil Vuković", "Name to come"]
    letters = Post(archives.stack, OWN).bring(1)
    assert letters.readers == {"Emil Vuković": 1}, "who has an address has a letter"

    page.get_by_role("link", name="Name them").click()
    page.get_by_label("Given name").fill("Љиљана")
    page.get_by_label("Family name").fill("Њежић")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Who comes with you").wait_for()
    assert _party(page) == ["Emil Vuković", "Љиљана Њежић"]

    page.get_by_role("link", name="Take out Emil Vuković").click()
    page.get_by_role("button", name="Take out of the party").click()
    page.get_by_role("heading", name="Who comes with you").wait_for()
    assert _party(page) == ["Љиљана Њежић"]
    page.goto(link_of(letters.to("Emil Vuković"), "r"))
    page.get_by_text("Cancelled").first.wait_for()


def test_a_guest_sends_somebody_else_who_has_place_and_ticket_then(open_page, archives):
    page = open_page(PHONE)
    former, new = Post(archives.stack, f"ratko@{DOMAIN}"), Post(archives.stack, f"mira@{DOMAIN}")
    link = archives.register("guest", "Ratko Žakula", email=f"ratko@{DOMAIN}", answers=READS)
    former.bring(1)
    page.goto(link)
    code = page.locator(".code").inner_text()
    page.get_by_role("link", name="Send somebody else").click()
    page.get_by_role("button", name="Give them my place").click()
    page.get_by_role("alert").wait_for()
    typed = {"Given name": "Mira", "Family name": "Čvorović", "E-mail": f"mira@{DOMAIN}"}
    for label, text in typed.items():
        page.get_by_label(label).first.fill(text)
    page.get_by_role("button", name="Give them my place").click()
    page.get_by_role("heading", name="Somebody else has this place now").wait_for()
    page.goto(link)
    assert page.locator(".code").count() == 0, "the former link shows no ticket"

    assert any("Mira Čvorović’s now" in plain(letter) for letter in former.bring(1).all)
    page.goto(link_of(new.bring(1).all[0], "r"))
    page.get_by_role("heading", name=re.compile("^See you on")).wait_for()
    page.get_by_role("heading", name="Mira Čvorović").wait_for()
    assert page.locator(".code").inner_text() != ""
    assert code


def _register_three(page, archives):
    page.goto(archives.form)
    page.get_by_role("radio", name=re.compile("^Guest")).check()
    typed = {"Given name": "Jasna", "Family name": "Đurić", "E-mail": ADDRESS}
    for label, text in typed.items():
        page.get_by_label(label).first.fill(text)
    page.get_by_role("radio", name=re.compile("^Letters")).check()
    page.get_by_text("I register several people").click()
    page.get_by_label("How many people come altogether?").fill("3")
    page.get_by_text("Who comes, as far as you know").click()
    first = page.get_by_role("group", name="Person 1 with you")
    for label, text in {"Given name": "Emil", "Family name": "Vuković", "Own e-mail": OWN}.items():
        first.get_by_label(label).fill(text)
    page.get_by_role("button", name="Register").click()
    page.get_by_role("heading", name=re.compile("^See you on")).wait_for()


def _party(page):
    return page.locator("section[aria-labelledby=party] li b").all_inner_texts()
