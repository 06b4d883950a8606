"""The panel seen from above: who sits on it, in which order, and who was quicker."""

from __future__ import annotations

import re

import pytest

from accounts.enums import Role
from core.actors import Actor
from events.models import Participation, Person
from events.services.panels import change_participation
from events.services.sessions import change_session
from tests.events.views.reading import HOSTILE, filled, html_of, text_of
from tests.factories.events import (
    ConferenceFactory,
    ParticipationFactory,
    PersonFactory,
    SessionFactory,
)

SESSIONS = "/manage/institute/open-forum/sessions/"
PANEL = f"{SESSIONS}PANEL2/"


def names(response):
    return [seat.part.person.given_name for seat in response.context["seats"]]


def test_the_panel_shows_who_moderates_first_with_states_and_next_steps(owner, stage, client_as):
    ParticipationFactory(
        session=stage.panel,
        order=2,
        state="invited",
        person=PersonFactory(
            organisation=stage.conference.organisation, given_name="Ivo", family_name="Tomić"
        ),
    )
    response = client_as(owner).get(PANEL)
    assert names(response) == ["Mila", "Petar", "Ivo"]
    page = text_of(response)
    assert "Prof. Dr. Mila Đorđević Moderator · Institute for Testing Confirmed" in page
    assert "Ivo Tomić Panellist · Institute for Testing Invited Has not answered" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_costs_the_same_for_one_and_for_three(
    owner, organisation, client_as, django_assert_num_queries, count
):
    conference = ConferenceFactory(organisation=organisation, slug="open-forum")
    session = SessionFactory(conference=conference, code="PANEL2")
    for order in range(count):
        ParticipationFactory(session=session, order=order)
    client = client_as(owner)
    with django_assert_num_queries(11):
        client.get(PANEL)


def test_details_are_saved_and_a_stale_page_says_who_was_quicker(owner, stage, client_as):
    client = client_as(owner)
    data = filled(client.get(PANEL).context["form"])
    assert client.post(PANEL, data | {"title_en": "First"}).status_code == 302
    stale = client.post(PANEL, data | {"title_en": "Second"})
    assert "Owner changed the title just now. Nothing was saved;" in text_of(stale)
    stage.panel.refresh_from_db()
    assert stage.panel.title == {"en": "First", "sr-Latn": "Ko prvi pije"}


def test_a_change_of_the_panel_makes_the_details_stale_too(owner, stage, client_as):
    client = client_as(owner)
    data = filled(client.get(PANEL).context["form"])
    change_participation(
        participation=stage.panellist,
        changes={"state": "tentative"},
        expected=None,
        actor=Actor("account", str(owner.pk)),
    )
    assert "Owner changed this at" in text_of(client.post(PANEL, data))


def test_a_program_that_was_quicker_is_called_one(owner, stage, client_as):
    client = client_as(owner)
    data = filled(client.get(PANEL).context["form"])
    change_session(
        session=stage.panel,
        changes={"language": "ru"},
        expected=None,
        actor=Actor("token", "1"),
    )
    assert "A program changed the language just now." in text_of(client.post(PANEL, data))


def test_people_are_found_across_diacritics_and_scripts(owner, stage, client_as):
    stage.people["Vera"].search_key = "vera cvijic"
    stage.people["Vera"].save()
    client = client_as(owner)
    for typed in ("cvijic", "Cvijić", "Цвијић", "vera  CV"):
        page = text_of(client.get(PANEL, {"q": typed}))
        assert "Vera Cvijić , Researcher, Institute for Testing" in page
    assert "Nobody here is called “zz”." in text_of(client.get(PANEL, {"q": "zz"}))


def test_htmx_gets_only_what_was_found(owner, stage, client_as):
    client = client_as(owner)
    fragment = client.get(
        f"{PANEL}people/", {"q": "petar", "role": "moderator"}, headers={"HX-Request": "true"}
    )
    assert "<html" not in fragment.content.decode()
    assert "On the panel" in text_of(fragment)
    assert 'name="role" value="moderator"' in fragment.content.decode()
    plain = client.get(f"{PANEL}people/", {"q": "petar"})
    assert (plain.status_code, plain["Location"]) == (302, f"{PANEL}?q=petar#add")


def test_more_than_fit_are_said_to_be_more(owner, stage, client_as):
    for number in range(9):
        PersonFactory(
            organisation=stage.conference.organisation,
            given_name="Ana",
            family_name=f"Savić {number}",
        )
    page = client_as(owner).get(PANEL, {"q": "savic"})
    assert len(page.context["found"]) == 8
    assert "There are more." in text_of(page)


def test_somebody_known_is_put_on_the_panel(owner, stage, client_as):
    answer = client_as(owner).post(
        f"{PANEL}people/",
        {"person": "VERA22", "role": "discussant", "version": stage.panel.version},
    )
    assert (answer.status_code, answer["Location"]) == (302, PANEL)
    part = Participation.objects.get(session=stage.panel, person=stage.people["Vera"])
    assert (part.role, part.order, part.state, part.affiliation) == (
        "discussant",
        2,
        "planned",
        "Institute for Testing",
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"person": "PETAR2", "role": "panellist"}, "has that role on this session already"),
        ({"person": "VERA22", "role": "king"}, "Choose one of"),
    ],
)
def test_who_can_not_sit_there_is_refused_with_a_sentence(owner, stage, client_as, data, sentence):
    client = client_as(owner)
    client.post(f"{PANEL}people/", data)
    assert sentence in text_of(client.get(PANEL))
    assert stage.panel.participations.count() == 2


