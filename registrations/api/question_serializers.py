"""Bodies of the form builder's API. They only shape: which values may be, services say."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from core.api.serializers import RowField, StrictSerializer, TextsField
from registrations.api.fields import TextField
from registrations.enums import QuestionKind, Sensitivity
from registrations.models import Question, QuestionOption, QuestionSection
from registrations.services.consent_texts import current_text


def _sections(context: Mapping[str, Any]) -> Any:
    return context["conference"].question_sections.all()


def _questions(context: Mapping[str, Any]) -> Any:
    return context["conference"].questions.all()


def _types(context: Mapping[str, Any]) -> Any:
    return context["conference"].registration_types.all()


class OptionSerializer(StrictSerializer):
    slug = TextField(
        required=False,
        help_text="It never changes. Where it is left out the option is new and gets one.",
    )
    label = TextsField(required=False)  # type: ignore[assignment]  # the body's own word
    capacity = serializers.IntegerField(
        required=False, allow_null=True, help_text="How many can choose it; null is without limit."
    )
    active = serializers.BooleanField(required=False)

    def to_internal_value(self, data: Any) -> Any:
        values = dict(super().to_internal_value(data))
        if isinstance(data.get("label"), str):
            # A plain string is only the first language's words.
            row = self.root.instance
            known = row.options.filter(slug=values.get("slug")).first() if row else None
            values["label"] = {**(known.label if known else {}), **values["label"]}
        return values

    def to_representation(self, instance: QuestionOption) -> dict[str, Any]:
        return {
            "slug": instance.slug,
            "label": instance.label,
            "capacity": instance.allotment.capacity if instance.allotment else None,
            "active": instance.active,
        }


class ConditionSerializer(StrictSerializer):
    question = RowField(rows=_questions, key="slug")
    answers = serializers.ListField(
        child=serializers.CharField(max_length=60),
        max_length=60,
        help_text="Slugs of options, or `yes` and `no`.",
    )


class QuestionSerializer(StrictSerializer):
    """A question with its options, its words of consent, and when and of whom it is asked."""

    slug = TextField(required=False, help_text="Where it is left out it is made of the label.")
    kind = serializers.ChoiceField(choices=QuestionKind.choices)
    label = TextsField()  # type: ignore[assignment]  # the body's own word
    help_text = TextsField(required=False)  # type: ignore[assignment]  # the body's own word
    required = serializers.BooleanField(required=False)  # type: ignore[assignment]  # the same
    section = RowField(rows=_sections, key="slug", required=False, allow_null=True)
    types = serializers.ListField(
        child=RowField(rows=_types, key="slug"),
        source="registration_types",
        required=False,
        max_length=200,
        help_text="Slugs of registration types; an empty list means all of them.",
    )
    options = OptionSerializer(
        many=True,
        required=False,
        help_text="All of them, in order. One that is not named is deleted if nobody chose it.",
    )
    shown_if = ConditionSerializer(required=False, allow_null=True)
    lowest = serializers.IntegerField(required=False, allow_null=True)
    highest = serializers.IntegerField(required=False, allow_null=True)
    sensitivity = serializers.ChoiceField(
        choices=Sensitivity.choices, required=False, allow_blank=True
    )
    consent_text = TextsField(
        required=False, help_text="New words make a new version once somebody has agreed."
    )
    consent_version = serializers.IntegerField(read_only=True, allow_null=True)
    active = serializers.BooleanField(required=False)
    order = serializers.IntegerField(
        required=False, help_text="The place in the whole form; it keeps to the section."
    )

    def to_internal_value(self, data: Any) -> Any:
        values = dict(super().to_internal_value(data))
        if "shown_if" in values:
            condition = values["shown_if"] or {}
            values["shown_if"] = condition.get("question")
            values["shown_if_answers"] = condition.get("answers", [])
        if isinstance(data.get("consent_text"), str) and self.instance is not None:
            latest = current_text(self.instance)
            values["consent_text"] = {**(latest.text if latest else {}), **values["consent_text"]}
        if self.instance is None:
            # Sent empty is the same as not sent.
            values = {k: v for k, v in values.items() if k != "consent_text" or v}
        return values

    def to_representation(self, instance: Question) -> dict[str, Any]:
        texts = list(instance.consent_texts.all())
        latest = texts[-1] if texts else None
        condition = None
        if instance.shown_if is not None:
            condition = {"question": instance.shown_if.slug, "answers": instance.shown_if_answers}
        return {
            "slug": instance.slug,
            "kind": instance.kind,
            "label": instance.label,
            "help_text": instance.help_text or {},
            "required": instance.required,
            "section": instance.section.slug if instance.section else None,
            "types": [one.slug for one in instance.registration_types.all()],
            "options": [
                OptionSerializer(context=self.context).to_representation(one)
                for one in instance.options.all()
            ],
            "shown_if": condition,
            "lowest": instance.lowest,
            "highest": instance.highest,
            "sensitivity": instance.sensitivity,
            "consent_text": latest.text if latest else {},
            "consent_version": latest.number if latest else None,
            "active": instance.active,
            "order": instance.order,
        }


class QuestionSectionSerializer(StrictSerializer):
    """A heading of the form."""

    slug = TextField(required=False, help_text="Where it is left out it is made of the title.")
    title = TextsField()
    description = TextsField(required=False)
    order = serializers.IntegerField(required=False)

    def to_representation(self, instance: QuestionSection) -> dict[str, Any]:
        return {
            "slug": instance.slug,
            "title": instance.title,
            "description": instance.description or {},
            "order": instance.order,
        }
