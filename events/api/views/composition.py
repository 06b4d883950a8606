"""What a programme has to keep to: roles, availability, order. Each is a part of its conference,
whose version is their ETag.
"""

# No `from __future__ import annotations`: drf-spectacular reads these at run time.
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from core.errors import not_found
from events.api.base import ConferenceResource
from events.api.composition_serializers import (
    PersonAvailabilitySerializer,
    PrecedenceSerializer,
    RoleRequirementSerializer,
)
from events.models import Availability, Person, RoleRequirement, SessionPrecedence
from events.services import availability, precedences, requirements
from events.services.requirements import Requirement


class _Part(ConferenceResource):
    read_permission = Permission.PROGRAMME_READ
    write_permission = Permission.PROGRAMME_WRITE

    def etag_of(self, row: Any) -> str:
        self.conference.refresh_from_db(fields=["version"])
        return self.conference.etag


class _Requirements(_Part):
    serializer_class = RoleRequirementSerializer
    queryset = RoleRequirement.objects.all()
    key = "key"

    def one(self, **keys: Any) -> Requirement:
        """Return what counts for a kind and a role, as `panel-panellist`."""
        for row in requirements.requirements_of(self.conference):
            if row.key == keys["key"]:
                self._found = row
                return row
        raise not_found()

    def store(self, values: dict[str, Any], expected: int | None) -> Requirement:
        return requirements.set_requirement(
            conference=self.conference, expected=expected, actor=self.actor, **values
        )


class RoleRequirementList(_Requirements):
    """What each kind of session needs: the usual numbers, or those of this conference."""

    lists = True

    def get(self, request: Request, **kwargs: Any) -> Response:
        rows = requirements.requirements_of(self.conference)
        results = self.get_serializer(rows, many=True).data
        return Response({"next": None, "previous": None, "results": results})

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Say how many a role needs; for one that has a number already, PATCH it."""
        return self.creating(lambda values: self.store(values, None))


class RoleRequirementDetail(_Requirements):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(key=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(key=code)
        now = {
            "kind": row.kind,
            "role": row.role,
            "minimum": row.minimum,
            "maximum": row.maximum,
        }
        return self.changing(
            row,
            lambda values, expected: self.store(
                now | values | {"kind": row.kind, "role": row.role}, expected
            ),
        )

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        """Go back to the usual number."""
        row = self.one(key=code)
        return self.deleting(
            lambda expected: requirements.reset_requirement(
                conference=self.conference,
                kind=row.kind,
                role=row.role,
                expected=expected,
                actor=self.actor,
            )
        )


class _Availabilities(_Part):
    serializer_class = PersonAvailabilitySerializer
    queryset = Person.objects.all()
    pointers = {
        f"/windows/{n}/{name}_local": f"/windows/{n}/{name}"
        for n in range(availability.MOST + 1)
        for name in ("start", "end")
    }

    def rows(self) -> QuerySet[Person]:
        here = Availability.objects.filter(conference=self.conference)
        windows = Prefetch(
            "availabilities", here.order_by("starts_at", "pk"), to_attr="windows_here"
        )
        return Person.objects.filter(
            Exists(here.filter(person=OuterRef("pk"))), organisation=self.organisation
        ).prefetch_related(windows)

    def store(self, person: Person, windows: list[Any], expected: int | None) -> Person:
        person.windows_here = availability.set_availability(  # type: ignore[attr-defined]  # as `rows` reads it
            conference=self.conference,
            person=person,
            windows=windows,
            expected=expected,
            actor=self.actor,
        )
        return person


class AvailabilityList(_Availabilities):
    """Who said when they can be there, by person."""

    lists = True

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Say when a person can be there, in place of what was said so far."""
        return self.creating(lambda values: self.store(values["person"], values["windows"], None))


class AvailabilityDetail(_Availabilities):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.one(code=code))

    def patch(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.one(code=code)
        return self.changing(
            row,
            lambda values, expected: self.store(
                row, values.get("windows", availability.windows_from(row.windows_here)), expected
            ),
        )

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        """Say that the person can always be there."""
        row = self.one(code=code)
        return self.deleting(lambda expected: self.store(row, [], expected))


class _Precedences(_Part):
    serializer_class = PrecedenceSerializer
    queryset = SessionPrecedence.objects.all()

    def rows(self) -> QuerySet[SessionPrecedence]:
        return SessionPrecedence.objects.filter(first__conference=self.conference).select_related(
            "first__conference", "then"
        )

    def location_of(self, row: SessionPrecedence) -> str:
        return f"{self.request.path}{row.first.code}-{row.then.code}/"

    def pair(self, code: str) -> SessionPrecedence:
        first, _, then = code.partition("-")
        row: SessionPrecedence = self.one(first__code=first, then__code=then)
        return row


class PrecedenceList(_Precedences):
    """Which sessions have to be over before which others begin."""

    lists = True

    def get(self, request: Request, **kwargs: Any) -> Response:
        return self.listing()

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self.creating(
            lambda values: precedences.create_precedence(
                conference=self.conference, actor=self.actor, **values
            )
        )


class PrecedenceDetail(_Precedences):
    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        return self.reading(self.pair(code))

    def delete(self, request: Request, code: str, **kwargs: Any) -> Response:
        row = self.pair(code)
        return self.deleting(
            lambda expected: precedences.delete_precedence(
                precedence=row, expected=expected, actor=self.actor
            )
        )
