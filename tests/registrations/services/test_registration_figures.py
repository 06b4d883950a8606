"""Figures of registrations: sums of days, groups, answers, and who is expected."""

from __future__ import annotations

import datetime as dt

import pytest

from registrations.models import Answer, SensitiveAnswer
from registrations.services.answer_columns import answer_columns
from registrations.services.registration_figures import (
    Attendance,
    Group,
    answers_of_choice,
    attendance_of,
    days_of,
    tags_of,
    types_of,
)
from registrations.views.manage.figures_drawing import bars_of, curves_of, rows_of_table
from tests.factories.events import PersonFactory, TagFactory
from tests.factories.registrations import (
    QuestionFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

pytestmark = pytest.mark.django_db


def at(day, hour=10):
    return dt.datetime(2027, 2, day, hour, tzinfo=dt.UTC)


def test_the_sums_of_each_day(conference, guest_type):
    for day, status, status_day in (
        (1, "confirmed", 1),
        (1, "cancelled", 3),
        (3, "waiting_list", 3),
        (4, "confirmed", 4),
    ):
        RegistrationFactory(
            registration_type=guest_type,
            status=status,
            created_at=at(day),
            status_at=at(status_day),
        )
    # In Belgrade it is the fifth already.
    RegistrationFactory(registration_type=guest_type, created_at=at(4, 23), status_at=at(4, 23))

    days = [(d.day.day, d.registered, d.with_place, d.gone) for d in days_of(conference)]
    assert days == [(1, 2, 1, 0), (2, 2, 1, 0), (3, 3, 1, 1), (4, 4, 2, 1), (5, 5, 3, 1)]


def test_without_anybody_there_are_no_days(conference, guest_type):
    assert days_of(conference) == []
    assert types_of(conference) == [Group("Guest", 0, 0, "type=guest")]
    assert tags_of(conference) == answers_of_choice(conference, ()) == []
    assert attendance_of(conference) == Attendance(0, 0, None)


def test_by_type_and_tag(conference, guest_type):
    press = RegistrationTypeFactory(conference=conference, slug="press", name={"en": "Press"})
    person = PersonFactory(organisation=conference.organisation)
    for slug in ("media", "vip"):
        person.tags.add(TagFactory(organisation=conference.organisation, slug=slug))
    RegistrationFactory(registration_type=guest_type, person=person)
    RegistrationFactory(registration_type=guest_type, status="waiting_list")
    RegistrationFactory(registration_type=guest_type, status="cancelled", person=person)
    RegistrationFactory(registration_type=press, status="offered")

    assert types_of(conference) == [
        Group("Guest", 2, 1, "type=guest"),
        Group("Press", 1, 1, "type=press"),
    ]
    assert tags_of(conference) == [Group("Media", 1, 1, "tag=media"), Group("Vip", 1, 1, "tag=vip")]


def test_answers_of_choice_questions(conference, guest_type):
    topics = QuestionFactory(
        conference=conference, slug="topics", kind="choices", options=["law", "war"]
    )
    dinner = QuestionFactory(conference=conference, slug="dinner", kind="yes_no")
    QuestionFactory(conference=conference, slug="motto")
    diet = QuestionFactory(
        conference=conference, slug="diet", kind="choice", options=["vegan"], sensitivity="dietary"
    )
    law, war = topics.options.all()
    for status, options, comes in (
        ("confirmed", [law, war], "yes"),
        ("waiting_list", [law], "no"),
        ("cancelled", [law], "yes"),
    ):
        row = RegistrationFactory(registration_type=guest_type, status=status)
        for option in options:
            Answer.objects.create(registration=row, question=topics, option=option)
        Answer.objects.create(registration=row, question=dinner, text=comes)
        SensitiveAnswer.objects.create(registration=row, question=diet, option=diet.options.get())

    def found(**which):
        columns = answer_columns(conference, **which)
        return {one.question: one.groups for one in answers_of_choice(conference, columns)}

    plain = {
        "Topics": [
            Group("Law", 2, 1, "answer=topics:law"),
            Group("War", 1, 1, "answer=topics:war"),
        ],
        "Dinner": [Group("Yes", 1, 1, "answer=dinner:yes"), Group("No", 1, 0, "answer=dinner:no")],
    }
    assert found(sensitive=False) == plain
    # Of food no list is made.
    assert found(sensitive=True) == plain | {"Diet": [Group("Vegan", 2, 1)]}


def test_who_is_here_and_who_is_expected(conference, guest_type, frozen):
    earlier = RegistrationTypeFactory(conference__organisation=conference.organisation)
    for came in (True, False):
        RegistrationFactory(registration_type=earlier, checked_in_at=at(1) if came else None)
    RegistrationFactory(registration_type=guest_type, checked_in_at=at(2))
    RegistrationFactory(registration_type=guest_type, status="waiting_list")
    type(conference).objects.filter(pk=earlier.conference_id).update(
        starts_at=at(1, 8), ends_at=at(1)
    )

    found = attendance_of(conference)
    assert (found.with_place, found.arrived) == (1, 1)
    assert (found.expected.of, found.expected.conferences) == (1, 1)


def test_drawings_stay_inside_their_frame(conference, guest_type):
    for day in (1, 20, 28):
        RegistrationFactory(registration_type=guest_type, created_at=at(day), status_at=at(day))
    curves = curves_of(days_of(conference))
    for line in curves["lines"]:
        points = [tuple(map(int, point.split(","))) for point in line["points"].split()]
        assert points[0][0] == 0
        assert points[-1][0] == 600
        assert all(0 <= x <= 600 and 10 <= y <= 190 for x, y in points)
    assert [line["number"] for line in curves["lines"]] == [3, 3, 0]

    one_day = curves_of(days_of(conference)[:1])
    assert [line["points"] for line in one_day["lines"]] == ["0,10 600,10"] * 2 + ["0,190 600,190"]
    bars = bars_of([Group("Some", 4, 1, "tag=a"), Group("Nobody", 0, 0)])
    assert [(bar.width, bar.part_width) for bar in bars] == [(360, 90), (0, 0)]
    assert [(bar.query, bar.part_query) for bar in bars] == [
        ("status=live&tag=a", "status=placed&tag=a"),
        ("", ""),
    ]


def test_many_days_are_weeks_in_the_table(conference, guest_type):
    for month in (1, 3):
        moment = dt.datetime(2027, month, 4, 10, tzinfo=dt.UTC)
        RegistrationFactory(registration_type=guest_type, created_at=moment, status_at=moment)
    rows = rows_of_table(days_of(conference))
    assert all(row.day.weekday() == 6 for row in rows[:-1])
    assert rows[-1].day == dt.date(2027, 3, 4)
    assert len(rows) == 9
