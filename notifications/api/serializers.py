"""Bodies of the API of mail. They only shape: which values may be, services say."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from rest_framework import serializers

from core.api.serializers import RowField, StrictSerializer, TextsField, instant_text, local_text
from events.enums import ParticipationRole, ParticipationState
from events.models import Conference, Session
from notifications.enums import (
    Anchor,
    AnnouncementState,
    Audience,
    InvitationStanding,
    Late,
    Level,
    MessageKind,
    MessageState,
    SuppressionReason,
)
from notifications.services.own_texts import PARTS, Origin
from notifications.services.placeholders import listed
from registrations.enums import RegistrationStatus


def _sessions(context: Any) -> Any:
    return Session.objects.filter(conference=context["conference"])


class ReminderRuleSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    name = serializers.CharField()
    audience = serializers.ChoiceField(choices=Audience.choices)
    anchor = serializers.ChoiceField(choices=Anchor.choices)
    offset = serializers.CharField(
        help_text=(
            "ISO 8601 duration, negative before the anchor: -P1D is the same time on the day "
            "before, -PT24H exactly 24 hours."
        )
    )
    at = serializers.CharField(
        required=False, allow_null=True, help_text="Local time HH:MM, only with whole days."
    )
    template = serializers.CharField(help_text="A slug that mail-templates/ lists.")
    session = RowField(rows=_sessions, required=False, allow_null=True)
    role = serializers.ChoiceField(
        choices=ParticipationRole.choices, required=False, allow_null=True, allow_blank=True
    )
    quiet_hours = serializers.BooleanField(
        required=False,
        help_text="Not between 20:00 and 08:00, unless the rule names a time or is urgent.",
    )
    working_days = serializers.BooleanField(
        required=False,
        help_text="Not on a Saturday or Sunday, but before or after; nudges never are.",
    )
    late = serializers.ChoiceField(choices=Late.choices, required=False)
    enabled = serializers.BooleanField(required=False)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "code": instance.code,
            "name": instance.name,
            "audience": instance.audience,
            "anchor": instance.anchor,
            "offset": instance.offset,
            "at": None if instance.at is None else f"{instance.at:%H:%M}",
            "template": instance.template,
            "session": instance.session.code if instance.session else None,
            "role": instance.role or None,
            "quiet_hours": instance.quiet_hours,
            "working_days": instance.working_days,
            "late": instance.late,
            "enabled": instance.enabled,
        }


class RuleMomentSerializer(StrictSerializer):
    due_at = serializers.DateTimeField(read_only=True, allow_null=True)
    local = serializers.CharField(read_only=True, help_text="On the conference's clocks.")
    readers = serializers.IntegerField(read_only=True)
    reasons = serializers.ListField(child=serializers.CharField(), read_only=True)
    sentence = serializers.CharField(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "due_at": instant_text(instance.due_at),
            "local": local_text(instance.local),
            "readers": instance.readers,
            "reasons": list(instance.reasons),
            "sentence": instance.sentence,
        }


class RulePreviewSerializer(StrictSerializer):
    """What a rule comes to; `due_at` is null where a moment falls out."""

    sentence = serializers.CharField(read_only=True)
    readers = serializers.IntegerField(read_only=True)
    moments = RuleMomentSerializer(many=True, read_only=True)
    more = serializers.IntegerField(read_only=True, help_text="Moments beyond those listed.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "sentence": instance.words.sentence,
            "readers": instance.words.readers,
            "moments": [RuleMomentSerializer(moment).data for moment in instance.moments],
            "more": instance.more,
        }


class MessageSerializer(StrictSerializer):
    id = serializers.UUIDField(read_only=True)
    kind = serializers.ChoiceField(choices=MessageKind.choices, read_only=True)
    to = serializers.CharField(read_only=True)
    registration = serializers.CharField(read_only=True, allow_null=True)
    rule = serializers.CharField(read_only=True, allow_null=True)
    due_at = serializers.DateTimeField(read_only=True)
    state = serializers.ChoiceField(choices=MessageState.choices, read_only=True)
    message_id = serializers.CharField(
        read_only=True, allow_null=True, help_text="Of the mail itself; null until it was begun."
    )
    attempts = serializers.IntegerField(read_only=True)
    last_error = serializers.CharField(read_only=True, allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "id": str(instance.uid),
            "kind": instance.kind,
            "to": instance.to_email,
            "registration": instance.registration.code if instance.registration else None,
            "rule": instance.rule.code if instance.rule else None,
            "due_at": instant_text(instance.due_at),
            "state": instance.state,
            "message_id": instance.message_id or None,
            "attempts": instance.attempts,
            "last_error": instance.last_error or None,
        }


class MessageSelectionSerializer(StrictSerializer):
    """Which messages are meant: the same names as the list's filters."""

    state = serializers.ChoiceField(choices=MessageState.choices, required=False)
    kind = serializers.ChoiceField(choices=MessageKind.choices, required=False)
    rule = serializers.CharField(required=False, max_length=60)
    registration = serializers.CharField(required=False, max_length=20)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError(
                "Name at least one filter: state, kind, rule or registration.", code="required"
            )
        return attrs


class BulkSerializer(StrictSerializer):
    filter = MessageSelectionSerializer()
    expected = serializers.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        help_text="How many messages the caller has seen; when it is another number by now, "
        "nothing is done and the answer is 409.",
    )


class BulkDoneSerializer(StrictSerializer):
    number = serializers.IntegerField(read_only=True, help_text="How many messages were changed.")
    left = serializers.IntegerField(
        read_only=True,
        help_text="Of a retry: reminders of a time that no longer holds; they stay as they were.",
    )


class PauseSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=200)


