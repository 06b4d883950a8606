"""Pausing a conference's mail."""

from __future__ import annotations

from django import forms


class PauseForm(forms.Form):
    """Why a conference's mail is paused."""

    reason = forms.CharField(
        label="Why",
        max_length=200,
        help_text="Everybody who works on the conference reads it: the room has changed.",
    )
