"""New rows by one statement: what Django would have written, field by field."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from core.models import AuditEntry, IdempotencyRecord
from core.services.inserting import insert, insert_and, insert_missing, insert_pair, new_row
from notifications.models import Message
from notifications.services.dbclock import database_now
from notifications.services.outbox import new_message
from notifications.services.recipients import Contact
from registrations.models import Booking, Registration
from tests.factories.notifications import guests_of
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


def columns(row):
    """Return what the database has of a row, but for what differs between any two."""
    own = {"id", "uid", "code", "created_at", "updated_at", "email", "email_key"}
    values = type(row).objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in values.items() if name not in own}


def test_a_row_is_written_as_django_would(django_assert_num_queries):
    guest_type = RegistrationTypeFactory()
    usual = RegistrationFactory(registration_type=guest_type, given_name="Đorđe “%s” ⟦")
    new = Registration.objects.get(pk=usual.pk)
    new.pk, new.uid, new.code = None, "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "OTHER1"
    new.email = new.email_key = "other@example.org"
    with django_assert_num_queries(1):
        insert(new)
    assert new.pk > usual.pk
    assert not new._state.adding
    assert columns(new) == columns(usual)
    new.given_name = "Ana"
    new.save()  # an UPDATE by now
    assert Registration.objects.count() == 2


def test_json_and_missing_values_survive():
    facts = {"a": [1, "č", None], "b": {"c": True}}
    row = AuditEntry(verb="x", object_type="t", object_uid="u", actor_kind="system", facts=facts)
    insert(row)
    found = AuditEntry.objects.get(pk=row.pk)
    assert (found.facts, found.changed, found.organisation_id_value) == (facts, [], None)
    assert found.at == row.at


def test_what_the_database_refuses_is_refused():
    usual = RegistrationFactory()
    again = Registration.objects.get(pk=usual.pk)
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(again)
    assert Registration.objects.count() == 1


def mail(guest, key):
    return new_message(
        key=key,
        kind="confirmation",
        conference=guest.conference,
        contact=Contact("ana@example.org", "Ana", "en"),
        registration=guest,
        facts={"merged": ["reminder"]},
    )


def test_rows_that_are_there_stay_and_the_others_come(django_assert_num_queries):
    (guest,) = guests_of(RegistrationTypeFactory().conference)
    with django_assert_num_queries(1):
        insert_missing([mail(guest, "a")])
    Message.objects.update(to_name="Kept")
    with django_assert_num_queries(1):
        insert_missing([mail(guest, "a"), mail(guest, "b")])
    rows = list(Message.objects.order_by("key").values_list("key", "to_name", "facts"))
    assert rows == [("a", "Kept", {"merged": ["reminder"]}), ("b", "Ana", {"merged": ["reminder"]})]


def test_an_expression_is_the_databases_own_value():
    (guest,) = guests_of(RegistrationTypeFactory().conference)
    before = database_now()
    insert_missing([mail(guest, "a")])
    row = Message.objects.get()
    assert before <= row.due_at <= database_now()
    assert (row.not_after - row.due_at).days == 3


def test_nothing_costs_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_missing([])


def test_a_pair_is_written_with_its_link():
    usual = RegistrationFactory()
    booking = Booking(conference=usual.conference, contact_email="ivo@example.org")
    new = Registration.objects.get(pk=usual.pk)
    new.pk, new.uid, new.code = None, "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "OTHER1"
    new.email = new.email_key = "ivo@example.org"

    insert_pair(booking, new, "booking")

    found = Registration.objects.select_related("booking").get(code="OTHER1")
    assert (found.pk, found.booking) == (new.pk, booking)
    assert new.booking is booking
    assert (new.booking_id, found.booking.contact_email) == (booking.pk, "ivo@example.org")
    assert not new._state.adding
    assert not booking._state.adding


def test_what_is_asked_with_a_pair_does_not_see_it(django_assert_num_queries):
    usual = RegistrationFactory()
    count = (
        "SELECT 'x', COUNT(*) FROM registrations_registration WHERE code <> %s HAVING COUNT(*) < %s"
    )
    for code, answer in [("OTHER1", ("x", 1)), ("OTHER2", ("x", 2)), ("OTHER3", None)]:
        booking = Booking(conference=usual.conference)
        new = Registration.objects.get(pk=usual.pk)
        new.pk, new.uid, new.code = None, uuid.uuid4(), code
        new.email = new.email_key = f"{code}@example.org"
        with django_assert_num_queries(1 if connection.vendor == "postgresql" else 3):
            assert insert_pair(booking, new, "booking", (count, ["", 3])) == answer


def test_a_pair_that_is_refused_leaves_nothing():
    usual = RegistrationFactory()
    again = Registration.objects.get(pk=usual.pk)
    again.pk = None
    booking = Booking(conference=usual.conference, contact_email="ivo@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_pair(booking, again, "booking")
    assert Booking.objects.count() == 1


def test_rows_and_a_statement_count_what_the_statement_changed(django_assert_num_queries):
    old = AuditEntry.objects.create(verb="old", object_type="t", object_uid="u")
    rows = [AuditEntry(verb=verb, object_type="t", object_uid="u%s") for verb in ("a", "b")]
    change = "UPDATE core_auditentry SET verb = %s WHERE verb = %s"
    with django_assert_num_queries(1 if connection.vendor == "postgresql" else 3):
        assert insert_and(rows, change, ["new", "old"]) == 1
    assert insert_and([], change, ["new", "old"]) == 0
    verbs = AuditEntry.objects.order_by("verb").values_list("verb", "object_uid")
    assert list(verbs) == [("a", "u%s"), ("b", "u%s"), ("new", "u")]
    old.refresh_from_db()
    assert old.verb == "new"


@pytest.mark.parametrize("model", [Message, Registration, Booking, AuditEntry, IdempotencyRecord])
def test_a_new_row_begins_as_django_would_begin_it(model):
    own = {"uid", "code", "at", "created_at", "status_at", "rendered_at"}
    fields = [f.attname for f in model._meta.concrete_fields]
    made, usual = new_row(model), model()
    assert {n: getattr(made, n) for n in fields if n not in own} == {
        n: getattr(usual, n) for n in fields if n not in own
    }
    assert {n: type(getattr(made, n)) for n in fields} == {
        n: type(getattr(usual, n)) for n in fields
    }
    assert (made._state.adding, made._state.db) == (True, None)
    assert not made.get_deferred_fields()


def test_new_rows_share_nothing_that_changes():
    first, second = new_row(Message, key="a"), new_row(Message)
    first.facts["merged"] = ["x"]
    assert (first.key, second.key, second.facts) == ("a", "", {})


def test_a_new_row_knows_the_row_that_it_was_given():
    usual = RegistrationFactory()
    row = new_row(Booking, conference=usual.conference, contact_email="a@example.org")
    assert row.conference is usual.conference
    assert row.conference_id == usual.conference_id
