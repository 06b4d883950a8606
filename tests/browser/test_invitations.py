"""The invited guests' journey: a list from Windows, letters, all answers, a move, a postponement.

It has a conference of its own, since moving the demo's would move it under the other journeys.
"""

import datetime as dt
import re
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.browser.conftest import DESK, PHONE
from tests.browser.guests import SILENT_NAMES, SLUG, conference_on, cyrillic_list, latin_list
from tests.browser.post import Post, link_of, plain

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
DAY = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=60)
NEXT_DAY = DAY + dt.timedelta(days=1)
# Who comes, and who may still come, hears of a move; the regretful and who opted out do not.
# Živojin Đorđević brings Vesna, who has no address: his letters speak for both.
COMING = {"Živojin Đorđević", "Péter Őry", "Ľubica Kráľová"}
OPEN = {*SILENT_NAMES, "Žofie Dvořáková", "Иван Соколов", "Милица Ђурић", "Јован Љубић"}
OUT = {"Ştefan Ţuţuianu", "Jürgen Weiß-Größner"}
# Each gets a letter about the answer; what is said by phone comes later.
ANSWERED = (COMING - {"Ľubica Kráľová"}) | {"Иван Соколов", "Čedomir Šćepanović"}
CONCERNED = COMING | OPEN
INVITED = OPEN | OUT | {"Živojin Đorđević", "Łucja Wróbel", "Čedomir Šćepanović", "Ľubica Kráľová"}
MOVED = {
    "Živojin Đorđević": "Novi datum, molimo potvrdite: Granične reke",
    "Péter Őry": "New date, please confirm: Border rivers",
    "Žofie Dvořáková": "New time: Border rivers",
    "Милица Ђурић": "Нови термин: Граничне реке",
    "Иван Соколов": "Новое время: Пограничные реки",
}
POSTPONED = {
    "Živojin Đorđević": "Odloženo: Granične reke",
    "Péter Őry": "Postponed: Border rivers",
    "Милица Ђурић": "Одложено: Граничне реке",
    "Иван Соколов": "Отложено: Пограничные реки",
}


@pytest.fixture(scope="module")
def rivers(stack):
    """A published conference with forty places and nobody on its guest list."""
    conferences = stack.api.removesuffix(f"{stack.demo['conference']}/")
    own = replace(stack, demo={**stack.demo, "conference": SLUG})
    stack.call("POST", conferences, conference_on(DAY))
    guests = {"slug": "guest", "name": {"en": "Guest"}, "kind": "guest", "capacity": 40}
    stack.call("POST", f"{own.api}registration-types/", guests)
    _, headers, _ = stack.call("GET", own.api)
    stack.call("PATCH", own.api, {"state": "published"}, If_Match=headers["ETag"])
    return own


def _import(page, rivers, name, content):
    page.goto(f"{rivers.console}invitations/")
    page.get_by_role("link", name="Import").first.click()
    page.get_by_label("List of guests").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Look at the list").click()
    page.get_by_role("heading", name="Line by line").wait_for()
    return page.get_by_role("main")


def _bring_in(page, button):
    page.get_by_label("Where the addresses come from").fill("the secretariat's list")
    page.get_by_label("Basis for keeping them").fill("legitimate interest")
    page.get_by_role("button", name=button).click()
    page.get_by_text("Nothing has been sent.").wait_for(timeout=30_000)


def _funnel(rivers):
    return rivers.call("GET", f"{rivers.api}invitations/funnel/")[2]["all"]


def _guest_list(rivers):
    return rivers.call("GET", f"{rivers.api}invitations/?page_size=100")[2]["results"]


def _open(url, data=None):
    """Open an address as a mail program does: without cookies and without scripts."""
    with urllib.request.urlopen(url, data, timeout=30) as answer:  # noqa: S310 - on loopback
        return answer.status


def test_guests_are_invited_answer_and_hear_of_a_move_and_a_postponement_once(
    signed_in, open_page, rivers
):
    page, post = signed_in(DESK), Post(rivers)
    _bring_in_the_lists(page, rivers)
    _set_two_salutations(page, rivers)
    letters = _send(page, rivers, post)
    _follow_each_link(rivers, letters)
    _answer(open_page, letters, post)
    _record_by_phone(page, rivers, post)
    _stop_mails(page, open_page, rivers, letters)
    _look_at_the_funnel(page, rivers)
    _move(page, open_page, rivers, post)
    _postpone(page, rivers, post)
    _ask_why(page, rivers)
    assert not post.bring(0, calm=3).readers


