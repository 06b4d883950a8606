"""Thirty people as a secretariat's spreadsheet has them, and three whom it keeps in Cyrillic.

Serbian, Polish, Czech, Slovak, Hungarian, German and Romanian letters all fit into cp1250, which
knows no Cyrillic; so the Cyrillic names come in a list of their own, in cp1251.
"""

import datetime as dt
from typing import Any

SLUG = "border-rivers"
DOMAIN = "rivers.example"
HEADER = "Ime;Prezime;E-pošta;Institucija;Telefon;Jezik;Oznake;Pratnja;Asistent;E-mail asistenta"
# Who does something in the journey stands first; the others are silent.
ACTING = [
    "Živojin;Đorđević;zivojin;Zavod za reke;;sr;Nauka;da;;",
    "Mária;Szűcs-Kőrösi;maria;Tisza Intézet;;en;Diplomatija;;Łucja Wróbel;lucja",
    "Čedomir;Šćepanović;cedomir;Glas obale;;sr;Mediji;;;",
    "Ľubica;Kráľová;lubica;Dunajský ústav;+421 2 000 0001;en;Nauka;;;",
    "Jürgen;Weiß-Größner;juergen;Flussamt;;en;Nauka;;;",
    "Ştefan;Ţuţuianu;stefan;Gura Dunării;;en;Mediji;;;",
    "Žofie;Dvořáková;zofie;Ústav vody;;en;Nauka;;;",
]
SILENT = [
    ("Ana Đukić", "Bojan Žunić", "Dragana Čolić", "Đurđa Ćirić", "Goran Šuša", "Ivana Žižić"),
    ("Jelena Pešić", "Katarina Đukanović", "Luka Čanak", "Miloš Ćosić", "Nataša Žarković"),
    ("Paweł Żółć", "Małgorzata Łęcka", "Grażyna Śliwa", "Jiří Řehoř", "Zdeněk Šťastný"),
    ("Ján Ďurica", "Ľudovít Kňažko", "Ákos Őry", "Tünde Fűzfa", "Björn Müßig"),
    ("Ioan Brătianu", "Răzvan Năstase"),
]
SILENT_NAMES = [name for group in SILENT for name in group]
# Two lines that must not come in: one stands twice, one has no address that could be.
SPOILT = ["Živojin;Đorđević;zivojin;Zavod za reke;;sr;;;;", "Petar;Bez-Adrese;petar@@;;;sr;;;;"]

CYRILLIC_HEADER = "Имя;Фамилия;Почта;Организация;Язык;Метки"
CYRILLIC = [
    "Иван;Соколов;ivan;Речной институт;ru;Наука",
    "Милица;Ђурић;milica;Музеј реке;sr-Cyrl;Култура",
    "Јован;Љубић;jovan;Завод за воде;sr-Cyrl;Култура",
]


def conference_on(day: dt.date) -> dict[str, Any]:
    """Return a conference in all four languages, as the API takes it."""
    return {
        "slug": SLUG,
        "kind": "conference",
        "title": {
            "en": "Border rivers",
            "sr-Latn": "Granične reke",
            "sr-Cyrl": "Граничне реке",
            "ru": "Пограничные реки",
        },
        "start": f"{day}T10:00",
        "end": f"{day}T16:00",
        "reply_until": f"{day - dt.timedelta(days=20)}T18:00",
        "time_zone": "Europe/Belgrade",
        "languages": ["en", "sr-Latn", "sr-Cyrl", "ru"],
        "visibility": "unlisted",
        "contact_email": "office@example.org",
    }


def _addressed(line: str) -> str:
    cells = line.split(";")
    for place in (2, 9):
        if place < len(cells) and cells[place] and "@" not in cells[place]:
            cells[place] += f"@{DOMAIN}"
    return ";".join(cells)


def latin_list() -> bytes:
    """Return thirty people and two spoilt lines, as a spreadsheet in Serbian Windows saves them."""
    silent = [
        f"{name.replace(' ', ';')};silent{number};;;sr;Nauka;;;"
        for number, name in enumerate(SILENT_NAMES, 1)
    ]
    lines = [HEADER, *map(_addressed, [*ACTING, *silent, *SPOILT])]
    return "\r\n".join([*lines, ""]).encode("cp1250")


def cyrillic_list() -> bytes:
    """Return three people, as a spreadsheet in Russian Windows saves them."""
    return "\r\n".join([CYRILLIC_HEADER, *map(_addressed, CYRILLIC), ""]).encode("cp1251")
