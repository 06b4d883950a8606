"""Bodies of invitations. They only shape: which values may be, services say."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from accounts.models import Account
from core.api.serializers import (
    LocalTimeField,
    RowField,
    StrictSerializer,
    instant_text,
    local_text,
)
from core.enums import AnsweredVia
from events.models import Person
from registrations.api.fields import TextField
from registrations.enums import RECORDED_VIA, InvitationResponse
from registrations.models import Invitation


def _types(context: Mapping[str, Any]) -> Any:
    return context["conference"].registration_types.all()


def _people(context: Mapping[str, Any]) -> Any:
    return Person.objects.filter(organisation=context["conference"].organisation_id)


def _members(context: Mapping[str, Any]) -> Any:
    return Account.objects.filter(
        memberships__organisation=context["conference"].organisation_id
    ).distinct()


class InvitationChangeSerializer(StrictSerializer):
    """What a change may name; the answer has a verb of its own."""

    registration_type = RowField(rows=_types, key="slug", required=False)
    wave = serializers.IntegerField(required=False)
    plus_one = serializers.BooleanField(required=False)
    owner = RowField(rows=_members, key="email", required=False, allow_null=True)
    note = TextField(required=False)
    reply_until = LocalTimeField(source="reply_until_local", required=False, allow_null=True)
    hold = serializers.BooleanField(required=False, help_text="Whether a place is kept.")


class InvitationSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    person = RowField(rows=_people)
    registration_type = RowField(rows=_types, key="slug")
    wave = serializers.IntegerField(required=False)
    plus_one = serializers.BooleanField(required=False)
    owner = RowField(rows=_members, key="email", required=False, allow_null=True)
    note = serializers.CharField(read_only=True)
    reply_until = LocalTimeField(source="reply_until_local", required=False, allow_null=True)
    hold = serializers.BooleanField(required=False, help_text="Whether a place is kept.")
    response = serializers.ChoiceField(
        choices=[("", ""), *InvitationResponse.choices], read_only=True
    )
    answered_at = serializers.DateTimeField(read_only=True, allow_null=True)
    answered_via = serializers.ChoiceField(choices=[("", ""), *AnsweredVia.choices], read_only=True)
    answered_by = serializers.CharField(read_only=True)
    by_delegate = serializers.BooleanField(read_only=True)
    decline_reason = serializers.CharField(read_only=True)
    wants_findings = serializers.BooleanField(read_only=True)
    save_the_date_at = serializers.DateTimeField(read_only=True, allow_null=True)
    sent_at = serializers.DateTimeField(read_only=True, allow_null=True)
    last_sent_at = serializers.DateTimeField(read_only=True, allow_null=True)
    seen_at = serializers.DateTimeField(read_only=True, allow_null=True)
    registration = serializers.CharField(read_only=True, allow_null=True)
    companion = serializers.CharField(read_only=True, allow_null=True)
    over_capacity = serializers.BooleanField(read_only=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: Invitation) -> dict[str, Any]:
        return {
            "code": instance.code,
            "person": instance.person.code,
            "registration_type": instance.registration_type.slug,
            "wave": instance.wave,
            "plus_one": instance.plus_one,
            "owner": instance.owner.email if instance.owner else None,
            "note": instance.note,
            "reply_until": local_text(instance.reply_until_local),
            "hold": bool(getattr(instance, "has_hold", False)),
            "response": instance.response,
            "answered_at": instant_text(instance.answered_at),
            "answered_via": instance.answered_via,
            "answered_by": instance.answered_by,
            "by_delegate": instance.by_delegate,
            "decline_reason": instance.decline_reason,
            "wants_findings": instance.wants_findings,
            "save_the_date_at": instant_text(instance.save_the_date_at),
            "sent_at": instant_text(instance.sent_at),
            "last_sent_at": instant_text(instance.last_sent_at),
            "seen_at": instant_text(instance.seen_at),
            "registration": instance.registration.code if instance.registration else None,
            "companion": instance.companion.code if instance.companion else None,
            "over_capacity": instance.over_capacity,
            "withdrawn_at": instant_text(instance.withdrawn_at),
            "created_at": instant_text(instance.created_at),
        }


class WithdrawSerializer(StrictSerializer):
    reason = TextField(required=False, help_text="What the organiser keeps about it; not mailed.")


class DelegateSerializer(StrictSerializer):
    """Who comes in the guest's place."""

    given_name = TextField()
    family_name = TextField()
    email = TextField(required=False)
    affiliation = TextField(required=False)
    position = TextField(required=False)
    phone = TextField(required=False)


class CompanionSerializer(StrictSerializer):
    """Who comes along."""

    given_name = TextField()
    family_name = TextField()


class AnswerSerializer(StrictSerializer):
    """An answer that somebody gave to the organiser."""

    response = serializers.ChoiceField(choices=InvitationResponse.choices)
    via = serializers.ChoiceField(choices=[(one.value, one.label) for one in RECORDED_VIA])
    answered_by = TextField(required=False, help_text="Who gave it, when it was not the guest.")
    delegate = DelegateSerializer(required=False, allow_null=True)
    companion = CompanionSerializer(required=False, allow_null=True)
    reason = TextField(required=False)
    wants_findings = serializers.BooleanField(required=False)


class SendManySerializer(StrictSerializer):
    codes = serializers.ListField(child=serializers.CharField(), min_length=1, max_length=2000)
    save_the_date = serializers.BooleanField(required=False)


class SkippedSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    reason = serializers.CharField(read_only=True)


class SentSerializer(StrictSerializer):
    queued = serializers.IntegerField(read_only=True)
    skipped = SkippedSerializer(many=True, read_only=True)


class StageSerializer(StrictSerializer):
    """How far the invitations of one group are; `tag` null is all of them."""

    tag = serializers.CharField(read_only=True, allow_null=True)
    added = serializers.IntegerField(read_only=True)
    sent = serializers.IntegerField(read_only=True)
    seen = serializers.IntegerField(read_only=True)
    answered = serializers.IntegerField(read_only=True)
    coming = serializers.IntegerField(read_only=True)
    maybe = serializers.IntegerField(read_only=True)
    declined = serializers.IntegerField(read_only=True)
    silent = serializers.IntegerField(read_only=True)
    not_asked = serializers.IntegerField(read_only=True)
    attended = serializers.IntegerField(read_only=True)
    companions = serializers.IntegerField(read_only=True)


class TurnoutSerializer(StrictSerializer):
    """Of so many with a place about so many will come, told by earlier conferences."""

    expected = serializers.IntegerField(read_only=True)
    of = serializers.IntegerField(read_only=True)
    conferences = serializers.IntegerField(read_only=True)


class FunnelSerializer(StrictSerializer):
    all = StageSerializer(read_only=True)
    by_tag = StageSerializer(many=True, read_only=True)
    expected_turnout = TurnoutSerializer(read_only=True, allow_null=True)
