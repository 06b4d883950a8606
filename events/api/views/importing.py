"""Imports of programmes over the API: keep one, look ahead, start, stop, undo."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.parsers import StrictJSONParser, UploadParser
from core.api.resources import kept_answer
from core.api.serializers import NothingSerializer
from core.links import absolute_url
from core.nudging import nudge
from core.services.idempotency import Answer
from events.api.base import ConferenceResource
from events.api.importing_serializers import (
    ImportReportSerializer,
    ImportSerializer,
    NewImportSerializer,
    StartImportSerializer,
    report_body,
)
from events.enums import JobState
from events.exchange.programme import guess_format, programme_of
from events.models import ProgrammeImport
from events.services.importing import (
    keep_programme,
    set_up_programme_import,
    start_programme_import,
    stop_programme_import,
    undo_programme_import,
)
from events.services.importing_report import report_of
from events.services.importing_running import plan_programme
from events.tasks import import_programmes


class _Imports(ConferenceResource):
    # What they say of people is for who may read people.
    read_permission = Permission.PEOPLE_READ
    write_permission = Permission.PROGRAMME_WRITE
    also_permissions = (Permission.PEOPLE_WRITE,)
    serializer_class: Any = ImportSerializer
    queryset = ProgrammeImport.objects.all()

    def rows(self) -> QuerySet[ProgrammeImport]:
        rows = ProgrammeImport.objects.filter(conference=self.conference)
        return rows.select_related("file").defer("text")

    def one_of(self, code: str) -> ProgrammeImport:
        """Return an import with its conference.

        Raises:
            DomainError: ``not-found``.
        """
        row: ProgrammeImport = self.one(code=code)
        row.conference = self.conference
        return row

    def answer_once(self, status: int, act: Callable[[], ProgrammeImport]) -> HttpResponse:
        """Answer the import that `act` returns, once for each Idempotency-Key."""

        def answering() -> Answer:
            with self.speaking():
                row = act()
            body = JSONRenderer().render(ImportSerializer(row).data).decode()
            place = [self.organisation.slug, self.conference.slug, row.code]
            address = absolute_url(reverse("api-programme-import-detail", args=place))
            return Answer(status=status, body=body, location=address if status == 201 else "")  # noqa: PLR2004 - created

        return kept_answer(self.request, answering)


class ProgrammeImportList(_Imports):
    """Imports of programmes; POST keeps one for a day and saves nothing of it yet."""

    lists = True
    parser_classes = [StrictJSONParser, UploadParser]

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    @extend_schema(request=NewImportSerializer, responses={201: ImportSerializer})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        serializer = NewImportSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        return self.answer_once(201, partial(self.keep, serializer.validated_data))

    def keep(self, given: dict[str, Any]) -> ProgrammeImport:
        file = given.get("file")
        content = file.read() if file is not None else None
        text = given.get("text", "")
        return keep_programme(
            conference=self.conference,
            format=given.get("format")
            or guess_format(text.encode("utf-8", "replace") if content is None else content),
            text=text,
            content=content,
            name=given.get("name") or (file.name if file is not None else "") or "",
            settings=given.get("settings"),
            actor=self.actor,
        )


class ProgrammeImportDetail(_Imports):
    """How far an import is, and its report, line by line."""

    @extend_schema(responses={200: ImportSerializer})
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return Response(ImportSerializer(self.one_of(code)).data)


class ProgrammeImportPreview(_Imports):
    """What an import would do now, line by line: a dry run, nothing is written."""

    pagination_class = None

    @extend_schema(responses={200: ImportReportSerializer})
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one_of(code)
        return Response(report_body(report_of(plan_programme(row, programme_of(row)))))


class StartProgrammeImport(_Imports):
    """Bring it in: up to 100 sessions at once, more by a worker, up to 500 as one transaction."""

    @extend_schema(request=StartImportSerializer, responses={200: ImportSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        serializer = StartImportSerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        return self.answer_once(200, partial(self.start, code, serializer.validated_data))

    def start(self, code: str, given: dict[str, Any]) -> ProgrammeImport:
        row = self.one_of(code)
        if given.get("settings"):
            row = set_up_programme_import(
                programme_import=row, settings=given["settings"], actor=self.actor
            )
        started = start_programme_import(
            programme_import=row, programme=programme_of(row), actor=self.actor
        )
        if started.state == JobState.RUNNING:
            transaction.on_commit(partial(nudge, import_programmes), robust=True)
        return started


class _Verb(_Imports):
    verb: Callable[..., ProgrammeImport]

    @extend_schema(request=NothingSerializer, responses={200: ImportSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        self.nothing_in_body()
        row = self.one_of(code)
        act = type(self).verb
        return self.answer_once(200, lambda: act(programme_import=row, actor=self.actor))


class CancelProgrammeImport(_Verb):
    """Drop one that waits; one that runs stops after its piece, and what is in stays."""

    verb = staticmethod(stop_programme_import)


class UndoProgrammeImport(_Verb):
    """Take back what it did to sessions: all of it, or nothing. People, rooms, tracks stay."""

    verb = staticmethod(undo_programme_import)
