"""The outcome of a conference, its quotes and its photos."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.etags import expected_version
from core.api.serializers import StrictSerializer
from core.errors import invalid
from core.services.files import too_large
from core.services.kept_files import MAX_BYTES
from events.api.base import ConferenceResource
from events.api.outcome_serializers import (
    OutcomeSerializer,
    PhotoSerializer,
    PublishOutcomeSerializer,
    QuoteAnswerSerializer,
    QuoteSerializer,
)
from events.models import Outcome, OutcomePhoto, Quote
from events.services import outcome_photos, quote_answers, quotes
from events.services.outcome_draft import draft_outcome
from events.services.outcome_publishing import publish_outcome, unpublish_outcome
from events.services.outcomes import save_outcome

NO_OUTCOME = '"v0"'


class _Outcome(ConferenceResource):
    read_permission = Permission.CONFERENCE_READ
    write_permission = Permission.CONFERENCE_WRITE


class _TheOutcome(_Outcome):
    serializer_class = OutcomeSerializer
    queryset = Outcome.objects.all()

    def rows(self) -> QuerySet[Outcome]:
        return Outcome.objects.filter(conference=self.conference)


class OutcomeDetail(_TheOutcome):
    """The outcome as a whole. Before there is one, `If-Match: "v0"` makes it."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.reading(self.one())

    def put(self, request: Request, **kwargs: Any) -> Response:
        """Write all of it in place of what was there."""
        row = self.rows().first()
        expected = expected_version(request, lambda: row.etag if row else NO_OUTCOME)
        values = self.read_body()
        values["items"] = values.pop("item_rows")
        with self.speaking():
            saved = save_outcome(
                conference=self.conference, expected=expected, actor=self.actor, **values
            )
        status = 200 if row else 201
        return Response(self.body_of(saved), status=status, headers={"ETag": self.etag_of(saved)})


class DraftOutcome(_TheOutcome):
    """Make the outcome from the programme."""

    @extend_schema(request=None, responses={201: OutcomeSerializer})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        self.nothing_in_body()
        return self.making(lambda: draft_outcome(conference=self.conference, actor=self.actor))

    def location_of(self, row: Outcome) -> str:
        return self.request.path.removesuffix("draft/")


class PublishOutcome(_TheOutcome):
    @extend_schema(request=PublishOutcomeSerializer, responses={200: OutcomeSerializer})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        row = self.one()
        read = PublishOutcomeSerializer(data=request.data or {})
        read.is_valid(raise_exception=True)
        return self.doing(
            row,
            lambda _row, expected: publish_outcome(
                conference=self.conference,
                expected=expected,
                tell=read.validated_data["tell"],
                actor=self.actor,
            ),
        )


class UnpublishOutcome(_TheOutcome):
    @extend_schema(request=None, responses={200: OutcomeSerializer})
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        self.nothing_in_body()
        return self.doing(
            self.one(),
            lambda _row, expected: unpublish_outcome(
                conference=self.conference, expected=expected, actor=self.actor
            ),
        )


class _Quotes(_Outcome):
    serializer_class = QuoteSerializer
    queryset = Quote.objects.all()
    pointers = {"/answered_via": "/via"}

    def rows(self) -> QuerySet[Quote]:
        return Quote.objects.filter(outcome__conference=self.conference).select_related(
            "outcome__conference", "person", "session"
        )


class QuoteList(_Quotes):
    lists = True

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        def create(values: dict[str, Any]) -> Quote:
            order = values.pop("order", None)
            row = quotes.create_quote(conference=self.conference, actor=self.actor, **values)
            if order is None:
                return row
            return quotes.change_quote(
                quote=row, changes={"order": order}, expected=None, actor=self.actor
            )

        return self.creating(create)


class QuoteDetail(_Quotes):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.changing(
            row,
            lambda values, expected: quotes.change_quote(
                quote=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: quotes.delete_quote(quote=row, expected=expected, actor=self.actor)
        )


class _QuoteVerb(_Quotes):
    """A verb of one quote."""

    body: type[StrictSerializer] | None = None

    def act(self, code: str, verb: Callable[..., Quote]) -> HttpResponse:
        row = self.one(code=code)
        values: dict[str, Any] = {}
        if self.body is None:
            self.nothing_in_body()
        else:
            read = self.body(data=self.request.data or {}, context=self.get_serializer_context())
            read.is_valid(raise_exception=True)
            values = dict(read.validated_data)
        return self.doing(
            row,
            lambda row, expected: verb(quote=row, expected=expected, actor=self.actor, **values),
        )


class AskQuote(_QuoteVerb):
    """Send the letter that asks for approval."""

    @extend_schema(request=None, responses={200: QuoteSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        return self.act(code, quote_answers.ask_quote)


class AnswerQuote(_QuoteVerb):
    body = QuoteAnswerSerializer

    @extend_schema(request=QuoteAnswerSerializer, responses={200: QuoteSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        return self.act(code, quote_answers.answer_quote)


class AcceptProposal(_QuoteVerb):
    """Take over the words that the person proposed."""

    @extend_schema(request=None, responses={200: QuoteSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        return self.act(code, quote_answers.accept_proposal)


class WithdrawQuote(_QuoteVerb):
    @extend_schema(request=None, responses={200: QuoteSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        return self.act(code, quote_answers.withdraw_quote)


class RevokeQuoteLink(_QuoteVerb):
    @extend_schema(request=None, responses={200: QuoteSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        return self.act(code, quote_answers.revoke_quote_link)


class _Photos(_Outcome):
    serializer_class = PhotoSerializer
    queryset = OutcomePhoto.objects.all()

    def rows(self) -> QuerySet[OutcomePhoto]:
        return OutcomePhoto.objects.filter(outcome__conference=self.conference).select_related(
            "outcome__conference", "file", "small"
        )


class PhotoList(_Photos):
    lists = True
    parser_classes = [MultiPartParser]

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    @extend_schema(
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {"photo": {"type": "string", "format": "binary"}},
                "required": ["photo"],
            }
        },
        responses={201: PhotoSerializer},
    )
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Add a picture, as the file `photo` of a form; nobody sees it before it is shown."""
        file = request.FILES.get("photo")
        if file is None:
            raise invalid("/photo", "required", "Send a picture as the file “photo” of a form.")
        if (file.size or 0) > MAX_BYTES:
            raise too_large()
        content = file.read()
        # What makes a repeated request the same one.
        request._request.raw_body = content  # type: ignore[attr-defined]  # noqa: SLF001 - as the JSON parser
        return self.making(
            lambda: outcome_photos.add_photo(
                conference=self.conference,
                content=content,
                name=file.name or "",
                actor=self.actor,
            )
        )


class PhotoDetail(_Photos):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.changing(
            row,
            lambda values, expected: outcome_photos.change_photo(
                photo=row, changes=values, expected=expected, actor=self.actor
            ),
        )

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.deleting(
            lambda expected: outcome_photos.delete_photo(
                photo=row, expected=expected, actor=self.actor
            )
        )
