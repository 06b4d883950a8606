"""By what lists can be filtered; any other name is refused."""

from __future__ import annotations

from typing import Any, Final

import django_filters as f
from django.db.models import Q, QuerySet

from events.api.filters import by_words
from registrations.enums import (
    InvitationResponse,
    QuestionKind,
    RegistrationKind,
    RegistrationSource,
    RegistrationStatus,
)
from registrations.models import Registration
from registrations.services.reconfirming import unconfirmed


class RegistrationTypeFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    kind = f.ChoiceFilter(choices=RegistrationKind.choices)
    public = f.BooleanFilter()


class QuestionFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    kind = f.ChoiceFilter(choices=QuestionKind.choices)
    active = f.BooleanFilter()
    section = f.CharFilter(field_name="section__slug")


NONE: Final = "none"


def by_response(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    """Keep one answer; ``none`` is who has given none."""
    del name
    return queryset.filter(response="" if value == NONE else value)


class InvitationFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    search = f.CharFilter(method=by_words)
    response = f.ChoiceFilter(
        choices=[*InvitationResponse.choices, (NONE, "No answer")], method=by_response
    )
    wants_findings = f.BooleanFilter()
    wave = f.NumberFilter(min_value=1, max_value=99)
    tag = f.CharFilter(field_name="person__tags__slug")
    owner = f.CharFilter(field_name="owner__email")
    person = f.CharFilter(field_name="person__code")
    sent = f.BooleanFilter(field_name="sent_at", lookup_expr="isnull", exclude=True)
    withdrawn = f.BooleanFilter(field_name="withdrawn_at", lookup_expr="isnull", exclude=True)


class RegistrationFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    search = f.CharFilter(method=by_words)
    status = f.ChoiceFilter(choices=RegistrationStatus.choices)
    type = f.CharFilter(field_name="registration_type__slug")
    source = f.ChoiceFilter(choices=RegistrationSource.choices)
    person = f.CharFilter(field_name="person__code")
    checked_in = f.BooleanFilter(field_name="checked_in_at", lookup_expr="isnull", exclude=True)
    date_confirmed = f.BooleanFilter(method="by_date")

    def by_date(self, rows: QuerySet[Registration], _name: str, wanted: Any) -> Any:
        """Keep places that are confirmed for the conference's present day, or all others."""
        others = unconfirmed(self.request.parser_context["view"].conference)
        holds = Q(status=RegistrationStatus.CONFIRMED) & ~others
        return rows.filter(holds) if wanted else rows.exclude(holds)


class AccessCodeFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    active = f.BooleanFilter()
    name = f.CharFilter()
    type = f.CharFilter(field_name="registration_types__slug")


class SignUpFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    session = f.CharFilter(field_name="sign_up_session__session__code")
    registration = f.CharFilter(field_name="registration__code")
