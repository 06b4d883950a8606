"""A host's own colour, made so that it can be read: the same hue, darker or lighter as it must be.

Contrast is that of WCAG 2.2. Lightness is moved in OKLCH, where the hue stays what people see; a
colour that no screen can show is given less chroma until one can. Pure: no database, no Django.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

# What text needs against what is behind it; in the dark, where thin letters glow less, some more.
READABLE: Final = 4.5
READABLE_IN_THE_DARK: Final = 6.0
# As the stylesheet has them (config/styles/1-base.css; a test compares them).
LIGHT_GROUNDS: Final = ("#fbfaf7", "#ffffff", "#f3f1eb")
DARK_GROUNDS: Final = ("#14171a", "#1b1f23", "#0f1214")
ON_LIGHT_ACCENT: Final = "#ffffff"
ON_DARK_ACCENT: Final = "#0f1214"
# The accent of who has chosen none.
OURS: Final = ("#0b5d5e", "#5cc2be")
_WASH: Final = 0.1
_STEP: Final = 0.004
_SHORTEST: Final = 4  # "#abc"


@dataclass(frozen=True, slots=True)
class Accent:
    """A colour as pages show it, in light and in dark.

    Arguments:
        chosen: what the host chose.
        light, dark: what is shown; the chosen colour itself where it can be read.
        light_wash, dark_wash: the paper with a breath of it, for what is chosen or announced.
    """

    chosen: str
    light: str
    dark: str
    light_wash: str
    dark_wash: str

    @property
    def stylesheet(self) -> str:
        """Return the rule that puts it over Lectern's own."""
        return (
            f":root{{--accent:light-dark({self.light},{self.dark});"
            f"--wash:light-dark({self.light_wash},{self.dark_wash})}}\n"
        )


def contrast(one: str, other: str) -> float:
    """Return how far two colours stand apart, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast(colour: str, *, dark: bool) -> float:
    """Return the least contrast in which pages show a colour: as text on each ground, and under
    the words of a button.
    """
    grounds = DARK_GROUNDS if dark else LIGHT_GROUNDS
    behind = (*grounds, _mixed(colour, grounds[0]), ON_DARK_ACCENT if dark else ON_LIGHT_ACCENT)
    return min(contrast(colour, one) for one in behind)


@lru_cache(maxsize=256)
def accent_of(colour: str) -> Accent:
    """Return a colour's twins for light and dark pages, each moved no further than it must be.

    Arguments:
        colour: as ``#rrggbb`` or ``#rgb``.

    Raises:
        ValueError: for anything else.
    """
    chosen = "#" + "".join(f"{part:02x}" for part in _parts(colour))
    light, dark = _nudged(chosen, dark=False), _nudged(chosen, dark=True)
    return Accent(
        chosen=chosen,
        light=light,
        dark=dark,
        light_wash=_mixed(light, LIGHT_GROUNDS[0]),
        dark_wash=_mixed(dark, DARK_GROUNDS[0]),
    )


def twins_of(colour: str) -> tuple[str, str]:
    """Return what is shown of a host's colour in light and in dark; Lectern's own where there is
    none. No mail fails of a colour.
    """
    try:
        accent = accent_of(colour)
    except ValueError:
        return OURS
    return accent.light, accent.dark


def _nudged(colour: str, *, dark: bool) -> str:
    """Return the colour, or the nearest of its hue that can be read."""
    needed = READABLE_IN_THE_DARK if dark else READABLE
    lightness, chroma, hue = _oklch(colour)
    towards = _STEP if dark else -_STEP
    found = colour
    while least_contrast(found, dark=dark) < needed:
        lightness += towards
        if not 0 < lightness < 1:  # black and white themselves can be read
            return "#ffffff" if dark else "#000000"
        found = _shown(lightness, chroma, hue)
    return found


def _parts(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    if len(colour) == _SHORTEST:
        digits = "".join(digit * 2 for digit in digits)
    if not colour.startswith("#") or len(digits) != len("rrggbb") or not digits.isalnum():
        raise ValueError(colour)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own
        for c in (part / 255 for part in _parts(colour))
    )
    return red, green, blue


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, ground: str) -> str:
    pairs = zip(_parts(colour), _parts(ground), strict=True)
    return "#" + "".join(f"{round(a * _WASH + b * (1 - _WASH)):02x}" for a, b in pairs)


def _oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.atan2(b, a)


def _shown(lightness: float, chroma: float, hue: float) -> str:
    """Return a colour of OKLCH, with as much of its chroma as a screen has."""
    while True:
        parts = _screen(lightness, chroma, hue)
        if chroma <= 0 or all(-0.0005 <= part <= 1.0005 for part in parts):  # noqa: PLR2004
            return "#" + "".join(f"{_encoded(part):02x}" for part in parts)
        chroma = max(0.0, chroma - _STEP)


def _screen(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _encoded(part: float) -> int:
    part = min(1.0, max(0.0, part))
    curved = 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055  # noqa: PLR2004
    return round(curved * 255)
