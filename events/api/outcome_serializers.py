"""Bodies of the outcome, its quotes and its photos. They only shape: rules stand in services."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from core.api.serializers import RowField, StrictSerializer, TextsField
from core.enums import AnsweredVia
from core.links import absolute_url
from events.api.serializers import people_of, sessions_of
from events.enums import OutcomeItemKind, PhotoConsent, QuoteState
from events.models import Conference, Outcome, OutcomePhoto
from events.services.quote_answers import APPROVE, RECORDED_VIA, REFUSE


def _others(context: Any) -> Any:
    return Conference.objects.filter(organisation=context["organisation"])


class OutcomeItemSerializer(StrictSerializer):
    """A finding, or a point that somebody made."""

    kind = serializers.ChoiceField(choices=OutcomeItemKind.choices)
    topic = TextsField(required=False)
    text = TextsField(required=False, help_text="A draft's may follow; a public one's may not.")
    person = RowField(rows=people_of, required=False, allow_null=True)
    session = RowField(rows=sessions_of, required=False, allow_null=True)


class OutcomeSerializer(StrictSerializer):
    """What the page after the event says, as a whole; what PUT leaves out is empty then."""

    headline = TextsField()
    summary = TextsField(required=False, default=dict)
    outlook = TextsField(required=False, default=dict)
    record_note = TextsField(required=False, default=dict)
    press_name = serializers.CharField(required=False, allow_blank=True, default="")
    press_email = serializers.CharField(required=False, allow_blank=True, default="")
    press_phone = serializers.CharField(required=False, allow_blank=True, default="")
    items = serializers.ListField(
        child=OutcomeItemSerializer(), required=False, default=list, source="item_rows"
    )
    related = serializers.ListField(
        child=RowField(rows=_others, key="slug"), required=False, default=list
    )
    published_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def to_representation(self, instance: Outcome) -> Any:
        texts = ("headline", "summary", "outlook", "record_note")
        press = ("press_name", "press_email", "press_phone")
        rows = instance.items.select_related("person", "session")
        return {
            **{name: getattr(instance, name) for name in (*texts, *press)},
            "items": OutcomeItemSerializer(rows, many=True, context=self.context).data,
            "related": [row.slug for row in instance.related.order_by("slug")],
            "published_at": self.fields["published_at"].to_representation(instance.published_at)
            if instance.published_at
            else None,
        }


class PublishOutcomeSerializer(StrictSerializer):
    tell = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Whether mail goes by the rules that wait for the outcome, and to those who "
        "asked for the findings. Quietly, these rules are switched off.",
    )


class QuoteSerializer(StrictSerializer):
    """What somebody said. Readers see it when `state` is `approved`."""

    code = serializers.CharField(read_only=True)
    person = RowField(rows=people_of)
    session = RowField(rows=sessions_of, required=False, allow_null=True)
    text = TextsField(help_text="Other words need approval anew.")
    order = serializers.IntegerField(required=False)
    state = serializers.ChoiceField(choices=QuoteState.choices, read_only=True)
    by_name = serializers.BooleanField(read_only=True)
    proposal = TextsField(read_only=True)
    comment = serializers.CharField(read_only=True)
    asked_at = serializers.DateTimeField(read_only=True, allow_null=True)
    answered_at = serializers.DateTimeField(read_only=True, allow_null=True)
    answered_via = serializers.CharField(read_only=True)
    answered_name = serializers.CharField(read_only=True)


class QuoteAnswerSerializer(StrictSerializer):
    """An answer that came by phone, by mail or in person."""

    answer = serializers.ChoiceField(choices=[(APPROVE, "Approved"), (REFUSE, "Not to be shown")])
    via = serializers.ChoiceField(
        choices=[(via.value, AnsweredVia(via).label) for via in RECORDED_VIA]
    )
    answered_name = serializers.CharField(required=False, allow_blank=True)
    by_name = serializers.BooleanField(
        required=False, help_text="Where the Chatham House Rule holds; elsewhere it goes without."
    )
    comment = serializers.CharField(required=False, allow_blank=True)


class PhotoSerializer(StrictSerializer):
    """A picture. It is shown only with consent and with words for who can not see it."""

    code = serializers.CharField(read_only=True)
    url = serializers.SerializerMethodField()
    width = serializers.IntegerField(read_only=True)
    height = serializers.IntegerField(read_only=True)
    alt = TextsField(required=False)
    caption = TextsField(required=False)
    credit = serializers.CharField(required=False, allow_blank=True)
    consent = serializers.ChoiceField(choices=PhotoConsent.choices, required=False)
    consent_note = serializers.CharField(required=False, allow_blank=True)
    shown = serializers.BooleanField(required=False)
    order = serializers.IntegerField(required=False)

    def get_url(self, row: OutcomePhoto) -> str:
        return absolute_url(reverse("file", args=[row.file.uid]))
