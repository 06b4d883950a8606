"""Pages about places, access codes and session sign-up: organisers' and guests'."""

from __future__ import annotations

import csv
import io

import pytest

from accounts.enums import Role
from core.actors import SYSTEM
from events.models import Session
from events.services.schedules import publish_schedule
from registrations.models import AccessCode, Allotment, HoldBack, Registration, SignUpSession
from registrations.services.access_codes import create_access_code
from registrations.services.hold_backs import create_hold_back
from registrations.services.links import manage_path
from registrations.services.session_offers import chosen_codes
from registrations.services.sign_up_sessions import open_sign_up
from registrations.services.signing_up import choose_sessions
from tests.factories.events import SessionFactory
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory
from tests.registrations.views.test_register import PATH, WISH, key_of

pytestmark = pytest.mark.django_db

BASE = "/manage/institute/forum"
PLACES, CODES, SIGN_UPS = f"{BASE}/places/", f"{BASE}/access-codes/", f"{BASE}/session-sign-up/"


@pytest.fixture
def desk(conference, client_as, account_with_role):
    """A registrar's browser."""
    return client_as(account_with_role(Role.REGISTRAR))


@pytest.fixture
def door(conference, client_as, account_with_role):
    """A browser at the door, which reads only."""
    return client_as(account_with_role(Role.DOOR))


@pytest.fixture
def press(conference):
    return RegistrationTypeFactory(
        conference=conference, slug="press", name={"en": "Press"}, capacity=5, public=False
    )


@pytest.fixture
def code(conference, press):
    return create_access_code(
        conference=conference,
        registration_types=[press],
        code="News27",
        name="=Journalists",
        max_uses=2,
        holds_places=True,
        actor=SYSTEM,
    )


@pytest.fixture
def workshops(conference):
    """Two published sessions one after the other, with two places each."""
    rows = []
    for number, name in enumerate(("Maps", "Law")):
        start = conference.start_local.replace(hour=conference.start_local.hour + number)
        session = SessionFactory(
            conference=conference,
            title={"en": name},
            start_local=start,
            end_local=start.replace(hour=start.hour + 1),
        )
        rows.append(open_sign_up(session=session, capacity=2, actor=SYSTEM))
    publish_schedule(conference=conference, name="1.0", actor=SYSTEM)
    return rows


def text_of(answer):
    return answer.content.decode()


def read_csv(answer):
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body, newline="")))


