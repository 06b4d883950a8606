from __future__ import annotations

import datetime as dt

import pytest

from events.models import Candidate
from events.services.people_search import (
    Search,
    also_considered,
    card_of,
    find_cards,
    matching_people,
)
from events.services.tags import tag_rows
from tests.factories.events import (
    ConferenceFactory,
    ParticipationFactory,
    PersonFactory,
    SessionFactory,
)

PAST = dt.datetime.fromisoformat("2020-05-10T10:00")
PAST_END = dt.datetime.fromisoformat("2020-05-10T12:00")


@pytest.fixture
def panel(conference):
    return SessionFactory(
        conference=conference,
        start_local=conference.start_local,
        end_local=conference.start_local + dt.timedelta(hours=1),
    )


@pytest.fixture
def crowd(organisation, other_organisation):
    """A speaker of an earlier conference, somebody new, one who declined, a stranger."""
    past = ConferenceFactory(
        organisation=organisation, title={"en": "Spring"}, start_local=PAST, end_local=PAST_END
    )
    spoke = PersonFactory(organisation=organisation, given_name="Mila", family_name="Đorđević")
    ParticipationFactory(
        session=SessionFactory(conference=past, title={"en": "Free media"}), person=spoke
    )
    new = PersonFactory(organisation=organisation, given_name="Petar", family_name="Cvijić")
    new.tags.set(tag_rows(organisation.pk, {"press": ""}))
    no = PersonFactory(organisation=organisation, given_name="Vera", family_name="Ilić")
    ParticipationFactory(
        session=SessionFactory(conference=past, title={"en": "Free media"}), person=no,
        state="declined",
    )  # fmt: skip
    PersonFactory(organisation=other_organisation, given_name="Mila", family_name="Media")
    return {"spoke": spoke, "new": new, "no": no}


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search("Милa ђорђ"), ["spoke"]),
        (Search("Ђорђевић"), ["spoke"]),
        (Search("media"), ["spoke"]),
        (Search("djordj media"), ["spoke"]),
        (Search("press"), ["new"]),
        (Search("testing"), []),
        (Search(standing="spoke"), ["spoke"]),
        (Search(standing="never"), ["new"]),
        (Search(tag="press"), ["new"]),
        (Search("vera", tag="press"), []),
        (Search("\x00zz"), []),
        (Search(), ["new", "spoke", "no"]),
    ],
)
def test_people_are_found_by_name_tag_and_topic(organisation, crowd, search, found):
    names = {person.pk: name for name, person in crowd.items()}
    assert [names[row.pk] for row in matching_people(organisation, search)] == found


def test_a_card_says_what_is_known_and_what_stands_in_the_way(organisation, panel, crowd):
    spoke = crowd["spoke"]
    other = ConferenceFactory(organisation=organisation, title={"en": "Elsewhere"})
    busy = SessionFactory(
        conference=other, title={"en": "<b>Water</b>"},
        start_local=panel.start_local, end_local=panel.end_local,
    )  # fmt: skip
    ParticipationFactory(session=busy, person=spoke, role="moderator")
    card = card_of(panel, spoke)
    assert card.record == "Asked twice, said yes twice; spoke on “Free media”"
    assert card.at_that_time == ["At that time moderator on “<b>Water</b>” at “Elsewhere”"]
    assert (card.tags, card.on_panel) == ([], False)
    ParticipationFactory(session=panel, person=spoke)
    assert card_of(panel, spoke).on_panel is True


@pytest.mark.parametrize("count", [1, 3])
def test_cards_cost_the_same_for_one_and_for_three(
    organisation, panel, django_assert_num_queries, count
):
    for person in PersonFactory.create_batch(count, organisation=organisation):
        ParticipationFactory(person=person, session=SessionFactory(conference=panel.conference))
    session = type(panel).objects.select_related("conference__organisation").get(pk=panel.pk)
    with django_assert_num_queries(3):
        cards, more = find_cards(session, Search("ana"), 8)
    assert (len(cards), more) == (count, False)
    assert find_cards(session, Search("ana"), count - 1)[1] is True


def test_who_else_was_thought_of_for_a_role(organisation, panel, crowd):
    part = ParticipationFactory(session=panel, person=crowd["spoke"])
    ParticipationFactory(session=panel, person=crowd["no"], state="declined")
    ParticipationFactory(session=panel, person=crowd["new"], role="moderator")
    Candidate.objects.create(session=panel, person=crowd["no"], role="panellist")
    Candidate.objects.create(session=panel, person=crowd["new"], role="panellist", note="Plan B")
    assert also_considered(panel, "panellist", part.person) == [
        "Vera Ilić: declined",
        "Petar Cvijić: considered (Plan B)",
    ]
