"""The form of a conference, for programs."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from rest_framework import serializers

from core.api.serializers import StrictSerializer
from registrations.enums import QuestionKind, TypeState


class FormTypeSerializer(StrictSerializer):
    slug = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(choices=TypeState.choices, read_only=True)
    party_max = serializers.IntegerField(
        read_only=True, help_text="How many may come by one registration, oneself included."
    )


class FormOptionSerializer(StrictSerializer):
    slug = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # the body's own word
    full = serializers.BooleanField(read_only=True)


class FormConditionSerializer(StrictSerializer):
    """Asked only when that question has one of these answers."""

    question = serializers.CharField(read_only=True)
    answers = serializers.ListField(child=serializers.CharField(), read_only=True)


class FormQuestionSerializer(StrictSerializer):
    """A question; `types` is null where all kinds of place are asked."""

    slug = serializers.CharField(read_only=True)
    kind = serializers.ChoiceField(choices=QuestionKind.choices, read_only=True)
    required = serializers.BooleanField(  # type: ignore[assignment]  # the body's own word
        read_only=True
    )
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # the body's own word
    help = serializers.CharField(read_only=True)
    section = serializers.CharField(read_only=True, allow_null=True)
    options = FormOptionSerializer(many=True, read_only=True)
    min = serializers.IntegerField(read_only=True, allow_null=True)
    max = serializers.IntegerField(read_only=True, allow_null=True)
    shown_if = FormConditionSerializer(read_only=True, allow_null=True)
    types = serializers.ListField(child=serializers.CharField(), read_only=True, allow_null=True)


class FormConsentSerializer(StrictSerializer):
    """What can be agreed to; `consents` of a registration names its slug."""

    slug = serializers.CharField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    text = serializers.CharField(read_only=True)
    required = serializers.BooleanField(  # type: ignore[assignment]  # the body's own word
        read_only=True
    )
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]  # the body's own word
    shown_if = FormConditionSerializer(read_only=True, allow_null=True)
    types = serializers.ListField(child=serializers.CharField(), read_only=True, allow_null=True)


class FormSessionSerializer(StrictSerializer):
    """A session that guests can sign up for."""

    code = serializers.CharField(read_only=True)
    title = serializers.CharField(read_only=True)
    start = serializers.CharField(read_only=True, allow_null=True)
    end = serializers.CharField(read_only=True, allow_null=True)
    state = serializers.ChoiceField(choices=TypeState.choices, read_only=True)
    places_left = serializers.IntegerField(read_only=True, allow_null=True)
    registration_types = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="None means all."
    )


class RegistrationFormSerializer(StrictSerializer):
    """What a program needs to know to show the form."""

    types = FormTypeSerializer(many=True, read_only=True)
    questions = FormQuestionSerializer(many=True, read_only=True)
    consents = FormConsentSerializer(many=True, read_only=True)
    sessions = FormSessionSerializer(many=True, read_only=True)
    languages = serializers.ListField(child=serializers.CharField(), read_only=True)
