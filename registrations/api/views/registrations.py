"""Registrations over the API. They are cancelled, never deleted."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.serializers import NothingSerializer
from core.counting import client_of
from events.api.base import ConferenceResource
from registrations.api.answer_fields import same_value, with_files
from registrations.api.filters import RegistrationFilter
from registrations.api.history_serializers import HappeningSerializer, HistorySerializer
from registrations.api.serializers import (
    RegistrationChangeSerializer,
    RegistrationSerializer,
    SensitiveAnswersSerializer,
)
from registrations.enums import RegistrationSource
from registrations.models import Registration
from registrations.services.answers import AnswersPart, answers_part
from registrations.services.changing_answers import (
    change_details_and_answers,
    note_sensitive_shown,
)
from registrations.services.form_definition import read_form
from registrations.services.parts import Part
from registrations.services.reading_answers import answers_of
from registrations.services.registering import register
from registrations.services.signing_up import read_sign_ups
from registrations.services.time_line import time_line


class RegistrationResource(ConferenceResource):
    read_permission = Permission.REGISTRATION_READ
    write_permission = Permission.REGISTRATION_WRITE
    serializer_class: Any = RegistrationSerializer
    queryset = Registration.objects.all()

    def rows(self) -> QuerySet[Registration]:
        return (
            Registration.objects.filter(conference=self.conference)
            .select_related("registration_type", "person", "access_code", "lead")
            .prefetch_related("sign_ups__sign_up_session__session")
        )


class RegistrationList(RegistrationResource):
    lists = True
    filterset_class = RegistrationFilter
    ordering_fields = ("created_at", "sort_key", "status_at")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Enter somebody: an organiser's entry needs neither an open window nor an approval."""
        return self.creating(self.create)

    def create(self, values: dict[str, Any]) -> Registration:
        kind = values.pop("registration_type")
        given = {"family_name": "", "email": "", "language": self.conference.first_language}
        answers = values.pop("answers", None)
        parts: list[Part] = [self.answers_part(kind.slug, answers)] if answers else []
        values["access_code"] = values.get("access_code") or ""
        parts += read_sign_ups(
            conference=self.conference,
            type_slug=kind.slug,
            codes=values.pop("sessions", []),
            language=self.conference.first_language,
            by_guest=False,
        )
        return register(
            conference=self.conference,
            type_slug=kind.slug,
            source=RegistrationSource.ORGANISER,
            actor=self.actor,
            parts=parts,
            **{**given, **values},
        )

    def answers_part(self, type_slug: str, answers: dict[str, Any]) -> AnswersPart:
        form = read_form(self.conference)
        answers = with_files(
            answers, form, self.conference, actor=self.actor, client=client_of(self.request)
        )
        return answers_part(form, type_slug, answers=answers, required=False)


class RegistrationDetail(RegistrationResource):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    @extend_schema(request=RegistrationChangeSerializer)
    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.changing(row, partial(self.change, row))

    @transaction.atomic
    def change(self, row: Registration, values: dict[str, Any], expected: int) -> Registration:
        """Change details, answers and sessions together, or nothing."""
        sessions = values.pop("sessions", None)
        answers = values.pop("answers", None)
        if answers:
            answers = with_files(
                answers,
                read_form(self.conference),
                self.conference,
                actor=self.actor,
                client=client_of(self.request),
            )
        changed = change_details_and_answers(
            registration=row,
            details=values,
            answers=answers or None,
            sessions=sessions,
            expected=expected,
            actor=self.actor,
        )
        return self.rows().get(pk=changed.pk)

    def read_body(self, row: Any = None) -> dict[str, Any]:
        """Return what is to be changed; kind, person and status are not among it.

        They may stand in the body as they are, so that what was read can be sent back whole.
        """
        sent: Any = self.request.data
        shown, takes = self.body_of(row), RegistrationChangeSerializer().fields
        data = {
            name: value
            for name, value in sent.items()
            if name in takes or name not in shown or shown[name] != value
        }
        serializer = RegistrationChangeSerializer(row, data=data, partial=True)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        if "answers" in values:
            known = shown["answers"]
            values["answers"] = {
                slug: value
                for slug, value in values["answers"].items()
                if slug not in known or not same_value(known[slug], value)
            }
        return values


class SensitiveAnswers(RegistrationResource):
    """What somebody answered about food and access. Reading it is written down."""

    @extend_schema(request=NothingSerializer, responses={200: SensitiveAnswersSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> Response:
        self.nothing_in_body()
        row = self.one(code=code)
        row.conference = self.conference
        note_sensitive_shown(registration=row, actor=self.actor)
        lines = [line for line in answers_of(row, sensitive=True) if line.sensitivity]
        body = {"sensitive_answers": {line.slug: line.value for line in lines}}
        return Response(body, headers={"Cache-Control": "no-store"})


class RegistrationHistory(RegistrationResource):
    """What happened to a registration, first things first: every change, by whom and how."""

    @extend_schema(responses={200: HistorySerializer}, operation_id="registration_history")
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        found = time_line(self.one(code=code))
        lines = HappeningSerializer(found, many=True).data
        return Response({"next": None, "previous": None, "results": lines})