def _bring_in_the_lists(page, rivers):
    main = _import(page, rivers, "гости.csv", latin_list())
    assert page.get_by_label("Encoding").input_value() == "cp1250"
    seen = main.inner_text()
    assert all(name in seen for name in ("Đorđević", "Szűcs-Kőrösi", "Ţuţuianu", "Kňažko"))
    for sentence in ("30 new", "1 stands twice", "1 stays out"):
        main.get_by_text(sentence, exact=True).wait_for()
    _bring_in(page, "Import 30 guests")
    main = _import(page, rivers, "ћирилица.csv", cyrillic_list())
    assert page.get_by_label("Encoding").input_value() == "cp1251"
    assert "Милица Ђурић" in main.inner_text()
    _bring_in(page, "Import 3 guests")
    page.get_by_role("link", name="Open the guest list").click()
    page.get_by_text("33 invited").wait_for()
    assert page.get_by_role("link", name="Јован Љубић").is_visible()


def _set_two_salutations(page, rivers):
    page.goto(f"{rivers.console}invitations/salutations/")
    page.get_by_label(re.compile("^Živojin Đorđević")).fill("Poštovani profesore Đorđeviću")
    page.get_by_label(re.compile("^Mária Szűcs-Kőrösi")).fill("Your Excellency")
    page.get_by_role("button", name="Save what is typed").click()
    page.get_by_text("2 salutations saved.").wait_for()


def _send(page, rivers, post):
    page.goto(f"{rivers.console}invitations/")
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Send invitation").click()
    page.get_by_role("heading", name="Send the invitation to 33 guests").wait_for()
    page.get_by_text("Nobody has typed 31 of the salutations").wait_for()
    assert not post.bring(0).readers
    page.get_by_role("button", name="Send the invitation to 33 guests").click()
    page.get_by_text("The invitation is on its way to 33 guests.").wait_for()
    letters = post.bring(33)
    assert letters.readers == dict.fromkeys(INVITED, 1)  # Mária's goes to her assistant
    assert "Poštovani profesore Đorđeviću," in plain(letters.to("Živojin Đorđević"))
    assert "Your Excellency," in plain(letters.to("Łucja Wróbel"))
    assert "Пограничные реки" in letters.to("Иван Соколов")["Subject"]
    assert "Граничне реке" in letters.to("Милица Ђурић")["Subject"]
    return letters


def _follow_each_link(rivers, letters):
    """Do what scanners of mails do: open all there is, again and again."""
    before = _funnel(rivers), _guest_list(rivers)
    links = [link for link in letters.links() if link.startswith(rivers.url)]
    assert len(links) >= 66  # one to answer and one to stop for each
    with ThreadPoolExecutor(4) as readers:
        answers = list(readers.map(_open, links * 3))
    assert set(answers) == {200}
    assert (_funnel(rivers), _guest_list(rivers)) == before
    assert (before[0]["sent"], before[0]["seen"], before[0]["answered"]) == (33, 0, 0)


def _answer(open_page, letters, post):
    page = open_page(PHONE)
    page.goto(link_of(letters.to("Živojin Đorđević"), "i"))
    page.get_by_role("heading", name="Poštovani profesore Đorđeviću,").wait_for()
    page.get_by_role("button", name="Dolazim").click()
    page.get_by_label("Ime", exact=True).fill("Vesna")
    page.get_by_label("Prezime", exact=True).fill("Đorđević")
    page.get_by_role("button", name=re.compile("^Sačuvaj(te)? ime")).click()
    page.get_by_text("Vesna Đorđević").wait_for()

    page.goto(link_of(letters.to("Łucja Wróbel"), "i"))
    page.get_by_text("I am answering for Mária Szűcs-Kőrösi").click()
    page.get_by_label("Your name").fill("Łucja Wróbel")
    page.get_by_role("button", name="A colleague will come for me").click()
    page.get_by_label("Given name").fill("Péter")
    page.get_by_label("Family name").fill("Őry")
    page.get_by_label("E-mail").fill("peter@rivers.example")
    page.get_by_role("button", name="Give the place to my colleague").click()
    page.get_by_role("heading", name="We expect Péter Őry").wait_for()
    assert "Łucja Wróbel" in page.get_by_role("main").inner_text()

    page.goto(link_of(letters.to("Иван Соколов"), "i"))
    page.get_by_role("button", name="Возможно – спросите меня ещё раз").click()
    page.get_by_text("Вы ещё не уверены").wait_for()

    page.goto(link_of(letters.to("Čedomir Šćepanović"), "i"))
    page.get_by_role("button", name="Žao mi je, ne mogu da dođem").click()
    page.get_by_label("Molim vas da mi kasnije pošaljete nalaze").check()
    page.get_by_role("button", name="Sačuvajte").click()
    assert page.get_by_label("Molim vas da mi kasnije pošaljete nalaze").is_checked()

    page.goto(link_of(letters.to("Žofie Dvořáková"), "i"))
    page.get_by_role("button", name="I will attend").wait_for()
    with page.expect_response(re.compile("/seen/$")):
        page.bring_to_front()  # it counts as seen after two seconds
    assert post.bring(len(ANSWERED)).readers == dict.fromkeys(ANSWERED, 1)


