"""The same text gives the same references, and so does the text after small corrections."""

from __future__ import annotations

import pytest

from tests.events.exchange.agenda.telling import programme

AGENDA = """\
Thursday, 20 February 2025
10:00–10:15 Opening remarks
Ana Anić, PCB
10:15–11:00 Panel: Who speaks for the diaspora
Moderator: Boris Borić
11:00–11:15 Coffee break
11:15–12:00 Presentation: New findings on migration
12:00–12:15 Coffee break
12:15–13:00 Discussion (Sala 2)
"""
REFS = ["ope-rem", "wh-sp-fo-th-di", "cof-bre", "ne-fi-on-mi", "cof-bre-2", "dis"]


def refs(text: str) -> list[str]:
    return [session.ref for session in programme(text).sessions]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("10:15–11:00", "10:20–11:05"),
        ("Thursday, 20 February", "Friday, 21 February"),
        ("diaspora", "diaspóra"),
        ("Who speaks", "Who speeks"),
        ("findings", "findnigs"),
        ("Panel:", "PANEL 1 –"),
        ("Boris Borić", "Ceca Cecić"),
        ("(Sala 2)", "(Sala 3)"),
        ("10:00–10:15", "10.00"),
    ],
)
def test_a_small_correction_leaves_the_references(old, new):
    assert refs(AGENDA) == REFS
    assert refs(AGENDA.replace(old, new, 1)) == REFS


def test_a_session_more_leaves_the_others_references():
    more = AGENDA.replace("11:00–11:15", "10:50 Keynote: Why people leave\n11:00–11:15", 1)
    assert refs(more) == [*REFS[:2], "why-peo-lea", *REFS[2:]]


def test_both_scripts_give_the_same_references():
    latin = "10:00 Uvodna reč\nNj. E. Đorđe Đokić, ČMP\n11:00 Šta čeka građane (Sala 1)\n"
    cyrillic = "10:00 Уводна реч\nЊ. Е. Ђорђе Ђокић, ЧМП\n11:00 Шта чека грађане (Сала 1)\n"
    one, other = programme(latin), programme(cyrillic)
    assert [s.ref for s in one.sessions] == [s.ref for s in other.sessions]
    assert [p.ref for p in one.people] == [p.ref for p in other.people] == ["djordje-djokic"]
    assert [r.ref for r in one.rooms] == [r.ref for r in other.rooms] == ["sala-1"]


def test_one_person_on_two_sessions_is_one_person_with_the_standing_of_each():
    whole = programme(
        "10:00 Panel: One\nPanellists:\nDr Ana Anić, Director, PCB\nBoris Borić\n"
        "11:00 Panel: Two\nPanellists:\nAna Anić, Adviser, OSCE\nBoris Borić, NATO\n"
    )
    ana, boris = whole.people
    assert (ana.honorific, ana.position, ana.affiliation) == ("Dr", "Director", "PCB")
    assert (boris.position, boris.affiliation) == ("", "NATO")
    assert [
        (part.person, part.position, part.affiliation)
        for session in whole.sessions
        for part in session.parts
    ] == [
        ("ana-anic", "", ""),
        ("boris-boric", "", ""),
        ("ana-anic", "Adviser", "OSCE"),
        ("boris-boric", "", ""),
    ]


def test_the_script_of_the_text_corrects_the_language():
    assert [s.title for s in programme("10:00 Панел: Ко говори").sessions] == [
        {"sr-Cyrl": "Ко говори"}
    ]
    assert [s.title for s in programme("10:00 Panel: Ko", language="sr-Cyrl").sessions] == [
        {"sr-Latn": "Ko"}
    ]
