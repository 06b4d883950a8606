"""The form over the API: its questions, and the headings above them."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from events.api.base import ConferenceResource
from registrations.api.filters import QuestionFilter
from registrations.api.question_serializers import QuestionSectionSerializer, QuestionSerializer
from registrations.models import Question, QuestionSection
from registrations.services import question_sections, questions
from registrations.services.form_outline import with_parts


class _Questions(ConferenceResource):
    read_permission = Permission.REGISTRATION_READ
    write_permission = Permission.REGISTRATION_WRITE
    serializer_class = QuestionSerializer
    queryset = Question.objects.all()
    pointers = {
        "/registration_types": "/types",
        "/shown_if_answers": "/shown_if/answers",
    }
    key = "slug"

    def rows(self) -> QuerySet[Question]:
        return with_parts(Question.objects.filter(conference=self.conference))


class QuestionList(_Questions):
    lists = True
    filterset_class = QuestionFilter
    ordering_fields = ("created_at", "order", "slug")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(self.create)

    def create(self, values: dict[str, Any]) -> Question:
        row = questions.create_question(conference=self.conference, actor=self.actor, **values)
        return self.rows().get(pk=row.pk)


class QuestionDetail(_Questions):
    def get(self, request: Request, slug: str, **kwargs: Any) -> Response:
        return self.reading(self.one(slug=slug))

    def patch(self, request: Request, slug: str, **kwargs: Any) -> Response:
        row = self.one(slug=slug)

        def change(values: dict[str, Any], expected: int) -> Question:
            changed = questions.change_question(
                question=row, changes=values, expected=expected, actor=self.actor
            )
            return self.rows().get(pk=changed.pk)

        return self.changing(row, change)

    def delete(self, request: Request, slug: str, **kwargs: Any) -> Response:
        row = self.one(slug=slug)
        return self.deleting(
            lambda expected: questions.delete_question(
                question=row, expected=expected, actor=self.actor
            )
        )


class _Sections(ConferenceResource):
    read_permission = Permission.REGISTRATION_READ
    write_permission = Permission.REGISTRATION_WRITE
    serializer_class = QuestionSectionSerializer
    queryset = QuestionSection.objects.all()
    key = "slug"

    def rows(self) -> QuerySet[QuestionSection]:
        return QuestionSection.objects.filter(conference=self.conference)


class QuestionSectionList(_Sections):
    lists = True
    ordering_fields = ("created_at", "order", "slug")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(
            lambda values: question_sections.create_section(
                conference=self.conference, actor=self.actor, **values
            )
        )


class QuestionSectionDetail(_Sections):
    def get(self, request: Request, slug: str, **kwargs: Any) -> Response:
        return self.reading(self.one(slug=slug))

    def patch(self, request: Request, slug: str, **kwargs: Any) -> Response:
        row = self.one(slug=slug)
        return self.changing(
            row,
            lambda values, expected: question_sections.change_section(
                section=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, slug: str, **kwargs: Any) -> Response:
        row = self.one(slug=slug)
        return self.deleting(
            lambda expected: question_sections.delete_section(
                section=row, expected=expected, actor=self.actor
            )
        )
