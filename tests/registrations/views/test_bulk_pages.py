"""Pages of one verb for many: the look, the deed, the progress, the stop."""

from __future__ import annotations

import re
from functools import partial

import pytest

from accounts.enums import Role
from registrations.models import BulkDeed, Registration
from registrations.services.bulk_running import go_on_with_deeds, start_deed
from registrations.tasks import go_on_with_bulk_deeds
from registrations.views.manage import bulk
from tests.factories.crowd import make_crowd
from tests.factories.events import PersonFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db

LIST = "/manage/institute/forum/registrations/"
BULK = f"{LIST}bulk/"


@pytest.fixture
def desk(conference, client_as, account_with_role):
    return client_as(account_with_role(Role.REGISTRAR))


@pytest.fixture
def waiting(guest_type):
    return [
        RegistrationFactory(registration_type=guest_type, status="waiting_list") for _ in range(2)
    ]


@pytest.fixture
def nudges(monkeypatch):
    sent = []
    monkeypatch.setattr(go_on_with_bulk_deeds, "apply_async", lambda **given: sent.append(given))
    return sent


@pytest.fixture
def twenty_are_few(monkeypatch):
    monkeypatch.setattr(bulk, "start_deed", partial(start_deed, at_once=20))


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def codes(rows):
    return [row.code for row in rows]


def test_nothing_happens_before_it_is_confirmed(desk, guest_type, waiting):
    placed = RegistrationFactory(registration_type=guest_type, given_name="Olga")
    page = desk.post(BULK, {"pick": codes([*waiting, placed]), "verb": "approve"})

    text = text_of(page)
    assert "Give 3 registrations a place" in text
    assert "Give 2 registrations a place</button>" in text
    assert "1: Has a place already." in text
    assert "Olga" in text
    assert Registration.objects.filter(status="confirmed").count() == 1
    assert not BulkDeed.objects.exists()


def confirm(desk, page, **more):
    """Send the form of a page as it stands."""
    form = page.content.decode().split('<form class="form" method="post">')[1].split("</form>")[0]
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    data = {name: value for name, value in fields if name != "csrfmiddlewaretoken"}
    return desk.post(BULK, {**data, "confirm": "yes", **more})


def test_the_deed_says_what_came_of_it(desk, guest_type, waiting):
    placed = RegistrationFactory(registration_type=guest_type, given_name="Olga")
    page = desk.post(BULK, {"pick": codes([*waiting, placed]), "verb": "approve"})
    answer = confirm(desk, page)

    deed = BulkDeed.objects.get()
    assert answer["Location"] == f"{BULK}{deed.code}/"
    text = text_of(desk.get(answer["Location"]))
    assert "2 registrations got a place." in text
    assert "1 left out" in text
    assert "Olga" in text
    assert Registration.objects.filter(status="confirmed").count() == 3


@pytest.mark.parametrize(
    ("more", "status"), [({}, "pending_approval"), ({"or_wait": "1"}, "waiting_list")]
)
def test_a_box_says_whether_who_finds_no_place_waits(desk, conference, more, status):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=1)
    asking = [RegistrationFactory(registration_type=kind, status="pending_approval") for _ in "ab"]
    page = desk.post(BULK, {"pick": codes(asking), "verb": "approve"})
    text = text_of(page)
    assert "1 will find no place" in text
    assert 'name="or_wait" value="1" checked' in text
    answer = confirm(desk, page, **more)

    found = [Registration.objects.get(pk=row.pk).status for row in asking]
    assert found == ["confirmed", status]
    text = text_of(desk.get(answer["Location"]))
    assert ("There is no place left: went to the waiting list." in text) == bool(more)


def test_where_no_place_is_left_at_all_they_can_be_put_on_the_list(desk, conference):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=1)
    RegistrationFactory(registration_type=kind)
    asking = RegistrationFactory(registration_type=kind, status="pending_approval")
    page = desk.post(BULK, {"pick": [asking.code], "verb": "approve"})
    assert "Put them on the waiting list</button>" in text_of(page)
    confirm(desk, page)

    assert Registration.objects.get(pk=asking.pk).status == "waiting_list"


def test_all_that_match_means_the_filter_and_not_the_page(desk, conference, nudges, twenty_are_few):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=500)
    make_crowd([kind], 100)
    page = desk.post(
        BULK, {"everybody": "1", "status": "confirmed", "verb": "cancel", "pick": ["WRONGCODE1"]}
    )
    assert "Cancel 60 registrations" in text_of(page)
    answer = confirm(desk, page, reason="Called off")

    deed = BulkDeed.objects.get()
    assert (deed.state, deed.total) == ("running", 60)
    assert [given["expires"] for given in nudges] == [60]
    progress = text_of(desk.get(answer["Location"]))
    assert "0 of 60 are looked at." in progress
    assert 'hx-trigger="every 3s"' in progress
    go_on_with_deeds()
    assert "60 registrations cancelled." in text_of(desk.get(answer["Location"]))
    assert Registration.objects.filter(cancel_reason="Called off").count() == 60