class TestPlaces:
    def test_the_page_shows_each_number_and_what_draws_from_it(self, desk, guest_type, press):
        RegistrationFactory(registration_type=guest_type)
        create_hold_back(
            allotment=press.allotments.get(), name="The ministry", count=2, actor=SYSTEM
        )

        text = text_of(desk.get(PLACES))

        for words in ("1 of 10 taken", "0 of 5 taken", "The ministry", "You release it"):
            assert words in text

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_costs_the_same_for_many(self, desk, conference, count, django_assert_num_queries):
        for _ in range(count):
            kind = RegistrationTypeFactory(conference=conference)
            create_hold_back(allotment=kind.allotments.get(), name="Board", count=1, actor=SYSTEM)
        desk.get(PLACES)

        # Session, account, membership, conference; allotments, types, sign-ups, options;
        # hold-backs.
        with django_assert_num_queries(9):
            desk.get(PLACES)

    def test_a_hall_is_made_shared_changed_and_deleted(self, desk, guest_type, press):
        RegistrationFactory(registration_type=guest_type)
        made = desk.post(
            f"{PLACES}new/",
            {"name": "Hall", "capacity": "3", "registration_types": ["guest", "press"]},
        )
        assert (made.status_code, made["Location"]) == (302, PLACES)
        hall = Allotment.objects.get(name="Hall")
        assert (hall.taken, hall.registration_types.count()) == (1, 2)
        path = f"{PLACES}{hall.code}/"

        small = desk.post(path, {"name": "Hall", "capacity": "0", "version": hall.version})
        assert "1 places are taken" in text_of(small) or "can not be only 0" in text_of(small)
        for name in ("guest", "press"):
            assert Allotment.objects.get(name=name).registration_types.exists()
        version = Allotment.objects.get(name="Hall").version
        freed = desk.post(path, {"name": "Hall", "capacity": "3", "version": version})
        assert freed.status_code == 302
        hall.refresh_from_db()
        assert (hall.taken, hall.registration_types.count()) == (0, 0)
        assert desk.get(f"{path}delete/").status_code == 200
        desk.post(f"{path}delete/", {"version": hall.version})
        assert not Allotment.objects.filter(name="Hall").exists()

    def test_places_are_kept_back_given_and_released(self, desk, guest_type):
        hall = guest_type.allotments.get()
        made = desk.post(
            f"{PLACES}keep-back/", {"allotment": hall.code, "name": "The ministry", "count": "2"}
        )
        assert made.status_code == 302
        row = HoldBack.objects.get()
        path = f"{PLACES}keep-back/{row.code}/"

        too_many = desk.post(path, {"name": "The ministry", "count": "99", "version": 1})
        assert "There are fewer places left" in text_of(too_many)
        entry = f"{BASE}/registrations/new/"
        assert "The ministry: 2 of guest" in text_of(desk.get(entry))
        desk.post(
            entry,
            {
                "registration_type": "guest",
                "hold_back": row.code,
                "given_name": "Ana",
                "family_name": "Petrović",
                "language": "en",
            },
        )
        hall.refresh_from_db()
        assert (hall.taken, hall.held) == (1, 1)
        row.refresh_from_db()
        assert "1 place of “guest”" in text_of(desk.get(f"{path}release/"))
        desk.post(f"{path}release/", {"version": row.version})
        hall.refresh_from_db()
        assert (hall.held, HoldBack.objects.count()) == (0, 0)

    def test_a_type_says_what_guests_find(self, desk, guest_type, press):
        page = text_of(desk.get(f"{BASE}/types/guest/"))
        assert "Guests can register, with “10 places left”." in page
        assert "It is not on the public form." in text_of(desk.get(f"{BASE}/types/press/"))
        guest_type.opens_local = "2027-03-05T09:00"
        guest_type.opens_at = "2027-03-05T08:00Z"
        guest_type.save()
        page = text_of(desk.get(f"{BASE}/types/guest/"))
        assert "It opens on Friday, 5 March 2027, 09:00" in page


class TestCodes:
    def test_the_list_shows_uses_and_a_link(self, desk, code, guest):
        guest(type_slug="press", access_code="news27")

        text = text_of(desk.get(CODES))

        for words in ("News27", "1 of 2", "In use", "/institute/forum/register/?code=News27"):
            assert words in text

    @pytest.mark.parametrize("count", [1, 3])
    def test_it_costs_the_same_for_many(
        self, desk, conference, press, count, django_assert_num_queries
    ):
        for number in range(count):
            create_access_code(
                conference=conference,
                registration_types=[press],
                code=f"CODE-{number}",
                max_uses=1,
                holds_places=True,
                actor=SYSTEM,
            )
        desk.get(CODES)

        # Session, account, membership, conference; number, codes, types, kept places; any types.
        with django_assert_num_queries(9):
            desk.get(CODES)

    def test_codes_are_made_changed_ended_and_deleted(self, desk, press):
        made = desk.post(
            f"{CODES}new/",
            {"code": "vip-2027", "registration_types": ["press"], "max_uses": "2"},
        )
        assert made.status_code == 302
        row = AccessCode.objects.get()
        path = f"{CODES}code/vip-2027/"
        wrong = desk.post(path, {"code": "x", "registration_types": ["press"], "version": 1})
        assert "every keyboard has them" in text_of(wrong)
        desk.post(
            path,
            {
                "code": "vip-2027",
                "registration_types": ["press"],
                "max_uses": "3",
                "holds_places": "on",
                "version": 1,
            },
        )
        assert press.allotments.get().held == 3
        desk.post(f"{path}end/", {"version": 2})
        row.refresh_from_db()
        assert (row.active, press.allotments.get().held) == (False, 0)
        assert "Ended" in text_of(desk.get(CODES))
        desk.post(f"{path}delete/", {"version": 3})
        assert not AccessCode.objects.exists()

    def test_many_are_made_and_downloaded(self, desk, press, code):
        made = desk.post(
            f"{CODES}many/", {"number": "3", "name": "Students", "registration_types": ["press"]}
        )
        assert made.status_code == 302

        rows = read_csv(desk.get(f"{CODES}codes.csv"))

        assert [row["name"] for row in rows] == ["'=Journalists", *["Students"] * 3]
        assert {row["uses"] for row in rows[1:]} == {"1"}
        assert all(row["link"].endswith(f"?code={row['code']}") for row in rows)

    def test_who_only_reads_sees_no_codes(self, door, code):
        assert door.get(CODES).status_code == 403
        assert "Access codes" not in text_of(door.get(PLACES))


