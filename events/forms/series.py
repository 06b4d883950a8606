"""The form of a series."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Organisation
from events.forms.base import ServiceForm
from events.models import Series


class SeriesForm(ServiceForm):
    """What it is called, where its page is, what it is about."""

    slug = forms.CharField(
        label="Address",
        max_length=80,
        help_text="It stays once a conference of the series has been public.",
    )

    def __init__(
        self, *args: Any, organisation: Organisation, series: Series | None = None, **kwargs: Any
    ) -> None:
        self.series = series
        if series is not None:
            initial = {"version": series.version, "slug": series.slug}
            for name in ("title", "description"):
                initial |= self.initial_texts(name, getattr(series, name))
            kwargs.setdefault("initial", initial)
        super().__init__(*args, languages=organisation.languages, **kwargs)
        self.add_texts("title", "Title", required=True)
        self.add_texts("description", "What it is about", lines=5)
        self.order_fields(
            [
                "version",
                *self.text_fields("title"),
                "slug",
                *self.text_fields("description"),
            ]
        )

    def values(self) -> dict[str, Any]:
        kept = self.series
        return {
            "title": self.text_values("title", kept.title if kept else None),
            "slug": self.cleaned_data["slug"],
            "description": self.text_values("description", kept.description if kept else None),
        }
