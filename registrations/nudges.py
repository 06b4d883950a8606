"""Waking a worker for what waits in the database."""

from __future__ import annotations

import logging
from typing import Any

logger = logging.getLogger(__name__)


def nudge(task: Any) -> None:
    """Nudge a worker to run a task now; without a broker beat's own call does it in a minute."""
    try:
        task.apply_async(retry=False, expires=60)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the work waits safely
        logger.warning("No nudge reached the workers; the next minute's will: %s", error)
