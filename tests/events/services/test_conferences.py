from __future__ import annotations

import datetime as dt

import pytest

from core.errors import DomainError
from core.models import AuditEntry
from events.enums import ConferenceState
from events.models import Conference, ConferenceSlugHistory
from events.services import conferences
from events.signals import ConferenceCreated, ConferenceMoved
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    VenueFactory,
)

at = dt.datetime.fromisoformat
GIVEN = {
    "slug": "spring-forum",
    "kind": "conference",
    "title": {"en": "Žuta kuća"},
    "start_local": "2027-03-28T10:00",
    "end_local": "2027-03-28T13:30",
    "time_zone": "Europe/Belgrade",
}


def change(conference, actor, expected=None, **changes):
    return conferences.change_conference(
        conference=conference, changes=changes, expected=expected, actor=actor
    )


def test_create_makes_a_draft_in_the_languages_of_the_organisation(
    organisation, actor, audited, heard
):
    row = conferences.create_conference(organisation=organisation, actor=actor, **GIVEN)
    row.refresh_from_db()
    assert (row.state, row.languages, row.version) == ("draft", ["en", "sr-Latn"], 1)
    assert (row.starts_at, row.ends_at) == (at("2027-03-28T08:00Z"), at("2027-03-28T11:30Z"))
    assert (row.search_key, row.sort_key) == ("zuta kuca spring-forum", "zuta kuca")
    assert audited() == ("create_conference", [], {})
    entry = AuditEntry.objects.get()
    assert (entry.actor_kind, entry.actor_id, entry.object_uid) == ("account", "7", str(row.uid))
    assert entry.organisation_id_value == organisation.pk
    assert heard == [ConferenceCreated(row.pk, "account")]


def test_create_takes_venues_in_order(organisation, actor):
    first, second = VenueFactory.create_batch(2, organisation=organisation)
    row = conferences.create_conference(
        organisation=organisation, actor=actor, venues=[second, first], **GIVEN
    )
    assert [link.venue for link in row.conference_venues.all()] == [second, first]


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"title": {"sr-Latn": "Žuta kuća"}}, "/title", "required"),
        ({"title": {"en": " "}}, "/title", "required"),
        ({"title": "Žuta kuća"}, "/title", "invalid"),
        ({"title": {"en": "Two\nlines"}}, "/title", "control-character"),
        ({"title": {"en": "NUL\x00"}}, "/title", "control-character"),
        ({"title": {"en": "half \ud800"}}, "/title", "control-character"),
        ({"description": {"en": "x" * 20_001}}, "/description", "too-long"),
        ({"start_local": at("2027-03-28T10:00Z")}, "/start_local", "offset"),
        ({"start_local": at("2027-03-28T10:00:30")}, "/start_local", "invalid"),
        ({"start_local": None}, "/start_local", "invalid"),
        ({"end_local": at("2300-03-28T10:00")}, "/end_local", "range"),
        ({"end_local": at("2027-03-28T09:00")}, "/end_local", "order"),
        ({"doors_local": at("2027-03-28T10:01")}, "/doors_local", "order"),
        ({"changes_until_local": at("2027-03-28T13:31")}, "/changes_until_local", "order"),
        ({"languages": []}, "/languages", "required"),
        ({"slug": "outbox"}, "/slug", "reserved"),
        ({"slug": "x"}, "/slug", "reserved"),
        ({"slug": "a--b"}, "/slug", "slug"),
        ({"slug": "žuta"}, "/slug", "slug"),
        ({"slug": "x" * 81}, "/slug", "too-long"),
        ({"contact_phone": "1" * 41}, "/contact_phone", "too-long"),
        ({"colour": "red"}, "/colour", "unknown"),
    ],
)
def test_create_refuses_without_a_trace(organisation, actor, refused, wrong, pointer, code):
    with refused("validation-failed", organisation, pointer=pointer, code=code):
        conferences.create_conference(organisation=organisation, actor=actor, **{**GIVEN, **wrong})
    assert Conference.objects.count() == 0


def test_create_says_all_that_is_wrong_at_once(organisation, actor, refused):
    wrong = {**GIVEN, "kind": "party", "mode": "astral"}
    with refused("validation-failed", organisation) as _:
        conferences.create_conference(organisation=organisation, actor=actor, **wrong)


