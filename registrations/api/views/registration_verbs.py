"""What is done to one registration over the API, or to many."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from core.api.resources import kept_answer
from core.api.serializers import NothingSerializer
from core.errors import invalid
from core.services.idempotency import Answer
from registrations.api.deciding_serializers import (
    ApprovalSerializer,
    DecidedSerializer,
    DecideManySerializer,
    DecisionSerializer,
)
from registrations.api.serializers import (
    CancelSerializer,
    RegistrationSerializer,
    SubstituteSerializer,
)
from registrations.api.views.registrations import RegistrationResource
from registrations.models import Registration
from registrations.services.approving import (
    approve_registration,
    put_on_waiting_list,
    reject_registration,
)
from registrations.services.attendance import check_in, undo_check_in
from registrations.services.cancelling import cancel_registration, uncancel_registration
from registrations.services.deciding import decide_registrations
from registrations.services.links import resend_link, revoke_link
from registrations.services.offering import accept_offer, offer_place
from registrations.services.reconfirming import confirm_new_date
from registrations.services.still_coming import confirm_still_coming
from registrations.services.substituting import substitute


class _Verb(RegistrationResource):
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


class _Decision(RegistrationResource):
    """A decision about one, with a reason where there is one."""

    verb: Any
    body: Any = DecisionSerializer

    @extend_schema(request=DecisionSerializer, responses={200: RegistrationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        row = self.one(code=code)
        serializer = self.body(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        return self.doing(row, self.do, **serializer.validated_data)

    def do(self, row: Registration, expected: int | None, **facts: Any) -> Registration:
        verb = type(self).verb
        done: Registration = verb(registration=row, expected=expected, actor=self.actor, **facts)
        return done


class ApproveRegistration(_Decision):
    """Give a place to who asks for approval or waits."""

    verb = staticmethod(approve_registration)
    body = ApprovalSerializer

    @extend_schema(request=ApprovalSerializer, responses={200: RegistrationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        return super().post(request, code, **kwargs)


class RejectRegistration(_Decision):
    """Turn down who asks for approval, waits or is offered a place."""

    verb = staticmethod(reject_registration)


class PutOnWaitingList(_Decision):
    """Put who asks for approval at the end of the waiting list."""

    verb = staticmethod(put_on_waiting_list)


class OfferPlace(_Verb):
    """Offer a place to somebody on the waiting list; the guest takes it by a link of their own."""

    verb = staticmethod(offer_place)


class AcceptOffer(_Verb):
    """Write down that somebody takes the place that is offered, also when the time is over."""

    verb = staticmethod(accept_offer)


class ConfirmStillComing(_Verb):
    """Write down that somebody who was asked still comes."""

    verb = staticmethod(confirm_still_coming)


class DecideRegistrations(RegistrationResource):
    """Approve, turn down or put on the waiting list many at once.

    Of those approved who finds no place goes to the waiting list unless `or_wait` is false; who
    could not be decided is named with the reason.
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


class SubstituteRegistration(RegistrationResource):
    """Give somebody's place to another person; answers, consents and links of the first one go."""

    @extend_schema(request=SubstituteSerializer, responses={200: RegistrationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        row = self.one(code=code)
        serializer = SubstituteSerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        return self.doing(row, self.do, **serializer.validated_data)

    def do(self, row: Registration, expected: int | None, **details: Any) -> Registration:
        done = substitute(
            registration=row, expected=expected, actor=self.actor, **{"email": "", **details}
        )
        return self.rows().get(pk=done.pk)


class RevokeLink(_Verb):
    """End all personal links of a registration."""

    verb = staticmethod(revoke_link)


class ResendLink(_Verb):
    """Mail the personal link, at most once a minute."""

    def do(self, row: Registration, expected: int | None) -> Registration:
        del expected  # nothing is changed that anybody could have an older version of
        return resend_link(registration=row, actor=self.actor)


class CancelRegistration(RegistrationResource):
    @extend_schema(request=CancelSerializer, responses={200: RegistrationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        serializer = CancelSerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        return self.doing(self.one(code=code), self.do, **serializer.validated_data)

    def do(self, row: Registration, expected: int | None, reason: str = "") -> Registration:
        return cancel_registration(
            registration=row, reason=reason, expected=expected, actor=self.actor
        )
