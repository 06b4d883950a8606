from __future__ import annotations

import pytest

from core.errors import DomainError
from core.models import AuditEntry
from events.models import DoubleDismissal
from events.services.dismissing import Dismissed, dismiss_double, dismissed_of, recall_double
from events.services.doubles import doubles_of, find_doubles
from events.services.merging import merge_people
from tests.factories.events import PersonFactory


@pytest.fixture
def namesakes(organisation):
    return [
        PersonFactory(organisation=organisation, given_name="Ana", family_name="Petrović", email="")
        for _ in range(3)
    ]


def pairs(found):
    return {frozenset((one.first, one.second)) for one in found}


def test_who_was_said_to_be_two_is_not_suggested_again(
    organisation, namesakes, actor, django_assert_num_queries
):
    a, b, c = namesakes
    dismiss_double(first=b, second=a, actor=actor)
    dismiss_double(first=a, second=b, actor=actor)  # said twice, kept once
    assert DoubleDismissal.objects.count() == 1
    assert AuditEntry.objects.filter(verb="dismiss_double").count() == 1
    with django_assert_num_queries(2):
        found = find_doubles(organisation)
    assert pairs(found) == {frozenset((a.code, c.code)), frozenset((b.code, c.code))}
    assert pairs(doubles_of(a)) == {frozenset((a.code, c.code))}


def test_they_are_listed_and_suggested_again_when_that_is_taken_back(
    organisation, namesakes, actor, django_assert_num_queries
):
    a, b, _c = namesakes
    dismiss_double(first=a, second=b, actor=actor)
    with django_assert_num_queries(2):
        (known,) = dismissed_of(organisation)
    assert {known.first, known.second} == {a.code, b.code}
    assert known == Dismissed(known.first, known.second, "Ana Petrović", "Ana Petrović")
    recall_double(first=b, second=a, actor=actor)
    assert dismissed_of(organisation) == []
    assert len(find_doubles(organisation)) == 3
    with pytest.raises(DomainError) as refusal:
        recall_double(first=a, second=b, actor=actor)
    assert refusal.value.kind == "not-found"


def test_a_pair_of_whom_one_was_merged_away_is_listed_no_more(organisation, namesakes, actor):
    a, b, c = namesakes
    dismiss_double(first=a, second=b, actor=actor)
    merge_people(kept=c, gone=b, actor=actor)
    assert dismissed_of(organisation) == []
    assert pairs(find_doubles(organisation)) == {frozenset((a.code, c.code))}


def test_one_person_is_no_pair_and_strangers_are_unknown(namesakes, actor, other_organisation):
    a = namesakes[0]
    stranger = PersonFactory(organisation=other_organisation)
    for other, code in [(a, "same"), (stranger, "unknown")]:
        with pytest.raises(DomainError) as refusal:
            dismiss_double(first=a, second=other, actor=actor)
        assert [error.code for error in refusal.value.errors] == [code]
    assert not DoubleDismissal.objects.exists()
