"""How a host's colour looks on its pages, in light and in dark, and what was moved, in words."""

from __future__ import annotations

from dataclasses import dataclass

from core.cleaning import Wrong, colour
from core.colours import (
    DARK_GROUNDS,
    LIGHT_GROUNDS,
    ON_DARK_ACCENT,
    ON_LIGHT_ACCENT,
    READABLE,
    least_contrast,
    twins_of,
)

_INKS = ("#1b1f24", "#eceae4")


@dataclass(frozen=True, slots=True)
class Sample:
    """One of the two looks.

    Arguments:
        name: ``Light`` or ``Dark``.
        words: what is shown of the chosen colour, and why.
    """

    name: str
    ground: str
    ink: str
    accent: str
    on_accent: str
    words: str


def samples_of(typed: str) -> list[Sample]:
    """Return how a colour looks in light and in dark; nothing for what is no colour.

    Arguments:
        typed: as it stands in the field; nothing stands for Lectern's own.
    """
    try:
        chosen = colour(typed)
    except Wrong:
        return []
    looks = twins_of(chosen)
    grounds = (LIGHT_GROUNDS[0], DARK_GROUNDS[0])
    on = (ON_LIGHT_ACCENT, ON_DARK_ACCENT)
    return [
        Sample(
            name=name,
            ground=grounds[dark],
            ink=_INKS[dark],
            accent=looks[dark],
            on_accent=on[dark],
            words=_words(name.lower(), chosen, looks[dark], dark=bool(dark)),
        )
        for dark, name in enumerate(("Light", "Dark"))
    ]


def _words(name: str, chosen: str, shown: str, *, dark: bool) -> str:
    stands_out = least_contrast(shown, dark=dark)
    if not chosen:
        return f"On {name} pages: {shown}, Lectern's own."
    if shown == chosen:
        return f"On {name} pages: {shown} as it is. It stands out by {stands_out:.1f} to 1."
    moved = "lighter" if dark else "darker"
    before = least_contrast(chosen, dark=dark)
    why = f"yours stands out by {before:.1f} to 1"
    if before >= READABLE:
        why += ", which is little in the dark"
    else:
        why += f", and text needs {READABLE}"
    return f"On {name} pages: {shown}, {moved} than yours: {why}."
