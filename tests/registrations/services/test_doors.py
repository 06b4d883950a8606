"""The quick way to a conference shows exactly what the usual way shows."""

from __future__ import annotations

import pytest

from core.enums import Visibility
from events.enums import ConferenceState
from events.models import Conference, ConferenceSlugHistory
from registrations.services.doors import find_conference

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ConferenceState.values)
@pytest.mark.parametrize("visibility", Visibility.values)
def test_both_ways_show_the_same(conference, state, visibility):
    Conference.objects.update(state=state, visibility=visibility)

    usual = Conference.objects.visible_at("institute", "forum")
    assert find_conference("institute", "forum") == usual
    assert (usual is None) is (state == "draft" or visibility == "private")


def test_former_slugs_lead_to_it_and_others_nowhere(conference):
    ConferenceSlugHistory.objects.create(conference=conference, slug="old-forum")

    assert find_conference("institute", "old-forum") == conference
    assert find_conference("institute", "nothing") is None
    assert find_conference("nobody", "forum") is None
