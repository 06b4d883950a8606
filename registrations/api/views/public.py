"""What an anonymous program may do: read the form and register."""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from collections.abc import Sequence
from copy import copy
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.actors import Actor
from core.api.serializers import local_text
from core.counting import client_of
from core.errors import DomainError
from core.logging import request_id
from core.services.idempotency import read_key, refuse_reused_key
from events.api.public import PublicAPIView
from events.api.views.public import LANG
from events.models import Conference
from registrations.api.answer_fields import with_files
from registrations.api.form_bodies import consent_bodies, question_bodies
from registrations.api.form_serializers import RegistrationFormSerializer
from registrations.api.serializers import PublicAnswerSerializer, PublicRegistrationSerializer
from registrations.enums import RegistrationSource
from registrations.services.answers import answers_part
from registrations.services.code_guessing import check_guesses, count_guess
from registrations.services.form_facts import SENDING, FormFacts, form_facts
from registrations.services.guest_registering import register_guest
from registrations.services.parts import Part
from registrations.services.type_states import TypeOffer

_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="1 to 128 visible characters; for 24 hours the same request gets the same answer.",
)


_CODE = OpenApiParameter(
    "access_code", str, description="Answers the kinds of place that this code opens."
)


class PublicRegistrationForm(PublicAPIView):
    """Which kinds of place there are and whether they can be had now."""

    facts: FormFacts

    def find(self, organisation: str, conference: str) -> Conference | None:
        """Return the conference at this address, with what its form shows."""
        facts = form_facts(organisation, conference)
        if facts is None:
            return None
        self.facts = facts
        return facts.conference

    def offers(self) -> Sequence[TypeOffer]:
        """Return the public types, or those that the code opens which the address names."""
        text = self.request.query_params.get("access_code", "")
        if not text.strip():
            return self.facts.offers
        client = client_of(self.request)
        check_guesses(self.conference, client, text)
        try:
            return self.facts.opened_by(text)[1]
        except DomainError as refusal:
            count_guess(self.conference, client, refusal)
            raise

    @extend_schema(responses=RegistrationFormSerializer, parameters=[LANG, _CODE])
    def get(self, request: Request, **kwargs: Any) -> HttpResponse | Response:
        offers = self.offers()
        offered = frozenset(offer.type.slug for offer in offers)
        form = self.facts.form.for_types(offered)
        sessions = [one for one in self.facts.sessions if not one.types or one.types & offered]
        return self.reading(
            {
                "types": [
                    {
                        "slug": offer.type.slug,
                        "name": self.reader.text(offer.type.name),
                        "state": offer.state.value,
                        "party_max": offer.type.party_max,
                    }
                    for offer in offers
                ],
                "questions": question_bodies(form, self.reader),
                "consents": consent_bodies(form, self.reader),
                "sessions": [
                    {
                        "code": offer.code,
                        "title": self.reader.text(offer.session.title if offer.session else {}),
                        "start": local_text(offer.session.start_local if offer.session else None),
                        "end": local_text(offer.session.end_local if offer.session else None),
                        "state": offer.state.value,
                        "places_left": offer.places_left,
                        "registration_types": sorted(offer.types & offered),
                    }
                    for offer in sessions
                ],
                "languages": self.conference.languages,
            }
        )


class PublicRegistrations(PublicAPIView):
    """Registering."""

    throttle_scope = "public-write"

    facts: FormFacts

    def find(self, organisation: str, conference: str) -> Conference | None:
        """Return the conference at this address in the quickest way."""
        facts = form_facts(organisation, conference, unasked=SENDING)
        if facts is None:
            return None
        self.facts = facts
        return copy(facts.conference)

    @extend_schema(
        request=PublicRegistrationSerializer,
        responses={201: PublicAnswerSerializer},
        parameters=[LANG, _KEY],
    )
    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        with translation.override(self.reader.catalogue):
            return self._register(request)

    def _register(self, request: Request) -> HttpResponse:
        serializer = PublicRegistrationSerializer(data=request.data)
        is_valid = serializer.is_valid()
        plain = request._request  # noqa: SLF001 - where the parser left the raw bytes
        once: dict[str, Any] = {
            "scope": f"anonymous {client_of(plain)}:POST:{request.path}",
            "key": read_key(request.headers.get("Idempotency-Key")),
            "body": getattr(plain, "raw_body", b""),
        }
        if not is_valid:
            refuse_reused_key(**once)
            raise ValidationError(serializer.errors)
        values = dict(serializer.validated_data)
        answers, consents = values.pop("answers", None) or {}, values.pop("consents", None) or []
        actor = Actor("anonymous", "", request_id.get())
        form = self.facts.form
        try:
            answers = with_files(
                answers, form, self.conference, actor=actor, client=client_of(plain)
            )
        except DomainError:
            refuse_reused_key(**once)
            raise

        def parts() -> list[Part]:
            if not (form or answers or consents):
                return []
            return [
                answers_part(
                    form,
                    values["type_slug"],
                    answers=answers,
                    consents=consents,
                    reader=self.reader,
                )
            ]

        answer = register_guest(
            conference=self.conference,
            details={"language": self.reader.tag, **values},
            client=client_of(plain),
            source=RegistrationSource.API,
            actor=actor,
            parts=parts,
            **once,
        )
        response = HttpResponse(answer.body, status=answer.status, content_type="application/json")
        response["Cache-Control"] = "no-store"
        response["Location"] = answer.location
        response["ETag"] = answer.etag
        if answer.replayed:
            response["Idempotency-Replayed"] = "true"
        return response
