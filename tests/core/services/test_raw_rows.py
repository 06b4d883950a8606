"""Rows from SQL of our own are the rows that Django would have made."""

from __future__ import annotations

import pytest

from core.services.raw_rows import raw_rows
from events.models import Conference
from registrations.models import Registration
from tests.factories.events import ConferenceFactory
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("factory", "model", "table"),
    [
        (ConferenceFactory, Conference, "events_conference"),
        (RegistrationFactory, Registration, "registrations_registration"),
    ],
)
def test_every_field_is_read_as_by_django(factory, model, table, django_assert_num_queries):
    usual = model.objects.get(pk=factory().pk)
    for _ in range(2):  # the second time by what is known of the first
        with django_assert_num_queries(1):
            (row,) = raw_rows(model, f"SELECT * FROM {table} WHERE id = %s", [usual.pk])  # noqa: S608
        own = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields}
        assert own == {f.attname: getattr(usual, f.attname) for f in model._meta.concrete_fields}
        assert {name: type(value) for name, value in own.items()} == {
            f.attname: type(getattr(usual, f.attname)) for f in model._meta.concrete_fields
        }
        assert row == usual
        assert not row._state.adding


def test_further_columns_are_attributes():
    first, second = ConferenceFactory(), ConferenceFactory()
    sql = "SELECT id + 1000 AS more, c.* FROM events_conference c ORDER BY id"
    rows = raw_rows(Conference, sql, [])
    assert [(row.pk, row.more) for row in rows] == [
        (first.pk, first.pk + 1000),
        (second.pk, second.pk + 1000),
    ]


def test_no_rows_are_an_empty_list():
    assert raw_rows(Conference, "SELECT * FROM events_conference WHERE id = %s", [0]) == []