def test_a_series_of_another_house_is_not_there(organisation, actor, refused):
    with refused("validation-failed", organisation, pointer="/series"):
        conferences.create_conference(
            organisation=organisation, actor=actor, series=SeriesFactory(), **GIVEN
        )


def test_a_slug_stands_once_even_for_the_database(organisation, actor, refused, monkeypatch):
    ConferenceFactory(organisation=organisation, slug="spring-forum")
    with refused("conflict", organisation, pointer="/slug", code="taken"):
        conferences.create_conference(organisation=organisation, actor=actor, **GIVEN)
    # As if the other one were made at the same moment.
    monkeypatch.setattr(conferences, "_check_slug_free", lambda _row: None)
    with refused("conflict", organisation, pointer="/slug", code="taken"):
        conferences.create_conference(organisation=organisation, actor=actor, **GIVEN)
    assert Conference.objects.count() == 1


def test_another_house_may_have_the_same_slug(organisation, actor):
    ConferenceFactory(slug="spring-forum")
    assert conferences.create_conference(organisation=organisation, actor=actor, **GIVEN).pk


def test_change_writes_only_what_differs(conference, actor, audited, heard):
    row = change(conference, actor, 1, title={"en": "New forum"}, mode="in_person")
    assert (row.version, row.title, row.search_key) == (
        2,
        {"en": "New forum"},
        "new forum open-forum",
    )
    assert (conference.version, conference.title) == (1, {"en": "Forum"})  # the caller's own
    assert audited() == ("change_conference", ["title"], {})
    assert heard == []
    row.refresh_from_db()
    assert (row.version, row.plan_revision) == (2, 1)


def test_a_change_of_nothing_is_nothing(conference, actor):
    assert change(conference, actor, 1, title={"en": "Forum"}).version == 1
    assert AuditEntry.objects.count() == 0


def test_change_refuses_an_older_version(conference, actor, refused):
    change(conference, actor, 1, title={"en": "First"})
    with refused("stale", conference):
        change(conference, actor, 1, title={"en": "Second"})


def test_change_of_a_deleted_conference_finds_nothing(conference, actor):
    Conference.objects.all().delete()
    with pytest.raises(DomainError) as caught:
        change(conference, actor, title={"en": "Second"})
    assert caught.value.kind == "not-found"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"languages": ["ru"]}, "/title"),
        ({"end_local": "2027-03-18T10:00"}, "/end_local"),
        ({"state": "published"}, "/state"),
        ({"starts_at": "2027-03-18T10:00"}, "/starts_at"),
    ],
)
def test_change_refuses_what_would_not_fit_together(conference, actor, refused, changes, pointer):
    with refused("validation-failed", conference, pointer=pointer):
        change(conference, actor, **changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"start_local": "2027-03-19T10:00", "end_local": "2027-03-19T13:30"}, "moved"),
        ({"start_local": "2027-03-18T09:00"}, "shifted"),
        ({"end_local": "2027-03-18T14:00"}, "shifted"),
        ({"time_zone": "Europe/London"}, "rezoned"),
        ({"time_zone": "Europe/London", "start_local": "2027-03-17T09:00"}, "moved"),
    ],
)
def test_a_move_is_told_once_and_raises_the_plan_revision(
    conference, actor, heard, changes, reason
):
    row = change(conference, actor, **changes)
    former = (conference.start_local, conference.end_local, "Europe/Belgrade")
    assert heard == [ConferenceMoved(conference.pk, reason, "account", *former)]
    assert row.plan_revision == 2
    row.refresh_from_db()
    assert row.plan_revision == 2


def test_a_new_zone_keeps_wall_clock_times(conference, actor, room):
    session = SessionFactory(
        conference=conference, start_local=at("2027-03-18T11:00"), end_local=at("2027-03-18T12:00")
    )
    row = change(conference, actor, time_zone="Europe/London")
    session.refresh_from_db()
    assert (row.start_local, row.starts_at) == (at("2027-03-18T10:00"), at("2027-03-18T10:00Z"))
    assert (session.start_local, session.starts_at, session.version) == (
        at("2027-03-18T11:00"),
        at("2027-03-18T11:00Z"),
        2,
    )


