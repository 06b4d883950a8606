"""One verb for many registrations over the API: the look ahead, the deed, its state, the stop."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.resources import kept_answer
from core.api.serializers import NothingSerializer, instant_text
from core.errors import DomainError, FieldError, invalid
from core.links import absolute_url
from core.nudging import nudge
from core.services.idempotency import Answer
from registrations.api.bulk_serializers import (
    DeedSerializer,
    ManyRegistrationsSerializer,
    OutlookSerializer,
)
from registrations.api.filters import RegistrationFilter
from registrations.api.views.registrations import RegistrationResource
from registrations.models import BulkDeed, Registration
from registrations.services.bulk import ALSO_NEEDED, VERBS, look_ahead
from registrations.services.bulk_running import start_deed, stop_deed
from registrations.services.registration_list import in_turn
from registrations.tasks import go_on_with_bulk_deeds


class BulkDeeds(RegistrationResource):
    """Do a verb for many: 201 and the deed, which workers do one registration after another.

    With `dry_run` it is said what it would come to and who would be left out: 200.
    """

    serializer_class: Any = DeedSerializer
    pagination_class = None

    @extend_schema(
        operation_id="organisations_conferences_registrations_bulk_create",
        request=ManyRegistrationsSerializer,
        responses={200: OutlookSerializer, 201: DeedSerializer},
    )
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        serializer = ManyRegistrationsSerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        asked = serializer.validated_data
        scope = ALSO_NEEDED.get(asked["verb"])
        caller: Any = request.user
        if scope is not None and scope.value not in caller.scopes:
            raise DomainError("forbidden", f"This token lacks the scope “{scope.value}”.")
        values = {name: asked.get(name, "") for name in VERBS[asked["verb"]].asks}
        if asked["dry_run"]:
            return Response(self.outlook(asked, values))
        return kept_answer(request, partial(self.start, asked, values))

    def outlook(self, asked: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        found = look_ahead(
            conference=self.conference, rows=self.chosen(asked), verb=asked["verb"], values=values
        )
        return {
            "total": found.total,
            "would_be": found.would_be,
            "without_place": found.short,
            "left_out": [
                {
                    "reason": one.reason,
                    "number": one.number,
                    "examples": [row.code for row in one.examples],
                }
                for one in found.left_out
            ],
        }

    def start(self, asked: dict[str, Any], values: dict[str, Any]) -> Answer:
        rows = self.chosen(asked)
        if "expected" in asked and rows.count() != asked["expected"]:
            raise DomainError("conflict", f"These are {rows.count()} by now. Nothing was done.")
        deed = start_deed(
            conference=self.conference,
            rows=rows,
            verb=asked["verb"],
            values=values,
            actor=self.actor,
            # No transaction may hold the places of many: what answers once is one.
            at_once=0,
        )
        transaction.on_commit(partial(nudge, go_on_with_bulk_deeds), robust=True)
        address = reverse(
            "api-bulk-deed", args=[self.organisation.slug, self.conference.slug, deed.code]
        )
        body = JSONRenderer().render(body_of(deed)).decode()
        return Answer(status=201, body=body, location=absolute_url(address))

    def chosen(self, asked: dict[str, Any]) -> QuerySet[Registration]:
        """Return whom the body means.

        Raises:
            DomainError: ``validation-failed`` for a code or a filter that there is not.
        """
        rows = Registration.objects.filter(conference=self.conference)
        if "codes" not in asked:
            return in_turn(self.filtered(rows, asked["filter"]))
        found = rows.filter(code__in=asked["codes"])
        known = set(found.values_list("code", flat=True))
        for number, code in enumerate(asked["codes"]):
            if code not in known:
                raise invalid(f"/codes/{number}", "unknown", "There is no such registration here.")
        return in_turn(found)

    def filtered(
        self, rows: QuerySet[Registration], given: dict[str, Any]
    ) -> QuerySet[Registration]:
        unknown = sorted(set(given) - set(RegistrationFilter.base_filters))
        if unknown:
            raise invalid(f"/filter/{unknown[0]}", "unknown", "There is no such filter here.")
        data = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in given.items()
        }
        filters = RegistrationFilter(data, queryset=rows, request=self.request)
        if not filters.is_valid():
            raise DomainError(
                "validation-failed",
                "This is no filter of the list.",
                errors=[
                    FieldError(f"/filter/{name}", "invalid", " ".join(map(str, said)))
                    for name, said in filters.errors.items()
                ],
            )
        found: QuerySet[Registration] = filters.qs
        return found


class _Deed(RegistrationResource):
    serializer_class: Any = DeedSerializer
    pagination_class = None

    def deed(self, code: str) -> BulkDeed:
        rows = BulkDeed.objects.filter(conference=self.conference, code=code)
        found = rows.defer("registration_ids").first()
        if found is None:
            raise Http404
        return found


class BulkDeedState(_Deed):
    """How far a verb for many is; kept for 30 days."""

    @extend_schema(responses={200: DeedSerializer})
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return Response(body_of(self.deed(code)))


class StopBulkDeed(_Deed):
    """Stop it where it is; what is done stays."""

    @extend_schema(request=NothingSerializer, responses={200: DeedSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        self.nothing_in_body()
        return kept_answer(request, partial(self.stop, self.deed(code)))

    def stop(self, deed: BulkDeed) -> Answer:
        body = body_of(stop_deed(deed=deed, actor=self.actor))
        return Answer(status=200, body=JSONRenderer().render(body).decode())


def body_of(deed: BulkDeed) -> dict[str, Any]:
    """Return a deed as the API says it; two queries at the most."""
    ids = [pk for one in deed.left_out for pk in one["ids"]]
    codes = dict(Registration.objects.filter(pk__in=ids).values_list("pk", "code")) if ids else {}
    return {
        "code": deed.code,
        "verb": deed.verb,
        "state": deed.state,
        "total": deed.total,
        "done": deed.done,
        "succeeded": deed.succeeded,
        "left_out": [
            {
                "reason": one["reason"],
                "number": one["number"],
                "examples": [codes[pk] for pk in one["ids"] if pk in codes],
            }
            for one in deed.left_out
        ],
        "created_at": instant_text(deed.created_at),
    }
