"""A conference that uses all of registering: questions, kinds of place, codes, sessions, rounds.

It is made over the API, so that journeys can count its places without changing the demo's.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

SLUG = "open-archives"
DOMAIN = "archives.example"
# Who has the one place of the seminar, and who waits for it first.
HOLDER, WAITING = "Vida Lalić", "Józef Śliwa"
# Whom the place of the tour is offered, and who waits after.
OFFERED, QUEUED = "Tomáš Řehoř", "Nada Šuput"
ASKED = "Nikola Tanasijević"
# Comes with somebody whose name is still to come.
LEADING = "Vesna Lazić"
PRESS = ["Ana Ilić", "Bojan Šuša", "Dragana Čolić", "Эмма Соколова", "Goran Žižić", "Мирка Ђурић"]


def texts(en: str, latin: str, cyrillic: str, russian: str) -> dict[str, str]:
    """Return a text in the four languages of the conference."""
    return {"en": en, "sr-Latn": latin, "sr-Cyrl": cyrillic, "ru": russian}


def conference_on(day: dt.date) -> dict[str, Any]:
    """Return the conference, as the API takes it."""
    return {
        "slug": SLUG,
        "kind": "conference",
        "title": texts("Open archives", "Otvoreni arhivi", "Отворени архиви", "Открытые архивы"),
        "start": f"{day}T10:00",
        "end": f"{day}T17:00",
        "time_zone": "Europe/Belgrade",
        "languages": ["en", "sr-Latn", "sr-Cyrl", "ru"],
        "visibility": "unlisted",
        "contact_email": "office@example.org",
    }


GUEST, SEMINAR, TOUR, FRIEND = "guest", "seminar", "tour", "friend"
TYPES = [
    {
        "slug": GUEST,
        "name": texts("Guest", "Gost", "Гост", "Гость"),
        "kind": "guest",
        "capacity": 40,
        "party_max": 3,
    },
    {
        "slug": SEMINAR,
        "name": texts("Seminar", "Seminar", "Семинар", "Семинар"),
        "description": texts(
            "Six hours with the originals, in a room for one group.",
            "Šest sati sa izvornicima, u sobi za jednu grupu.",
            "Шест сати са изворницима, у соби за једну групу.",
            "Шесть часов с подлинниками, в комнате на одну группу.",
        ),
        "kind": "student",
        "capacity": 1,
        "waiting_list": True,
    },
    {
        "slug": "press",
        "name": texts("Press", "Mediji", "Медији", "Пресса"),
        "kind": "press",
        "capacity": 20,
        "approval": True,
        "waiting_list": True,
    },
    {
        "slug": TOUR,
        "name": texts("Evening tour", "Večernji obilazak", "Вечерњи обилазак", "Вечерний обход"),
        "kind": "guest",
        "capacity": 1,
        "waiting_list": True,
    },
    {
        "slug": FRIEND,
        "name": texts("Friend of the house", "Prijatelj kuće", "Пријатељ куће", "Друг дома"),
        "kind": "partner",
        "capacity": 5,
        "public": False,
    },
]
SECTION = {
    "slug": "stay",
    "title": texts("Your stay", "Vaš boravak", "Ваш боравак", "Ваше пребывание"),
    "description": texts(
        "So that the house is ready for you.",
        "Da bismo vas spremno dočekali.",
        "Да бисмо вас спремно дочекали.",
        "Чтобы дом был готов вас принять.",
    ),
}
YES_TO_STAY = {"question": "overnight", "answers": ["yes"]}
QUESTIONS = [
    {
        "slug": "reading",
        "kind": "choice",
        "label": texts("What do you read?", "Šta čitate?", "Шта читате?", "Что вы читаете?"),
        "required": True,
        "types": [GUEST, SEMINAR],
        "options": [
            {"slug": "letters", "label": texts("Letters", "Pisma", "Писма", "Письма")},
            {"slug": "maps", "label": texts("Maps", "Karte", "Карте", "Карты"), "capacity": 5},
            {"slug": "else", "label": texts("Something else", "Drugo", "Друго", "Другое")},
        ],
    },
    {
        "slug": "what-else",
        "kind": "text",
        "label": texts("What else?", "Šta drugo?", "Шта друго?", "Что другое?"),
        "required": True,
        "types": [GUEST, SEMINAR],
        "shown_if": {"question": "reading", "answers": ["else"]},
    },
    {
        "slug": "overnight",
        "kind": "yes_no",
        "label": texts(
            "Do you stay overnight?",
            "Prespavljujete li?",
            "Преспављујете ли?",
            "Вы остаётесь на ночь?",
        ),
        "section": "stay",
        "types": [GUEST, SEMINAR],
    },
    {
        "slug": "arrival",
        "kind": "date",
        "label": texts("Day of arrival", "Dan dolaska", "Дан доласка", "День приезда"),
        "section": "stay",
        "types": [GUEST, SEMINAR],
        "shown_if": YES_TO_STAY,
    },
    {
        "slug": "nights",
        "kind": "number",
        "label": texts("Nights", "Broj noći", "Број ноћи", "Число ночей"),
        "section": "stay",
        "lowest": 1,
        "highest": 5,
        "types": [GUEST, SEMINAR],
        "shown_if": YES_TO_STAY,
    },
    {
        "slug": "country",
        "kind": "country",
        "label": texts("Country", "Država", "Држава", "Страна"),
        "section": "stay",
        "types": [GUEST, SEMINAR],
    },
    {
        "slug": "letter",
        "kind": "file",
        "label": texts(
            "Letter of your institution", "Pismo ustanove", "Писмо установе", "Письмо учреждения"
        ),
        "types": [SEMINAR],
    },
    {
        "slug": "wishes",
        "kind": "long_text",
        "label": texts(
            "Which holdings do you wish to see?",
            "Koju građu želite da vidite?",
            "Коју грађу желите да видите?",
            "Какие фонды вы хотите увидеть?",
        ),
        "highest": 400,
        "types": [GUEST, SEMINAR],
    },
    {
        "slug": "food",
        "kind": "choices",
        "label": texts("Food", "Ishrana", "Исхрана", "Питание"),
        "sensitivity": "dietary",
        "types": [GUEST, SEMINAR],
        "options": [
            {"label": texts("Vegetarian", "Vegetarijanska", "Вегетаријанска", "Вегетарианское")},
            {"label": texts("Vegan", "Veganska", "Веганска", "Веганское")},
        ],
    },
    {
        "slug": "photographs",
        "kind": "consent",
        "label": texts("Photographs", "Fotografije", "Фотографије", "Фотографии"),
        "types": [GUEST, SEMINAR],
        "consent_text": texts(
            "I may be seen in photographs of the reading room.",
            "Mogu da budem na fotografijama čitaonice.",
            "Могу да будем на фотографијама читаонице.",
            "Меня можно показать на фотографиях читального зала.",
        ),
    },
]
SESSIONS = [
    ("11:00", "12:00", "Reading hands of the 18th century", "Čitanje rukopisa 18. veka", 12),
    ("11:30", "12:30", "Maps that moved borders", "Karte koje su pomerale granice", 1),
    ("15:00", "16:00", "The conservator’s table", "Za stolom konzervatora", None),
]


@dataclass(frozen=True)
class Archives:
    """The conference, and the personal links of those who stand for a status."""

    stack: Any
    day: dt.date
    links: dict[str, str]

    @property
    def console(self) -> str:
        return self.stack.console

    @property
    def form(self) -> str:
        return f"{self.stack.public}register/"

    def register(self, kind: str, name: str, **values: Any) -> str:
        """Register somebody as programs of guests do; return the personal link."""
        given, family = name.split(" ", 1)
        body = {
            "registration_type": kind,
            "given_name": given,
            "family_name": family,
            "email": f"{kind}{len(self.links)}@{DOMAIN}",
            **values,
        }
        organisation = self.stack.demo["organisation"]
        url = f"{self.stack.url}/api/v1/public/{organisation}/{SLUG}/registrations/"
        _, _, made = self.stack.call("POST", url, body)
        self.links[name] = made["manage_url"]
        return made["manage_url"]

    def answers(self, link: str) -> dict[str, Any]:
        """Return what is kept of somebody's answers, without those that are kept apart."""
        _, _, row = self.stack.call("GET", f"{self.stack.api}registrations/{_code_of(link)}/")
        return row["answers"]

    def do(self, name: str, verb: str) -> None:
        """Do something to somebody's registration, as the organiser does by program."""
        url = f"{self.stack.api}registrations/{_code_of(self.links[name])}/"
        _, headers, _ = self.stack.call("GET", url)
        self.stack.call("POST", f"{url}{verb}/", {}, If_Match=headers["ETag"])


