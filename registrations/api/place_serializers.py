"""Bodies of allotments, hold-backs, access codes and sign-ups.

They only shape: which values may be, services say.
"""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from core.api.serializers import RowField, StrictSerializer, instant_text, local_text
from events.models import Session
from registrations.api.fields import TextField, WindowField
from registrations.enums import RegistrationStatus
from registrations.models import AccessCode, HoldBack, SignUpSession


def allotments_in(context: Mapping[str, Any]) -> Any:
    return context["conference"].allotments.all()


def types_in(context: Mapping[str, Any]) -> Any:
    return context["conference"].registration_types.all()


def hold_backs_in(context: Mapping[str, Any]) -> Any:
    return context["conference"].hold_backs.all()


def _sessions(context: Mapping[str, Any]) -> Any:
    return Session.objects.filter(conference=context["conference"]).select_related("conference")


class TypesField(serializers.ListField):
    """Kinds of place by their slugs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=RowField(rows=types_in, key="slug"), max_length=50, **kwargs)


class AllotmentSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    name = TextField()
    capacity = serializers.IntegerField(required=False, allow_null=True)
    registration_types = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Which kinds of place draw from it; each type's `allotments` say so.",
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "code": instance.code,
            "name": instance.name,
            "capacity": instance.capacity,
            "registration_types": [one.slug for one in instance.registration_types.all()],
        }


class FiguresSerializer(StrictSerializer):
    """Figures of an allotment that change by themselves."""

    capacity = serializers.IntegerField(read_only=True, allow_null=True)
    taken = serializers.IntegerField(read_only=True)
    held = serializers.IntegerField(read_only=True)
    left = serializers.IntegerField(read_only=True, allow_null=True)


class HoldBackSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    allotment = RowField(rows=allotments_in)
    name = TextField()
    count = serializers.IntegerField(
        help_text="How many places are kept at this moment; entries from it make them fewer."
    )
    release_at = WindowField(source="release_local", required=False, allow_null=True)
    release_local = serializers.CharField(read_only=True, allow_null=True)

    def to_representation(self, instance: HoldBack) -> dict[str, Any]:
        return {
            "code": instance.code,
            "allotment": instance.allotment.code,
            "name": instance.name,
            "count": instance.left,  # type: ignore[attr-defined]  # annotated
            "release_at": instant_text(instance.release_at),
            "release_local": local_text(instance.release_local),
        }


class HoldBackChangeSerializer(StrictSerializer):
    """What a change may name; it stays in its allotment."""

    name = TextField(required=False)
    count = serializers.IntegerField(required=False)
    release_at = WindowField(source="release_local", required=False, allow_null=True)


class _CodeFacts(StrictSerializer):
    name = TextField(required=False)
    registration_types = TypesField()
    holds_places = serializers.BooleanField(required=False)
    approves = serializers.BooleanField(required=False)
    expires_at = WindowField(source="expires_local", required=False, allow_null=True)


class AccessCodeSerializer(_CodeFacts):
    code = TextField(required=False, help_text="Without one it is random.")
    max_uses = serializers.IntegerField(required=False, allow_null=True)
    active = serializers.BooleanField(read_only=True, help_text="False once it has been ended.")
    expires_local = serializers.CharField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: AccessCode) -> dict[str, Any]:
        return {
            "code": instance.code,
            "name": instance.name,
            "registration_types": [one.slug for one in instance.registration_types.all()],
            "max_uses": instance.max_uses,
            "holds_places": instance.holds_places,
            "approves": instance.approves,
            "active": instance.active,
            "expires_at": instant_text(instance.expires_at),
            "expires_local": local_text(instance.expires_local),
            "created_at": instant_text(instance.created_at),
        }


class ManyCodesSerializer(_CodeFacts):
    """How many random codes are made, each for one use."""

    number = serializers.IntegerField()


class CodesMadeSerializer(StrictSerializer):
    codes = serializers.ListField(child=serializers.CharField(), read_only=True)


class UsesSerializer(StrictSerializer):
    """Figures of a code that change by themselves."""

    used = serializers.IntegerField(read_only=True)
    left = serializers.IntegerField(read_only=True, allow_null=True)
    held = serializers.IntegerField(
        read_only=True, help_text="How many places of each of its kinds are kept."
    )


class SignUpSessionSerializer(StrictSerializer):
    session = RowField(rows=_sessions)
    capacity = serializers.IntegerField(required=False, allow_null=True)
    registration_types = TypesField(required=False)
    opens_at = WindowField(source="opens_local", required=False, allow_null=True)
    closes_at = WindowField(source="closes_local", required=False, allow_null=True)
    opens_local = serializers.CharField(read_only=True, allow_null=True)
    closes_local = serializers.CharField(read_only=True, allow_null=True)

    def to_representation(self, instance: SignUpSession) -> dict[str, Any]:
        return {
            "session": instance.session.code,
            "capacity": instance.allotment.capacity,
            "registration_types": [one.slug for one in instance.registration_types.all()],
            "opens_at": instant_text(instance.opens_at),
            "closes_at": instant_text(instance.closes_at),
            "opens_local": local_text(instance.opens_local),
            "closes_local": local_text(instance.closes_local),
        }


class SignUpSerializer(StrictSerializer):
    """Who has signed up for which session."""

    session = serializers.CharField(read_only=True)
    registration = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(choices=RegistrationStatus.choices, read_only=True)
    given_name = serializers.CharField(read_only=True)
    family_name = serializers.CharField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "session": instance.sign_up_session.session.code,
            "registration": instance.registration.code,
            "status": instance.registration.status,
            "given_name": instance.registration.given_name,
            "family_name": instance.registration.family_name,
            "created_at": instant_text(instance.created_at),
        }