def test_a_person_of_another_house_is_not_found(owner, stage, other_organisation, client_as):
    PersonFactory(organisation=other_organisation, code="OTHER2")
    client = client_as(owner)
    before = stage.panel.participations.count()
    answers = [
        client.post(f"{PANEL}people/", {"person": code, "role": "panellist"}, follow=True)
        for code in ("OTHER2", "NOBODY")
    ]
    told = [[str(said) for said in answer.context["messages"]] for answer in answers]
    assert told == [["Choose somebody from the list. Nobody was added."]] * 2
    assert stage.panel.participations.count() == before


def test_somebody_new_comes_on_the_panel_at_once(owner, stage, client_as):
    answer = client_as(owner).post(
        f"{PANEL}people/new/",
        {
            "given_name": "Jana",
            "family_name": "Kos",
            "affiliation": "Grid Institute",
            "role": "panellist",
            "version": stage.panel.version,
        },
    )
    assert answer.status_code == 302
    part = Participation.objects.get(person__given_name="Jana")
    assert (part.session, part.affiliation) == (stage.panel, "Grid Institute")


def test_somebody_new_on_a_stale_page_is_not_made(owner, stage, client_as):
    answer = client_as(owner).post(
        f"{PANEL}people/new/", {"given_name": "Jana", "role": "panellist", "version": 99}
    )
    assert answer.status_code == 200
    assert answer.context["new_person"].errors
    assert not Person.objects.filter(given_name="Jana").exists()


def test_seats_move_by_buttons_within_their_group(owner, stage, client_as):
    other = ParticipationFactory(session=stage.panel, order=2)
    client = client_as(owner)
    seats = {seat.part.code: seat for seat in client.get(PANEL).context["seats"]}
    assert [(s.may_go_earlier, s.may_go_later) for s in seats.values()] == [
        *((False, False), (False, True), (True, False))
    ]
    stage.panel.refresh_from_db()
    client.post(
        f"{PANEL}people/{other.code}/move/", {"to": "earlier", "version": stage.panel.version}
    )
    assert names(client.get(PANEL)) == ["Mila", other.person.given_name, "Petar"]
    client.post(f"{PANEL}people/{other.code}/move/", {"to": "later"})
    assert names(client.get(PANEL)) == ["Mila", "Petar", other.person.given_name]
    assert client.post(f"{PANEL}people/NOBODY/move/", {"to": "later"}).status_code == 404


def test_dragging_sends_the_whole_order(owner, stage, client_as):
    client = client_as(owner)
    order = f"{stage.panellist.code},{stage.moderator.code}"
    answer = client.post(f"{PANEL}order/", {"order": order, "version": stage.panel.version})
    assert answer.status_code == 204
    stale = client.post(f"{PANEL}order/", {"order": order, "version": 99})
    assert stale.status_code == 412
    wrong = client.post(f"{PANEL}order/", {"order": "a,b"})
    assert wrong.status_code == 400


def test_the_card_changes_role_state_minutes_and_the_post_of_that_day(owner, stage, client_as):
    client = client_as(owner)
    card = client.get(PANEL, {"part": stage.panellist.code})
    data = filled(card.context["part_form"])
    url = f"{PANEL}people/{stage.panellist.code}/"
    changed = {"state": "declined", "minutes": "12", "position": "Minister"}
    assert client.post(url, data | changed).status_code == 302
    stage.panellist.refresh_from_db()
    assert (stage.panellist.state, stage.panellist.minutes, stage.panellist.position) == (
        "declined",
        12,
        "Minister",
    )
    assert "Find somebody else" in text_of(client.get(PANEL))
    refused = client.post(url, filled(card.context["part_form"]) | {"minutes": "9999"})
    assert "part_minutes" not in text_of(refused)
    assert refused.context["part_form"].errors


def test_taking_somebody_off_is_asked_once_more(owner, stage, client_as):
    client = client_as(owner)
    url = f"{PANEL}people/{stage.panellist.code}/remove/"
    assert "Take Petar Ilić off the panel?" in text_of(client.get(url))
    assert stage.panel.participations.count() == 2
    client.post(url, {"version": stage.panel.version})
    assert stage.panel.participations.count() == 1
    assert client.post(url).status_code == 404


def test_a_viewer_sees_the_panel_and_no_way_to_change_it(stage, account_with_role, client_as):
    client = client_as(account_with_role(Role.VIEWER))
    page = html_of(client.get(PANEL, {"part": stage.panellist.code}))
    assert "Petar" in page
    assert re.findall(r'<form[^>]*method="post"', page) == ['<form class="form" method="post"']
    assert "Save" not in page
    for path in ("people/", "people/new/", "order/", "cancel/"):
        assert client.post(f"{PANEL}{path}").status_code == 403
    assert client.get(f"{PANEL}people/").status_code == 403


def test_nothing_stored_becomes_markup(owner, stage, client_as):
    stage.panel.title = {"en": HOSTILE}
    stage.panel.save()
    stage.room.name = {"en": HOSTILE}
    stage.room.save()
    person = stage.people["Petar"]
    person.given_name = person.family_name = HOSTILE
    person.search_key = "hostile"
    person.save()
    stage.panellist.affiliation = stage.panellist.position = HOSTILE
    stage.panellist.save()
    client = client_as(owner)
    for path in (
        SESSIONS,
        PANEL,
        f"{PANEL}?q=hostile",
        f"{PANEL}?q={HOSTILE}",
        f"{PANEL}?part={stage.panellist.code}",
        f"{PANEL}people/{stage.panellist.code}/remove/",
    ):
        body = client.get(path).content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body
