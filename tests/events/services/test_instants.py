from __future__ import annotations

import datetime as dt

from core.models import AuditEntry, TimeZoneData
from events.models import Conference, Session
from events.services import instants
from events.signals import ConferenceMoved
from events.tasks import resolve_instants_again
from tests.factories.events import ConferenceFactory, SessionFactory

at = dt.datetime.fromisoformat


def placed(conference):
    return SessionFactory(
        conference=conference, start_local=at("2027-03-18T11:00"), end_local=at("2027-03-18T12:00")
    )


def test_new_time_zone_data_makes_instants_anew_and_tells_who_moved(conference, heard, monkeypatch):
    session = placed(conference)
    same = ConferenceFactory()
    # As if older rules had said something else.
    wrong = at("2027-03-18T05:00Z")
    Conference.objects.filter(pk=conference.pk).update(starts_at=wrong)
    Session.objects.update(starts_at=wrong)
    monkeypatch.setattr(instants, "tzdata_version", lambda: "2030a")

    resolve_instants_again()

    conference.refresh_from_db()
    session.refresh_from_db()
    same.refresh_from_db()
    assert conference.starts_at == at("2027-03-18T09:00Z")
    assert session.starts_at == at("2027-03-18T10:00Z")
    assert (conference.plan_revision, session.version, same.plan_revision) == (2, 2, 1)
    assert heard == [ConferenceMoved(conference.pk, "rezoned", "rule")]
    assert TimeZoneData.objects.get().tzdata == "2030a"
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.changed, entry.facts) == (
        "resolve_again",
        ["starts_at"],
        {"sessions": 1},
    )


def test_the_same_data_changes_nothing_and_asks_once(conference, heard, django_assert_num_queries):
    resolve_instants_again()
    assert heard == []
    with django_assert_num_queries(1):
        resolve_instants_again()
    assert TimeZoneData.objects.count() == 1
