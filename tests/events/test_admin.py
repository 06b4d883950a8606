from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Account
from core.actors import SYSTEM
from events.services.schedules import publish_schedule
from tests.factories.events import (
    ConferenceVenueFactory,
    MaterialFactory,
    OutcomeFactory,
    ParticipationFactory,
    SeriesFactory,
    TrackFactory,
)


@pytest.fixture
def rows(organisation):
    part = ParticipationFactory(session__conference__organisation=organisation)
    conference = part.session.conference
    version = publish_schedule(conference=conference, name="", actor=SYSTEM)
    return [
        conference,
        part.session,
        part,
        part.person,
        version,
        ConferenceVenueFactory(conference=conference).venue,
        MaterialFactory(conference=conference),
        OutcomeFactory(conference=conference),
        SeriesFactory(organisation=organisation),
        TrackFactory(conference=conference),
    ]


def test_support_staff_look_and_can_not_touch(rows, client_as):
    client = client_as(Account.objects.create_superuser("support@example.org", "a long password"))
    for row in rows:
        name = f"admin:events_{row._meta.model_name}"
        page = client.get(reverse(f"{name}_changelist"), {"q": "a"})
        assert page.status_code == 200
        change = reverse(f"{name}_change", args=[row.pk])
        assert client.get(change).status_code == 200
        assert client.post(change, {}).status_code == 403
        assert client.get(reverse(f"{name}_add")).status_code == 403
        assert client.get(reverse(f"{name}_delete", args=[row.pk])).status_code == 403


def test_private_notes_are_not_shown_to_support_staff():
    from events.models import Person

    shown = set(admin.site.get_model_admin(Person).exclude)
    assert {"notes", "email", "phone"} <= shown
