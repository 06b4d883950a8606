"""The page of what is wrong with a draft, and the pages of what it has to keep to."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.enums import Role
from console.overview.conflicts import Link, linked
from core.actors import SYSTEM
from events.models import Availability, ConflictOverride, RoleRequirement, SessionPrecedence
from events.services.availability import set_availability
from tests.events.views.reading import HOSTILE, text_of
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    ParticipationFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
)

BASE = "/manage/institute/open-forum"
PAGE = f"{BASE}/conflicts/"


@pytest.fixture
def conference(organisation):
    return ConferenceFactory(organisation=organisation, slug="open-forum", title={"en": "Forum"})


@pytest.fixture
def room(conference):
    venue = ConferenceVenueFactory(conference=conference).venue
    return RoomFactory(venue=venue, name={"en": "Red room"})


def place(conference, room, title="Debate", start="10:00", **fields):
    start = dt.datetime.fromisoformat(f"2027-03-18T{start}")
    return SessionFactory(
        conference=conference,
        kind="reception",
        title={"en": title},
        room=room,
        start_local=start,
        end_local=start + dt.timedelta(hours=1),
        **fields,
    )


@pytest.fixture
def clash(conference, room):
    """Two sessions with the same person at the same time."""
    person = PersonFactory(organisation=conference.organisation, family_name="Ilić")
    rows = [place(conference, None, "Coffee"), place(conference, None, "Debate", "10:30")]
    for row in rows:
        ParticipationFactory(session=row, person=person)
    return rows


def test_a_draft_without_conflicts_says_so(conference, owner, client_as):
    page = text_of(client_as(owner).get(PAGE))

    assert "Nothing in the draft is in anybody's way." in page
    assert "A panel needs 1 or 2 moderators and 3 to 5 panellists. Change" in page


def test_a_conflict_leads_to_all_that_it_is_about(conference, clash, owner, client_as):
    response = client_as(owner).get(PAGE)

    html = response.content.decode()
    one, other = clash
    person = one.participations.get().person
    assert f'<a href="{BASE}/sessions/{one.code}/">“Coffee”</a>' in html
    assert f'<a href="{BASE}/sessions/{other.code}/">“Debate”</a>' in html
    assert f'<a href="/manage/institute/people/{person.code}/">Ana Ilić</a>' in html
    assert "1 error · 0 warnings · 0 notices" in text_of(response)
    assert (
        "Ana Ilić is on “Coffee” (10:00–11:00) and on “Debate” (10:30–11:30) at the same time "
        "on Thu 18 March."
    ) in text_of(response)


def test_a_conflict_with_another_conference_leads_there(conference, owner, client_as):
    other = ConferenceFactory(organisation=conference.organisation, slug="spring")
    person = PersonFactory(organisation=conference.organisation)
    theirs = place(other, None, "Closing")
    for row in (place(conference, None), theirs):
        ParticipationFactory(session=row, person=person)

    html = client_as(owner).get(PAGE).content.decode()

    assert f'<a href="/manage/institute/spring/sessions/{theirs.code}/">“Closing”</a>' in html


def test_a_conflict_is_accepted_and_taken_back(conference, clash, owner, client_as):
    client = client_as(owner)
    one, other = clash
    person = one.participations.get().person
    key = f"person_overlap:{'+'.join(sorted([one.code, other.code, person.code]))}"

    refused = client.post(PAGE, {"key": key, "reason": " "}, follow=True)
    assert "Say why this is all right." in text_of(refused)
    done = text_of(client.post(PAGE, {"key": key, "reason": "He waves."}, follow=True))
    assert "1 error " not in done
    assert "Accepted. It stays listed below, with the reason." in done
    assert f"“He waves.” · {owner.get_full_name()}, " in done

    again = text_of(client.post(f"{PAGE}withdraw/", {"key": key}, follow=True))
    assert "It is an open conflict again." in again
    assert ConflictOverride.objects.count() == 0
    gone = text_of(client.post(f"{PAGE}withdraw/", {"key": key}, follow=True))
    assert "This conflict is not among those accepted." in gone


def test_viewers_read_and_accept_nothing(conference, clash, client_as, account_with_role):
    client = client_as(account_with_role(Role.VIEWER))

    assert "Accept it" not in text_of(client.get(PAGE))
    assert client.post(PAGE, {"key": "x", "reason": "y"}).status_code == 403


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(
    conference, owner, client_as, number, django_assert_num_queries
):
    person = PersonFactory(organisation=conference.organisation)
    for _ in range(number + 1):
        ParticipationFactory(session=place(conference, None), person=person)
    client = client_as(owner)

    with django_assert_num_queries(19):
        page = text_of(client.get(PAGE))
    assert page.count("is on “Debate”") == number * (number + 1) // 2


def test_hostile_titles_names_and_reasons_stay_text(conference, owner, client_as):
    person = PersonFactory(
        organisation=conference.organisation, given_name=HOSTILE[:100], family_name=HOSTILE[:100]
    )
    rows = [place(conference, None, HOSTILE) for _ in range(2)]
    for row in rows:
        ParticipationFactory(session=row, person=person)
    key = f"person_overlap:{'+'.join(sorted([rows[0].code, rows[1].code, person.code]))}"
    client = client_as(owner)
    set_availability(
        conference=conference,
        person=person,
        windows=[
            {
                "start_local": "2027-03-18T09:00",
                "end_local": "2027-03-18T12:00",
                "note": HOSTILE[:200],
            }
        ],
        expected=None,
        actor=SYSTEM,
    )

    before = client.get(PAGE).content.decode()
    client.post(PAGE, {"key": key, "reason": HOSTILE})
    after = client.get(PAGE).content.decode()
    pages = [f"{BASE}/availability/", f"{BASE}/availability/{person.code}/", f"{BASE}/order/"]
    rest = [client.get(path).content.decode() for path in pages]

    for html in (before, after, *rest):
        assert HOSTILE[:20] not in html
        assert "<script>alert" not in html
    assert ConflictOverride.objects.get().reason == HOSTILE


def test_sentences_become_links_where_labels_stand():
    links = [Link("“A”", "/a"), Link("Ana", "/p"), Link("“A”", "/b"), Link("“C”", "/c")]

    assert linked("Ana is on “A” and “A”.", links) == [
        ("Ana", "/p"),
        (" is on ", ""),
        ("“A”", "/a"),
        (" and ", ""),
        ("“A”", "/b"),
        (".", ""),
    ]


def test_the_numbers_of_a_kind_are_changed_and_taken_back(conference, owner, client_as):
    client = client_as(owner)
    path = f"{BASE}/requirements/panel/"
    assert 'name="panellist_least" value="3"' in client.get(path).content.decode()

    wrong = client.post(path, {"version": 1, "panellist_least": 4, "panellist_most": 2})
    assert "The most is not below the least." in text_of(wrong)
    stale = client.post(path, {"version": 9, "panellist_least": 2})
    assert "Nothing was saved" in text_of(stale)
    form = {"version": 1, "moderator_least": 1, "moderator_most": 2, "panellist_least": 2}
    saved = text_of(client.post(path, form, follow=True))
    assert "A panel needs 1 or 2 moderators and at least 2 panellists. Your number." in saved
    assert RoleRequirement.objects.count() == 1

    back = text_of(client.post(path, {"version": 2, "usual": 1}, follow=True))
    assert "A panel needs 1 or 2 moderators and 3 to 5 panellists. Change" in back
    assert client.get(f"{BASE}/requirements/party/").status_code == 404


def test_availability_is_said_for_somebody_who_is_searched(conference, owner, client_as):
    person = PersonFactory(
        organisation=conference.organisation, family_name="Цвијић", search_key="ana cvijic"
    )
    client = client_as(owner)
    list_path, path = f"{BASE}/availability/", f"{BASE}/availability/{person.code}/"
    assert "everybody can always be there" in text_of(client.get(list_path))
    assert path in client.get(list_path, {"q": "Cvijić"}).content.decode()
    assert "Nobody here is called “Petar”." in text_of(client.get(list_path, {"q": "Petar"}))

    form = {
        "version": 1,
        "start_1": "2027-03-18T09:00",
        "end_1": "2027-03-18T12:00",
        "note_1": "by train",
    }
    wrong = client.post(path, form | {"end_1": "2027-03-18T08:00"})
    assert "The end comes after the start." in text_of(wrong)
    saved = text_of(client.post(path, form, follow=True))
    assert "18 Mar 2027, 09:00 – 18 Mar 2027, 12:00 · by train" in saved
    assert 'value="2027-03-18T09:00"' in client.get(path).content.decode()

    gone = text_of(client.post(path, {"version": 2}, follow=True))
    assert "Ana can always be there." in gone
    assert Availability.objects.count() == 0


@pytest.mark.parametrize("number", [1, 3])
def test_availabilities_cost_the_same_for_one_and_for_three(
    conference, owner, client_as, number, django_assert_num_queries
):
    for _ in range(number):
        set_availability(
            conference=conference,
            person=PersonFactory(organisation=conference.organisation),
            windows=[{"start_local": "2027-03-18T09:00", "end_local": "2027-03-18T12:00"}],
            expected=None,
            actor=SYSTEM,
        )
    client = client_as(owner)

    with django_assert_num_queries(5):
        client.get(f"{BASE}/availability/")


def test_what_comes_first_is_said_and_taken_back(conference, owner, client_as):
    one, other = place(conference, None, "Report"), place(conference, None, "Debate")
    client = client_as(owner)
    path = f"{BASE}/order/"

    said = text_of(client.post(path, {"first": one.code, "then": other.code}, follow=True))
    assert "“ Report ” before “ Debate ”" in said
    circle = text_of(client.post(path, {"first": other.code, "then": one.code}))
    assert "That session has to be before the first one already." in circle
    client.post(f"{path}{one.code}-{other.code}/delete/")
    assert SessionPrecedence.objects.count() == 0
    assert client.post(f"{path}{one.code}-{other.code}/delete/").status_code == 404


def test_a_room_has_hours_on_its_page(conference, room, owner, client_as):
    client = client_as(owner)
    path = reverse("manage-room", args=["institute", room.code])
    form = {"version": 1, "name_en": "Red room", "turnaround_minutes": 15, "opens": "08:00"}

    assert "Give both hours" in text_of(client.post(path, form))
    client.post(path, form | {"closes": "18:30"})
    room.refresh_from_db()
    assert (room.turnaround_minutes, room.opens, room.closes) == (15, dt.time(8), dt.time(18, 30))
