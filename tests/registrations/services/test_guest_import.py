"""Lists of guests: whom each line means, what is changed, and that twice is once."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import StoredFile
from events.models import Assistant, Person
from registrations.enums import ImportState
from registrations.exchange.guest_list import guest_rows, read_guest_list
from registrations.models import GuestImport, Invitation
from registrations.services import guest_import as service
from registrations.services.guest_import import (
    forget_waiting_imports,
    go_on,
    keep_guest_list,
    set_up_import,
    start_import,
)
from registrations.services.guest_matching import match_rows
from registrations.services.guest_rows import read_row
from tests.factories.events import PersonFactory

pytestmark = pytest.mark.django_db

HEADER = (
    "Ime;Prezime;E-mail;Institucija;Oznake;Jezik;Pratnja;Oslovljavanje;Asistent;E-mail asistenta"
)
LIST = f"""{HEADER}
Ђорђе;Цвијић;djordje@example.org;Факултет;vip, Академија;ru;;;;
Šćepan;Čolić;scepan@example.org;Zavod;;;da;Poštovani profesore;Mina;mina@example.org
Ana;Petrović;ana@;Zavod;;;;;;
Iva;Ilić;;Zavod;;;;;;
Iva;Ilić;;Zavod;;;;;;
"""


def keep(conference, text=LIST, encoding="utf-8"):
    return keep_guest_list(
        conference=conference,
        content=text.encode(encoding),
        name="guests.csv",
        content_type="text/csv",
        actor=SYSTEM,
    )


def set_up(row, **settings):
    return set_up_import(
        guest_import=row,
        settings={"registration_type": "guest", "wave": 1, "hold": True, **settings},
        source="List of the ministry",
        basis="Legitimate interest",
        actor=SYSTEM,
    )


def bring_in(conference, text=LIST, **settings):
    row = set_up(keep(conference, text), **settings)
    return start_import(guest_import=row, rows=read_guest_list(row).rows, actor=SYSTEM)


def figures(row):
    names = ("added", "changed", "known", "left_out", "invited", "already", "without_place")
    return {name: getattr(row, name) for name in names if getattr(row, name)}


def test_a_list_becomes_people_and_invitations(conference, guest_type):
    row = bring_in(conference)

    assert (row.state, row.total, row.done) == (ImportState.DONE, 5, 5)
    assert figures(row) == {"added": 3, "left_out": 2, "invited": 3}
    djordje = Person.objects.get(email="djordje@example.org")
    scepan = Person.objects.get(email="scepan@example.org")
    iva = Person.objects.get(given_name="Iva")
    assert (djordje.given_name, djordje.language) == ("Ђорђе", "ru")
    assert sorted(djordje.tags.values_list("slug", flat=True)) == ["akademija", "vip"]
    assert scepan.salutation == {"sr-Latn": "Poštovani profesore"}
    assert list(Assistant.objects.values_list("person", "name", "email")) == [
        (scepan.pk, "Mina", "mina@example.org")
    ]
    assert (iva.source, iva.basis) == ("List of the ministry", "Legitimate interest")
    assert dict(Invitation.objects.values_list("person", "plus_one")) == {
        djordje.pk: False,
        scepan.pk: True,
        iva.pk: False,
    }
    assert Invitation.objects.filter(sent_at__isnull=False).count() == 0


def test_the_file_is_deleted_when_everybody_is_in(
    conference, guest_type, django_capture_on_commit_callbacks
):
    row = set_up(keep(conference))
    storage, name = row.file.file.storage, row.file.file.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        start_import(guest_import=row, rows=read_guest_list(row).rows, actor=SYSTEM)

    assert StoredFile.objects.count() == 0
    assert not storage.exists(name)


def test_the_same_list_again_adds_nobody(conference, guest_type):
    bring_in(conference)
    before = list(Person.objects.values_list("pk", "version"))
    again = bring_in(conference)

    assert figures(again) == {"known": 3, "left_out": 2, "already": 3}
    assert list(Person.objects.values_list("pk", "version")) == before


def test_what_is_known_is_kept_and_gaps_are_filled(conference, guest_type, organisation):
    known = PersonFactory(
        organisation=organisation,
        given_name="Djordje",
        family_name="Cvijić",
        email="DJORDJE@example.org",
        affiliation="Academy",
        position="",
        salutation={"en": "Dear colleague"},
    )
    text = (
        "Given name,Family name,E-mail,Organisation,Position,Salutation ru\n"
        "Ђорђе,Цвијић,djordje@example.org,Факултет,Dean,Poštovani\n"
    )
    row = bring_in(conference, text)

    known.refresh_from_db()
    assert figures(row) == {"changed": 1, "invited": 1}
    assert (known.given_name, known.affiliation, known.position) == ("Djordje", "Academy", "Dean")
    assert known.salutation == {"en": "Dear colleague", "ru": "Poštovani"}

    row = bring_in(conference, text, update=True)
    known.refresh_from_db()
    assert (known.given_name, known.affiliation) == ("Ђорђе", "Факултет")
    assert figures(row) == {"changed": 1, "already": 1}


def line(organisation, *cells, columns="given_name family_name email affiliation", choices=None):
    row = read_row(2, columns.split(), cells)
    (found,) = match_rows(organisation.pk, [row], choices)
    return found


def test_people_who_share_a_mailbox_or_a_name_are_for_a_person_to_decide(organisation):
    ana = PersonFactory(
        organisation=organisation, given_name="Ana", family_name="Ilić", email="desk@example.org"
    )
    by_mailbox = line(organisation, "Petar", "Kovač", "desk@example.org", "")
    by_name = line(organisation, "Ana", "Ilic", "another@example.org", "")

    assert (by_mailbox.verdict, by_name.verdict) == ("double", "double")
    assert [one.code for one in by_name.candidates] == [ana.code]
    cells = ("Ana", "Ilic", "another@example.org", "")
    assert line(organisation, *cells, choices={"2": "new"}).verdict == "new"
    assert line(organisation, *cells, choices={"2": "skip"}).verdict == "double"
    chosen = line(organisation, *cells, choices={"2": ana.code})
    assert (chosen.verdict, chosen.person.pk) == ("known", ana.pk)
    assert line(organisation, *cells, choices={"2": "ZZZZZZ"}).verdict == "double"


def test_a_code_names_somebody_of_the_own_house_only(organisation, other_organisation):
    mine = PersonFactory(organisation=organisation)
    theirs = PersonFactory(organisation=other_organisation)
    columns = "code given_name"

    assert line(organisation, mine.code.lower(), "X", columns=columns).person.pk == mine.pk
    assert line(organisation, theirs.code, "X", columns=columns).verdict == "new"


def test_without_an_address_the_same_name_and_house_are_the_same(organisation):
    PersonFactory(
        organisation=organisation,
        given_name="Iva",
        family_name="Ilić",
        email="",
        affiliation="Zavod",
    )
    assert line(organisation, "Iva", "Ilic", "", "zavod").verdict == "known"
    assert line(organisation, "Iva", "Ilic", "", "Elsewhere").verdict == "double"


@pytest.mark.parametrize(
    ("columns", "cells", "field"),
    [
        ("given_name email", ("Ana", "ana@"), "email"),
        ("given_name email", ("", "ana@example.org"), "given_name"),
        ("given_name language", ("Ana", "Klingon"), "language"),
        ("given_name plus_one", ("Ana", "perhaps"), "plus_one"),
        ("given_name assistant_name", ("Ana", "Mina"), "assistant_email"),
        ("given_name assistant_email", ("Ana", "mina@"), "assistant_email"),
        ("given_name", ("A" * 121,), "given_name"),
        ("given_name salutation.en", ("Ana", "x" * 201), "salutation"),
    ],
)
def test_what_is_wrong_is_said_beside_the_line(organisation, columns, cells, field):
    row = read_row(7, columns.split(), cells)

    assert [problem.field for problem in row.problems] == [field]
    (found,) = match_rows(organisation.pk, [row])
    assert found.verdict == "wrong"
    assert found.sentences


def test_a_full_name_is_parted_at_its_last_space():
    assert read_row(2, ["full_name"], ["Ana Marija Ilić"]).facts == {
        "given_name": "Ana Marija",
        "family_name": "Ilić",
    }
    assert read_row(2, ["full_name"], ["Ana"]).facts == {"given_name": "Ana"}


def test_matching_costs_one_query(organisation, django_assert_num_queries):
    for count in (1, 3):
        rows = [read_row(n, ["given_name"], [f"Guest {n}"]) for n in range(count)]
        with django_assert_num_queries(1):
            match_rows(organisation.pk, rows)


def test_a_list_without_source_and_basis_stays_out(conference, guest_type):
    row = keep(conference)
    with pytest.raises(DomainError) as refused:
        start_import(guest_import=row, rows=read_guest_list(row).rows, actor=SYSTEM)

    assert [error.pointer for error in refused.value.errors] == ["/source"]
    assert (Person.objects.count(), Invitation.objects.count()) == (0, 0)


def test_an_import_happens_once(conference, guest_type):
    row = bring_in(conference)
    with pytest.raises(DomainError, match="imported already"):
        start_import(guest_import=row, rows=[], actor=SYSTEM)
    with pytest.raises(DomainError, match="file of this import is deleted"):
        read_guest_list(GuestImport.objects.get(pk=row.pk))


def test_a_refusal_leaves_nobody_half_in(conference, guest_type, monkeypatch):
    def refuse(**arguments):
        raise DomainError("wrong-state", "Not now.")

    monkeypatch.setattr(service, "add_invitations", refuse)
    with pytest.raises(DomainError, match="Not now"):
        bring_in(conference)

    assert Person.objects.count() == 0
    assert GuestImport.objects.get().state == ImportState.WAITING


def long_list(number):
    return "Given name;E-mail\n" + "".join(f"Guest {n};g{n}@example.org\n" for n in range(number))


def test_a_long_list_goes_on_by_pieces_in_its_organisers_name(
    conference, guest_type, monkeypatch, account_with_role
):
    monkeypatch.setattr(service, "AT_ONCE", 2)
    actor = Actor("account", str(account_with_role(Role.OWNER).pk))
    row = set_up(keep(conference, long_list(5)))
    row = start_import(guest_import=row, rows=read_guest_list(row).rows, actor=actor)
    assert (row.state, Person.objects.count()) == (ImportState.RUNNING, 0)

    assert go_on(read=guest_rows, piece=2) == 3
    row.refresh_from_db()
    assert (row.state, row.done, figures(row)) == (
        ImportState.DONE,
        5,
        {"added": 5, "invited": 5},
    )
    assert go_on(read=guest_rows) == 0


def test_a_task_that_died_is_taken_up_where_it_was(
    conference, guest_type, monkeypatch, frozen, clock
):
    monkeypatch.setattr(service, "AT_ONCE", 0)
    row = set_up(keep(conference, long_list(5)))
    start_import(guest_import=row, rows=read_guest_list(row).rows, actor=SYSTEM)
    bring = service._bring_in
    calls = []

    def die_at_the_second(*arguments):
        calls.append(1)
        if len(calls) == 2:
            bring(*arguments)
            raise MemoryError
        bring(*arguments)

    monkeypatch.setattr(service, "_bring_in", die_at_the_second)
    with pytest.raises(MemoryError):
        go_on(read=guest_rows, piece=2)
    assert Person.objects.count() == 2
    monkeypatch.setattr(service, "_bring_in", bring)
    assert go_on(read=guest_rows, piece=2) == 0, "it shows signs of life"

    clock.shift(121)
    assert go_on(read=guest_rows, piece=2) == 2
    row.refresh_from_db()
    assert (row.state, figures(row)) == (ImportState.DONE, {"added": 5, "invited": 5})


def test_what_stops_a_long_list_is_said(conference, guest_type, monkeypatch):
    monkeypatch.setattr(service, "AT_ONCE", 0)
    row = set_up(keep(conference, long_list(3)))
    start_import(guest_import=row, rows=read_guest_list(row).rows, actor=SYSTEM)
    guest_type.slug = "other"
    guest_type.save()

    go_on(read=guest_rows)
    row.refresh_from_db()
    assert row.state == ImportState.FAILED
    assert row.error
    assert Person.objects.count() == 0


def test_a_list_that_nobody_goes_on_with_is_deleted_after_a_day(conference, clock):
    keep(conference)
    clock.shift(23 * 3600)
    assert forget_waiting_imports() == 0
    clock.shift(3601)
    assert forget_waiting_imports() == 1
    assert (GuestImport.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("strange", "pointer"), [({"wave": 0}, "/wave"), ({"wave": "x"}, "/wave"), ({"x": 1}, "/x")]
)
def test_strange_settings_are_refused(conference, strange, pointer):
    with pytest.raises(DomainError) as refused:
        set_up(keep(conference), **strange)
    assert [error.pointer for error in refused.value.errors] == [pointer]
