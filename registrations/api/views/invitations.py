"""Invitations over the API. They are withdrawn, never deleted."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from dataclasses import asdict
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.api.resources import kept_answer
from core.api.serializers import NothingSerializer
from core.errors import DomainError, FieldError, invalid
from core.services.idempotency import Answer
from events.api.base import ConferenceResource
from registrations.api.filters import InvitationFilter
from registrations.api.invitation_serializers import (
    AnswerSerializer,
    FunnelSerializer,
    InvitationChangeSerializer,
    InvitationSerializer,
    SendManySerializer,
    SentSerializer,
    WithdrawSerializer,
)
from registrations.models import HeldPlace, Invitation
from registrations.services.answering import answer_invitation
from registrations.services.funnel import Stage, funnel_of
from registrations.services.invitation_links import revoke_invitation_link
from registrations.services.inviting import (
    add_invitations,
    change_invitation,
    send_invitations,
    withdraw_invitation,
)
from registrations.services.turnout import expected_turnout


class _Invitations(ConferenceResource):
    read_permission = Permission.REGISTRATION_READ
    write_permission = Permission.REGISTRATION_WRITE
    serializer_class: Any = InvitationSerializer
    queryset = Invitation.objects.all()
    pointers = {"/reply_until_local": "/reply_until", "/people": "/person"}

    def rows(self) -> QuerySet[Invitation]:
        return (
            Invitation.objects.filter(conference=self.conference)
            .select_related("person", "registration_type", "owner", "registration", "companion")
            .annotate(has_hold=Exists(HeldPlace.objects.filter(invitation=OuterRef("pk"))))
        )

    def again(self, row: Invitation) -> Invitation:
        """Return a row as it is now, with all that its body says."""
        found = self.rows().get(pk=row.pk)
        found.conference = self.conference
        return found


class InvitationList(_Invitations):
    lists = True
    filterset_class = InvitationFilter
    ordering_fields = ("created_at", "sort_key", "wave")

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Put somebody on the guest list; nothing is sent by that."""
        return self.creating(self.create)

    def create(self, values: dict[str, Any]) -> Invitation:
        kind, person = values.pop("registration_type"), values.pop("person")
        added = add_invitations(
            conference=self.conference,
            person_ids=[person.pk],
            type_slug=kind.slug,
            actor=self.actor,
            **values,
        )
        if not added.invitations:
            detail = "This person is invited already. Nothing was changed."
            raise DomainError("conflict", detail, errors=[FieldError("/person", "taken", detail)])
        return self.again(added.invitations[0])


class InvitationDetail(_Invitations):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    @extend_schema(request=InvitationChangeSerializer)
    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        row.conference = self.conference
        return self.changing(
            row,
            lambda values, expected: self.again(
                change_invitation(
                    invitation=row, changes=values, expected=expected, actor=self.actor
                )
            ),
        )

    def read_body(self, row: Any = None) -> dict[str, Any]:
        """Return what is to be changed; what was read can be sent back whole."""
        sent: Any = self.request.data
        shown, takes = self.body_of(row), InvitationChangeSerializer().fields
        data = {
            name: value
            for name, value in sent.items()
            if (name in takes or name not in shown) or shown[name] != value
        }
        serializer = InvitationChangeSerializer(
            row, data=data, partial=True, context=self.get_serializer_context()
        )
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


class RevokeInvitationLink(_Invitations):
    """End the link that was mailed."""

    @extend_schema(request=NothingSerializer, responses={200: InvitationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        self.nothing_in_body()
        return self.doing(self.one(code=code), self.do)

    def do(self, row: Invitation, expected: int | None) -> Invitation:
        return self.again(
            revoke_invitation_link(invitation=row, expected=expected, actor=self.actor)
        )


class WithdrawInvitation(_Invitations):
    @extend_schema(request=WithdrawSerializer, responses={200: InvitationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        serializer = WithdrawSerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        return self.doing(self.one(code=code), self.do, **serializer.validated_data)

    def do(self, row: Invitation, expected: int | None, reason: str = "") -> Invitation:
        return self.again(
            withdraw_invitation(invitation=row, expected=expected, actor=self.actor, reason=reason)
        )


class AnswerInvitation(_Invitations):
    """Record an answer that came by phone, by mail or in person."""

    @extend_schema(request=AnswerSerializer, responses={200: InvitationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        row = self.one(code=code)
        serializer = AnswerSerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        return self.doing(row, self.do, facts=serializer.validated_data)

    def do(self, row: Invitation, expected: int | None, facts: dict[str, Any]) -> Invitation:
        return self.again(
            answer_invitation(invitation=row, expected=expected, actor=self.actor, **facts)
        )


class SendInvitation(_Invitations):
    """Send the invitation; a second time it is another mail with the same link."""

    also_permissions = (Permission.MAIL_WRITE,)
    save_the_date = False

    @extend_schema(request=NothingSerializer, responses={200: InvitationSerializer})
    def post(self, request: Request, code: str, **kwargs: Any) -> HttpResponse:
        self.nothing_in_body()
        return self.doing(self.one(code=code), self.do)

    def do(self, row: Invitation, expected: int | None) -> Invitation:
        del expected  # nothing is changed that anybody could have an older version of
        sent = send_invitations(
            conference=self.conference,
            invitation_ids=[row.pk],
            actor=self.actor,
            save_the_date=self.save_the_date,
        )
        for _row, reason in sent.skipped:
            raise DomainError("wrong-state", reason)
        return self.again(row)


class SaveTheDate(SendInvitation):
    """Send the day and the place, before the invitation."""

    save_the_date = True


class SendInvitations(_Invitations):
    """Send many at once; who is passed over is named with the reason."""

    also_permissions = (Permission.MAIL_WRITE,)
    serializer_class = SentSerializer

    @extend_schema(
        operation_id="organisations_conferences_invitations_send_many_create",
        request=SendManySerializer,
        responses={200: SentSerializer},
    )
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        serializer = SendManySerializer(data=request.data or {})
        serializer.is_valid(raise_exception=True)
        return kept_answer(request, lambda: self.send(serializer.validated_data))

    def send(self, values: dict[str, Any]) -> Answer:
        codes = list(dict.fromkeys(values["codes"]))
        found = dict(
            Invitation.objects.filter(conference=self.conference, code__in=codes).values_list(
                "code", "pk"
            )
        )
        for number, code in enumerate(values["codes"]):
            if code not in found:
                raise invalid(f"/codes/{number}", "unknown", "There is no such invitation here.")
        sent = send_invitations(
            conference=self.conference,
            invitation_ids=list(found.values()),
            actor=self.actor,
            save_the_date=values.get("save_the_date", False),
        )
        body = {
            "queued": sent.queued,
            "skipped": [{"code": row.code, "reason": reason} for row, reason in sent.skipped],
        }
        return Answer(status=200, body=JSONRenderer().render(body).decode())


class InvitationFunnel(_Invitations):
    """How far the invitations are, together and by tag, and how many will really come."""

    serializer_class = FunnelSerializer
    pagination_class = None

    @extend_schema(responses={200: FunnelSerializer})
    def get(self, request: Request, **kwargs: Any) -> Response:
        whole, by_tag = funnel_of(self.conference)
        turnout = expected_turnout(self.conference)
        return Response(
            {
                "all": _stage(whole),
                "by_tag": [_stage(one) for one in by_tag],
                "expected_turnout": None if turnout is None else asdict(turnout),
            }
        )


def _stage(stage: Stage) -> dict[str, Any]:
    facts = asdict(stage)
    del facts["name"]
    return {**facts, "tag": stage.tag or None}
