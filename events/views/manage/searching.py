"""Finding rows by what people type: "Cvijic" finds Cvijić and Цвијић."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.http import HttpRequest

from core.text import search_key
from events.services.people_search import STANDINGS, Search

Row = TypeVar("Row", bound=models.Model)
MOST_WORDS = 8


def matching(rows: models.QuerySet[Row], text: str) -> models.QuerySet[Row]:
    """Keep the rows in whose search key each word of the text stands."""
    for word in search_key(text.replace("\x00", "")[:200]).split()[:MOST_WORDS]:
        rows = rows.filter(search_key__contains=word)
    return rows


def search_of(request: HttpRequest) -> Search:
    """Return whom an address looks for: words, a tag, what people did here."""
    standing = request.GET.get("standing", "")
    return Search(
        text=request.GET.get("q", "").strip(),
        tag=request.GET.get("tag", "").replace("\x00", ""),
        standing=standing if standing in STANDINGS else "",
    )
