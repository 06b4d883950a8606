"""Half a page of agenda, as it stands in a mail, becomes a published programme with its panel.

What a person does is counted: pages opened, things pressed, fields filled. At a generous quarter of
a minute each the whole is far below five minutes of their time.
"""

import datetime as dt
import secrets
import time

import pytest

from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SECONDS_A_DEED = 15
FIVE_MINUTES = 300
AGENDA = {
    "en": """Borders that move: what rivers do to maps

Hall of the Archive

09:30 Registration and coffee
10:00 – 10:15 Opening remarks
H.E. Margaux Delacroix, Ambassador of Belgium
10:15 – 10:45 Presentation: Key findings of the research
Jovana Đukić, Senior Researcher, Institute for Waters
10:45 – 12:15 Panel: Who draws the line?
Moderator: Prof. Dr. Zoran Žarković, University of Novi Sad
Panellists:
- Anneli Kärkkäinen, Director, Lake Centre
- Tomáš Říha, Senior Fellow, Danube Forum
- Milica Vujić, Editor, Obala (tbc)
12:15 Reception
""",
    "sr": """Границе које се померају

09.30 Регистрација учесника
10.00 – 10.15 Уводна реч
Њ. Е. Марго Делакроа, амбасадорка Белгије
10.15 – 10.45 Представљање истраживања: Главни налази
Јована Ђукић, виша истраживачица, Институт за воде
10.45 – 12.15 Панел: Ко повлачи линију?
Модератор: проф. др Петар Њежић, Универзитет у Новом Саду
Учесници:
- Анели Каркаинен, директорка, Центар за језера
- Томаш Жиха, виши сарадник, Дунавски форум
- Милица Вујић, уредница, Обала (потврда у току)
12.15 Коктел
""",
}
PANEL = {
    "en": ("Who draws the line?", ["Zoran", "Anneli", "Tomáš"], "Milica"),
    "sr": ("Ко повлачи линију?", ["Петар", "Анели", "Томаш"], "Милица"),
}


class Person:
    """Counts what somebody has to do."""

    def __init__(self, page):
        self.page, self.deeds, self.began = page, 0, time.monotonic()

    def open(self, url):
        self.deeds += 1
        self.page.goto(url)

    def fill(self, label, text):
        self.deeds += 1
        self.page.get_by_label(label).fill(text)

    def press(self, role, name, **how):
        self.deeds += 1
        self.page.get_by_role(role, name=name, **how).first.click()


@pytest.fixture
def conference(stack):
    """Return a function: the slug of a published conference without a session."""

    def make(language):
        slug = f"pasted-{secrets.token_hex(3)}"
        day = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=45)
        languages = {"en": ["en"], "sr": ["sr-Cyrl"]}[language]
        body = {
            "slug": slug,
            "kind": "half_day_conference",
            "title": {languages[0]: "Borders that move"},
            "start": f"{day}T09:30",
            "end": f"{day}T13:30",
            "time_zone": "Europe/Belgrade",
            "languages": languages,
        }
        url = f"{stack.api.split('/conferences/')[0]}/conferences/"
        _, headers, _ = stack.call("POST", url, body)
        stack.call("PATCH", f"{url}{slug}/", {"state": "published"}, If_Match=headers["ETag"])
        return slug

    return make


@pytest.mark.parametrize(("language", "viewport"), [("en", DESK), ("sr", PHONE)])
def test_a_pasted_agenda_is_a_published_programme_in_five_minutes_of_work(
    signed_in, open_page, stack, conference, language, viewport
):
    slug = conference(language)
    page = signed_in(viewport)
    person = Person(page)
    person.open(f"{stack.url}/manage/{stack.demo['organisation']}/{slug}/sessions/")
    person.press("link", "Paste your agenda")
    person.fill("Paste your agenda", AGENDA[language])
    person.press("button", "Look at it")
    page.get_by_text("5 sessions found, 6 people.").wait_for()
    assert page.locator("[aria-labelledby^=day-] .import-line").count() == 5
    person.press("radio", "They have agreed")
    person.press("button", "Bring in 5 sessions")
    page.get_by_text("5 sessions are in").wait_for()
    person.open(f"{stack.url}/manage/{stack.demo['organisation']}/{slug}/schedule/")
    person.press("button", "Publish quietly")
    page.get_by_role("status").first.wait_for()
    assert person.deeds * SECONDS_A_DEED < FIVE_MINUTES / 2
    assert time.monotonic() - person.began < FIVE_MINUTES / 2

    title, seen, unsettled = PANEL[language]
    guest = open_page(viewport)
    guest.goto(f"{stack.url}/{stack.demo['organisation']}/{slug}/programme/")
    programme = guest.locator("[data-programme]")
    panel = programme.locator("article", has_text=title).inner_text()
    assert [name for name in seen if name in panel] == seen
    assert unsettled not in panel, "who has not confirmed is not shown"
    clocks = programme.locator(".slot-time time").all_inner_texts()
    assert clocks == ["09:30", "10:00", "10:15", "10:45", "12:15"]
