"""One event as half a page of agenda, in English and in Serbian in both scripts: every field."""

from __future__ import annotations

import datetime as dt

import pytest

from events.incoming import (
    IncomingPart,
    IncomingPerson,
    IncomingProgramme,
    IncomingSession,
    Mark,
)
from tests.events.exchange.agenda.telling import programme

ENGLISH = """\
Belgrade Centre for Security Policy

AGENDA

Non-Malign Influence: What Does the Russian Community in Serbia Think and Do
Thursday, 20 February 2025
Venue: Envoy Conference, Belgrade

10:00–10:15  Opening remarks
H.E. Michelle Cameron, Ambassador of Canada
What civil society does for policymaking, and how Canada supports it.

10:15–10:45  Presentation: Key findings of the research
Presenters:
- Kristina Nikolić, External Research Associate, BCSP
- Srđan Cvijić, President of the International Advisory Committee, BCSP

10:45  Coffee break

11:00–12:30  Panel: Expert panel discussion
Moderator: Prof. Dr. Radina Vučetić, University of Belgrade
Panellists:
- Maksim Samorukov, Carnegie Russia Eurasia Centre
- Srđan Cvijić, BCSP
- Margarita Zavadskaya, Finnish Institute of International Affairs (tbc)
Topic: migration dynamics, media narratives and political engagement
The panel is held under the Chatham House Rule.

12:30  Reception (60 min)
"""
LATIN = """\
Nemaligni uticaj: šta misli i radi ruska zajednica u Srbiji
četvrtak, 20. februar 2025.
Mesto: Envoy Conference, Beograd

10.00 – 10.15 Uvodna reč
Nj. E. Mišel Kameron, ambasadorka Kanade
Šta civilno društvo čini za javne politike.

10.15 – 10.45 Predstavljanje istraživanja: Ključni nalazi istraživanja
Izlagači:
• Kristina Nikolić, spoljna saradnica, BCBP
• Srđan Cvijić, predsednik Međunarodnog savetodavnog odbora, BCBP

10.45 Pauza za kafu

11.00 – 12.30 Panel: Stručna diskusija
Moderatorka: prof. dr Radina Vučetić, Univerzitet u Beogradu
Učesnici:
• Maksim Samorukov, Centar Karnegi
• Srđan Cvijić, BCBP
• Margarita Zavadskaja, Finski institut za međunarodne odnose (u najavi)
Tema: migracije, mediji i politika
Važi pravilo Četam haus.

12.30 Koktel (60 min)
"""
CYRILLIC = """\
Немалигни утицај: шта мисли и ради руска заједница у Србији
четвртак 20. фебруар 2025.
Место: Envoy Conference, Београд

од 10 до 10.15 часова – Уводна реч
Њ. Е. Мишел Камерон, амбасадорка Канаде
Шта цивилно друштво чини за јавне политике.

10.15–10.45 ч. Представљање истраживања: Кључни налази истраживања
Излагачи:
– Кристина Николић, спољна сарадница, БЦБП
– Срђан Цвијић, председник Међународног саветодавног одбора, БЦБП

10.45 Пауза за кафу

11.00 – 12.30 Панел: Стручна дискусија
Модераторка: проф. др Радина Вучетић, Универзитет у Београду
Учесници:
– Максим Саморуков, Центар Карнеги
– Срђан Цвијић, БЦБП
– Маргарита Завадскаја, Фински институт за међународне односе (у најави)
Тема: миграције, медији и политика
Важи правило Чатам хаус.

12.30 Коктел (60 мин)
"""


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2025, 2, 20, hour, minute)