class ResumeSerializer(StrictSerializer):
    give_up_stale = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Give up what has been due for over a day, but for what somebody asked for.",
    )


class SendingSerializer(StrictSerializer):
    paused = serializers.BooleanField(read_only=True)
    everywhere = serializers.BooleanField(
        read_only=True, help_text="Whether it is the installation's pause, which its operator ends."
    )
    reason = serializers.CharField(read_only=True, allow_null=True)
    since = serializers.DateTimeField(read_only=True, allow_null=True)
    waiting = serializers.IntegerField(
        read_only=True, help_text="Messages that are due now: they go as soon as mail goes."
    )
    stale = serializers.IntegerField(
        read_only=True, help_text="Of them, those due for over a day that nobody asked for."
    )


def _conferences(context: Any) -> Any:
    return Conference.objects.filter(organisation=context["organisation"])


class SuppressionSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    email = serializers.CharField(help_text="Kept and answered in lower case.")
    conference = RowField(
        rows=_conferences,
        key="slug",
        required=False,
        allow_null=True,
        help_text="Null: all conferences of the organisation, those to come included.",
    )
    reason = serializers.ChoiceField(
        choices=SuppressionReason.choices,
        read_only=True,
        help_text="`organiser` for what was put down for somebody; the others are their own word.",
    )
    note = serializers.CharField(help_text="Who asked for it, and how.")
    created_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "code": instance.code,
            "email": instance.email_key,
            "conference": instance.conference.slug if instance.conference else None,
            "reason": instance.reason,
            "note": instance.note,
            "created_at": instant_text(instance.created_at),
        }


class LiftSerializer(StrictSerializer):
    note = serializers.CharField(help_text="On whose word: who asked for it, and how.")


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


class AudienceSerializer(StrictSerializer):
    """Whom an announcement is for: three kinds of people, added up, and what narrows them."""

    registrations = serializers.ListField(
        child=serializers.ChoiceField(choices=RegistrationStatus.choices), required=False
    )
    speakers = serializers.ListField(
        child=serializers.ChoiceField(choices=ParticipationState.choices), required=False
    )
    invitations = serializers.ListField(
        child=serializers.ChoiceField(choices=InvitationStanding.choices), required=False
    )
    checked_in = serializers.BooleanField(
        required=False, allow_null=True, help_text="Of the registered: who came, who did not."
    )
    types = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Slugs of registration types."
    )
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=ParticipationRole.choices), required=False
    )
    sessions = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Codes: the people of these."
    )
    tags = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Slugs; one of them is needed."
    )
    languages = serializers.ListField(child=serializers.CharField(), required=False)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return dict(instance)


class AnnouncementSerializer(StrictSerializer):
    code = serializers.CharField(read_only=True)
    subject = TextsField(required=False)
    body = TextsField(
        required=False, help_text="Markdown with placeholders of the closed list: {greeting}."
    )
    audience = AudienceSerializer(required=False)
    state = serializers.ChoiceField(choices=AnnouncementState.choices, read_only=True)
    send_at = serializers.DateTimeField(read_only=True, allow_null=True)
    undo_until = serializers.DateTimeField(
        read_only=True,
        allow_null=True,
        help_text="Until then it can be taken back; then it leaves.",
    )
    done_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "code": instance.code,
            "subject": instance.subject,
            "body": instance.body,
            "audience": instance.audience,
            "state": instance.state,
            "send_at": instant_text(instance.send_at),
            "undo_until": instant_text(instance.undo_until),
            "done_at": instant_text(instance.done_at),
        }


class SendSerializer(StrictSerializer):
    """What is agreed to when an announcement is sent."""

    recipients = serializers.IntegerField(
        min_value=0, help_text="To how many, as the check said: 409 when it is another number now."
    )
    read_warnings = serializers.BooleanField(
        required=False, default=False, help_text="That the warnings of the check were read."
    )
    in_quiet_hours = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Let it leave between 20:00 and 08:00, too; otherwise it waits for the morning.",
    )
    send_at = serializers.DateTimeField(required=False, allow_null=True)


class FindingSerializer(StrictSerializer):
    check = serializers.CharField(read_only=True, help_text="A stable word.")
    title = serializers.CharField(read_only=True)
    level = serializers.ChoiceField(choices=Level.choices, read_only=True)
    detail = serializers.CharField(read_only=True)


class FlightCheckSerializer(StrictSerializer):
    """A flight check: errors stop an announcement, warnings want to be read."""

    recipients = serializers.IntegerField(read_only=True)
    skipped = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    languages = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    to_put_right = serializers.IntegerField(read_only=True)
    to_look_at = serializers.IntegerField(read_only=True)
    checks = FindingSerializer(many=True, read_only=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "recipients": instance.survey.total,
            "skipped": instance.survey.counts(),
            "languages": dict(instance.survey.by_language),
            "to_put_right": len(instance.errors),
            "to_look_at": len(instance.warnings),
            "checks": [
                {
                    "check": found.slug,
                    "title": found.title,
                    "level": str(found.level),
                    "detail": found.sentence,
                }
                for found in instance.findings
            ],
        }


class ProgressSerializer(StrictSerializer):
    """How far an announcement has come."""

    state = serializers.ChoiceField(choices=AnnouncementState.choices, read_only=True)
    expected = serializers.IntegerField(read_only=True)
    planned = serializers.IntegerField(read_only=True)
    is_planned = serializers.BooleanField(read_only=True)
    sent = serializers.IntegerField(read_only=True)
    waiting = serializers.IntegerField(read_only=True)
    failed = serializers.IntegerField(read_only=True)
    taken_back = serializers.IntegerField(read_only=True)
    skipped = serializers.DictField(child=serializers.IntegerField(), read_only=True)
