"""One verb for many: whom it fits, what comes of it, and that each is done once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry
from registrations.models import Allotment, BulkDeed, Registration
from registrations.services import bulk_running
from registrations.services.bulk import VERBS, look_ahead
from registrations.services.bulk_running import (
    AT_ONCE,
    forget_deeds,
    go_on_with_deeds,
    start_deed,
    stop_deed,
)
from registrations.services.registration_list import Filters, rows_of, selected
from tests.factories.crowd import make_crowd
from tests.factories.events import PersonFactory, TagFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_of_each(guest_type):
    """One registration of each status, by status."""
    statuses = ("pending_approval", "waiting_list", "offered", "confirmed", "cancelled", "rejected")
    return {
        status: RegistrationFactory(registration_type=guest_type, status=status)
        for status in statuses
    }


@pytest.fixture
def crowd(conference):
    """250 people, more than are done at once."""
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=400)
    make_crowd([kind], 250)
    return kind


@pytest.fixture
def small_crowd(conference, monkeypatch):
    """30 people, done in three pieces."""
    monkeypatch.setattr(bulk_running, "_PIECE", 10)
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=40)
    make_crowd([kind], 30)
    return kind


def ahead(conference, verb, rows=None, **values):
    found = look_ahead(
        conference=conference, rows=rows or rows_of(conference), verb=verb, values=values
    )
    return found.fits, found.short, {one.reason: one.number for one in found.left_out}


def start(conference, verb, rows=None, *, at_once=AT_ONCE, **values):
    return start_deed(
        conference=conference,
        rows=rows_of(conference).order_by("pk") if rows is None else rows,
        verb=verb,
        values=values,
        actor=SYSTEM,
        at_once=at_once,
    )


def result(deed):
    return deed.succeeded, {one["reason"]: one["number"] for one in deed.left_out}


def statuses(one_of_each):
    found = dict(Registration.objects.values_list("pk", "status"))
    return {before: found[row.pk] for before, row in one_of_each.items()}


@pytest.mark.parametrize(
    ("verb", "fits", "left_out"),
    [
        (
            "approve",
            2,
            {
                "Has a place already.": 1,
                "Has an offer that waits for an answer.": 1,
                "Is over already.": 2,
            },
        ),
        (
            "reject",
            3,
            {"Has a place already.": 1, "Is over already.": 2},
        ),
        ("cancel", 4, {"Is over already.": 2}),
        ("arrive", 1, {"Has no confirmed place.": 5}),
        ("resend-link", 4, {"Is over, so there is no link to send.": 2}),
        ("tag", 0, {"Is nobody whom the organisation keeps as a person.": 6}),
    ],
)
def test_the_look_ahead_is_what_comes(conference, one_of_each, verb, fits, left_out):
    assert ahead(conference, verb) == (fits, 0, left_out)
    assert set(statuses(one_of_each).items()) == {(s, s) for s in one_of_each}

    deed = start(conference, verb, tag="vip")
    assert (deed.state, deed.total, deed.done) == ("done", 6, 6)
    assert result(deed) == (fits, left_out)


def test_every_verb_has_its_figures():
    assert set(VERBS) == {"approve", "reject", "cancel", "arrive", "resend-link", "tag"}


def test_the_deeds_are_those_of_the_single_buttons(conference, one_of_each, told):
    start(conference, "reject")
    assert statuses(one_of_each)["waiting_list"] == "rejected"
    start(conference, "cancel", reason="Called off")
    row = Registration.objects.get(pk=one_of_each["confirmed"].pk)
    assert (row.status, row.cancel_reason) == ("cancelled", "Called off")
    assert Allotment.objects.get().taken == 0
    assert sorted(told) == sorted([("rejected", 1, False)] * 3 + [("cancelled", 1, False)])
    verbs = AuditEntry.objects.filter(object_uid=str(row.uid)).values_list("verb", flat=True)
    assert list(verbs) == ["cancel_registration"]


def test_the_first_ones_get_the_last_places_and_the_others_stay(conference):
    kind = RegistrationTypeFactory(conference=conference, capacity=2)
    now = timezone.now()
    waiting = [
        RegistrationFactory(
            registration_type=kind,
            status="waiting_list",
            waiting_since=now - dt.timedelta(hours=hours),
        )
        for hours in (1, 3, 2)
    ]
    assert ahead(conference, "approve") == (3, 1, {})

    rows = selected(conference, [row.code for row in waiting], Filters(), everybody=False)
    deed = start(conference, "approve", rows)
    assert result(deed) == (2, {"There is no place left. Nothing was changed.": 1})
    found = [Registration.objects.get(pk=row.pk).status for row in waiting]
    assert found == ["waiting_list", "confirmed", "confirmed"]
    assert deed.left_out[0]["ids"] == [waiting[0].pk]


@pytest.mark.parametrize(
    ("values", "status", "why"),
    [
        ({}, "waiting_list", "There is no place left: went to the waiting list."),
        ({"or_wait": True}, "waiting_list", "There is no place left: went to the waiting list."),
        ({"or_wait": False}, "pending_approval", "There is no place left. Nothing was changed."),
    ],
)
def test_who_asks_and_finds_no_place_waits_unless_said_otherwise(
    conference, told, values, status, why
):
    kind = RegistrationTypeFactory(conference=conference, capacity=1, waiting_list=True)
    asking = [RegistrationFactory(registration_type=kind, status="pending_approval") for _ in "ab"]

    deed = start(conference, "approve", **values)

    assert result(deed) == (1, {why: 1})
    found = [Registration.objects.get(pk=row.pk).status for row in asking]
    assert found == ["confirmed", status]
    assert [verb for verb, *_more in told] == [
        "approved",
        *["put_on_list"] * (status != "pending_approval"),
    ]


def test_where_there_is_no_waiting_list_nobody_is_put_on_it(conference):
    kind = RegistrationTypeFactory(conference=conference, capacity=1, waiting_list=False)
    for _ in "ab":
        RegistrationFactory(registration_type=kind, status="pending_approval")

    deed = start(conference, "approve")

    assert result(deed) == (1, {"There is no place left. Nothing was changed.": 1})


def test_a_tag_goes_to_people_who_are_known(conference, guest_type):
    person = PersonFactory(organisation=conference.organisation)
    tagged = PersonFactory(organisation=conference.organisation)
    tagged.tags.add(TagFactory(organisation=conference.organisation, slug="vip"))
    for one in (person, tagged, None):
        RegistrationFactory(registration_type=guest_type, person=one)

    deed = start(conference, "tag", tag="vip")
    assert result(deed) == (
        1,
        {
            "Has this tag already.": 1,
            "Is nobody whom the organisation keeps as a person.": 1,
        },
    )
    assert [tag.slug for tag in person.tags.all()] == ["vip"]


@pytest.mark.parametrize("tag", ["", "Very important", "x" * 61, "<b>"])
def test_a_tag_is_a_slug(conference, one_of_each, tag):
    with pytest.raises(DomainError) as refusal:
        start(conference, "tag", tag=tag)
    assert refusal.value.errors[0].pointer == "/tag"
    assert not BulkDeed.objects.exists()


def test_nobody_arrives_where_nothing_takes_place(conference, one_of_each):
    type(conference).objects.filter(pk=conference.pk).update(state="postponed")
    conference.refresh_from_db()
    with pytest.raises(DomainError, match="nobody can have come"):
        ahead(conference, "arrive")
    deed = start(conference, "arrive")
    assert result(deed)[0] == 0


def test_nobody_is_no_deed(conference, guest_type):
    with pytest.raises(DomainError, match="Choose registrations first"):
        start(conference, "cancel")
    assert not BulkDeed.objects.exists()


@pytest.mark.parametrize(("number", "state"), [(AT_ONCE, "done"), (AT_ONCE + 1, "running")])
def test_more_than_200_are_many(conference, crowd, monkeypatch, number, state):
    assert AT_ONCE == 200
    monkeypatch.setattr(bulk_running, "do_to_one", lambda **_arguments: None)
    deed = start(conference, "cancel", rows_of(conference)[:number])
    assert (deed.state, deed.total, deed.done) == (state, number, number * (state == "done"))


def test_many_are_left_to_a_worker(conference, small_crowd):
    deed = start(conference, "cancel", at_once=29)
    assert (deed.state, deed.total, deed.done) == ("running", 30, 0)

    assert go_on_with_deeds() == 30
    deed.refresh_from_db()
    assert (deed.state, deed.done) == ("done", 30)
    over = Registration.objects.filter(status__in=["cancelled", "rejected"]).count()
    assert over == 30
    assert Allotment.objects.get().taken == 0
    assert go_on_with_deeds() == 0


def test_it_can_be_stopped_between_any_two(conference, crowd, told):
    deed = start(conference, "cancel")
    at_work = BulkDeed.objects.select_related("conference").get(pk=deed.pk)
    bulk_running._piece(at_work, at_work.registration_ids[:5], SYSTEM)
    stop_deed(deed=deed, actor=SYSTEM)

    # The sixth one was under way when the stop came, and is undone.
    before = list(Registration.objects.order_by("pk").values_list("status", flat=True))
    with pytest.raises(bulk_running._TakenOverError):
        bulk_running._piece(at_work, at_work.registration_ids[5:10], SYSTEM)
    assert list(Registration.objects.order_by("pk").values_list("status", flat=True)) == before
    deed.refresh_from_db()
    assert (deed.state, deed.done) == ("stopped", 5)
    assert go_on_with_deeds() == 0
    with pytest.raises(DomainError, match="It has ended already"):
        stop_deed(deed=deed, actor=SYSTEM)


def test_who_follows_a_dead_worker_does_each_one_once(
    conference, small_crowd, frozen, told, monkeypatch
):
    deed = start(conference, "cancel", at_once=0)
    do, calls = bulk_running.do_to_one, []

    def dying(**arguments):
        if len(calls) == 12:
            raise KeyboardInterrupt
        calls.append(arguments["registration"].pk)
        do(**arguments)

    monkeypatch.setattr(bulk_running, "do_to_one", dying)
    with pytest.raises(KeyboardInterrupt):
        go_on_with_deeds()
    monkeypatch.setattr(bulk_running, "do_to_one", do)
    # The dead one might still be at work: nobody takes over before it has been silent.
    assert go_on_with_deeds() == 0
    frozen("2027-03-01T10:03")
    go_on_with_deeds()

    deed.refresh_from_db()
    live = 30 - sum(one["number"] for one in deed.left_out)
    assert (deed.state, deed.done, deed.succeeded) == ("done", 30, live)
    cancelled = AuditEntry.objects.filter(verb="cancel_registration")
    assert cancelled.count() == cancelled.values("object_uid").distinct().count() == live
    assert told.count(("cancelled", 1, False)) == live


def test_a_worker_leaves_the_rest_to_the_next_one(conference, crowd):
    deed = start(conference, "cancel")
    assert go_on_with_deeds(seconds=0) == 0
    deed.refresh_from_db()
    assert (deed.state, deed.claimed_at) == ("running", None)


def test_two_workers_do_not_do_it_twice(conference, crowd, told):
    deed = start(conference, "cancel")
    first = BulkDeed.objects.select_related("conference").get(pk=deed.pk)
    second = BulkDeed.objects.select_related("conference").get(pk=deed.pk)
    bulk_running._piece(first, first.registration_ids[:20], SYSTEM)
    with pytest.raises(bulk_running._TakenOverError):
        bulk_running._piece(second, second.registration_ids[:20], SYSTEM)
    first.refresh_from_db()
    assert first.done == 20
    assert told.count(("cancelled", 1, False)) == first.succeeded


def test_it_is_done_in_the_name_of_who_pressed_the_button(conference, small_crowd, owner):
    start_deed(
        conference=conference,
        rows=rows_of(conference).order_by("pk"),
        verb="cancel",
        values={},
        actor=Actor("account", str(owner.pk)),
        at_once=0,
    )
    go_on_with_deeds()
    entries = AuditEntry.objects.filter(verb="cancel_registration")
    assert set(entries.values_list("actor_kind", "actor_id")) == {("account", str(owner.pk))}


def test_what_came_of_it_is_forgotten_after_a_month(conference, one_of_each, frozen):
    start(conference, "cancel")
    assert forget_deeds() == 0
    frozen("2027-04-02T10:00")
    assert forget_deeds() == 1


@pytest.mark.parametrize("count", [3, 30])
def test_the_look_ahead_costs_the_same_for_many(
    conference, guest_type, count, django_assert_num_queries
):
    for _ in range(count):
        RegistrationFactory(registration_type=guest_type, status="waiting_list", email="")
    RegistrationFactory(registration_type=guest_type)

    # Numbers, who has a place already, places that are left.
    with django_assert_num_queries(3):
        ahead(conference, "approve")
