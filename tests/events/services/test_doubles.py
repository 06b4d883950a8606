from __future__ import annotations

import pytest

from events.models import Person
from events.services.doubles import doubles_of, find_doubles
from events.services.people import create_person
from tests.factories.events import PersonFactory


@pytest.fixture
def known(organisation, actor):
    """Return a function that makes a person as the service does."""

    def make(given, family="", email="", **fields):
        return create_person(
            organisation=organisation, given_name=given, family_name=family, email=email,
            actor=actor, **fields,
        )  # fmt: skip

    return make


def pairs(found):
    names = {row.code: str(row.pk) for row in Person.objects.all()}
    return [(names[one.first], names[one.second], one.reason) for one in found]


def test_the_likeliest_come_first(organisation, known, django_assert_num_queries):
    a = known("Srđan", "Đorđević", "s@example.org")
    b = known("Срђан", "Ђорђевић")
    c = known("Ђорђевић", "Срђан", "S@Example.org")
    d = known("Office", "", "s@example.org")
    known("Srđan", "", "other@example.org")
    e = known("Ana", "Petrović", names_by_script={"Cyrl": {"given_name": "Ана", "family_name": ""}})
    f = known("Ana", "Petrovic")
    with django_assert_num_queries(2):
        found = find_doubles(organisation)
    assert set(pairs(found)) == {
        (str(a.pk), str(c.pk), "Same name and same address"),
        (str(e.pk), str(f.pk), "Same name"),
        (str(a.pk), str(b.pk), "Same name"),
        (str(b.pk), str(c.pk), "Same name"),
        (str(a.pk), str(d.pk), "Same address"),
        (str(c.pk), str(d.pk), "Same address"),
    }
    assert [one.weight for one in found] == [3, 2, 2, 2, 1, 1]
    with django_assert_num_queries(2):
        mine = doubles_of(d)
    assert [one.reason for one in mine] == ["Same address", "Same address"]
    assert doubles_of(known("Nobody", "Else")) == []


def test_other_houses_and_offices_are_left_out(organisation, other_organisation, known):
    for number in range(9):
        known("Guest", f"Number{number}", "office@example.org")
    PersonFactory(organisation=other_organisation, given_name="Guest", family_name="Number1")
    assert find_doubles(organisation) == []
