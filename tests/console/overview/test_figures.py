"""How many come, and the curve of it."""

from __future__ import annotations

import datetime as dt

from console.overview.figures import Figures, curve_of, figures_of, guests_by_day
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory


def test_guests_and_those_on_the_programme_are_counted_apart(
    forum, guests, django_assert_num_queries
):
    guests(3)
    guests(2, "pending_approval")
    guests(1, "waiting_list")
    guests(1, "cancelled")
    speakers = RegistrationTypeFactory(conference=forum.conference, kind="speaker")
    RegistrationFactory(registration_type=speakers)
    with django_assert_num_queries(2):
        figures = figures_of(forum.conference)
    assert figures == Figures(
        coming=4, guests=3, speakers=1, pending=2, waiting=1, cancelled=1, capacity=120
    )
    assert figures.coming_words == "3 of 120 places taken"


def test_a_type_without_a_limit_leaves_the_whole_without_one(forum):
    forum.guest_type.allotments.update(capacity=None)
    figures = figures_of(forum.conference)
    assert figures.capacity is None
    assert figures.coming_words == "0 places taken"


def test_each_day_has_what_came_and_went_in_the_conferences_zone(
    forum, guests, django_assert_num_queries
):
    late = dt.datetime(2027, 3, 1, 23, 30, tzinfo=dt.UTC)  # 2 March in Belgrade
    guests(2, confirmed_at=late)
    guests(
        1,
        "cancelled",
        confirmed_at=late,
        cancelled_at=late + dt.timedelta(days=1),
    )
    guests(4, "pending_approval")
    with django_assert_num_queries(2):
        by_day = guests_by_day(forum.conference)
    assert by_day == {dt.date(2027, 3, 2): 3, dt.date(2027, 3, 3): -1}


def test_the_curve_rises_below_its_capacity(forum):
    figures = Figures(3, 3, 0, 0, 0, 0, 120)
    by_day = {dt.date(2027, 3, 1): 60, dt.date(2027, 3, 3): 60}
    assert curve_of(forum.conference, figures, by_day) == {
        "title": "Registrations so far",
        "summary": "3 of 120 places taken",
        "line": "0,150 0,150 0,80 71,80 71,10 106,10",
        "area": "0,150 0,150 0,80 71,80 71,10 106,10 106,150 0,150",
        "capacity_y": 10,
        "capacity_label": "120 places",
        "now_x": 106,
        "marks": [
            {"x": 0, "label": "1 Mar", "anchor": "start"},
            {"x": 141, "label": "5 Mar", "anchor": "middle"},
            {"x": 282, "label": "9 Mar", "anchor": "middle"},
            {"x": 459, "label": "14 Mar", "anchor": "middle"},
            {"x": 600, "label": "18 Mar", "anchor": "end"},
        ],
        "rows": [{"y": 150, "label": "0"}, {"y": 80, "label": "60"}],
    }


def test_without_anybody_there_is_no_curve(forum):
    assert curve_of(forum.conference, figures_of(forum.conference), {}) is None


def test_a_curve_without_a_limit_has_no_line_for_it(forum):
    figures = Figures(3, 3, 0, 0, 0, 0, None)
    curve = curve_of(forum.conference, figures, {dt.date(2027, 3, 18): 3})
    assert curve["capacity_y"] is None
    assert curve["line"].startswith("0,150 0,150")