def test_a_move_to_another_day_takes_the_draft_along(conference, actor):
    placed = SessionFactory(
        conference=conference, start_local=at("2027-03-18T11:00"), end_local=at("2027-03-18T12:00")
    )
    loose = SessionFactory(conference=conference)
    change(conference, actor, start_local="2027-03-29T09:30", end_local="2027-03-29T13:00")
    placed.refresh_from_db()
    loose.refresh_from_db()
    assert (placed.start_local, placed.starts_at) == (
        at("2027-03-29T11:00"),
        at("2027-03-29T09:00Z"),
    )
    assert (placed.version, loose.version) == (2, 1)


def test_a_longer_conference_keeps_its_slots(conference, actor):
    placed = SessionFactory(
        conference=conference, start_local=at("2027-03-18T11:00"), end_local=at("2027-03-18T12:00")
    )
    change(conference, actor, start_local="2027-03-17T10:00")
    placed.refresh_from_db()
    assert (placed.start_local, placed.version) == (at("2027-03-18T11:00"), 1)


def test_doors_keep_their_distance_from_the_start(conference, actor):
    row = change(conference, actor, doors_local="2027-03-18T09:30")
    row = change(row, actor, start_local="2027-03-18T09:00")
    assert (row.doors_local, row.doors_at) == (at("2027-03-18T08:30"), at("2027-03-18T07:30Z"))
    row = change(row, actor, start_local="2027-03-18T10:00", doors_local="2027-03-18T09:00")
    assert row.doors_local == at("2027-03-18T09:00")
    assert change(row, actor, doors_local=None).doors_at is None


@pytest.mark.parametrize("state", ["cancelled", "archived"])
def test_what_is_off_does_not_move(conference, actor, refused, state):
    Conference.objects.update(state=state)
    with refused("wrong-state", conference):
        change(conference, actor, start_local="2027-03-18T09:00")
    assert change(conference, actor, title={"en": "Still named"}).version == 2


@pytest.mark.parametrize(
    ("start", "utc"),
    [
        ("2027-03-28T01:59", "2027-03-28T00:59Z"),
        ("2027-03-28T02:30", "2027-03-28T01:30Z"),  # does not exist: 03:30 summer time
        ("2027-03-28T10:00", "2027-03-28T08:00Z"),
        ("2027-10-31T02:30", "2027-10-31T00:30Z"),  # exists twice: the first one
        ("2027-10-31T10:00", "2027-10-31T09:00Z"),
    ],
)
def test_instants_around_the_change_of_clocks(conference, actor, start, utc):
    row = change(conference, actor, start_local=start, end_local="2027-11-02T12:00")
    assert row.starts_at == at(utc)


def test_an_end_that_falls_together_with_its_start_is_refused(conference, actor, refused):
    with refused("validation-failed", conference, pointer="/end_local", code="order"):
        change(conference, actor, start_local="2027-03-28T02:30", end_local="2027-03-28T03:30")


def test_a_former_slug_is_kept_and_belongs_to_the_conference(conference, actor, refused):
    row = change(conference, actor, slug="new-forum")
    assert list(ConferenceSlugHistory.objects.values_list("slug", flat=True)) == ["open-forum"]
    other = ConferenceFactory(organisation=conference.organisation)
    for slug in ("open-forum", "new-forum"):
        with refused("conflict", other, pointer="/slug"):
            change(other, actor, slug=slug)
    row = change(row, actor, slug="open-forum")
    assert list(ConferenceSlugHistory.objects.values_list("slug", flat=True)) == ["new-forum"]
    assert Conference.objects.at("institute", "new-forum").get() == row


def test_venues_are_set_in_order_and_stay_while_they_are_used(conference, actor, refused, room):
    other = VenueFactory(organisation=conference.organisation)
    row = change(conference, actor, 1, venues=[other, room.venue])
    assert (row.version, [link.venue for link in row.conference_venues.all()]) == (
        2,
        [other, room.venue],
    )
    assert change(row, actor, 2, venues=[other, room.venue]).version == 2
    SessionFactory(
        conference=conference,
        room=room,
        start_local=conference.start_local,
        end_local=conference.end_local,
    )
    for venues, kind in (
        ([other], "in-use"),
        ([other, other, room.venue], "validation-failed"),
        ([VenueFactory()], "validation-failed"),
    ):
        with refused(kind, conference):
            change(conference, actor, venues=venues)
    row = change(row, actor, 2, title={"en": "Both"}, venues=[room.venue])
    assert (row.title, [link.venue for link in row.conference_venues.all()]) == (
        {"en": "Both"},
        [room.venue],
    )


