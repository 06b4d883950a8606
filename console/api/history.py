"""Everything about one person, as far as the token's scopes reach."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import OrganisationAPIView
from accounts.permissions import Permission
from console.people.history import history_of
from core.api.serializers import StrictSerializer
from core.errors import not_found
from events.api.merged import to_the_kept
from events.models import Person


class ContactSerializer(StrictSerializer):
    at = serializers.DateTimeField()
    how = serializers.CharField()


class AttendanceSerializer(StrictSerializer):
    came = serializers.IntegerField()
    had_a_place = serializers.IntegerField()


class PersonHappeningSerializer(StrictSerializer):
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    what = serializers.CharField()
    more = serializers.CharField()
    conference = serializers.CharField(source="conference.slug", allow_null=True, default=None)
    code = serializers.CharField(
        help_text="Of the session, registration, invitation or message that it is about."
    )


class PersonHistorySerializer(StrictSerializer):
    sentence = serializers.CharField()
    asked = serializers.IntegerField(source="record.asked")
    said_yes = serializers.IntegerField(source="record.said_yes")
    declined = serializers.IntegerField(source="record.declined")
    waiting = serializers.IntegerField(source="record.waiting")
    attendance = AttendanceSerializer(allow_null=True, help_text="Needs registration:read.")
    last_contact = ContactSerializer(allow_null=True)
    results = PersonHappeningSerializer(source="lines", many=True)


class PersonHistory(OrganisationAPIView):
    """What happened with a person at all conferences, the newest first; no pages."""

    read_permission = Permission.PEOPLE_READ

    @extend_schema(responses=PersonHistorySerializer)
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        """Registrations and invitations need `registration:read`, mails `mail:read`; without them
        they are left out.
        """
        person = Person.objects.filter(organisation=self.organisation, code=code).first()
        if person is None:
            moved = to_the_kept(request, self.organisation, code)
            if moved is None:
                raise not_found()
            return moved
        scopes = getattr(request.user, "scopes", ())
        history = history_of(
            person,
            registrations=Permission.REGISTRATION_READ.value in scopes,
            mails=Permission.MAIL_READ.value in scopes,
        )
        return Response(PersonHistorySerializer(history).data)
