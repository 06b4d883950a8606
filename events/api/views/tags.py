"""The words by which people are sorted, and giving them to many at once."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.resources import kept_answer
from core.errors import invalid
from core.services.idempotency import Answer
from events.api.base import OrganisationResource
from events.api.merge_serializers import (
    IntoSerializer,
    TaggedSerializer,
    TagPeopleSerializer,
    TagSerializer,
)
from events.models import Tag
from events.services import tagging


class _Tags(OrganisationResource):
    read_permission = Permission.PEOPLE_READ
    write_permission = Permission.PEOPLE_WRITE
    serializer_class = TagSerializer
    queryset = Tag.objects.all()
    key = "slug"

    def rows(self) -> QuerySet[Tag]:
        return tagging.tags_with_people(self.organisation)

    def etag_of(self, row: Tag) -> str:
        return f'"v{tagging.stamp_of(row)}"'

    def counted(self, tag: Tag) -> Tag:
        return self.rows().get(pk=tag.pk)


class TagList(_Tags):
    lists = True
    write_permission = None  # type: ignore[assignment]  # tags are made by giving them to people

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()


class TagDetail(_Tags):
    def get(self, request: Request, slug: str, **kwargs: Any) -> Response:
        return self.reading(self.one(slug=slug))

    def patch(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """Rename a tag; its slug follows."""
        row = self.one(slug=slug)
        return self.changing(
            row,
            lambda values, expected: self.counted(
                tagging.rename_tag(
                    tag=row,
                    name=values.get("name", row.name),
                    expected=expected,
                    actor=self.actor,
                )
            ),
        )

    def delete(self, request: Request, slug: str, **kwargs: Any) -> Response:
        """Delete a tag that nobody has."""
        row = self.one(slug=slug)
        return self.deleting(
            lambda expected: tagging.delete_tag(
                tag=row, people=0, expected=expected, actor=self.actor
            )
        )


class MergeTag(_Tags):
    read_permission = None  # type: ignore[assignment]  # a verb only

    @extend_schema(request=IntoSerializer, responses={200: TagSerializer})
    def post(self, request: Request, slug: str, **kwargs: Any) -> HttpResponse:
        """Give everybody with this tag the other one, and delete this one."""
        row = self.one(slug=slug)
        serializer = IntoSerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        return self.doing(row, self.do, **serializer.validated_data)

    def do(self, row: Tag, expected: int | None, into: str) -> Tag:
        other = self.rows().filter(slug=into).first()
        if other is None:
            raise invalid("/into", "unknown", "There is no such tag.")
        kept = tagging.merge_tags(tag=row, into=other, expected=expected, actor=self.actor)
        return self.counted(kept)


class TagPeople(OrganisationResource):
    write_permission = Permission.PEOPLE_WRITE
    serializer_class = TagPeopleSerializer
    queryset = Tag.objects.all()

    @extend_schema(request=TagPeopleSerializer, responses={200: TaggedSerializer})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Give up to 500 people tags and take others off them, all of them or none."""
        values = self.read_body()

        def act() -> Answer:
            number = tagging.tag_people(
                organisation=self.organisation,
                codes=values["people"],
                add=values.get("add", ()),
                remove=values.get("remove", ()),
                actor=self.actor,
            )
            return Answer(status=200, body=JSONRenderer().render({"changed": number}).decode())

        return kept_answer(request, act)