class TestGuestsWithCodes:
    def test_without_codes_nobody_is_asked_for_one(self, client, guest_type):
        assert "I have a code" not in text_of(client.get(PATH))

    def test_a_link_opens_what_the_code_opens(self, client, guest_type, code):
        assert "Press" not in text_of(client.get(PATH))
        page = client.get(f"{PATH}?code=news27")

        text = text_of(page)
        assert 'value="news27"' in text
        assert "It is for: Press" in text
        sent = client.post(
            PATH,
            {
                **WISH,
                "registration_type": "press",
                "access_code": "news27",
                "request_key": key_of(page),
            },
        )
        assert sent.status_code == 302
        assert Registration.objects.get().access_code == code

    def test_a_wrong_code_says_so_and_loses_nothing(self, client, guest_type, code):
        page = client.get(f"{PATH}?code=wrong")
        assert "There is no such code here." in text_of(page)

        sent = client.post(PATH, {**WISH, "access_code": "wrong", "request_key": key_of(page)})

        text = text_of(sent)
        assert sent.status_code == 400
        assert 'href="#id_access_code"' in text
        assert 'value="Petrović"' in text
        assert not Registration.objects.exists()

    def test_the_code_can_be_tried_before_anything_else(self, client, guest_type, code):
        sent = client.post(
            PATH,
            {"use_code": "1", "access_code": "NEWS27", "given_name": "Ana", "request_key": "x"},
        )

        text = text_of(sent)
        assert (sent.status_code, "It is for: Press" in text) == (200, True)
        assert 'value="Ana"' in text
        assert 'name="registration_type" value="press"' in text
        assert "error-summary" not in text

    def test_where_nothing_is_public_a_code_is_asked_for(self, client, code):
        assert "I have a code" in text_of(client.get(PATH))
        assert "Press" in text_of(client.get(f"{PATH}?code=NEWS27"))

    def test_a_markup_in_a_code_stays_text(self, client, guest_type, code):
        assert "<script>x" not in text_of(client.get(f"{PATH}?code=<script>x</script>"))


