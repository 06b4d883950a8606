from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.models import Participation
from events.services import panels
from events.signals import ParticipationChanged
from tests.factories.events import ParticipationFactory, PersonFactory, SessionFactory


@pytest.fixture
def session(conference):
    return SessionFactory(conference=conference)


@pytest.fixture
def person(organisation):
    return PersonFactory(
        organisation=organisation, honorific="Prof. Dr.", affiliation="Faculty", position="Dean"
    )


def order_of(session):
    return list(session.participations.values_list("code", "order"))


def test_add_copies_who_the_person_is_today(session, person, actor, heard, audited):
    row = panels.add_participation(session=session, person=person, role="moderator", actor=actor)
    row.refresh_from_db()
    assert (row.honorific, row.affiliation, row.position) == ("Prof. Dr.", "Faculty", "Dean")
    assert (row.order, row.minutes, row.state) == (0, None, "planned")
    session.refresh_from_db()
    assert session.version == 2
    assert heard == [ParticipationChanged(session.conference_id, (row.pk,))]
    assert audited() == ("add_participation", [], {})


def test_add_takes_what_is_given_instead(session, person, actor):
    row = panels.add_participation(
        session=session,
        person=person,
        role="panellist",
        actor=actor,
        expected=1,
        minutes=12,
        state="confirmed",
        honorific="",
        affiliation="Institute",
        position=None,
    )
    assert (row.honorific, row.affiliation, row.position, row.minutes, row.state) == (
        "",
        "Institute",
        "Dean",
        12,
        "confirmed",
    )


def test_add_puts_a_person_where_they_belong(session, actor, organisation):
    people = PersonFactory.create_batch(3, organisation=organisation)
    for person in people[:2]:
        panels.add_participation(session=session, person=person, role="panellist", actor=actor)
    first = panels.add_participation(
        session=session, person=people[2], role="moderator", actor=actor, order=0
    )
    assert order_of(session)[0] == (first.code, 0)
    assert [order for _code, order in order_of(session)] == [0, 1, 2]


def test_add_refuses_without_a_trace(session, person, actor, refused):
    def add(**changes):
        panels.add_participation(
            **{"session": session, "person": person, "role": "panellist", "actor": actor} | changes
        )

    with refused("validation-failed", session, pointer="/role"):
        add(role="juggler")
    with refused("validation-failed", session, pointer="/order"):
        add(order=-1)
    with refused("validation-failed", session, pointer="/minutes"):
        add(minutes=601)
    with refused("validation-failed", session, pointer="/position"):
        add(position="Dean\x00")
    with refused("validation-failed", session, pointer="/person"):
        add(person=PersonFactory())
    with refused("stale", session):
        add(expected=3)
    assert Participation.objects.count() == 0
    add()
    session.refresh_from_db()
    with refused("conflict", session, pointer="/person", code="taken"):
        add()


def test_change_raises_the_session(session, actor, heard, audited):
    part = ParticipationFactory(session=session, state="invited")
    row = panels.change_participation(
        participation=part,
        changes={"state": "confirmed", "minutes": 5},
        expected=1,
        actor=actor,
    )
    assert (row.state, row.minutes, row.session.version) == ("confirmed", 5, 2)
    assert audited() == (
        "change_participation",
        ["minutes", "state"],
        {"from": "invited", "to": "confirmed"},
    )
    assert heard == [ParticipationChanged(session.conference_id, (part.pk,))]
    same = panels.change_participation(
        participation=row, changes={"minutes": 5, "order": 0}, expected=2, actor=actor
    )
    assert same.session.version == 2
    assert len(heard) == 1


def test_change_refuses_without_a_trace(session, actor, refused):
    part = ParticipationFactory(session=session, role="panellist")
    ParticipationFactory(session=session, role="moderator", person=part.person, order=1)
    with refused("stale", session, part):
        panels.change_participation(
            participation=part, changes={"state": "declined"}, expected=2, actor=actor
        )
    with refused("conflict", session, part, pointer="/role"):
        panels.change_participation(
            participation=part, changes={"role": "moderator"}, expected=None, actor=actor
        )
    with refused("validation-failed", session, part, pointer="/person"):
        panels.change_participation(
            participation=part, changes={"person": part.person}, expected=None, actor=actor
        )


def test_change_of_order_closes_the_gap(session, actor):
    a, b, c = (ParticipationFactory(session=session, order=n) for n in range(3))
    panels.change_participation(participation=c, changes={"order": 0}, expected=None, actor=actor)
    assert order_of(session) == [(c.code, 0), (a.code, 1), (b.code, 2)]
    panels.change_participation(participation=c, changes={"order": 900}, expected=None, actor=actor)
    assert order_of(session) == [(a.code, 0), (b.code, 1), (c.code, 2)]


def test_reorder_tells_once_who_moved(session, actor, heard, refused, audited):
    a, b, c = (ParticipationFactory(session=session, order=n) for n in range(3))
    row = panels.reorder_participations(
        session=session, codes=[b.code, a.code, c.code], expected=1, actor=actor
    )
    assert (row.version, order_of(session)) == (2, [(b.code, 0), (a.code, 1), (c.code, 2)])
    assert heard == [ParticipationChanged(session.conference_id, (b.pk, a.pk))]
    assert audited() == ("reorder_participations", ["order"], {"count": 2})
    again = panels.reorder_participations(
        session=session, codes=[b.code, a.code, c.code], expected=2, actor=actor
    )
    assert (again.version, len(heard)) == (2, 1)
    for codes in ([a.code, b.code], [a.code, b.code, c.code, "OTHER"], [a.code, a.code, c.code]):
        with refused("validation-failed", session, a, b, c, pointer="/codes"):
            panels.reorder_participations(session=session, codes=codes, expected=None, actor=actor)


def test_remove_closes_the_gap_and_tells_who_left(session, actor, heard, audited, refused):
    a, b, c = (ParticipationFactory(session=session, order=n) for n in range(3))
    with refused("stale", session, b):
        panels.remove_participation(participation=b, expected=4, actor=actor)
    row = panels.remove_participation(participation=b, expected=1, actor=actor)
    assert (row.version, order_of(session)) == (2, [(a.code, 0), (c.code, 1)])
    assert heard == [ParticipationChanged(session.conference_id, (), ((b.person_id, session.pk),))]
    assert audited() == ("remove_participation", [], {"state": "confirmed"})
    with refused("not-found", session):
        panels.remove_participation(participation=b, expected=None, actor=actor)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(st.sampled_from("amrx"), st.integers(0, 6)), max_size=8))
def test_whatever_is_done_orders_run_from_nought(conference, organisation, actor, steps):
    session = SessionFactory(conference=conference)
    for step, number in steps:
        rows = list(session.participations.all())
        if step == "a" or not rows:
            panels.add_participation(
                session=session,
                person=PersonFactory(organisation=organisation),
                role="panellist",
                actor=actor,
                order=number or None,
            )
            continue
        row = rows[number % len(rows)]
        if step == "m":
            panels.change_participation(
                participation=row, changes={"order": number}, expected=None, actor=actor
            )
        elif step == "r":
            codes = [p.code for p in rows]
            codes = codes[number % len(codes) :] + codes[: number % len(codes)]
            panels.reorder_participations(session=session, codes=codes, expected=None, actor=actor)
        else:
            panels.remove_participation(participation=row, expected=None, actor=actor)
        orders = [order for _code, order in order_of(session)]
        assert orders == list(range(len(orders)))