def test_it_is_stopped_by_a_button(desk, conference, nudges):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=500)
    make_crowd([kind], 300)
    answer = confirm(desk, desk.post(BULK, {"everybody": "1", "verb": "cancel"}))
    assert desk.post(answer["Location"]).status_code == 302

    text = text_of(desk.get(answer["Location"]))
    assert "Stopped" in text
    assert "300 were not reached." in text
    assert "It has ended already." in text_of(desk.post(answer["Location"], follow=True))


def test_who_came_since_the_look_is_not_done_something_to_unseen(desk, guest_type, waiting):
    page = desk.post(BULK, {"everybody": "1", "verb": "cancel"})
    RegistrationFactory(registration_type=guest_type)
    again = confirm(desk, page)

    assert "These are 3 by now. Nothing was done" in text_of(again)
    assert not BulkDeed.objects.exists()


def test_too_few_places_are_said_before(desk, conference):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=1)
    for _ in range(3):
        RegistrationFactory(registration_type=kind, status="waiting_list")

    text = text_of(desk.post(BULK, {"everybody": "1", "verb": "approve"}))
    assert "2 will find no place" in text
    assert "Give 1 registration a place</button>" in text


@pytest.mark.parametrize(
    "data",
    [
        {"verb": "approve"},
        {"pick": "WRONGCODE1"},
        {"pick": "WRONGCODE1", "verb": "delete"},
        {"pick": "WRONGCODE1", "more": ""},
    ],
)
def test_what_is_no_choice_leads_back(desk, waiting, data):
    answer = desk.post(BULK, {"q": "ana", **data})
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?q=ana")
    assert "Choose registrations first" in text_of(desk.get(LIST))


def test_others_registrations_can_not_be_chosen(desk, waiting):
    foreign = RegistrationFactory(status="waiting_list")
    page = desk.post(BULK, {"pick": foreign.code, "verb": "reject"})
    assert "Turn down 0 registrations" in text_of(page)
    assert "Choose registrations first" in text_of(confirm(desk, page))
    foreign.refresh_from_db()
    assert foreign.status == "waiting_list"


@pytest.mark.parametrize(("verb", "start"), [("csv", b"\xef\xbb\xbfcode"), ("xlsx", b"PK")])
def test_a_selection_is_a_file(desk, guest_type, waiting, verb, start):
    RegistrationFactory(registration_type=guest_type)
    answer = desk.post(BULK, {"pick": codes(waiting[:1]), "more": verb})
    body = b"".join(answer.streaming_content)
    assert body.startswith(start)
    if verb == "csv":
        assert body.count(b"\r\n") == 2


def test_a_tag_takes_the_right_to_write_people(
    desk, client_as, account_with_role, guest_type, conference
):
    person = PersonFactory(organisation=conference.organisation)
    row = RegistrationFactory(registration_type=guest_type, person=person)
    assert desk.post(BULK, {"pick": row.code, "verb": "tag"}).status_code == 403

    organiser = client_as(account_with_role(Role.ORGANISER))
    page = organiser.post(BULK, {"pick": row.code, "verb": "tag"})
    assert 'name="tag"' in text_of(page)
    wrong = confirm(organiser, page, tag="No Slug")
    assert "Use lower-case letters" in text_of(wrong)
    confirm(organiser, wrong, tag="civil-society")
    assert [tag.slug for tag in person.tags.all()] == ["civil-society"]


def test_the_door_and_strangers_do_nothing_to_many(
    client_as, account_with_role, other_organisation, waiting
):
    door = client_as(account_with_role(Role.DOOR))
    assert door.post(BULK, {"everybody": "1", "verb": "cancel"}).status_code == 403
    stranger = client_as(account_with_role(Role.OWNER, other_organisation))
    assert stranger.post(BULK, {"everybody": "1", "verb": "cancel"}).status_code == 404
    assert "selection-bar" not in text_of(door.get(LIST))


def test_a_worker_is_woken_and_does_it(desk, conference, nudges, twenty_are_few):
    kind = RegistrationTypeFactory(conference=conference, slug="guest", capacity=500)
    make_crowd([kind], 21)
    confirm(desk, desk.post(BULK, {"everybody": "1", "verb": "cancel"}))
    assert BulkDeed.objects.get().state == "running"
    go_on_with_bulk_deeds()
    assert BulkDeed.objects.get().state == "done"
