"""Reminder rules."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from events.api.base import ConferenceResource
from notifications.api.filters import ReminderRuleFilter
from notifications.api.serializers import ReminderRuleSerializer, RulePreviewSerializer
from notifications.models import ReminderRule
from notifications.services import rules
from notifications.services.rule_preview import preview_rule


class _Rules(ConferenceResource):
    read_permission = Permission.MAIL_READ
    write_permission = Permission.MAIL_WRITE
    serializer_class = ReminderRuleSerializer
    queryset = ReminderRule.objects.all()

    def rows(self) -> QuerySet[ReminderRule]:
        return ReminderRule.objects.filter(conference=self.conference).select_related("session")


class ReminderRuleList(_Rules):
    lists = True
    filterset_class = ReminderRuleFilter
    ordering_fields = ("created_at", "name")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(
            lambda values: rules.create_reminder_rule(
                conference=self.conference, values=values, actor=self.actor
            )
        )


class ReminderRuleDetail(_Rules):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.changing(
            row,
            lambda values, expected: rules.change_reminder_rule(
                rule=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: rules.delete_reminder_rule(
                rule=row, expected=expected, actor=self.actor
            )
        )


class ReminderRulePreview(_Rules):
    """What a rule comes to for this conference as it is now. Nothing is sent or kept."""

    @extend_schema(responses={200: RulePreviewSerializer})
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        found = preview_rule(conference=self.conference, rule=self.one(code=code))
        return Response(RulePreviewSerializer(found).data)
