"""Every page there is, in light and dark, on a phone and at a desk, breaks no rule of axe.

The list is the table of routes. What stands in an address is taken from links on pages that were
seen before; so a new page comes along by itself, and one that nothing leads to fails until it is
named here.
"""

import pytest
from django.urls import reverse

from tests.browser import depots as in_the_middle
from tests.browser.archives import ASKED, DOMAIN, OFFERED, QUEUED
from tests.browser.conftest import DESK
from tests.browser.examples import QUOTED, make_examples
from tests.browser.post import Post, link_of
from tests.browser.walking import Walk, page_names
from tests.routes.walk import pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
# What is no page, or only after a deed that would change what others look at.
NOT_INSIDE = {
    "account_set_password",  # leads on to changing it
    "manage-home",  # leads on to the only organisation
    "manage-organisation-colour",  # a part of the organisation's page
    "manage-grid-conflicts",  # facts for the grid's script
    "manage-session-people",  # a part of the page of a session
}
# The reader of the API is a program of others; a stream that is watched comes from another host.
ASKS_OTHERS = {"api-docs", "stream-watch"}
NOT_OUTSIDE = {
    "healthz",
    "readyz",
    "problem",
    "file",
    "file-by-name",
    "account_reset_password_from_key",  # by a mail to the organiser
    "account_confirm_login_code",  # after a code was asked for
    "account_logout",  # for who is signed in
    "invitation-seen",  # takes a POST
    "speaker-seen",  # takes a POST
    "personal-join-again",  # a button on the personal page
    "personal-companion-accept",  # another
    "personal-companion-remove",  # another
}


@pytest.fixture(scope="module")
def examples(stack, archives):
    """Return links to pages that no other page leads to; whoever is invited there has a letter."""
    return make_examples(stack, archives)


@pytest.fixture(scope="module")
def depots(stack):
    """Return the conference of what is there only for a while, or after a deed."""
    return in_the_middle.build(stack)


def test_no_page_of_an_organiser_breaks_a_rule_or_scrolls_sideways(
    signed_in, stack, depots, archives, examples
):
    walk = Walk(signed_in(DESK), stack.url, page_names({"permission", "signed-in", "demo"}))
    for link in examples:
        walk.note(link)
    begin(walk, archives.stack)
    walk.go()
    _look_at_deeds(walk, depots)
    _look_at_a_list_of_guests(walk, depots)
    _look_at_what_is_held_back(walk, depots)
    assert walk.wrong == []
    assert walk.names - walk.looked_at - NOT_INSIDE == set()


@pytest.mark.usefixtures("examples")
def test_no_page_of_a_guest_breaks_a_rule_or_scrolls_sideways(
    open_page, signed_in, stack, depots, archives
):
    names = page_names({"public", "capability"}) - ASKS_OTHERS
    walk = Walk(open_page(DESK), stack.url, names)
    walk.note(_selection_page(open_page(DESK), stack))
    (letter,) = Post(stack, f"ines@{DOMAIN}").bring(1, calm=0).all
    (asked,) = Post(stack, QUOTED).bring(1, calm=0).all
    _, _, kept = stack.call("GET", f"{archives.stack.api}materials/")
    stream = next(one["code"] for one in kept["results"] if one["kind"] == "stream")
    past = f"{stack.url}/{stack.demo['organisation']}/non-malign-influence/"
    waiting, offered = archives.links[QUEUED], archives.links[OFFERED]
    personal = [f"{archives.links[ASKED]}{part}/" for part in ("change", "cancel", "sessions")]
    letters = [link_of(letter, part) for part in "iu"]
    speaking = _speakers_page(signed_in(DESK), stack)
    for link in (
        speaking,
        link_of(asked, "q"),
        f"{archives.stack.public}streams/{stream}/",
        f"{past}outcome/",
        f"{offered}offer/",
        waiting,
        archives.form,
        *personal,
        *letters,
    ):
        walk.note(link)
    begin(walk, stack)
    for link in archives.links.values():
        walk.visit(link)
    walk.go()
    walk.page.goto(archives.form)
    walk.page.get_by_role("button", name="Register").click()
    walk.page.get_by_role("alert").wait_for()
    walk.look()
    _look_at_questions(walk, archives.links[ASKED], depots)
    assert walk.wrong == []
    assert walk.names - walk.looked_at - NOT_OUTSIDE == set()


