"""Put the stylesheets together: `python -m config.styles` writes static/lectern/css/*.css.

Every page loads lectern.css; the console's pages load console.css after it, and the editors of the
programme editors.css after that.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

SOURCE: Final = Path(__file__).resolve().parent
TARGET: Final = SOURCE.parent / "static" / "lectern" / "css"
# Which sources go into which sheet, by the start of their names.
SHEETS: Final = {"lectern.css": ("1-", "2-", "3-"), "console.css": ("4-",), "editors.css": ("5-",)}
# Steps of space and radii never change by theme or width, so their values are put in place.
_STEP: Final = re.compile(r"(--(?:s\d|radius|card|small)): ([^;]+);")


def stylesheet(sheet: str = "lectern.css") -> str:
    """Return a sheet's sources by name, in one, without comments and spare blanks."""
    sources = sorted(SOURCE.glob("*.css"))
    texts = {path.name: path.read_text(encoding="utf-8") for path in sources}
    steps = [step for text in texts.values() for step in _STEP.findall(text)]
    text = "\n".join(text for name, text in texts.items() if name.startswith(SHEETS[sheet]))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    for name, value in steps:
        text = text.replace(f"{name}: {value};", "").replace(f"var({name})", value)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    text = re.sub(r"([\w-]): ", r"\1:", text)
    text = re.sub(r"(?<=[\w)\]*]) > |(?<=[{},;])> ", ">", text)
    text = re.sub(r" (>=|<) ", r"\1", text)
    text = re.sub(r'="([\w-]+)"\]', r"=\1]", text)
    return text.replace(";}", "}").strip() + "\n"
