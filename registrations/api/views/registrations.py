"""Registrations over the API. They are cancelled, never deleted."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.resources import kept_answer
from core.api.serializers import NothingSerializer
from core.counting import client_of
from core.errors import invalid
from core.services.idempotency import Answer
from events.api.base import ConferenceResource
from registrations.api.answer_fields import same_value, with_files
from registrations.api.filters import RegistrationFilter
from registrations.api.serializers import (
    CancelSerializer,
    DecidedSerializer,
    DecideManySerializer,
    DecisionSerializer,
    HappeningSerializer,
    HistorySerializer,
    RegistrationChangeSerializer,
    RegistrationSerializer,
    SensitiveAnswersSerializer,
)
from registrations.downloads import csv_response, xlsx_response
from registrations.enums import RegistrationSource
from registrations.exchange.registrations_xlsx import CONTENT_TYPE
from registrations.models import Registration
from registrations.services.answers import AnswersPart, answers_part
from registrations.services.approving import (
    approve_registration,
    put_on_waiting_list,
    reject_registration,
)
from registrations.services.attendance import check_in, undo_check_in
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.changing_answers import (
    change_details_and_answers,
    note_sensitive_shown,
)
from registrations.services.deciding import decide_registrations
from registrations.services.form_definition import read_form
from registrations.services.links import resend_link, revoke_link
from registrations.services.offering import offer_place
from registrations.services.parts import Part
from registrations.services.reading_answers import answers_of
from registrations.services.reconfirming import confirm_new_date
from registrations.services.registering import register
from registrations.services.signing_up import choose_sessions, read_sign_ups
from registrations.services.still_coming import confirm_still_coming
from registrations.services.time_line import time_line


class _Registrations(ConferenceResource):
    read_permission = Permission.REGISTRATION_READ
    write_permission = Permission.REGISTRATION_WRITE
    serializer_class: Any = RegistrationSerializer
    queryset = Registration.objects.all()

    def rows(self) -> QuerySet[Registration]:
        return (
            Registration.objects.filter(conference=self.conference)
            .select_related("registration_type", "person", "access_code")
            .prefetch_related("sign_ups__sign_up_session__session")
        )


class RegistrationList(_Registrations):
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


class RegistrationDetail(_Registrations):
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
        changed = row
        if values or answers or sessions is None:
            changed = change_details_and_answers(
                registration=row,
                details=values,
                answers=answers or None,
                expected=expected,
                actor=self.actor,
            )
            expected = changed.version
        if sessions is not None:
            changed = choose_sessions(
                registration=changed, codes=sessions, expected=expected, actor=self.actor
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


class SensitiveAnswers(_Registrations):
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


class _Verb(_Registrations):
    """One way between the statuses."""

    verb: Any

    @extend_schema(request=NothingSerializer, responses={200: RegistrationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        self.nothing_in_body()
        return self.doing(self.one(code=code), self.do)

    def do(self, row: Registration, expected: int | None) -> Registration:
        verb = type(self).verb
        done: Registration = verb(registration=row, expected=expected, actor=self.actor)
        return done


class UncancelRegistration(_Verb):
    verb = staticmethod(uncancel_registration)


class _Decision(_Registrations):
    """A decision about one, with a reason where there is one."""

    verb: Any

    @extend_schema(request=DecisionSerializer, responses={200: RegistrationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        row = self.one(code=code)
        serializer = DecisionSerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        return self.doing(row, self.do, **serializer.validated_data)

    def do(self, row: Registration, expected: int | None, **facts: Any) -> Registration:
        verb = type(self).verb
        done: Registration = verb(registration=row, expected=expected, actor=self.actor, **facts)
        return done


class ApproveRegistration(_Decision):
    """Give a place to who asks for approval or waits."""

    verb = staticmethod(approve_registration)


class RejectRegistration(_Decision):
    """Turn down who asks for approval, waits or is offered a place."""

    verb = staticmethod(reject_registration)


class PutOnWaitingList(_Decision):
    """Put who asks for approval at the end of the waiting list."""

    verb = staticmethod(put_on_waiting_list)


class OfferPlace(_Verb):
    """Offer a place to somebody on the waiting list; the guest takes it by a link of their own."""

    verb = staticmethod(offer_place)


class ConfirmStillComing(_Verb):
    """Write down that somebody who was asked still comes."""

    verb = staticmethod(confirm_still_coming)


class DecideRegistrations(_Registrations):
    """Approve, turn down or put on the waiting list many at once.

    Of those approved who finds no place goes to the waiting list; who could not be decided is
    named with the reason.
    """

    serializer_class: Any = DecidedSerializer
    pagination_class = None

    @extend_schema(
        operation_id="organisations_conferences_registrations_decide_many_create",
        request=DecideManySerializer,
        responses={200: DecidedSerializer},
    )
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        serializer = DecideManySerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        return kept_answer(request, lambda: self.decide(serializer.validated_data))

    def decide(self, values: dict[str, Any]) -> Answer:
        known = set(self.rows().filter(code__in=values["codes"]).values_list("code", flat=True))
        for number, code in enumerate(values["codes"]):
            if code not in known:
                raise invalid(f"/codes/{number}", "unknown", "There is no such registration here.")
        decided = decide_registrations(conference=self.conference, actor=self.actor, **values)
        body = {
            "confirmed": [row.code for row in decided.confirmed],
            "waiting_list": [row.code for row in decided.waiting],
            "rejected": [row.code for row in decided.rejected],
            "skipped": [{"code": row.code, "reason": why} for row, why in decided.skipped],
        }
        return Answer(status=200, body=JSONRenderer().render(body).decode())


class CheckInRegistration(_Verb):
    """Write down that somebody with a confirmed place has come; once more changes nothing."""

    verb = staticmethod(check_in)


class UndoCheckInRegistration(_Verb):
    """Take back that somebody has come."""

    verb = staticmethod(undo_check_in)


class ConfirmRegistrationDate(_Verb):
    """Write down that somebody comes on the conference's new date."""

    verb = staticmethod(confirm_new_date)


