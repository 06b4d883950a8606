"""The organisers' pages: who comes, one registration with all that can be done, kinds of place."""

from __future__ import annotations

import csv
import io

import pytest

from accounts.enums import Role
from registrations.models import Registration, RegistrationType
from registrations.services.links import manage_path, manage_url
from tests.factories.events import PersonFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db

LIST = "/manage/institute/forum/registrations/"
TYPES = "/manage/institute/forum/types/"


@pytest.fixture
def desk(conference, client_as, account_with_role):
    """A registrar's browser."""
    return client_as(account_with_role(Role.REGISTRAR))


@pytest.fixture
def door(conference, client_as, account_with_role):
    """A browser at the door, which reads only."""
    return client_as(account_with_role(Role.DOOR))


@pytest.fixture
def registration(guest_type):
    return RegistrationFactory(
        registration_type=guest_type,
        given_name="Ana",
        family_name="Petrović",
        email="ana@example.org",
    )


@pytest.fixture
def path(registration):
    return f"{LIST}{registration.code}/"


def text_of(answer):
    return answer.content.decode()


def names(page):
    return [row.family_name for row in page.context["page"].rows]


def test_the_list_shows_everybody_with_filters_and_numbers(desk, conference, registration):
    press = RegistrationTypeFactory(conference=conference, slug="press", name={"en": "Press"})
    RegistrationFactory(registration_type=press, family_name="Ilić", status="waiting_list")
    RegistrationFactory(registration_type=press, family_name="Цвијић", status="confirmed")

    page = desk.get(LIST)
    assert page.status_code == 200
    choices = page.context["choices"]
    assert [(c.value, c.count) for c in choices.statuses] == [
        ("waiting_list", 1),
        ("confirmed", 2),
    ]
    assert [(c.value, c.count) for c in choices.types] == [("guest", 1), ("press", 2)]
    assert sorted(names(page)) == ["Ilić", "Petrović", "Цвијић"]
    assert names(desk.get(f"{LIST}?order=name")) == ["Цвијић", "Ilić", "Petrović"]
    assert names(desk.get(f"{LIST}?q=cvijic")) == ["Цвијић"]
    assert names(desk.get(f"{LIST}?q=ana@example.org")) == ["Petrović"]
    assert names(desk.get(f"{LIST}?status=waiting_list")) == ["Ilić"]
    assert names(desk.get(f"{LIST}?type=guest")) == ["Petrović"]
    assert names(desk.get(f"{LIST}?type=guest&status=waiting_list")) == []


@pytest.mark.parametrize(
    "query",
    ["?cursor=99", "?cursor=W10", "?status=no", "?order=email", "?type=*", "?column=password"],
)
def test_a_strange_query_is_no_fault(desk, registration, query):
    assert desk.get(f"{LIST}{query}").status_code == 200


def test_an_empty_list_says_so(desk, guest_type):
    assert "Nobody has registered yet." in text_of(desk.get(LIST))
    RegistrationFactory(registration_type=guest_type)
    assert "Nobody fits this." in text_of(desk.get(f"{LIST}?q=xyz"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_many(desk, guest_type, count, django_assert_num_queries):
    for _ in range(count):
        RegistrationFactory(registration_type=guest_type)
    desk.get(LIST)

    # Session, account, membership, conference; types, numbers of the filters, tags, questions,
    # access codes, columns for answers, answers about the date; rows.
    with django_assert_num_queries(12):
        desk.get(LIST)


def test_markup_in_a_name_stays_text(desk, guest_type):
    row = RegistrationFactory(registration_type=guest_type, given_name="<script>x</script>")

    for page in (LIST, f"{LIST}{row.code}/", manage_path(row)):
        assert "<script>x" not in text_of(desk.get(page))


def test_the_csv_is_the_list_as_it_is_filtered(desk, registration, guest_type):
    RegistrationFactory(registration_type=guest_type, given_name="=1+1", status="cancelled")

    def read(query):
        answer = desk.get(f"{LIST}registrations.csv{query}")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert answer["Cache-Control"] == "no-store"
        body = b"".join(answer.streaming_content).decode("utf-8-sig")
        return [row["given_name"] for row in csv.DictReader(io.StringIO(body, newline=""))]

    assert read("") == ["Ana", "'=1+1"]
    assert read("?status=cancelled") == ["'=1+1"]
    assert read("?q=petrovic&status=confirmed") == ["Ana"]


def test_somebody_at_the_desk_is_entered(desk, guest_type, told):
    answer = desk.post(
        f"{LIST}new/",
        {
            "registration_type": "guest",
            "given_name": "Mila",
            "family_name": "Ilić",
            "language": "en",
        },
    )

    row = Registration.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{row.code}/")
    assert (row.source, row.status, row.email) == ("organiser", "confirmed", "")
    assert "Mila Ilić has a place." in text_of(desk.get(answer["Location"]))
    assert told == [("registered", 1, False)]


def test_the_next_one_can_be_entered_at_once(desk, conference):
    RegistrationTypeFactory(conference=conference, slug="guest", capacity=0)
    wish = {"registration_type": "guest", "given_name": "M", "family_name": "I", "language": "en"}

    answer = desk.post(f"{LIST}new/", {**wish, "again": "1"})

    assert answer["Location"] == f"{LIST}new/"
    assert "is on the waiting list" in text_of(desk.get(answer["Location"]))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"given_name": ""}, "This field is required."),
        ({"email": "no"}, "This is not an e-mail address."),
        ({"email": "ana@example.org"}, "Somebody is already registered"),
        ({"registration_type": "x"}, "Select a valid choice."),
    ],
)
def test_an_entry_that_can_not_be_says_why(desk, registration, changes, words):
    wish = {
        "registration_type": "guest",
        "given_name": "M",
        "family_name": "Typed",
        "language": "en",
    }

    answer = desk.post(f"{LIST}new/", {**wish, **changes})

    assert words in text_of(answer)
    assert 'value="Typed"' in text_of(answer)
    assert Registration.objects.count() == 1


