"""Put the stylesheet together: `python -m config.styles` writes static/lectern/css/lectern.css."""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
TARGET = SOURCE.parent / "static" / "lectern" / "css" / "lectern.css"


def stylesheet() -> str:
    """Return the files of this folder in the order of their names, without comments and spare blanks."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCE.glob("*.css")))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    text = re.sub(r"([\w-]): ", r"\1:", text)
    text = re.sub(r"(?<=[\w)\]*]) > |(?<=[{,])> ", ">", text)
    return text.replace(";}", "}").strip() + "\n"