class TestSignUps:
    def test_an_organiser_opens_one_and_sees_who_comes(self, desk, conference, guest_type):
        session = SessionFactory(conference=conference, title={"en": "Maps"})
        assert "Open a sign-up" in text_of(desk.get(SIGN_UPS))

        made = desk.post(f"{SIGN_UPS}new/", {"session": session.code, "capacity": "2"})

        assert (made.status_code, made["Location"]) == (302, SIGN_UPS)
        assert "Not in the published programme" in text_of(desk.get(SIGN_UPS))
        path = f"{SIGN_UPS}{session.code}/"
        assert "Nobody has signed up yet" in text_of(desk.get(path))
        desk.post(path, {"capacity": "4", "version": 1, "registration_types": ["guest"]})
        row = SignUpSession.objects.get()
        assert (row.allotment.capacity, row.registration_types.count()) == (4, 1)
        assert desk.post(f"{path}delete/", {"version": 2}).status_code == 302
        assert not SignUpSession.objects.exists()

    def test_the_list_of_one_session_is_a_page_and_a_file(self, desk, workshops, guest_type):
        row = RegistrationFactory(registration_type=guest_type, given_name="=Ana")
        maps = workshops[0]
        choose_sessions(registration=row, codes=[maps.session.code], expected=None, actor=SYSTEM)
        path = f"{SIGN_UPS}{maps.session.code}/"

        assert "1 has signed up" in text_of(desk.get(path))
        assert [r["given_name"] for r in read_csv(desk.get(f"{path}people.csv"))] == ["'=Ana"]
        assert "Maps" in text_of(desk.get(f"{BASE}/registrations/{row.code}/"))

    @pytest.mark.parametrize("count", [1, 2])
    def test_the_list_costs_the_same_for_many(
        self, desk, workshops, count, django_assert_num_queries
    ):
        SignUpSession.objects.filter(pk__in=[row.pk for row in workshops[count:]]).delete()
        desk.get(SIGN_UPS)

        # Session, account, membership, conference; the programme (three); sign-ups, types; what
        # might overlap.
        with django_assert_num_queries(10):
            desk.get(SIGN_UPS)

    def test_a_guest_chooses_on_the_form(self, client, workshops, guest_type):
        Allotment.objects.filter(name="Law").update(capacity=0)
        page = client.get(PATH)
        text = text_of(page)
        maps, law = (row.session.code for row in workshops)
        assert "2 places left" in text
        assert f'value="{maps}"' in text
        assert text.split(f'value="{law}"')[1].split(">")[0].strip() == "disabled"

        sent = client.post(
            PATH,
            {
                **WISH,
                "registration_type": "guest",
                "sessions": [maps, law],
                "request_key": key_of(page),
            },
        )
        assert (sent.status_code, Registration.objects.count()) == (409, 0)
        assert "There is no place left at “Law”" in text_of(sent)
        sent = client.post(PATH, {**WISH, "sessions": [maps], "request_key": key_of(page)})
        assert (sent.status_code, chosen_codes(Registration.objects.get())) == (302, [maps])

    def test_a_guest_changes_them_on_the_personal_page(self, client, workshops, guest_type):
        row = RegistrationFactory(registration_type=guest_type)
        maps, law = (one.session.code for one in workshops)
        path = manage_path(row)
        assert "You have not chosen any session." in text_of(client.get(path))

        sent = client.post(f"{path}sessions/", {"sessions": [maps, law], "version": 1})
        assert (sent.status_code, chosen_codes(row)) == (302, [maps, law])
        page = text_of(client.get(f"{path}sessions/"))
        assert page.count("checked") == 2
        assert client.post(f"{path}sessions/", {"version": 2}).status_code == 302
        assert chosen_codes(row) == []
        stale = client.post(f"{path}sessions/", {"sessions": [maps], "version": 1})
        assert (stale.status_code, chosen_codes(row)) == (412, [])
        # Sent again it is the guest's own decision.
        assert 'name="version" value="3"' in text_of(stale)

    def test_a_guest_gives_one_back_by_a_button(self, client, workshops, guest_type, clock):
        row = RegistrationFactory(registration_type=guest_type)
        maps, law = (one.session.code for one in workshops)
        choose_sessions(registration=row, codes=[maps, law], expected=None, actor=SYSTEM)
        path = manage_path(row)
        page = text_of(client.get(path))
        assert page.count("Give this place back") == 2
        assert f'value="{maps}"' in page
        for _press in range(2):
            sent = client.post(f"{path}sessions/?lang=en", {"leave": maps})
            assert (sent.status_code, sent["Location"]) == (302, f"{path}?lang=en&saved=1")
        assert chosen_codes(row) == [law]
        clock.move_to("2027-03-18T10:00")
        late = client.post(f"{path}sessions/", {"leave": law})
        assert (late.status_code, chosen_codes(row)) == (409, [law])
        assert "too late" in text_of(late)
        assert "Give this place back" not in text_of(late)

    def test_a_later_move_is_said_to_guest_and_organiser(
        self, client, desk, workshops, guest_type, conference
    ):
        row = RegistrationFactory(registration_type=guest_type)
        maps, law = (one.session for one in workshops)
        codes = [maps.code, law.code]
        choose_sessions(registration=row, codes=codes, expected=None, actor=SYSTEM)
        Session.objects.filter(pk=law.pk).update(
            start_local=maps.start_local, starts_at=maps.starts_at
        )
        publish_schedule(conference=conference, name="2.0", actor=SYSTEM)

        assert "are now at the same time" in text_of(client.get(manage_path(row)))
        assert "1 person has chosen both" in text_of(desk.get(SIGN_UPS))
        assert len(chosen_codes(row)) == 2

    def test_a_personal_page_without_sign_up_says_nothing_of_it(self, client, guest_type):
        row = RegistrationFactory(registration_type=guest_type)
        assert "Your sessions" not in text_of(client.get(manage_path(row)))
