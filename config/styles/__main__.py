"""Write the stylesheets that the pages load."""

from __future__ import annotations

import sys

from config.styles import SHEETS, TARGET, stylesheet

TARGET.mkdir(parents=True, exist_ok=True)
for name in SHEETS:
    (TARGET / name).write_text(stylesheet(name), encoding="utf-8")
    sys.stdout.write(f"{name}: {(TARGET / name).stat().st_size} bytes\n")
