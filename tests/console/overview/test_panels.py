"""Which sessions with people on them are complete."""

from __future__ import annotations

import pytest

from console.overview.panels import panels_of
from tests.console.conftest import conference_with_panel
from tests.factories.events import ParticipationFactory, SessionFactory


def test_a_panel_with_a_moderator_and_a_panellist_who_said_yes_is_complete(forum):
    (panel,) = panels_of([forum.conference])[forum.conference.pk]
    assert (panel.title, panel.is_complete, panel.lacks) == ("Who drinks first", True, "")


@pytest.mark.parametrize(
    ("moderator", "panellist", "lacks"),
    [
        ("declined", "confirmed", "has no moderator"),
        ("confirmed", "declined", "has no panellist"),
        ("declined", "replaced", "has no moderator and has nobody on it"),
        ("confirmed", "invited", "waits for Petar Ilić"),
        ("planned", "tentative", "waits for Mila Đorđević and Petar Ilić"),
        ("declined", "invited", "has no moderator and waits for Petar Ilić"),
    ],
)
def test_what_is_missing_is_said(forum, moderator, panellist, lacks):
    for part, state in ((forum.moderator, moderator), (forum.panellist, panellist)):
        part.state = state
        part.save()
    (panel,) = panels_of([forum.conference])[forum.conference.pk]
    assert (panel.is_complete, panel.lacks) == (False, lacks)


def test_a_keynote_needs_no_moderator_and_a_break_nobody(forum):
    keynote = SessionFactory(
        conference=forum.conference, kind="keynote", title={"en": "The long river"}
    )
    ParticipationFactory(session=keynote, role="keynote")
    SessionFactory(conference=forum.conference, kind="break")
    SessionFactory(conference=forum.conference, state="cancelled")
    found = panels_of([forum.conference])[forum.conference.pk]
    assert sorted((panel.title, panel.is_complete) for panel in found) == [
        ("The long river", True),
        ("Who drinks first", True),
    ]


def test_several_conferences_cost_the_same(forum, organisation, django_assert_num_queries):
    others = [conference_with_panel(organisation).conference for _ in range(2)]
    for conferences in ([forum.conference], [forum.conference, *others]):
        with django_assert_num_queries(3):
            assert len(panels_of(conferences)) == len(conferences)