def test_the_reader_of_the_api_has_a_heading_and_a_main_part_with_and_without_a_script(
    open_page, stack
):
    """The reader is a program of others (Swagger UI), whose colours and buttons are its own."""
    for has_script in (False, True):
        page = open_page(DESK, java_script_enabled=has_script)
        page.goto(f"{stack.url}/api/v1/docs/")
        if has_script:
            page.get_by_text("/api/v1/organisations/{organisation}/", exact=True).first.wait_for()
        assert (page.locator("main").count(), page.locator("h1").count()) == (1, 1)


def _look_at_deeds(walk, depots):
    """Look at a verb for many before, at the question, and after; at both questions of a mail."""
    page = walk.page
    for verb, asks in (("resend-link", "Send 3 registrations their link"), ("cancel", "Cancel 3")):
        page.goto(depots.page("manage-registrations"))
        page.get_by_label("All on this page").check()
        page.get_by_label("More that can be done").select_option(verb)
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("heading", name=asks).wait_for()
        walk.look()
    walk.visit(depots.page("manage-deed", code=depots.deed()), "manage-deed")
    for name, state in (("manage-message-cancel", "queued"), ("manage-message-retry", "failed")):
        walk.visit(depots.page(name, code=depots.message(state)), name)


def _look_at_a_list_of_guests(walk, depots):
    """Look at what an upload would become, line by line."""
    page = walk.page
    page.goto(depots.page("manage-guest-import-new"))
    content = in_the_middle.GUEST_LIST.encode()
    page.get_by_label("List of guests").set_input_files(
        {"name": "guests.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Look at the list").click()
    page.get_by_role("heading", name="Line by line").wait_for()
    walk.visit(page.url, "manage-guest-import")


def _look_at_what_is_held_back(walk, depots):
    depots.wait_until_held()
    walk.visit(depots.page("manage-announcements"))
    walk.visit(depots.page("manage-announcement-check", code=depots.announcement))
    walk.visit(depots.page("manage-announcement", code=depots.announcement))
    assert walk.page.get_by_role("heading", name="Nobody has got it").is_visible()


def _look_at_questions(walk, asked, depots):
    """Look at who is asked whether they still come, for the new date, and too late for that."""
    still_coming = f"{asked}still-coming/"
    in_the_middle.wait_for(lambda: in_the_middle.is_open(still_coming))
    walk.visit(still_coming, "personal-still-coming")
    place = depots.links[in_the_middle.GUEST]
    walk.visit(place)
    says_yes = walk.page.locator("form[action*='new-date'] button")
    assert says_yes.is_visible()
    depots.move()
    says_yes.click()
    walk.page.get_by_role("alert").wait_for()
    assert walk.page.url == f"{place}new-date/"
    walk.looked_at.add("personal-new-date")
    walk.look()


def _speakers_page(page, stack):
    """Return the page of somebody who speaks, as organisers may open it."""
    here = {name: stack.demo[name] for name in ("organisation", "conference")}
    page.goto(stack.url + reverse("manage-speaker-needs", kwargs=here))
    page.locator("tbody th a").first.click()
    return stack.url + page.get_by_role("link", name="Open their page").get_attribute("href")


def _selection_page(page, stack):
    """Return the page of a selection, made as a guest makes it."""
    page.goto(f"{stack.public}selection/")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Keep it as a calendar").click()
    page.wait_for_url("**/selection/*/*/")
    return page.url


def begin(walk, stack):
    """Take the addresses that name no more than the conference."""
    here = {name: stack.demo[name] for name in ("organisation", "conference")}
    for route in pages():
        if set(route.parameters) <= here.keys():
            kwargs = {name: here[name] for name in route.parameters}
            walk.note(stack.url + reverse(route.name, kwargs=kwargs))