def test_a_conference_without_kinds_asks_for_one(desk, conference):
    assert "First say what kinds of place there are." in text_of(desk.get(f"{LIST}new/"))


def test_one_page_shows_all_that_can_be_done(desk, registration, path):
    page = text_of(desk.get(path))

    for words in (
        "Ana Petrović",
        manage_url(registration),
        "Send it again",
        "End it",
        "Cancel the registration",
    ):
        assert words in page
    assert "Approve" not in page


def test_details_are_saved_at_the_version_that_was_read(desk, path, registration):
    form = {
        "version": "1", "honorific": "Dr.", "given_name": "Mila", "family_name": "Petrović",
        "email": "ana@example.org", "language": "ru",
    }  # fmt: skip

    assert desk.post(path, form)["Location"] == path
    registration.refresh_from_db()
    assert (registration.given_name, registration.honorific) == ("Mila", "Dr.")

    stale = desk.post(path, {**form, "given_name": "Third"})
    assert "changed this" in text_of(stale)
    assert 'value="Third"' in text_of(stale)
    wrong = desk.post(path, {**form, "version": "2", "email": "no"})
    assert "This is not an e-mail address." in text_of(wrong)
    registration.refresh_from_db()
    assert registration.given_name == "Mila"


def test_a_known_person_keeps_a_single_name(desk, registration, path):
    registration.person = PersonFactory(organisation=registration.conference.organisation)
    registration.save()
    form = {"version": "1", "given_name": "Madonna", "language": "en", "email": "ana@example.org"}

    assert desk.post(path, form).status_code == 302
    assert registration.person.family_name in text_of(desk.get(path))


@pytest.mark.parametrize(
    ("before", "verb", "after", "words"),
    [
        ("pending_approval", "approve", "confirmed", "Ana Petrović has a place."),
        ("waiting_list", "approve", "confirmed", "Ana Petrović has a place."),
        ("pending_approval", "reject", "rejected", "Ana Petrović is turned down."),
        ("confirmed", "cancel", "cancelled", "Ana Petrović is cancelled, and the place is free."),
        ("cancelled", "uncancel", "confirmed", "Ana Petrović has a place again."),
        ("confirmed", "revoke-link", "confirmed", "open nothing any more."),
        ("confirmed", "resend-link", "confirmed", "The link is on its way to Ana Petrović."),
    ],
)
def test_each_verb_is_one_button(desk, guest_type, before, verb, after, words):
    row = RegistrationFactory(
        registration_type=guest_type, given_name="Ana", family_name="Petrović", status=before
    )

    answer = desk.post(f"{LIST}{row.code}/{verb}/", {"version": "1", "reason": "Ill"})

    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}{row.code}/")
    row.refresh_from_db()
    assert row.status == after
    assert row.cancel_reason == ("Ill" if verb == "cancel" else "")
    assert words in text_of(desk.get(answer["Location"])).replace("&#x27;", "'")


@pytest.mark.parametrize(
    ("verb", "data", "words"),
    [
        ("approve", {}, "can be decided"),
        ("cancel", {"version": "9"}, "changed this"),
        ("cancel", {"reason": "a\nb"}, "can not be printed"),
        ("uncancel", {}, "This registration is not cancelled."),
    ],
)
def test_a_verb_that_does_not_fit_says_why(desk, registration, path, verb, data, words):
    answer = desk.post(f"{path}{verb}/", data)

    assert words in text_of(desk.get(answer["Location"]))
    registration.refresh_from_db()
    assert (registration.status, registration.version) == ("confirmed", 1)


def test_what_is_no_verb_is_not_there(desk, path):
    assert desk.post(f"{path}delete/").status_code == 404
    assert desk.get(f"{path}cancel/").status_code == 405
    assert desk.get(f"{LIST}NOSUCHCODE/").status_code == 404


