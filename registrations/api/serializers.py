"""Bodies of registrations' API. They only shape: which values may be, services say."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.serializers import (
    RowField,
    StrictSerializer,
    TextsField,
    instant_text,
    local_text,
)
from events.models import Person
from registrations.api.answer_fields import AnswersField, ConsentsField
from registrations.enums import (
    RegistrationKind,
    RegistrationSource,
    RegistrationStatus,
    TypeState,
)
from registrations.models import Reconfirmation, Registration
from registrations.services.deciding import DECISIONS, MOST
from registrations.services.form_definition import read_form
from registrations.services.reading_answers import AnswerFacts, answer_facts
from registrations.services.reconfirming import is_date_confirmed
from registrations.services.time_line import INVITATION, REGISTRATION, Happening
from registrations.services.types import window_local


@extend_schema_field({"type": "string"})
class TextField(serializers.Field[Any, Any, Any, Any]):
    """A text, and nothing that merely looks like one."""

    default_error_messages = {"invalid": _("Give a text.")}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(data)

    def to_representation(self, value: Any) -> Any:
        return value


class _NotYetField(serializers.Field[Any, Any, Any, Any]):
    """A part of the form that this conference does not have: it is sent empty or not at all."""

    default_error_messages = {
        "unknown": _("This conference does not ask for this."),
        "invalid": _("This has another shape."),
    }
    kind: type

    def to_internal_value(self, data: Any) -> Any:
        if data is None:
            return None
        if not isinstance(data, self.kind):
            self.fail("invalid")
        if data:
            self.fail("unknown")
        return None


@extend_schema_field({"type": "string", "maxLength": 0})
class CodeField(_NotYetField):
    kind = str


class SessionCodesField(serializers.ListField):
    """Sessions to sign up for, by their codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.CharField(), max_length=100, **kwargs)


class PublicRegistrationSerializer(StrictSerializer):
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

    def to_internal_value(self, data: Any) -> Any:
        values = dict(super().to_internal_value(data))
        values.pop("invitation", None)
        values["access_code"] = values.get("access_code") or ""
        return values


class PublicAnswerSerializer(StrictSerializer):
    """What a guest gets back."""

    code = serializers.CharField(read_only=True)
    status = serializers.ChoiceField(choices=RegistrationStatus.choices, read_only=True)
    manage_url = serializers.URLField(read_only=True)


@extend_schema_field({"type": "string", "examples": ["2027-03-01T08:00:00Z"]})
class WindowField(serializers.Field[Any, Any, Any, Any]):
    """An instant with its offset, or the conference's wall-clock time without one."""

    def to_internal_value(self, data: Any) -> Any:
        return window_local(data, self.context["conference"])

    def to_representation(self, value: Any) -> Any:
        return value


def _allotments(context: Mapping[str, Any]) -> Any:
    return context["conference"].allotments.all()


class RegistrationTypeSerializer(StrictSerializer):
    slug = TextField()
    name = TextsField()
    description = TextsField(required=False)
    kind = serializers.ChoiceField(choices=RegistrationKind.choices, required=False)
    capacity = serializers.IntegerField(required=False, allow_null=True)
    waiting_list = serializers.BooleanField(required=False)
    approval = serializers.BooleanField(required=False)
    public = serializers.BooleanField(required=False)
    opens_at = WindowField(source="opens_local", required=False, allow_null=True)
    closes_at = WindowField(source="closes_local", required=False, allow_null=True)
    opens_local = serializers.CharField(read_only=True, allow_null=True)
    closes_local = serializers.CharField(read_only=True, allow_null=True)
    automatic_offers = serializers.BooleanField(
        required=False, help_text="Whether a free place is offered to the next in line by itself."
    )
    offer_hours = serializers.IntegerField(
        required=False, help_text="For how many hours an offered place is kept."
    )
    order = serializers.IntegerField(required=False)
    allotments = serializers.ListField(
        child=RowField(rows=_allotments),
        max_length=50,
        required=False,
        help_text="What it draws from, its own places and shared ones, by their codes.",
    )

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "slug": instance.slug,
            "name": instance.name,
            "description": instance.description,
            "kind": instance.kind,
            "capacity": instance.capacity,
            "waiting_list": instance.waiting_list,
            "approval": instance.approval,
            "public": instance.public,
            "opens_at": instant_text(instance.opens_at),
            "closes_at": instant_text(instance.closes_at),
            "opens_local": local_text(instance.opens_local),
            "closes_local": local_text(instance.closes_local),
            "automatic_offers": instance.automatic_offers,
            "offer_hours": instance.offer_hours,
            "order": instance.order,
            "allotments": [one.code for one in instance.allotments.all()],
        }


