"""Finding rows by what people type: "Cvijic" finds Cvijić and Цвијић."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

from core.text import search_key

Row = TypeVar("Row", bound=models.Model)
MOST_WORDS = 8


def matching(rows: models.QuerySet[Row], text: str) -> models.QuerySet[Row]:
    """Keep the rows in whose search key each word of the text stands."""
    for word in search_key(text.replace("\x00", "")[:200]).split()[:MOST_WORDS]:
        rows = rows.filter(search_key__contains=word)
    return rows