def test_the_page_tells_what_happened(desk, guest, guest_type, path):
    row = guest("mila@example.org")
    desk.post(f"{LIST}{row.code}/cancel/", {"reason": "Ill"})
    desk.post(f"{LIST}{row.code}/uncancel/", {})

    page = desk.get(f"{LIST}{row.code}/")
    assert [(d.what, d.who) for d in page.context["history"]] == [
        ("Registered", "The guest"),
        ("Cancelled", "Registrar"),
        ("Given a place again", "Registrar"),
    ]


def test_the_door_reads_and_does_not_write(door, registration, path, guest_type):
    page = text_of(door.get(path))
    assert "Ana Petrović" in page
    assert manage_path(registration) not in page
    assert "New entry" not in text_of(door.get(LIST))
    for address in (path, f"{path}cancel/", f"{LIST}new/", f"{TYPES}new/", f"{TYPES}guest/"):
        assert door.post(address, {}).status_code == 403
    registration.refresh_from_db()
    assert registration.version == 1


@pytest.mark.parametrize("part", ["", "new/", "registrations.csv"])
def test_strangers_and_other_roles_find_nothing(
    client_as, account_with_role, other_organisation, registration, part
):
    stranger = client_as(account_with_role(Role.OWNER, other_organisation))
    assert stranger.get(f"{LIST}{part}").status_code == 404
    viewer = client_as(account_with_role(Role.VIEWER))
    assert viewer.get(f"{LIST}{part}").status_code == 403
    nobody = client_as()
    assert nobody.get(f"{LIST}{part}").status_code in {302, 404}


TYPE = {
    "slug": "press",
    "kind": "press",
    "name_en": "Press",
    "name_sr_Latn": "Mediji",
    "capacity": "20",
    "public": "on",
    "opens_local": "2027-02-01T09:00",
    "closes_local": "",
}


def test_a_kind_is_made(desk, conference):
    answer = desk.post(f"{TYPES}new/", TYPE)

    row = RegistrationType.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, TYPES)
    assert (row.slug, row.kind, row.name) == (
        "press",
        "press",
        {"en": "Press", "sr-Latn": "Mediji"},
    )
    assert (row.public, row.approval, row.waiting_list) == (True, False, False)
    assert row.allotments.get().capacity == 20
    assert "Press" in text_of(desk.get(TYPES))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name_en": ""}, "This field is required."),
        ({"slug": "Not a slug"}, "lower-case letters"),
        ({"slug": "guest"}, "Another type of this conference has this slug."),
        ({"capacity": "many"}, "Enter a whole number."),
        ({"capacity": "-1"}, "greater than or equal to 0"),
        ({"opens_local": "soon"}, "Give date and time"),
        ({"closes_local": "2027-01-01T09:00"}, "It closes after it opens."),
    ],
)
def test_a_kind_that_can_not_be_says_why(desk, guest_type, changes, words):
    answer = desk.post(f"{TYPES}new/", {**TYPE, **changes})

    assert words in text_of(answer)
    assert RegistrationType.objects.count() == 1


def test_a_kind_changes_and_is_never_smaller_than_what_is_taken(desk, guest_type):
    for _ in range(2):
        RegistrationFactory(registration_type=guest_type)
    path = f"{TYPES}guest/"
    assert 'value="10"' in text_of(desk.get(path))

    refused = desk.post(path, {**TYPE, "slug": "guest", "version": "1", "capacity": "1"})
    assert "2 places are taken, so there can not be only 1." in text_of(refused)
    assert (
        desk.post(path, {**TYPE, "slug": "guest", "version": "1", "capacity": "2"})["Location"]
        == TYPES
    )
    guest_type.refresh_from_db()
    assert (guest_type.kind, guest_type.allotments.get().capacity) == ("press", 2)


def test_a_kind_is_deleted_only_when_nobody_used_it(desk, conference, guest_type):
    RegistrationTypeFactory(conference=conference, slug="spare", name={"en": "Spare"})
    RegistrationFactory(registration_type=guest_type)

    assert "Delete Spare?" in text_of(desk.get(f"{TYPES}spare/delete/"))
    assert RegistrationType.objects.count() == 2
    desk.post(f"{TYPES}spare/delete/", {"version": "1"})
    desk.post(f"{TYPES}guest/delete/", {"version": "1"})
    assert [t.slug for t in RegistrationType.objects.all()] == ["guest"]
    assert "Somebody has registered for this type." in text_of(desk.get(TYPES))
    assert desk.get(f"{TYPES}nothing/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_kinds_cost_the_same_for_many(desk, conference, count, django_assert_num_queries):
    for number in range(count):
        kind = RegistrationTypeFactory(conference=conference, capacity=None if number else 5)
        RegistrationFactory(registration_type=kind)
        RegistrationFactory(registration_type=kind, status="waiting_list")
    desk.get(TYPES)

    # Session, account, membership, conference; types, their places, numbers of those who wait.
    with django_assert_num_queries(7):
        page = desk.get(TYPES)
    assert [line.waiting for line in page.context["lines"]] == [1] * count


def test_a_conference_without_kinds_says_so(desk, door):
    assert "Nobody can register before there is a kind of place." in text_of(desk.get(TYPES))
    assert "There is no kind of place yet." in text_of(door.get(TYPES))
