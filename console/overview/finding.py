"""What needs an organiser: sentences, gathered conference by conference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from console.overview.panels import Panel
from core.text import pick_text
from events.models import Conference

Panels = Mapping[int, list[Panel]]


@dataclass(frozen=True, slots=True)
class Need:
    """A sentence and the page where it is dealt with."""

    sentence: str
    label: str
    url: str
    tone: str = ""


class Finding:
    """The needs found so far, of these conferences."""

    def __init__(
        self, organisation: str, conferences: list[Conference], panels: Panels | None
    ) -> None:
        self.known_panels = panels
        self.organisation = organisation
        self.conferences = conferences
        self.titles = {row.pk: pick_text(row.title, "en", row.languages) for row in conferences}
        self.needs: list[Need] = []
        self.now = timezone.now()

    def add(
        self,
        sentence: str,
        label: str,
        page: str,
        conference: Conference | None = None,
        *,
        tone: str = "",
        query: str = "",
        **keys: str,
    ) -> None:
        """Add a sentence and its button.

        Arguments:
            keys: what the page's address names besides the conference: code, part.
        """
        kwargs = {"organisation": self.organisation, **keys}
        if conference is not None:
            kwargs["conference"] = conference.slug
        self.needs.append(Need(sentence, label, reverse(page, kwargs=kwargs) + query, tone))