def _code_of(link: str) -> str:
    return link.split("/")[4]


def build(stack: Any) -> Archives:
    """Make the conference and those whose places and pages the journeys need."""
    day = dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=40)
    own = replace(stack, demo={**stack.demo, "conference": SLUG})
    stack.call("POST", stack.api.removesuffix(f"{stack.demo['conference']}/"), conference_on(day))

    def post(part: str, body: dict[str, Any]) -> Any:
        return own.call("POST", f"{own.api}{part}/", body)[2]

    for kind in TYPES:
        post("registration-types", kind)
    post("question-sections", SECTION)
    for question in QUESTIONS:
        post("questions", question)
    for start, end, title, latin, capacity in SESSIONS:
        slot = {"start": f"{day}T{start}", "end": f"{day}T{end}", "room": None}
        words = {"en": title, "sr-Latn": latin}
        session = post("sessions", {"kind": "workshop", "title": words, "slot": slot})
        post("sign-up-sessions", {"session": session["code"], "capacity": capacity})
    post("schedule-versions", {"name": "First"})
    post("access-codes", {"code": "FRIENDS", "registration_types": [FRIEND], "max_uses": 3})
    _, _, allotments = own.call("GET", f"{own.api}allotments/")
    hall = next(one for one in allotments["results"] if one["registration_types"] == [GUEST])
    post("hold-backs", {"allotment": hall["code"], "name": "The ministry", "count": 2})
    _, headers, _ = own.call("GET", own.api)
    own.call("PATCH", own.api, {"state": "published"}, If_Match=headers["ETag"])
    archives = Archives(own, day, {})
    archives.register(GUEST, ASKED, answers={"reading": "maps"})
    archives.register(GUEST, LEADING, answers={"reading": "maps"}, party=2)
    archives.register(SEMINAR, HOLDER, answers={"reading": "letters"})
    archives.register(SEMINAR, WAITING, answers={"reading": "letters"})
    for name in PRESS:
        archives.register("press", name)
    archives.register(TOUR, "Ina Kovač")
    archives.register(TOUR, OFFERED)
    archives.do("Ina Kovač", "cancel")
    archives.register(TOUR, QUEUED)
    now = dt.datetime.now(tz=dt.UTC)
    asking = {"ask_at": now.isoformat(), "until_at": (now + dt.timedelta(days=9)).isoformat()}
    post("reconfirmations", {**asking, "registration_types": [GUEST]})
    return archives
