"""Model fields that mean the same on both engines."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.forms import modelform_factory

from core.clock import resolve_local
from core.fields import LocalDateTimeField, TranslatedField, validate_texts
from core.forms import LocalDateTimeFormField
from events.models import Conference
from tests.factories.accounts import OrganisationFactory


def conference(start, **fields):
    local = dt.datetime.fromisoformat(start)
    end = local + dt.timedelta(hours=3)
    return Conference.objects.create(
        organisation=OrganisationFactory(),
        slug="forum",
        kind="conference",
        title={"en": "Forum"},
        time_zone="Europe/Belgrade",
        start_local=local,
        end_local=end,
        starts_at=resolve_local(local, "Europe/Belgrade"),
        ends_at=resolve_local(end, "Europe/Belgrade"),
        **fields,
    )


def test_a_wall_clock_time_comes_back_as_it_was(db):
    row = conference("2027-03-28T02:30")  # no clock in Belgrade shows it that day
    row.refresh_from_db()
    assert row.start_local == dt.datetime(2027, 3, 28, 2, 30)
    assert row.start_local.tzinfo is None
    assert row.doors_local is None


def test_it_has_its_own_column_type_on_each_engine(db):
    expected = "timestamp without time zone" if connection.vendor == "postgresql" else "text"
    assert LocalDateTimeField().db_type(connection) == expected


def test_it_orders_and_filters_by_time(db):
    rows = [conference(f"2027-0{month}-01T10:00") for month in (3, 1, 2)]
    found = Conference.objects.filter(start_local__gte=dt.datetime(2027, 2, 1, 10))
    assert list(found.order_by("start_local")) == [rows[2], rows[0]]
    assert Conference.objects.get(start_local="2027-01-01T10:00") == rows[1]
    Conference.objects.filter(pk=rows[1].pk).update(doors_local=dt.datetime(2027, 1, 1, 9, 30))
    assert Conference.objects.filter(doors_local__isnull=False).get().doors_local.hour == 9


def test_it_keeps_minutes_only_and_writes_itself_as_text(db):
    field = Conference._meta.get_field("start_local")
    assert field.to_python("2027-03-28T10:00:59.5") == dt.datetime(2027, 3, 28, 10)
    assert field.to_python("") is field.to_python(None) is None
    row = conference("2027-03-28T10:00")
    assert field.value_to_string(row) == "2027-03-28T10:00"
    assert Conference._meta.get_field("doors_local").value_to_string(row) == ""


@pytest.mark.parametrize(
    "value", ["soon", "2027-13-01T10:00", 5, "2027-03-28T10:00Z", "1066-10-14T09:00"]
)
def test_it_refuses_what_is_not_a_local_time(value):
    with pytest.raises(ValidationError):
        LocalDateTimeField().to_python(value)


def test_its_form_field_has_no_zone():
    form_class = modelform_factory(Conference, fields=["start_local", "doors_local"])
    form = form_class({"start_local": " 2027-03-28T10:00 ", "doors_local": ""})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["start_local"] == dt.datetime(2027, 3, 28, 10)
    assert form.cleaned_data["doors_local"] is None
    assert 'type="datetime-local"' in str(form["start_local"])
    wrong = form_class({"start_local": "tomorrow"})
    assert wrong.errors["start_local"] == ["Give date and time, such as 2027-03-28T10:00."]


def test_its_form_field_knows_what_has_changed():
    field = LocalDateTimeFormField(required=False)
    noon = dt.datetime(2027, 3, 28, 12)
    assert not field.has_changed(noon, "2027-03-28T12:00")
    assert field.has_changed(noon, "2027-03-28T12:01")
    assert field.has_changed(noon, "nonsense")
    assert not field.has_changed(None, "")


def test_texts_are_objects_by_language_that_we_know():
    validate_texts({"en": "Opening", "sr-Latn": "Otvaranje"})
    for wrong in ["Opening", {"xx": "?"}, {"sr": "Otvaranje"}, {"en": 5}, {"en": "x" * 20_001},
                  {"en": "a\x00"}, {5: "x"}, {"en-": ""}]:  # fmt: skip
        with pytest.raises(ValidationError):
            validate_texts(wrong)


def test_a_translated_field_begins_empty_and_validates():
    field = TranslatedField()
    assert field.get_default() == {}
    with pytest.raises(ValidationError):
        field.clean({"xx": "?"}, None)


def test_a_translated_field_keeps_every_script(db):
    row = conference("2027-03-28T10:00", subtitle={"sr-Cyrl": "Отварање", "en": "Opening"})
    row.refresh_from_db()
    assert row.subtitle == {"sr-Cyrl": "Отварање", "en": "Opening"}
