"""The organiser's journey: a panel from nothing to the public page, at a desk and on a phone."""

import re

import pytest

from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def _add_somebody_new(page, *, role, given_name, family_name, affiliation):
    page.goto(f"{page.url.split('?')[0].split('#')[0]}?add=1")
    page.get_by_text("Somebody new").click()
    card = page.locator("#card")
    card.get_by_label("Role").last.select_option(label=role)
    card.get_by_label("Given name").fill(given_name)
    card.get_by_label("Family name").fill(family_name)
    card.get_by_label(re.compile("Affiliation|Organisation")).fill(affiliation)
    card.get_by_role("button", name="Add to the panel").click()
    page.locator(".panel-table").get_by_text(family_name).wait_for()


def _confirm(page, family_name):
    page.locator(".seat-name").get_by_role("link", name=re.compile(family_name)).click()
    page.locator("#card").get_by_label("State").select_option(label="Confirmed")
    page.locator("#card").get_by_role("button", name="Save").click()
    page.locator(".panel-table .seat", has_text=family_name).get_by_text("Confirmed").wait_for()


@pytest.mark.parametrize(("viewport", "suffix"), [(DESK, "Desk"), (PHONE, "Phone")])
def test_an_organiser_composes_a_panel_and_publishes_it(signed_in, stack, viewport, suffix):
    title = f"Who pays for the bridge ({suffix})"
    names = [f"Mirković{suffix}", f"Halvorsen{suffix}", f"Соколова{suffix}", f"Žnidar{suffix}"]
    page = signed_in(viewport)

    page.goto(f"{stack.console}sessions/new/")
    page.get_by_label("Kind").select_option(label="Panel")
    page.get_by_label(re.compile(r"^Title \(English\)")).fill(title)
    page.get_by_label(re.compile("^Starts")).fill(_slot(stack, "12:45"))
    page.get_by_label(re.compile("^Ends")).fill(_slot(stack, "13:15"))
    page.get_by_role("button", name="Add to the draft").click()
    page.get_by_role("heading", name=title).wait_for()

    _add_somebody_new(
        page, role="Moderator", given_name="Ana", family_name=names[0], affiliation="Institute A"
    )
    for family_name in names[1:]:
        _add_somebody_new(
            page,
            role="Panellist",
            given_name="Iva",
            family_name=family_name,
            affiliation="Institute B",
        )
    for family_name in names:
        _confirm(page, family_name)

    page.goto(f"{stack.console}schedule/")
    page.get_by_text(title).first.wait_for()
    page.get_by_label(re.compile("^What you call")).fill(f"With the bridge ({suffix})")
    page.get_by_role("button", name="Publish quietly").click()
    page.locator("table").get_by_text(f"With the bridge ({suffix})").wait_for()

    page.goto(f"{stack.public}programme/")
    row = page.get_by_role("heading", name=title).locator(
        "xpath=ancestor::*[self::li or self::article][1]"
    )
    shown = row.inner_text()
    assert [name for name in names if name in shown] == names
    assert [shown.index(name) for name in names] == sorted(shown.index(name) for name in names)
    assert "Moderator" in shown
    _, _, programme = stack.call(
        "GET",
        f"{stack.url}/api/v1/public/{stack.demo['organisation']}/{stack.demo['conference']}/programme/",
    )
    assert title in str(programme)
    assert all(name in str(programme) for name in names)


def _slot(stack, clock):
    _, _, conference = stack.call("GET", stack.api)
    return f"{conference['start'][:10]}T{clock}"


def test_the_dashboard_names_what_needs_the_organiser(signed_in, stack):
    page = signed_in(DESK)

    page.goto(f"{stack.url}/manage/{stack.demo['organisation']}/")

    sentence = page.get_by_text(re.compile(r"\d+ registrations wait for your yes to Newcomers"))
    sentence.wait_for()
    page.get_by_role("link", name="Look at them").first.click()
    page.get_by_role("heading", name="Approvals and waiting").wait_for()
    assert page.locator("tbody tr").count() > 1
