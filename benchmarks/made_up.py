"""Names, houses and subjects that nobody has: of them benchmarks make people and sessions."""

from __future__ import annotations

from typing import Final

GIVEN: Final = (
    *("Ana", "Marko", "Željko", "Milica", "Jovana", "Ђорђе", "Ольга", "Søren", "Łukasz", "Ivana"),
    *("Dragan", "Nađa", "Elif", "Arben", "Ines", "Petra", "Tomáš", "Andreea", "Kiril", "Sára"),
)
FAMILY: Final = (
    *("Petrović", "Цвијић", "Kovačević", "Đorđević", "Иванова", "Müller", "Dvořák", "O’Neill"),
    *("Hoxha", "Çelik", "Novak", "Popescu", "Georgiev", "Szabó", "Jensen", "García", "Marković"),
)
HOUSES: Final = (
    *("Institute of European Affairs", "University of Belgrade", "Centre for Regional Security"),
    *("Ministry of Finance", "Institut za medije", "Climate Action Network", "Chamber of Commerce"),
)
POSITIONS: Final = ("Director", "Senior researcher", "Professor", "Editor", "Adviser", "Ambassador")
SUBJECTS: Final = (
    *("enlargement", "public debt", "disinformation", "air quality", "judicial reform", "AI"),
    *("energy security", "local media", "migration", "trade routes", "defence spending", "water"),
)
TURNS: Final = (
    *("What comes after", "Ten years of", "The price of", "Who decides on", "A second look at"),
    *("The region and", "Numbers and myths about", "How small states handle"),
)


def title_of(n: int) -> str:
    subject, turn = SUBJECTS[n % len(SUBJECTS)], TURNS[n // len(SUBJECTS) % len(TURNS)]
    return f"{turn} {subject} ({n + 1})"