class AvailabilitySerializer(StrictSerializer):
    """Figures that change by themselves."""

    capacity = serializers.IntegerField(read_only=True, allow_null=True)
    taken = serializers.IntegerField(read_only=True)
    held = serializers.IntegerField(read_only=True)
    left = serializers.IntegerField(read_only=True, allow_null=True)
    waiting = serializers.IntegerField(read_only=True)
    pending = serializers.IntegerField(read_only=True)
    state = serializers.ChoiceField(choices=TypeState.choices, read_only=True)


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


class CancelSerializer(StrictSerializer):
    reason = TextField(required=False, help_text="What the organiser keeps about it; not mailed.")


class HappeningSerializer(StrictSerializer):
    """One thing that happened to a registration, or to the invitation it came from."""

    at = serializers.DateTimeField(read_only=True)
    about = serializers.ChoiceField(choices=[REGISTRATION, INVITATION], read_only=True)
    verb = serializers.CharField(read_only=True)
    what = serializers.CharField(read_only=True)
    actor = serializers.CharField(
        read_only=True, help_text="account, token, guest, anonymous, rule or system."
    )
    who = serializers.CharField(read_only=True)
    how = serializers.CharField(read_only=True)
    from_status = serializers.CharField(read_only=True)
    to_status = serializers.CharField(read_only=True)
    changed = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Names of changed fields, never their values.",
    )

    def to_representation(self, instance: Happening) -> dict[str, Any]:
        return {
            "at": instant_text(instance.at),
            "about": instance.about,
            "verb": instance.verb,
            "what": instance.what,
            "actor": instance.actor,
            "who": instance.who,
            "how": instance.how,
            "from_status": instance.before,
            "to_status": instance.after,
            "changed": list(instance.changed),
        }


class HistorySerializer(StrictSerializer):
    """All of it is one page."""

    next = serializers.URLField(read_only=True, allow_null=True)
    previous = serializers.URLField(read_only=True, allow_null=True)
    results = HappeningSerializer(many=True, read_only=True)


class DecisionSerializer(StrictSerializer):
    """A decision about who asks or waits."""

    reason = TextField(required=False, help_text="Kept with the registration.")
    tell_reason = serializers.BooleanField(
        required=False, help_text="Whether the guest's mail says the reason."
    )


class DecideManySerializer(DecisionSerializer):
    codes = serializers.ListField(
        child=serializers.CharField(), min_length=1, max_length=MOST, help_text="Registrations."
    )
    decision = serializers.ChoiceField(choices=DECISIONS)


class DecisionRefusedSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    reason = serializers.CharField(read_only=True)


class DecidedSerializer(StrictSerializer):
    """What a decision came to: codes of who is what now, and who could not be decided."""

    confirmed = serializers.ListField(child=serializers.CharField(), read_only=True)
    waiting_list = serializers.ListField(child=serializers.CharField(), read_only=True)
    rejected = serializers.ListField(child=serializers.CharField(), read_only=True)
    skipped = DecisionRefusedSerializer(many=True, read_only=True)


class RoundFiguresSerializer(StrictSerializer):
    asked = serializers.IntegerField(read_only=True)
    yes = serializers.IntegerField(read_only=True)
    no = serializers.IntegerField(read_only=True)
    silent = serializers.IntegerField(read_only=True)
    released = serializers.IntegerField(read_only=True)


class ReconfirmationSerializer(StrictSerializer):
    """A round of "still coming?"; times without an offset are the conference's."""

    code = serializers.CharField(read_only=True)
    ask_at = WindowField(source="ask_local")
    until_at = WindowField(source="until_local")
    ask_local = serializers.CharField(read_only=True)
    until_local = serializers.CharField(read_only=True)
    releases = serializers.BooleanField(
        required=False,
        help_text="Whether the places of the silent go to the waiting list.",
    )
    registration_types = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Slugs; none means all types."
    )
    asked_at = serializers.DateTimeField(read_only=True, allow_null=True)
    closed_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def to_representation(self, instance: Reconfirmation) -> dict[str, Any]:
        return {
            "code": instance.code,
            "ask_at": instant_text(instance.ask_at),
            "until_at": instant_text(instance.until_at),
            "ask_local": local_text(instance.ask_local),
            "until_local": local_text(instance.until_local),
            "releases": instance.releases,
            "registration_types": [one.slug for one in instance.registration_types.all()],
            "asked_at": instant_text(instance.asked_at),
            "closed_at": instant_text(instance.closed_at),
        }
