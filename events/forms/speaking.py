"""What organisers type about asking somebody to speak, and about the answer."""

from __future__ import annotations

from typing import Any

from django import forms

from core.enums import AnsweredVia
from events.enums import ParticipationState
from events.forms.base import LocalTimeField, ServiceForm
from events.models import Participation
from events.services.speaker_answers import ANSWERS, RECORDED_VIA


class AskForm(ServiceForm):
    """The words that go with an asking, and until when an answer is asked for."""

    names = {"asked_words": "words"}

    words = forms.CharField(
        label="Your words to them",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="They stand in the letter and on the page. Session, role and time stand there "
        "anyway.",
    )
    reply_until_local = LocalTimeField(
        label="Answer by",
        required=False,
        help_text="On the clocks of the conference. Two days before, the silent get a nudge.",
    )

    def asking(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        return {
            "words": self.cleaned_data["words"],
            "reply_until_local": self.cleaned_data["reply_until_local"] or None,
        }


class RecordAnswerForm(ServiceForm):
    """An answer that came by phone, by mail or in person."""

    names = {
        "answered_via": "via",
        "decline_reason": "reason",
    }

    state = forms.ChoiceField(
        label="The answer",
        choices=[(state.value, state.label) for state in ANSWERS],
        widget=forms.RadioSelect,
    )
    via = forms.ChoiceField(
        label="How it came", choices=[(via.value, AnsweredVia(via).label) for via in RECORDED_VIA]
    )
    answered_by = forms.CharField(
        label="Who gave it",
        required=False,
        max_length=200,
        help_text="Empty: they did themselves.",
    )
    reason = forms.CharField(
        label="Why they can not",
        required=False,
        max_length=500,
        help_text="Only where they decline. Organisers read it, nobody else.",
    )

    @staticmethod
    def initial_of(row: Participation) -> dict[str, Any]:
        """Return what stands there of an answer."""
        state = row.state if row.state in ANSWERS else ParticipationState.CONFIRMED
        return {
            "version": row.session.version,
            "state": state,
            "via": row.answered_via if row.answered_via in RECORDED_VIA else AnsweredVia.PHONE,
            "answered_by": row.answered_by,
            "reason": row.decline_reason,
        }

    def answer(self) -> dict[str, Any]:
        """Return what was typed, as the service takes it."""
        typed = self.cleaned_data
        return {name: typed[name] for name in ("state", "via", "answered_by", "reason")}


class ReplaceForm(AskForm):
    """Who comes in somebody's place, and whether they are asked in the same step."""

    person = forms.CharField(widget=forms.HiddenInput)
    ask = forms.BooleanField(label="Ask them at once", required=False)
    tell_them = forms.BooleanField(
        label="Tell who was asked before that they are not needed", required=False
    )
