"""Bodies of asking, answering and replacing."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import LocalTimeField, RowField, StrictSerializer
from core.enums import AnsweredVia
from events.enums import ParticipationRole
from events.models import Person, Session
from events.services.speaker_answers import ANSWERS, RECORDED_VIA


def people_of(context: Any) -> Any:
    """Return the people whom a body may name."""
    return Person.objects.filter(organisation=context["conference"].organisation_id)


def sessions_of(context: Any) -> Any:
    """Return the sessions that a body may name."""
    return Session.objects.filter(conference=context["conference"])


class AskSerializer(StrictSerializer):
    """The words of the organiser, and until when an answer is asked for."""

    words = serializers.CharField(required=False, allow_blank=True)
    reply_until = LocalTimeField(source="reply_until_local", required=False, allow_null=True)


class RecordedAnswerSerializer(StrictSerializer):
    """An answer that came by phone, by mail or in person."""

    state = serializers.ChoiceField(choices=[(state.value, state.label) for state in ANSWERS])
    via = serializers.ChoiceField(
        choices=[(via.value, AnsweredVia(via).label) for via in RECORDED_VIA]
    )
    answered_by = serializers.CharField(required=False, allow_blank=True)
    reason = serializers.CharField(required=False, allow_blank=True)


class ReleaseSerializer(StrictSerializer):
    tell = serializers.BooleanField(source="tell_them", required=False, default=False)


class ReplaceSerializer(AskSerializer):
    """Who comes instead, and whether they are asked in the same step."""

    person = RowField(rows=people_of)
    ask = serializers.BooleanField(required=False, default=False)
    tell = serializers.BooleanField(source="tell_them", required=False, default=False)


class CandidateSerializer(StrictSerializer):
    """Somebody who is considered for a role on a session."""

    session = RowField(rows=sessions_of)
    person = RowField(rows=people_of)
    role = serializers.ChoiceField(choices=ParticipationRole.choices)
    order = serializers.IntegerField(read_only=True)
    note = serializers.CharField(required=False, allow_blank=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "session": instance.session.code,
            "person": instance.person.code,
            "role": instance.role,
            "order": instance.order,
            "note": instance.note,
        }


class CandidateNoteSerializer(StrictSerializer):
    note = serializers.CharField(allow_blank=True)


class CandidatePlaceSerializer(StrictSerializer):
    person = serializers.CharField(max_length=6, help_text="A person's code.")
    role = serializers.ChoiceField(choices=ParticipationRole.choices)


class CandidateOrderSerializer(StrictSerializer):
    """A session's shortlist, the first one first."""

    order = CandidatePlaceSerializer(many=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        rows = instance.candidates.select_related("person")
        return {"order": [{"person": row.person.code, "role": row.role} for row in rows]}
