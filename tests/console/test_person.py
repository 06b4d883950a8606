"""A person's page: what happened with them at all conferences, for whoever may see it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.enums import Role
from core.actors import SYSTEM
from events.models import Availability, Candidate, PersonMerge
from events.services.merging import merge_people
from tests.events.views.reading import HOSTILE, html_of, text_of
from tests.factories.events import (
    ConferenceFactory,
    ParticipationFactory,
    PersonFactory,
    SessionFactory,
)
from tests.factories.notifications import MessageFactory
from tests.factories.registrations import (
    InvitationFactory,
    RegistrationFactory,
    RegistrationTypeFactory,
)

PEOPLE = "/manage/institute/people/"
PERSON = f"{PEOPLE}MILA22/"
START, END = (dt.datetime.fromisoformat(f"2026-05-20T{hour}:00") for hour in (10, 12))


def day(number, month=5):
    return dt.datetime(2026, month, number, 9, tzinfo=dt.UTC)


@pytest.fixture
def spring(organisation, frozen):
    """Return a function that gives a person a whole past at a conference of last spring."""
    frozen("2026-06-01T12:00")

    def make(person):
        conference = ConferenceFactory(
            organisation=organisation, title={"en": "Spring"}, start_local=START, end_local=END
        )
        panel = SessionFactory(conference=conference, title={"en": "Free media"})
        ParticipationFactory(
            session=panel, person=person, asked_at=day(1), last_asked_at=day(2),
            answered_at=day(3), answered_via="assistant", answered_by="Ana",
        )  # fmt: skip
        other = SessionFactory(conference=conference, title={"en": "Water"})
        ParticipationFactory(
            session=other, person=person, state="declined", asked_at=day(1), answered_at=day(4),
            answered_via="phone", decline_reason="travel",
        )  # fmt: skip
        Candidate.objects.create(session=other, person=person, role="moderator", note="Plan B")
        Availability.objects.create(
            conference=conference, person=person, start_local=START, end_local=END,
            starts_at=conference.starts_at, ends_at=conference.ends_at,
        )  # fmt: skip
        kind = RegistrationTypeFactory(conference=conference)
        place = RegistrationFactory(
            registration_type=kind, person=person, created_at=day(5), checked_in_at=day(20)
        )
        InvitationFactory(
            registration_type=kind, person=person, registration=place, sent_at=day(4),
            response="accepted", answered_at=day(5), answered_via="link",
        )  # fmt: skip
        MessageFactory(registration=place, state="sent", sent_at=day(25))
        return conference

    return make


@pytest.fixture
def mila(organisation):
    return PersonFactory(
        organisation=organisation, code="MILA22", given_name="Mila", family_name="Đorđević",
        notes="Met in May.",
    )  # fmt: skip


def test_everything_stands_on_one_page_the_newest_first(owner, mila, spring, client_as):
    spring(mila)
    page = text_of(client_as(owner).get(PERSON))
    assert (
        "Asked twice, said yes once, declined in May 2026 (travel); spoke on “Free media”; "
        "came to 1 of 1; last contact 25 May 2026 (mail)." in page
    )
    lines = [
        "Mail: Confirmation · Sent · Spring",
        "Spoke: panellist on “Free media” · Spring",
        "Came · Spring",
        "Said yes to the invitation · by their own link · Spring",
        "Registered (form) · Confirmed · Spring",
        "Said no: panellist on “Water” · travel, by phone · Spring",
        "Invited as a guest · Spring",
        "Said yes: panellist on “Free media” · by an assistant, Ana · Spring",
        "Asked again: panellist on “Free media” · Spring",
        "Asked to be panellist on “Free media” · Spring",
    ]
    for line in lines:
        assert line in page, line
    places = [page.index(line) for line in lines if "Mail" not in line and "Came" not in line]
    assert places[3:] == sorted(places[3:])
    assert "Considered as moderator on “Water” · Plan B" in page
    assert "Can be there 20 May 2026, 10:00–12:00, Spring" in page
    assert "Notes Met in May." in page


def test_each_role_sees_what_it_may(account_with_role, mila, spring, client_as):
    spring(mila)
    programme = text_of(client_as(account_with_role(Role.PROGRAMME)).get(PERSON))
    assert "Asked to be panellist" in programme
    for word in ("Registered", "Invited as a guest", "Came", "came to", "Mail:", "(mail)"):
        assert word not in programme
    assert client_as(account_with_role(Role.VIEWER)).get(PERSON).status_code == 403
    assert client_as(account_with_role(Role.DOOR)).get(PERSON).status_code == 403


def test_strangers_find_nobody(owner, other_organisation, account_with_role, mila, client_as):
    stranger = client_as(account_with_role(Role.OWNER, of=other_organisation))
    assert stranger.get(PERSON).status_code == 404
    assert stranger.get("/manage/another-house/people/MILA22/").status_code == 404
    assert client_as(owner).get(f"{PEOPLE}NNBDY2/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_a_long_past_costs_as_much_as_a_short_one(
    owner, organisation, mila, spring, client_as, django_assert_num_queries, count
):
    for _ in range(count):
        spring(mila)
        merge_people(kept=mila, gone=PersonFactory(organisation=organisation), actor=SYSTEM)
    client = client_as(owner)
    with django_assert_num_queries(14):
        client.get(PERSON)


def test_a_long_past_has_pages(owner, mila, client_as):
    for _ in range(51):
        ParticipationFactory(
            session__conference__organisation=mila.organisation, person=mila, state="planned",
            asked_at=day(1), session__conference__start_local=START,
            session__conference__end_local=END,
        )  # fmt: skip
    client = client_as(owner)
    assert "1–50 of 51" in text_of(client.get(PERSON))
    assert "51–51 of 51" in text_of(client.get(PERSON, {"page": "2"}))


def test_hostile_names_are_only_words(owner, mila, spring, organisation, client_as):
    conference = spring(mila)
    conference.sessions.update(title={"en": HOSTILE})
    type(conference).objects.update(title={"en": HOSTILE})
    mila.participations.update(decline_reason=HOSTILE, answered_by=HOSTILE)
    mila.candidacies.update(note=HOSTILE)
    type(mila).objects.update(
        given_name=HOSTILE, family_name=HOSTILE, notes=HOSTILE, affiliation=HOSTILE
    )
    other = PersonFactory(
        organisation=organisation, given_name=HOSTILE, family_name=HOSTILE, code="THER22"
    )
    client = client_as(owner)
    for url in (PERSON, f"{PERSON}merge/THER22/", f"{PEOPLE}doubles/", PEOPLE):
        page = html_of(client.get(url))
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page
        assert "{{ 7|add:7 }}" in page
        assert "alert(1)" in page
    assert other.code in html_of(client.get(PERSON))


# --- Merging -------------------------------------------------------------------------------------
@pytest.fixture
def double(organisation, mila):
    return PersonFactory(
        organisation=organisation, code="MYLA22", given_name="Мила", family_name="Ђорђевић",
        email="MILA@example.org", phone="+381 11", bio={"en": "Reads rivers."},
    )  # fmt: skip


def test_a_person_who_may_be_another_one_says_so(owner, mila, double, client_as):
    page = text_of(client_as(owner).get(PERSON))
    assert "May be the same as Мила Ђорђевић : same name. Compare the two" in page
    listed = text_of(client_as(owner).get(f"{PEOPLE}doubles/"))
    assert "Mila Đorđević Мила Ђорђевић Same name Compare" in listed


def test_two_are_compared_merged_and_parted(owner, mila, double, client_as):
    session = SessionFactory(
        conference=ConferenceFactory(organisation=mila.organisation, title={"en": "Forum"}),
        title={"en": "Water"},
    )
    ParticipationFactory(session=session, person=mila, state="invited")
    ParticipationFactory(session=session, person=double)
    ParticipationFactory(session=session, person=double, role="moderator")
    client = client_as(owner)
    url = f"{PERSON}merge/MYLA22/"
    page = client.get(url)
    words = text_of(page)
    assert "Merge Мила Ђорђевић into Mila Đorđević" in words
    assert "Both are panellist on “Water”. One stays, confirmed; the other one (invited)" in words
    assert "Moderator on “Water” at “Forum” (confirmed)" in words
    assert "The same in both: position, affiliation" in words
    data = {"version": "1", "version_gone": "1", "choice_email": "gone", "choice_notes": "kept"}
    assert client.post(url, data)["Location"] == PERSON
    mila.refresh_from_db()
    assert (mila.email, mila.phone, mila.notes) == ("MILA@example.org", "+381 11", "Met in May.")
    assert "Merged with Мила Ђорђевић" in text_of(client.get(PERSON))
    for path, target in [("", PERSON), ("edit/", f"{PERSON}edit/")]:
        answer = client.get(f"{PEOPLE}MYLA22/{path}")
        assert (answer.status_code, answer["Location"]) == (302, target)
    assert "is now Mila Đorđević" in text_of(client.get(f"{PEOPLE}doubles/"))
    undone = client.post(f"{PEOPLE}merges/MYLA22/")
    assert undone["Location"] == f"{PEOPLE}MYLA22/"
    assert "Мила Ђорђевић is there again." in text_of(client.get(f"{PEOPLE}MYLA22/"))
    assert client.post(f"{PEOPLE}merges/MYLA22/").status_code == 404


def test_what_is_in_the_way_is_said_first_and_again(owner, mila, double, client_as):
    kind = RegistrationTypeFactory(conference__organisation=mila.organisation)
    for person in (mila, double):
        RegistrationFactory(registration_type=kind, person=person)
    client = client_as(owner)
    url = f"{PERSON}merge/MYLA22/"
    page = html_of(client.get(url))
    assert "Both have a place at" in page
    assert '<button class="button" type="submit" disabled>' in page
    assert client.post(url, {"version": "1"})["Location"] == url
    assert not PersonMerge.objects.exists()


def test_who_changed_meanwhile_is_not_merged(owner, mila, double, client_as):
    client = client_as(owner)
    answer = client.post(f"{PERSON}merge/MYLA22/", {"version": "1", "version_gone": "4"})
    assert answer["Location"] == f"{PERSON}merge/MYLA22/"
    assert not PersonMerge.objects.exists()


def test_only_who_may_change_people_merges_them(
    account_with_role, other_organisation, mila, double, client_as
):
    url = f"{PERSON}merge/MYLA22/"
    registrar = client_as(account_with_role(Role.REGISTRAR))
    assert [registrar.get(url).status_code, registrar.post(url).status_code] == [403, 403]
    assert "Compare" not in text_of(registrar.get(f"{PEOPLE}doubles/"))
    stranger = PersonFactory(organisation=other_organisation, code="THER22")
    organiser = client_as(account_with_role(Role.ORGANISER))
    for other in (stranger.code, "MILA22", "NNBDY2"):
        assert organiser.get(f"{PERSON}merge/{other}/").status_code == 404
        assert organiser.post(f"{PERSON}merge/{other}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_comparing_costs_the_same_for_one_and_for_three(
    owner, mila, double, client_as, django_assert_num_queries, count
):
    for _ in range(count):
        session = SessionFactory(conference__organisation=mila.organisation)
        ParticipationFactory(session=session, person=mila)
        ParticipationFactory(session=session, person=double)
        ParticipationFactory(session=session, person=double, role="moderator")
    client = client_as(owner)
    with django_assert_num_queries(22):
        client.get(f"{PERSON}merge/MYLA22/")


def test_forgotten_merges_name_a_code(owner, mila, double, client_as):
    merge_people(kept=mila, gone=double, actor=SYSTEM)
    PersonMerge.objects.update(snapshot={}, moved={}, undo_until=timezone.now())
    client = client_as(owner)
    assert "Merged with MYLA22" in text_of(client.get(PERSON))
    assert "MYLA22 is now Mila Đorđević" in text_of(client.get(f"{PEOPLE}doubles/"))