def _record_by_phone(page, rivers, post):
    page.goto(f"{rivers.console}invitations/call-list/")
    page.get_by_text("29 silent").wait_for()
    row = page.get_by_role("row", name=re.compile("Ľubica Kráľová"))
    row.get_by_role("link", name="+421 2 000 0001").wait_for()
    row.get_by_role("button", name="Comes").click()
    page.get_by_text("Ľubica Kráľová: coming. It is written down.").wait_for()
    page.get_by_text("28 silent").wait_for()
    assert post.bring(1).readers == {"Ľubica Kráľová": 1}


def _stop_mails(desk, open_page, rivers, letters):
    stop = re.search(r"<(http\S+)>", letters.to("Ştefan Ţuţuianu")["List-Unsubscribe"]).group(1)
    assert _open(stop, b"List-Unsubscribe=One-Click") == 200
    page = open_page(PHONE)
    page.goto(link_of(letters.to("Jürgen Weiß-Größner"), "u"))
    page.get_by_label(re.compile("Everything from")).check()
    page.get_by_role("button", name="Stop these mails").click()
    page.get_by_role("heading", name="These mails have stopped").wait_for()
    desk.goto(f"{rivers.url}/manage/{rivers.demo['organisation']}/opted-out/")
    for address in ("stefan@rivers.example", "juergen@rivers.example"):
        desk.get_by_role("row", name=re.compile(address)).wait_for()


def _look_at_the_funnel(page, rivers):
    numbers = {
        "added": 33,
        "sent": 33,
        "seen": 6,
        "answered": 5,
        "coming": 3,
        "maybe": 1,
        "declined": 1,
        "silent": 28,
        "not_asked": 0,
        "attended": 0,
        "companions": 1,
    }
    assert _funnel(rivers) == {"tag": None, **numbers}
    page.goto(f"{rivers.console}invitations/funnel/")
    page.get_by_text("3 of 33 invited guests come, 1 of them brings somebody").wait_for()
    total = page.get_by_role("row", name=re.compile("^All guests"))
    shown = [int(cell) for cell in total.get_by_role("cell").all_inner_texts()]
    assert shown == [33, 33, 6, 5, 3, 1, 1, 0]


def _move(page, open_page, rivers, post):
    page.goto(f"{rivers.console}settings/")
    for label in ("Starts", "Ends"):
        field = page.get_by_label(re.compile(f"^{label}"))
        field.fill(field.input_value().replace(str(DAY), str(NEXT_DAY)))
    page.get_by_role("button", name="Save the settings").click()
    page.get_by_text("Whoever has registered or has an open invitation is told.").wait_for()
    letters = post.bring(len(CONCERNED))
    assert letters.readers == dict.fromkeys(CONCERNED, 1)
    for name, words in MOVED.items():
        assert letters.to(name)["Subject"].startswith(words)

    guest = open_page(PHONE)
    guest.goto(link_of(letters.to("Živojin Đorđević"), "r"))
    guest.get_by_role("button", name=re.compile("^Dolazim")).click()
    guest.get_by_text("Hvala").first.wait_for()
    assert guest.get_by_role("button", name=re.compile("^Dolazim")).count() == 0


def _postpone(page, rivers, post):
    page.goto(f"{rivers.console}settings/")
    page.get_by_role("link", name="Postpone").click()
    page.get_by_text("so are invited guests who have not declined").wait_for()
    page.get_by_role("button", name="Postpone it and tell them").click()
    page.get_by_text("The conference is postponed.").wait_for()
    letters = post.bring(len(CONCERNED))
    assert letters.readers == dict.fromkeys(CONCERNED, 1)
    for name, words in POSTPONED.items():
        assert letters.to(name)["Subject"].startswith(words)


def _ask_why(page, rivers):
    """Who regretted was not told, and who opted out either: the page says why."""
    reasons = {
        "Čedomir Šćepanović": "Not for them. They have declined.",
        "Ştefan Ţuţuianu": "Not for them. They have opted out and have no place.",
    }
    for name, sentence in reasons.items():
        page.goto(f"{rivers.console}why/")
        page.get_by_label("Name or address").fill(name.split()[1])
        page.get_by_role("button", name="Find").click()
        page.get_by_role("link", name=name).click()
        page.get_by_text("Sent on").first.wait_for()
        term = page.get_by_role("term").filter(has_text=re.compile("^Postponed$"))
        assert term.locator("xpath=following-sibling::dd[1]").inner_text() == sentence
