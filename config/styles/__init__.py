"""Put the stylesheet together: `python -m config.styles` writes static/lectern/css/lectern.css."""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
TARGET = SOURCE.parent / "static" / "lectern" / "css" / "lectern.css"


def stylesheet() -> str:
    """Return the files of this folder by name, in one, without comments and spare blanks.

    Steps of space and radii never change by theme or width, so their values are put in place.
    """
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCE.glob("*.css")))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    for name, value in re.findall(r"(--(?:s\d|radius|card|small)): ([^;]+);", text):
        text = text.replace(f"{name}: {value};", "").replace(f"var({name})", value)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    text = re.sub(r"([\w-]): ", r"\1:", text)
    text = re.sub(r"(?<=[\w)\]*]) > |(?<=[{},;])> ", ">", text)
    text = re.sub(r" (>=|<) ", r"\1", text)
    text = re.sub(r'="([\w-]+)"\]', r"=\1]", text)
    return text.replace(";}", "}").strip() + "\n"
