"""Write the stylesheet that the pages load."""

from __future__ import annotations

import sys

from config.styles import TARGET, stylesheet

TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text(stylesheet(), encoding="utf-8")
sys.stdout.write(f"{TARGET.name}: {TARGET.stat().st_size} bytes\n")