class RevokeLink(_Verb):
    """End all personal links of a registration."""

    verb = staticmethod(revoke_link)


class ResendLink(_Verb):
    """Mail the personal link, at most once a minute."""

    def do(self, row: Registration, expected: int | None) -> Registration:
        del expected  # nothing is changed that anybody could have an older version of
        return resend_link(registration=row, actor=self.actor)


class CancelRegistration(_Registrations):
    @extend_schema(request=CancelSerializer, responses={200: RegistrationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        serializer = CancelSerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        return self.doing(self.one(code=code), self.do, **serializer.validated_data)

    def do(self, row: Registration, expected: int | None, reason: str = "") -> Registration:
        return cancel_registration(
            registration=row, reason=reason, expected=expected, actor=self.actor
        )


class RegistrationHistory(_Registrations):
    """What happened to a registration, first things first: every change, by whom and how."""

    @extend_schema(responses={200: HistorySerializer}, operation_id="registration_history")
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        found = time_line(self.one(code=code))
        lines = HappeningSerializer(found, many=True).data
        return Response({"next": None, "previous": None, "results": lines})


class CSVRenderer(BaseRenderer):
    """Says that this address answers CSV; the view streams it itself."""

    media_type = "text/csv"
    format = "csv"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return JSONRenderer().render(data)  # a problem document


class XLSXRenderer(CSVRenderer):
    """The same of a workbook."""

    media_type = CONTENT_TYPE
    format = "xlsx"


class RegistrationExport(_Registrations):
    """The list as CSV (UTF-8, no cell runs as a formula), with the same filters."""

    renderer_classes = [CSVRenderer, JSONRenderer]
    filterset_class = RegistrationFilter
    pagination_class = None

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, **kwargs: Any) -> StreamingHttpResponse:
        rows = self.filter_queryset(self.get_queryset()).order_by("created_at", "pk")
        return csv_response(rows, self.conference)


class RegistrationWorkbook(_Registrations):
    """The list as XLSX (texts are texts, times are times, no formulas), with the same filters."""

    renderer_classes = [XLSXRenderer, JSONRenderer]
    filterset_class = RegistrationFilter
    pagination_class = None

    @extend_schema(
        responses={(200, CONTENT_TYPE): OpenApiTypes.BINARY}, operation_id="registrations_workbook"
    )
    def get(self, request: Request, **kwargs: Any) -> StreamingHttpResponse:
        rows = self.filter_queryset(self.get_queryset()).order_by("created_at", "pk")
        return xlsx_response(rows, self.conference)
