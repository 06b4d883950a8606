"""By what lists can be filtered; any other name is refused."""

from __future__ import annotations

from typing import Any, Final

import django_filters as f
from django.db.models import Q, QuerySet
from rest_framework.exceptions import ValidationError

from events.api.filters import by_words
from registrations.enums import (
    InvitationResponse,
    QuestionKind,
    RegistrationKind,
    RegistrationSource,
    RegistrationStatus,
)
from registrations.models import Registration
from registrations.services.needs import comes_on_top
from registrations.services.reconfirming import unconfirmed
from registrations.services.registration_list import (
    answers,
    has_status,
    has_tag,
    is_answer,
    words_of,
)


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


def by_search(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    """Keep rows whose search key holds each word of two letters or more."""
    del name
    for word in words_of(value):
        queryset = queryset.filter(search_key__contains=word)
    return queryset


def by_tag(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    del name
    return queryset.filter(has_tag(value))


def by_answer(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    """Keep who gave an answer, written ``question:option``."""
    if not is_answer(value):
        raise ValidationError({name: ["Give two slugs: question:option, or question:yes."]})
    return queryset.filter(answers(*value.split(":")))


def by_status(queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    """Keep one status, or those that are live, take a place, or are over."""
    del name
    return queryset.filter(has_status(value))


_STATUSES: Final = [
    *RegistrationStatus.choices,
    ("live", "All that are not over"),
    ("placed", "Confirmed or offered"),
    ("over", "Cancelled, rejected or expired"),
]


class RegistrationFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    search = f.CharFilter(method=by_search)
    status = f.ChoiceFilter(choices=_STATUSES, method=by_status)
    type = f.CharFilter(field_name="registration_type__slug")
    source = f.ChoiceFilter(choices=RegistrationSource.choices)
    person = f.CharFilter(field_name="person__code")
    checked_in = f.BooleanFilter(field_name="checked_in_at", lookup_expr="isnull", exclude=True)
    tag = f.CharFilter(method=by_tag)
    answer = f.CharFilter(method=by_answer)
    access_code = f.CharFilter(field_name="access_code__code_key")
    with_code = f.BooleanFilter(field_name="access_code", lookup_expr="isnull", exclude=True)
    over_capacity = f.BooleanFilter(method="by_capacity")
    registered_after = f.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    registered_before = f.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")
    date_confirmed = f.BooleanFilter(method="by_date")

    def by_capacity(self, rows: QuerySet[Registration], _name: str, wanted: Any) -> Any:
        """Keep who comes on top of the places of their type, or all others."""
        return rows.filter(comes_on_top()) if wanted else rows.exclude(comes_on_top())

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
