"""What somebody says to a quote of theirs. The rules stand in the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.text import LANGUAGES
from events.models import Quote
from events.services.quotes import MAX_QUOTE

_MAX_NAME = 200
_MAX_COMMENT = 2000


class QuoteAnswerForm(forms.Form):
    """One answer: which button, which words of which version, and who pressed it."""

    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    by_name = forms.BooleanField(required=False, label=_("You may say that I said it"))
    answered_by = forms.CharField(required=False, max_length=_MAX_NAME, label=_("Your name"))
    comment = forms.CharField(
        required=False,
        max_length=_MAX_COMMENT,
        label=_("A word to the organisers"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, quote: Quote, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"comment": quote.comment, "by_name": quote.by_name})
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.tags = [tag for tag in quote.text if tag in LANGUAGES]
        several = len(self.tags) > 1
        for tag in self.tags:
            self.fields[self._name(tag)] = forms.CharField(
                label=LANGUAGES[tag] if several else _("As it should be"),
                required=False,
                max_length=MAX_QUOTE,
                initial=quote.proposal.get(tag) or quote.text[tag],
                widget=forms.Textarea(attrs={"rows": 4, "lang": tag}),
            )

    def proposal(self) -> dict[str, str]:
        """Return the words that were typed, by language."""
        return {tag: self.cleaned_data[self._name(tag)] for tag in self.tags}

    def word_fields(self) -> list[forms.BoundField]:
        return [self[self._name(tag)] for tag in self.tags]

    def refuse(self, refusal: DomainError) -> None:
        """Say a service's refusal beside the fields that it is about."""
        for error in refusal.errors:
            name = error.pointer.strip("/").split("/")[0]
            self.add_error(name if name in self.fields else None, error.detail)
        if not refusal.errors:
            self.add_error(None, refusal.detail)

    @staticmethod
    def _name(tag: str) -> str:
        return f"words_{tag.replace('-', '_')}"