@pytest.mark.parametrize(
    ("before", "verb", "after", "reason"),
    [
        ("draft", "publish", "published", None),
        ("published", "postpone", "postponed", "postponed"),
        ("draft", "cancel", "cancelled", "cancelled"),
        ("published", "cancel", "cancelled", "cancelled"),
        ("postponed", "cancel", "cancelled", "cancelled"),
        ("postponed", "reopen", "published", "reopened"),
        ("cancelled", "reopen", "published", "reopened"),
        ("archived", "reopen", "published", "reopened"),
        ("cancelled", "archive", "archived", None),
    ],
)
def test_ways_between_states(conference, actor, heard, audited, before, verb, after, reason):
    Conference.objects.update(state=before)
    row = getattr(conferences, f"{verb}_conference")(conference=conference, expected=1, actor=actor)
    row.refresh_from_db()
    assert (row.state, row.version, row.plan_revision) == (after, 2, 2)
    assert audited() == (f"{verb}_conference", ["state"], {"from": before, "to": after})
    assert [event.reason for event in heard] == ([reason] if reason else [])


def test_publishing_says_when_for_the_first_time(conference, actor):
    Conference.objects.update(state="draft", announced_at=None)
    row = conferences.publish_conference(conference=conference, expected=None, actor=actor)
    assert row.announced_at is not None


def test_what_was_called_off_unannounced_becomes_a_draft_again(conference, actor):
    Conference.objects.update(state="cancelled", announced_at=None)
    row = conferences.reopen_conference(conference=conference, expected=None, actor=actor)
    assert row.state == ConferenceState.DRAFT


def test_archive_waits_until_a_conference_is_over(conference, actor, refused, frozen):
    with refused("wrong-state", conference):
        conferences.archive_conference(conference=conference, expected=None, actor=actor)
    frozen("2027-03-18T12:31")
    row = conferences.archive_conference(conference=conference, expected=None, actor=actor)
    assert row.state == ConferenceState.ARCHIVED


def test_verbs_refuse_other_states_and_older_versions(conference, actor, refused):
    with refused("wrong-state", conference):
        conferences.publish_conference(conference=conference, expected=None, actor=actor)
    with refused("stale", conference):
        conferences.cancel_conference(conference=conference, expected=5, actor=actor)


@pytest.mark.parametrize(
    ("before", "wanted"),
    [
        ("draft", "published"),
        ("published", "published"),
        ("published", "postponed"),
        ("postponed", "published"),
        ("published", "cancelled"),
        ("cancelled", "archived"),
    ],
)
def test_move_to_state_finds_the_verb(conference, actor, before, wanted):
    Conference.objects.update(state=before)
    row = conferences.move_to_state(conference=conference, state=wanted, expected=1, actor=actor)
    assert (row.state, row.version) == (wanted, 1 if before == wanted else 2)


def test_move_to_state_refuses_what_no_verb_leads_to(conference, actor, refused):
    with refused("wrong-state", conference):
        conferences.move_to_state(conference=conference, state="draft", expected=None, actor=actor)
    with refused("validation-failed", conference, pointer="/state"):
        conferences.move_to_state(conference=conference, state="lost", expected=None, actor=actor)


def test_a_failing_receiver_rolls_the_deed_back(conference, actor):
    from events.signals import conference_moved

    def fail(sender, event, **kwargs):
        raise RuntimeError

    conference_moved.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            conferences.cancel_conference(conference=conference, expected=None, actor=actor)
    finally:
        conference_moved.disconnect(fail)
    conference.refresh_from_db()
    assert (conference.state, conference.version, AuditEntry.objects.count()) == ("published", 1, 0)


def test_rooms_of_a_conference_follow_its_venues(conference, room):
    RoomFactory(venue=ConferenceVenueFactory().venue)
    from events.services.documents import build_document

    assert [r["code"] for r in build_document(conference)["rooms"]] == [room.code]
