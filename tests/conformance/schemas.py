"""Where the published schemas lie that are not ours to hand out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

SCHEMAS: Final = Path(os.environ.get("SCHEDULE_SCHEMAS", "schedule-schemas"))