@pytest.mark.parametrize(
    ("text", "language", "words", "venue_line"),
    [
        (
            ENGLISH,
            "en",
            {
                "title": (
                    "Non-Malign Influence: What Does the Russian Community in Serbia Think and Do"
                ),
                "titles": (
                    "Opening remarks",
                    "Key findings of the research",
                    "Coffee break",
                    "Expert panel discussion",
                    "Reception",
                ),
                "refs": ("ope-rem", "ke-fi-of-th-re", "cof-bre", "exp-pan-dis", "rec"),
                "opening": "What civil society does for policymaking, and how Canada supports it.",
                "panel": "migration dynamics, media narratives and political engagement",
                "people": (
                    ("H.E.", "Michelle", "Cameron", "Ambassador of Canada", ""),
                    ("", "Kristina", "Nikolić", "External Research Associate", "BCSP"),
                    (
                        "",
                        "Srđan",
                        "Cvijić",
                        "President of the International Advisory Committee",
                        "BCSP",
                    ),
                    ("Prof. Dr.", "Radina", "Vučetić", "", "University of Belgrade"),
                    ("", "Maksim", "Samorukov", "", "Carnegie Russia Eurasia Centre"),
                    (
                        "",
                        "Margarita",
                        "Zavadskaya",
                        "",
                        "Finnish Institute of International Affairs",
                    ),
                ),
                "person_refs": (
                    "michelle-cameron",
                    "kristina-nikolic",
                    "srdjan-cvijic",
                    "radina-vucetic",
                    "maksim-samorukov",
                    "margarita-zavadskaya",
                ),
            },
            7,
        ),
        (
            LATIN,
            "sr-Latn",
            {
                "title": "Nemaligni uticaj: šta misli i radi ruska zajednica u Srbiji",
                "titles": (
                    "Uvodna reč",
                    "Ključni nalazi istraživanja",
                    "Pauza za kafu",
                    "Stručna diskusija",
                    "Koktel",
                ),
                "refs": ("uvo-rec", "klj-nal-ist", "pau-za-kaf", "str-dis", "kok"),
                "opening": "Šta civilno društvo čini za javne politike.",
                "panel": "migracije, mediji i politika",
                "people": (
                    ("Nj. E.", "Mišel", "Kameron", "ambasadorka Kanade", ""),
                    ("", "Kristina", "Nikolić", "spoljna saradnica", "BCBP"),
                    (
                        "",
                        "Srđan",
                        "Cvijić",
                        "predsednik Međunarodnog savetodavnog odbora",
                        "BCBP",
                    ),
                    ("prof. dr", "Radina", "Vučetić", "", "Univerzitet u Beogradu"),
                    ("", "Maksim", "Samorukov", "", "Centar Karnegi"),
                    ("", "Margarita", "Zavadskaja", "", "Finski institut za međunarodne odnose"),
                ),
                "person_refs": (
                    "misel-kameron",
                    "kristina-nikolic",
                    "srdjan-cvijic",
                    "radina-vucetic",
                    "maksim-samorukov",
                    "margarita-zavadskaja",
                ),
            },
            3,
        ),
        (
            CYRILLIC,
            "sr-Cyrl",
            {
                "title": "Немалигни утицај: шта мисли и ради руска заједница у Србији",
                "titles": (
                    "Уводна реч",
                    "Кључни налази истраживања",
                    "Пауза за кафу",
                    "Стручна дискусија",
                    "Коктел",
                ),
                "refs": ("uvo-rec", "klj-nal-ist", "pau-za-kaf", "str-dis", "kok"),
                "opening": "Шта цивилно друштво чини за јавне политике.",
                "panel": "миграције, медији и политика",
                "people": (
                    ("Њ. Е.", "Мишел", "Камерон", "амбасадорка Канаде", ""),
                    ("", "Кристина", "Николић", "спољна сарадница", "БЦБП"),
                    (
                        "",
                        "Срђан",
                        "Цвијић",
                        "председник Међународног саветодавног одбора",
                        "БЦБП",
                    ),
                    ("проф. др", "Радина", "Вучетић", "", "Универзитет у Београду"),
                    ("", "Максим", "Саморуков", "", "Центар Карнеги"),
                    ("", "Маргарита", "Завадскаја", "", "Фински институт за међународне односе"),
                ),
                "person_refs": (
                    "misel-kameron",
                    "kristina-nikolic",
                    "srdjan-cvijic",
                    "radina-vucetic",
                    "maksim-samorukov",
                    "margarita-zavadskaja",
                ),
            },
            3,
        ),
    ],
    ids=["en", "sr-Latn", "sr-Cyrl"],
)
def test_half_a_page_is_read_in_every_field(text, language, words, venue_line):
    lines = text.splitlines()
    refs = words["person_refs"]
    line_of = {
        ref: next(i for i, line in enumerate(lines, 1) if f"{person[1]} {person[2]}" in line)
        for ref, person in zip(refs, words["people"], strict=True)
    }
    opening, findings, coffee, panel, reception = ({language: title} for title in words["titles"])
    starts = [i for i, line in enumerate(lines, 1) if line[:2].isdecimal() or line[:3] == "од "]

    def part(number, role, *, confirmed=True):
        return IncomingPart(refs[number], role, confirmed=confirmed)

    assert programme(text, language=language) == IncomingProgramme(
        source="agenda",
        title=words["title"],
        start=at(10),
        end=at(13, 30),
        people=tuple(
            IncomingPerson(ref, given, family, honorific, affiliation, position, line=line_of[ref])
            for ref, (honorific, given, family, position, affiliation) in zip(
                refs, words["people"], strict=True
            )
        ),
        sessions=(
            IncomingSession(
                words["refs"][0],
                "opening_remarks",
                opening,
                {language: words["opening"]},
                at(10),
                at(10, 15),
                parts=(part(0, "opening_remarks"),),
                line=starts[0],
            ),
            IncomingSession(
                words["refs"][1],
                "presentation",
                findings,
                start=at(10, 15),
                end=at(10, 45),
                parts=(part(1, "presenter"), part(2, "presenter")),
                line=starts[1],
            ),
            IncomingSession(
                words["refs"][2],
                "break",
                coffee,
                start=at(10, 45),
                end=at(11),
                line=starts[2],
            ),
            IncomingSession(
                words["refs"][3],
                "panel",
                panel,
                {language: words["panel"]},
                at(11),
                at(12, 30),
                attribution="chatham_house",
                parts=(
                    part(3, "moderator"),
                    part(4, "panellist"),
                    part(2, "panellist"),
                    part(5, "panellist", confirmed=False),
                ),
                line=starts[3],
            ),
            IncomingSession(
                words["refs"][4],
                "reception",
                reception,
                start=at(12, 30),
                end=at(13, 30),
                line=starts[4],
            ),
        ),
        marks=(
            Mark(
                venue_line,
                "skipped",
                "room",
                f"The venue, “{lines[venue_line - 1].partition(': ')[2]}”, is not part of the "
                "programme: say it at the conference.",
            ),
        ),
    )
