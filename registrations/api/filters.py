"""By what lists can be filtered; any other name is refused."""

from __future__ import annotations

import django_filters as f

from events.api.filters import by_words
from registrations.enums import RegistrationKind, RegistrationSource, RegistrationStatus


class RegistrationTypeFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    kind = f.ChoiceFilter(choices=RegistrationKind.choices)
    public = f.BooleanFilter()


class RegistrationFilter(f.FilterSet):  # type: ignore[misc]  # no type stubs
    search = f.CharFilter(method=by_words)
    status = f.ChoiceFilter(choices=RegistrationStatus.choices)
    type = f.CharFilter(field_name="registration_type__slug")
    source = f.ChoiceFilter(choices=RegistrationSource.choices)
    person = f.CharFilter(field_name="person__code")
