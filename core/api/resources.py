"""What every resource of the API does alike: fetch, call a service, answer.

A view names its serializer and its rows and calls `listing`, `reading`, `creating`, `changing`,
`deleting` or `doing`; the rule is in the service that it passes on to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import expected_version, not_modified
from core.api.serializers import NothingSerializer
from core.errors import DomainError, FieldError, not_found
from core.links import absolute_url
from core.services.idempotency import Answer, once, read_key, refuse_reused_key

_JSON = "application/json"


class ResourceView(GenericAPIView[Any]):
    """A resource.

    `pointers` says which value of the body a service means by its own field name, where the two
    differ (``{"/start_local": "/start"}``), so that a refusal points into the body.
    """

    pointers: ClassVar[Mapping[str, str]] = {}
    ordering_fields: ClassVar[tuple[str, ...]] = ()
    # Whether GET answers a page of rows; the schema says so.
    lists: ClassVar[bool] = False
    # The field by which addresses name a row.
    key: ClassVar[str] = "code"
    queryset: Any
    # The row that `one` read for this request.
    _found: Any = None

    def rows(self) -> QuerySet[Any]:
        """Return the rows of this resource that the caller may see; none until a view says so."""
        return self.queryset.none()  # type: ignore[no-any-return]  # each view names a queryset

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()  # type: ignore[no-any-return]  # each view names a queryset
        return self.rows()

    def one(self, **keys: Any) -> Any:
        """Return the row with these keys.

        Raises:
            DomainError: ``not-found``.
        """
        row = self.rows().filter(**keys).first()
        if row is None:
            raise not_found()
        self._found = row
        return row

    def etag_of(self, row: Any) -> str:
        """Return the ETag of a row: that of its root where the row is a part of one."""
        return str(row.etag)

    def location_of(self, row: Any) -> str:
        """Return the path of a new row: that of the list, and the row's key."""
        return f"{self.request.path}{getattr(row, self.key)}/"

    def body_of(self, row: Any) -> Any:
        return self.get_serializer(row).data

    def read_body(self, row: Model | None = None) -> dict[str, Any]:
        """Return the body's values; of a PATCH (with `row`) only those that it names."""
        serializer = self.get_serializer(row, data=self.request.data, partial=row is not None)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Let a service's refusal point into the body as the caller wrote it."""
        try:
            yield
        except DomainError as error:
            if not error.errors:
                raise
            raise DomainError(
                error.kind,
                error.detail,
                errors=[
                    FieldError(self.pointers.get(e.pointer, e.pointer), e.code, e.detail)
                    for e in error.errors
                ],
                retry_after=error.retry_after,
            ) from error

    def listing(self) -> Response:
        """Answer a page of the filtered rows."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def reading(self, row: Any) -> Response:
        """Answer one row, or 304 to who has it already."""
        etag = self.etag_of(row)
        if not_modified(self.request, etag):
            return Response(status=304, headers={"ETag": etag})
        return Response(self.body_of(row), headers={"ETag": etag})

    def creating(self, create: Callable[[dict[str, Any]], Any]) -> HttpResponse:
        """Make a row of the body, once for each Idempotency-Key: 201 with Location and ETag."""
        try:
            values = self.read_body()
        except ValidationError:
            refuse_reused_key(**_once_for(self.request))
            raise

        return self.making(lambda: create(values))

    def making(self, make: Callable[[], Any]) -> HttpResponse:
        """Make a row, once for each Idempotency-Key: 201 with Location and ETag."""

        def act() -> Answer:
            with self.speaking():
                row = make()
            return self._answer(row, 201, location=absolute_url(self.location_of(row)))

        return self._once(act)

    def doing(self, row: Any, verb: Callable[..., Any], **facts: Any) -> HttpResponse:
        """Do a verb to a row, once for each Idempotency-Key; If-Match counts where it is sent."""
        request = self.request
        expected = self._expected(row) if "If-Match" in request.headers else None

        def act() -> Answer:
            with self.speaking():
                return self._answer(verb(row, expected, **facts), 200)

        return self._once(act)

    def changing(self, row: Any, change: Callable[[dict[str, Any], int], Any]) -> Response:
        """Change a row at the version that If-Match names."""
        expected = self._expected(row)
        values = self.read_body(row)
        with self.speaking():
            changed = change(values, expected)
        return Response(self.body_of(changed), headers={"ETag": self.etag_of(changed)})

    def deleting(self, delete: Callable[[int], Any]) -> Response:
        """Delete a row at the version that If-Match names: 204."""
        expected = self._expected(self._found)
        delete(expected)
        return Response(status=204)

    def nothing_in_body(self) -> None:
        """Refuse a body with facts, for a verb that needs none."""
        NothingSerializer(data=self.request.data or {}).is_valid(raise_exception=True)

    def _expected(self, row: Any) -> int:
        return expected_version(self.request, lambda: self.etag_of(row))

    def _answer(self, row: Any, status: int, location: str = "") -> Answer:
        text = JSONRenderer().render(self.body_of(row)).decode()
        return Answer(status=status, body=text, location=location, etag=self.etag_of(row))

    def _once(self, act: Callable[[], Answer]) -> HttpResponse:
        return kept_answer(self.request, act)


def kept_answer(request: Request, act: Callable[[], Answer]) -> HttpResponse:
    """Answer a POST once for its Idempotency-Key, within the caller, the method and the path."""
    answer = once(**_once_for(request), act=act)
    response = HttpResponse(answer.body, status=answer.status, content_type=_JSON)
    if answer.location:
        response["Location"] = answer.location
    if answer.etag:
        response["ETag"] = answer.etag
    if answer.replayed:
        response["Idempotency-Replayed"] = "true"
    return response


def _once_for(request: Request) -> dict[str, Any]:
    caller = getattr(request.user, "pk", None) or "anonymous"
    return {
        "scope": f"{caller}:{request.method}:{request.path}",
        "key": read_key(request.headers.get("Idempotency-Key")),
        "body": getattr(request._request, "raw_body", b""),  # noqa: SLF001 - where the parser put it
    }
