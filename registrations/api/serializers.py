"""Bodies of registrations' API. They only shape: which values may be, services say."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from core.api.serializers import (
    KeptFieldsSerializer,
    RowField,
    StrictSerializer,
    instant_text,
)
from events.models import Person
from registrations.api.answer_fields import AnswersField, ConsentsField
from registrations.api.fields import CodeField, SessionCodesField, TextField
from registrations.enums import (
    RegistrationSource,
    RegistrationStatus,
)
from registrations.models import Registration
from registrations.services.form_definition import read_form
from registrations.services.reading_answers import AnswerFacts, answer_facts
from registrations.services.reconfirming import is_date_confirmed
from registrations.validators import MAX_PARTY


class PartyMemberSerializer(StrictSerializer):
    """Who comes along: an address only where it is their own, and then they get all letters."""

    given_name = TextField(required=False)
    family_name = TextField(required=False)
    email = TextField(required=False)


class PublicRegistrationSerializer(KeptFieldsSerializer):
    """What a guest sends."""

    registration_type = TextField(source="type_slug")
    given_name = TextField()
    family_name = TextField()
    email = TextField()
    affiliation = TextField(required=False)
    position = TextField(required=False)
    language = TextField(required=False)
    answers = AnswersField(required=False, allow_null=True)
    consents = ConsentsField(required=False, allow_null=True)
    access_code = TextField(required=False, allow_null=True)
    sessions = SessionCodesField(required=False)
    invitation = CodeField(required=False, allow_null=True)
    party = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=MAX_PARTY,
        help_text="How many come altogether; names can follow later.",
    )
    companions = serializers.ListField(
        child=PartyMemberSerializer(),
        required=False,
        allow_null=True,
        max_length=MAX_PARTY,
        help_text="Those of them who are known by now.",
    )
    contact_only = serializers.BooleanField(
        required=False, help_text="Whether who writes registers others and does not come."
    )

    def to_internal_value(self, data: Any) -> Any:
        values = dict(super().to_internal_value(data))
        values["companions"] = values.get("companions") or ()
        values.pop("invitation", None)
        values["access_code"] = values.get("access_code") or ""
        return values


class CompanionAnswerSerializer(StrictSerializer):
    """What one who comes along has."""

    code = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(choices=RegistrationStatus.choices, read_only=True)


class PublicAnswerSerializer(StrictSerializer):
    """What a guest gets back."""

    code = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(choices=RegistrationStatus.choices, read_only=True)
    manage_url = serializers.URLField(read_only=True)
    companions = CompanionAnswerSerializer(many=True, read_only=True)


def _types(context: Mapping[str, Any]) -> Any:
    return context["conference"].registration_types.all()


def _people(context: Mapping[str, Any]) -> Any:
    return Person.objects.filter(organisation=context["conference"].organisation_id)


def _hold_backs(context: Mapping[str, Any]) -> Any:
    return context["conference"].hold_backs.all()


class RegistrationChangeSerializer(StrictSerializer):
    """What a change may name."""

    honorific = TextField(required=False)
    given_name = TextField(required=False)
    family_name = TextField(required=False)
    email = TextField(required=False)
    affiliation = TextField(required=False)
    position = TextField(required=False)
    phone = TextField(required=False)
    language = TextField(required=False)
    answers = AnswersField(required=False)
    sessions = SessionCodesField(required=False)


class ConsentGivenSerializer(StrictSerializer):
    """A consent, in the version that was agreed to."""

    slug = serializers.CharField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    given_at = serializers.DateTimeField(read_only=True)
    withdrawn_at = serializers.DateTimeField(read_only=True, allow_null=True)


class SensitiveAnswersSerializer(StrictSerializer):
    """What was answered about food and access."""

    sensitive_answers = AnswersField(read_only=True)


class RegistrationSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    registration_type = RowField(rows=_types, key="slug")
    status = serializers.ChoiceField(choices=RegistrationStatus.choices, read_only=True)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # the body's own word
        choices=RegistrationSource.choices, read_only=True
    )
    honorific = TextField(required=False)
    given_name = TextField()
    family_name = TextField(required=False)
    email = TextField(required=False)
    affiliation = TextField(required=False)
    position = TextField(required=False)
    phone = TextField(required=False)
    language = TextField(required=False)
    person = RowField(rows=_people, required=False, allow_null=True)
    sessions = SessionCodesField(required=False)
    access_code = TextField(required=False, allow_null=True)
    hold_back = RowField(
        rows=_hold_backs,
        required=False,
        write_only=True,
        help_text="Give a place that is kept back there.",
    )
    lead = serializers.CharField(
        read_only=True, allow_null=True, help_text="The code of whom somebody comes along with."
    )
    created_at = serializers.DateTimeField(read_only=True)
    status_at = serializers.DateTimeField(read_only=True)
    confirmed_at = serializers.DateTimeField(read_only=True, allow_null=True)
    cancelled_at = serializers.DateTimeField(read_only=True, allow_null=True)
    cancel_reason = serializers.CharField(read_only=True)
    decision_reason = serializers.CharField(read_only=True)
    waiting_since = serializers.DateTimeField(read_only=True, allow_null=True)
    offer_expires_at = serializers.DateTimeField(read_only=True, allow_null=True)
    asked_again_at = serializers.DateTimeField(read_only=True, allow_null=True)
    still_coming_at = serializers.DateTimeField(read_only=True, allow_null=True)
    checked_in_at = serializers.DateTimeField(read_only=True, allow_null=True)
    answers = AnswersField(
        required=False,
        help_text="Without those about food and access; a change names those that it changes.",
    )
    missing_answers = serializers.ListField(child=serializers.CharField(), read_only=True)
    consents = ConsentGivenSerializer(many=True, read_only=True)
    date_confirmed = serializers.BooleanField(
        read_only=True,
        help_text="Whether a place is confirmed for the day on which the conference is now.",
    )

    def to_representation(self, instance: Registration) -> dict[str, Any]:
        return {
            "code": instance.code,
            "registration_type": instance.registration_type.slug,
            "status": instance.status,
            "source": instance.source,
            "honorific": instance.honorific,
            "given_name": instance.given_name,
            "family_name": instance.family_name,
            "email": instance.email,
            "affiliation": instance.affiliation,
            "position": instance.position,
            "phone": instance.phone,
            "language": instance.language,
            "person": instance.person.code if instance.person else None,
            "sessions": [one.sign_up_session.session.code for one in instance.sign_ups.all()],
            "access_code": instance.access_code.code if instance.access_code else None,
            "lead": instance.lead.code if instance.lead is not None else None,
            "created_at": instant_text(instance.created_at),
            "status_at": instant_text(instance.status_at),
            "confirmed_at": instant_text(instance.confirmed_at),
            "cancelled_at": instant_text(instance.cancelled_at),
            "cancel_reason": instance.cancel_reason,
            "decision_reason": instance.decision_reason,
            "waiting_since": instant_text(instance.waiting_since),
            "offer_expires_at": instant_text(instance.offer_expires_at),
            "asked_again_at": instant_text(instance.asked_again_at),
            "still_coming_at": instant_text(instance.still_coming_at),
            "checked_in_at": instant_text(instance.checked_in_at),
            "date_confirmed": is_date_confirmed(instance, self.context["conference"]),
            **self._answers(instance),
        }

    def _answers(self, instance: Registration) -> dict[str, Any]:
        facts = self._facts(instance)[instance.pk]
        return {
            "answers": {line.slug: line.value for line in facts.lines},
            "missing_answers": [ask.slug for ask in facts.missing],
            "consents": [
                {
                    "slug": line.slug,
                    "version": line.number,
                    "given_at": instant_text(line.given_at),
                    "withdrawn_at": instant_text(line.withdrawn_at),
                }
                for line in facts.consents
            ],
        }

    def _facts(self, instance: Registration) -> dict[int, AnswerFacts]:
        """Return the answers of all rows of this body, read together."""
        known: dict[int, AnswerFacts] | None = getattr(self, "_known_facts", None)
        if known is None:
            many: Any = self.parent.instance if self.parent is not None else None
            rows = list(many) if many is not None else [instance]
            conference = self.context["conference"]
            for row in rows:
                row.conference = conference
            known = self._known_facts = answer_facts(read_form(conference), rows)
        return known


class SubstituteSerializer(StrictSerializer):
    """Who comes in somebody's place."""

    honorific = TextField(required=False)
    given_name = TextField()
    family_name = TextField()
    email = TextField(required=False)
    affiliation = TextField(required=False)
    position = TextField(required=False)
    phone = TextField(required=False)
    language = TextField(required=False)


class CancelSerializer(StrictSerializer):
    reason = TextField(required=False, help_text="What the organiser keeps about it; not mailed.")
