"""Bodies about people: those whom the organisation knows, and speakers."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.serializers import StrictSerializer, TextsField
from events.enums import ParticipationRole, ParticipationState


class PersonSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    uid = serializers.UUIDField(read_only=True)
    honorific = serializers.CharField(required=False, allow_blank=True)
    given_name = serializers.CharField()
    family_name = serializers.CharField(required=False, allow_blank=True)
    names_by_script = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True)), required=False
    )
    pronunciation = serializers.CharField(required=False, allow_blank=True)
    email = serializers.CharField(required=False, allow_blank=True)
    phone = serializers.CharField(required=False, allow_blank=True)
    affiliation = serializers.CharField(required=False, allow_blank=True)
    position = serializers.CharField(required=False, allow_blank=True)
    bio = TextsField(required=False)
    photo_alt = TextsField(required=False)
    no_photo = serializers.BooleanField(
        required=False, help_text="Wishes that nobody takes or shows a picture of them."
    )
    salutation = TextsField(required=False)
    language = serializers.CharField(required=False, allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    source = serializers.CharField(  # type: ignore[assignment]  # a field, not DRF's own attribute
        required=False, allow_blank=True
    )
    basis = serializers.CharField(required=False, allow_blank=True)
    notes = serializers.CharField(required=False, allow_blank=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "code": instance.code,
            "uid": str(instance.uid),
            "honorific": instance.honorific,
            "given_name": instance.given_name,
            "family_name": instance.family_name,
            "names_by_script": instance.names_by_script,
            "pronunciation": instance.pronunciation,
            "email": instance.email,
            "phone": instance.phone,
            "affiliation": instance.affiliation,
            "position": instance.position,
            "bio": instance.bio,
            "photo_alt": instance.photo_alt,
            "no_photo": instance.no_photo,
            "salutation": instance.salutation,
            "language": instance.language,
            "tags": sorted(tag.slug for tag in instance.tags.all()),
            "source": instance.source,
            "basis": instance.basis,
            "notes": instance.notes,
        }


class SpeakerPartSerializer(StrictSerializer):
    participation = serializers.CharField(source="code")
    session = serializers.CharField(source="session.code")
    role = serializers.ChoiceField(choices=ParticipationRole.choices)
    state = serializers.ChoiceField(choices=ParticipationState.choices)


class SpeakerSerializer(StrictSerializer):
    """A person on the programme of one conference, without what only the organisation knows."""

    code = serializers.CharField(read_only=True)
    honorific = serializers.CharField(read_only=True)
    given_name = serializers.CharField(read_only=True)
    family_name = serializers.CharField(read_only=True)
    affiliation = serializers.CharField(read_only=True)
    position = serializers.CharField(read_only=True)
    bio = TextsField(read_only=True)
    participations = serializers.SerializerMethodField()

    @extend_schema_field(SpeakerPartSerializer(many=True))
    def get_participations(self, person: Any) -> list[dict[str, Any]]:
        return list(SpeakerPartSerializer(person.parts_here, many=True).data)
