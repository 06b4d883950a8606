"""Bodies of the texts of mails."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import StrictSerializer
from notifications.enums import (
    MessageKind,
)
from notifications.services.own_texts import PARTS, Origin
from notifications.services.placeholders import listed


class MailTemplateSerializer(StrictSerializer):
    slug = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True, help_text="What it is called in the console.")
    kind = serializers.ChoiceField(choices=MessageKind.choices, read_only=True)
    for_rules = serializers.BooleanField(
        read_only=True, help_text="Whether a reminder rule can use it."
    )
    languages = serializers.ListField(child=serializers.CharField(), read_only=True)
    origins = serializers.DictField(
        child=serializers.ChoiceField(choices=[one.value for one in Origin]),
        read_only=True,
        help_text="Language -> where its text comes from.",
    )
    missing = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Languages of the readers in which there is none: they get another one.",
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "slug": instance.slug,
            "name": instance.name,
            "kind": instance.kind.value,
            "for_rules": instance.for_rules,
            "languages": list(instance.origins),
            "origins": {language: str(origin) for language, origin in instance.origins.items()},
            "missing": list(instance.missing),
        }


class MailTextSerializer(StrictSerializer):
    slug = serializers.CharField(read_only=True)
    language = serializers.CharField(read_only=True)
    origin = serializers.ChoiceField(choices=[one.value for one in Origin], read_only=True)
    subject = serializers.CharField()
    preheader = serializers.CharField()
    title = serializers.CharField()
    body = serializers.CharField(help_text="Markdown, with placeholders in braces.")
    facts = serializers.ListField(child=serializers.CharField(), required=False)
    after = serializers.CharField(required=False, allow_blank=True)
    lead = serializers.CharField(required=False, allow_blank=True)
    button_label = serializers.CharField(required=False, allow_blank=True)
    button_url = serializers.CharField(
        required=False, allow_blank=True, help_text="The placeholder of its address."
    )
    reason = serializers.CharField(help_text="Why one gets the mail: a sentence a line.")
    placeholders = serializers.DictField(
        child=serializers.CharField(), read_only=True, help_text="Placeholder -> what it means."
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        source = instance.source
        return {
            "slug": source.template,
            "language": source.language,
            "origin": str(instance.origin),
            **{name: getattr(source, name) for name in PARTS},
            "facts": list(source.facts),
            "reason": "\n".join(source.reason),
            "placeholders": {one.name: one.meaning for one in listed(source.template)},
        }
