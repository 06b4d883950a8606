"""The form in a rush: opened without a query, five seconds old at most, never behind an edit."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.services.organisations import change_organisation
from core.actors import SYSTEM
from events.services.conferences import change_conference
from events.services.lifecycle import postpone_conference
from events.services.schedules import publish_schedule
from registrations.models import Allotment, Question, Registration, RegistrationType, SignUpSession
from registrations.services import form_facts
from registrations.services.access_codes import create_access_code, end_access_code
from registrations.services.allotments import change_allotment
from registrations.services.question_sections import create_section
from registrations.services.questions import change_question, create_question, retire_question
from registrations.services.sign_up_sessions import change_sign_up, open_sign_up
from registrations.services.types import change_registration_type, create_registration_type
from tests.factories.events import SessionFactory
from tests.factories.registrations import RegistrationFactory
from tests.registrations.views.test_register import PATH, WISH, key_of

pytestmark = pytest.mark.django_db
API = "/api/v1/public/institute/forum/registration-form/"


@pytest.fixture(autouse=True)
def age(settings, monkeypatch):
    """Keep forms as in production; return a clock that can be put forward."""
    settings.FORM_KEPT_SECONDS = 5
    cache.clear()
    monkeypatch.setattr(form_facts, "_kept", {})
    clock = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(form_facts, "time", SimpleNamespace(monotonic=lambda: clock.seconds))
    return clock


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Return a block after which what it did is committed, as far as those who wait can see."""

    def block(**kwargs):
        # What the test's own rows left to do has been done.
        connection.run_on_commit.clear()
        return django_capture_on_commit_callbacks(**{"execute": True, **kwargs})

    return block


@pytest.fixture
def press(conference):
    return create_registration_type(
        conference=conference, slug="press", name={"en": "Press"}, public=False, actor=SYSTEM
    )


@pytest.fixture
def code(conference, press):
    return create_access_code(
        conference=conference, registration_types=[press], code="News27", actor=SYSTEM
    )


@pytest.fixture
def whole(conference, guest_type, code):
    """A form with all that forms can show."""
    options = [{"slug": "maps", "label": {"en": "Maps"}, "capacity": 3}]
    for kind, label, more in (
        ("text", "Your topic", {}),
        ("choice", "Your table", {"options": options}),
        ("consent", "Photos", {"consent_text": {"en": "You may take photos of me."}}),
    ):
        create_question(conference=conference, kind=kind, label={"en": label}, actor=SYSTEM, **more)
    session = SessionFactory(
        conference=conference,
        title={"en": "Drawing maps"},
        start_local=conference.start_local,
        end_local=conference.start_local.replace(hour=conference.start_local.hour + 1),
    )
    publish_schedule(conference=conference, name="1.0", actor=SYSTEM)
    return open_sign_up(session=session, capacity=2, actor=SYSTEM)


def text_of(path=PATH, **headers):
    page = Client().get(path, headers=headers)
    assert page.status_code == 200
    return page.content.decode()


class TestWithoutAQuery:
    def test_the_page_with_all_that_it_can_show(self, whole, django_assert_num_queries):
        cold = text_of()
        with django_assert_num_queries(0):
            warm = text_of()
        for shown in ("Your topic", "Maps", "You may take photos", "Drawing maps", "I have a code"):
            assert (shown in cold) == (shown in warm)
        for shown in ("Your topic", "Your table", "photos of me", "Drawing maps", "access_code"):
            assert shown in warm

    def test_with_a_code_in_the_address(self, whole, django_assert_num_queries):
        assert "Press" in text_of(f"{PATH}?code=news27")
        with django_assert_num_queries(0):
            assert "Press" in text_of(f"{PATH}?code=news27")
            assert 'name="access_code" value="news27"' in text_of(f"{PATH}?code=news27")
        assert "Press" not in text_of()

    def test_each_language_its_own(self, conference, guest_type, django_assert_num_queries):
        change_conference(
            conference=conference,
            changes={"languages": ["en", "sr-Latn", "ru"]},
            expected=None,
            actor=SYSTEM,
        )
        asks = [{}, {"Accept-Language": "ru"}, {"Accept-Language": "sr-Latn,en;q=0.5"}]
        cold = [text_of(**ask) for ask in asks] + [text_of(f"{PATH}?lang=ru")]
        with django_assert_num_queries(0):
            warm = [text_of(**ask) for ask in asks] + [text_of(f"{PATH}?lang=ru")]
        assert [bare(page) for page in cold] == [bare(page) for page in warm]
        assert [re.search(r'<html lang="([^"]+)"', page)[1] for page in warm] == [
            *("en", "ru", "sr-Latn", "ru")
        ]

    def test_the_form_over_the_api(self, whole, django_assert_num_queries):
        cold, length = Client().get(API).json(), Client().head(PATH)["Content-Length"]
        with django_assert_num_queries(0):
            assert Client().get(API).json() == cold
            assert Client().head(PATH)["Content-Length"] == length

    def test_a_code_over_the_api(self, whole, django_assert_num_queries):
        Client().get(f"{API}?access_code=News27")
        with django_assert_num_queries(0):
            body = Client().get(f"{API}?access_code=News27").json()
        assert [one["slug"] for one in body["types"]] == ["press"]

    def test_a_code_that_opens_nothing_is_looked_at_each_time(self, whole):
        for _ in range(2):
            assert "There is no such code here." in text_of(f"{PATH}?code=wrong")
        assert Client().get(f"{API}?access_code=wrong").status_code == 400


def bare(page):
    """Return a page without its tokens."""
    return re.sub(r'(name="(?:csrfmiddlewaretoken|request_key)" value=")[^"]+', r"\1", page)


class TestTokens:
    def test_each_who_opens_it_gets_tokens_of_their_own(self, guest_type):
        pages = [text_of() for _ in range(3)]
        for name in ("csrfmiddlewaretoken", "request_key"):
            values = {re.search(rf'name="{name}" value="([^"]+)"', page)[1] for page in pages}
            assert len(values) == 3
        assert len({bare(page) for page in pages}) == 1

    def test_a_kept_page_can_be_sent_with_its_own_cookie_only(self, guest_type):
        text_of()
        ana, ivo = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
        pages = {client: client.get(PATH) for client in (ana, ivo)}
        tokens = {
            client: re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
            for client, page in pages.items()
        }
        wish = {**WISH, "request_key": key_of(pages[ana])}
        assert ana.post(PATH, {**wish, "csrfmiddlewaretoken": tokens[ivo]}).status_code == 403
        assert ana.post(PATH, {**wish, "csrfmiddlewaretoken": tokens[ana]}).status_code == 302

    def test_nobody_else_keeps_it(self, guest_type):
        for _ in range(2):
            page = Client().get(PATH)
            assert page["Cache-Control"] == "no-store"
            assert "Cookie" in page["Vary"]
            assert [*page.cookies]

    def test_a_closed_form_sets_no_cookie(self, conference):
        for _ in range(2):
            assert not Client().get(PATH).cookies


def _type(guest_type, _sign_up):
    change_registration_type(
        registration_type=guest_type,
        changes={"name": {"en": "Everybody"}},
        expected=None,
        actor=SYSTEM,
    )


def _question(_guest_type, _sign_up):
    change_question(
        question=Question.objects.get(label__en="Your topic"),
        changes={"label": {"en": "Your subject"}},
        expected=None,
        actor=SYSTEM,
    )


def _section(guest_type, _sign_up):
    section = create_section(
        conference=guest_type.conference, title={"en": "At the table"}, actor=SYSTEM
    )
    create_question(
        conference=guest_type.conference,
        section=section,
        kind="text",
        label={"en": "Neighbour"},
        actor=SYSTEM,
    )


def _option(_guest_type, _sign_up):
    table = Question.objects.get(label__en="Your table")
    change_question(
        question=table,
        changes={"options": [{"slug": "maps", "label": {"en": "Atlases"}}]},
        expected=None,
        actor=SYSTEM,
    )


def _session(_guest_type, sign_up):
    change_sign_up(sign_up_session=sign_up, changes={"capacity": 77}, expected=None, actor=SYSTEM)


def _places(guest_type, _sign_up):
    allotment = guest_type.allotments.get()
    change_allotment(allotment=allotment, changes={"capacity": 66}, expected=None, actor=SYSTEM)


def _title(guest_type, _sign_up):
    change_conference(
        conference=guest_type.conference,
        changes={"title": {"en": "Closed forum"}},
        expected=None,
        actor=SYSTEM,
    )


def _state(guest_type, _sign_up):
    postpone_conference(conference=guest_type.conference, expected=None, actor=SYSTEM)


def _host(guest_type, _sign_up):
    host = guest_type.conference.organisation
    change_organisation(
        organisation=host, changes={"name": "House of maps"}, expected=None, actor=SYSTEM
    )


class TestEdits:
    def test_who_sends_it_a_second_later_answers_the_question_of_now(
        self, guest_type, client, age, commit
    ):
        page = client.get(PATH)
        with commit():
            create_question(
                conference=guest_type.conference,
                kind="text",
                label={"en": "Your topic"},
                required=True,
                actor=SYSTEM,
            )
        age.seconds = form_facts.SENDING
        sent = client.post(PATH, {**WISH, "request_key": key_of(page)})
        assert sent.status_code == 400
        assert "Your topic" in sent.content.decode()

    @pytest.mark.parametrize(
        ("edit", "shown"),
        [
            (_type, "Everybody"),
            (_question, "Your subject"),
            (_section, "At the table"),
            (_option, "Atlases"),
            (_session, "77 places left"),
            (_places, "66 places left"),
            (_title, "Closed forum"),
            (_state, "Registration opens again when the new date is known"),
            (_host, "House of maps"),
        ],
    )
    def test_what_an_organiser_changes_shows_at_once(self, edit, shown, guest_type, whole, commit):
        assert shown not in text_of()
        assert shown not in text_of()
        with commit():
            edit(guest_type, whole)
        assert shown in text_of()

    def test_the_form_over_the_api_follows_too(self, guest_type, whole, commit):
        before = Client().get(API).json()
        with commit():
            retire_question(
                question=Question.objects.get(label__en="Your topic"), expected=None, actor=SYSTEM
            )
        after = Client().get(API).json()
        assert len(after["questions"]) == len(before["questions"]) - 1

    def test_a_code_that_is_ended_opens_nothing_from_then_on(self, whole, code, commit):
        assert "Press" in text_of(f"{PATH}?code=News27")
        with commit():
            end_access_code(access_code=code, expected=None, actor=SYSTEM)
        assert "This code is not valid any more." in text_of(f"{PATH}?code=News27")

    def test_a_change_that_is_undone_renews_nothing(
        self, guest_type, conference, django_assert_num_queries, commit
    ):
        text_of()
        with commit(execute=False) as waiting:
            _title(guest_type, None)
            _type(guest_type, None)
        # Forms, and pages of the programme, once each however much one transaction changes.
        assert len(waiting) == 2
        with django_assert_num_queries(0):
            text_of()

    def test_another_organisation_changes_nothing_here(
        self,
        guest_type,
        other_organisation,
        django_assert_num_queries,
        commit,
    ):
        text_of()
        with commit():
            change_organisation(
                organisation=other_organisation,
                changes={"name": "Elsewhere"},
                expected=None,
                actor=SYSTEM,
            )
        with django_assert_num_queries(0):
            text_of()


class TestAge:
    def test_places_left_are_five_seconds_old_at_most(self, guest_type, age):
        assert "10 places left" in text_of()
        RegistrationFactory(registration_type=guest_type)
        age.seconds = 4.9
        assert "10 places left" in text_of()
        age.seconds = 5.1
        assert "9 places left" in text_of()

    def test_who_sends_it_meets_the_database(self, guest_type, client):
        page = client.get(PATH)
        Allotment.objects.update(capacity=0)
        guest_type.waiting_list = False
        guest_type.save()

        sent = client.post(PATH, {**WISH, "request_key": key_of(page)})

        assert sent.status_code == 409
        assert "There is no place left" in sent.content.decode()
        assert Registration.objects.count() == 0

    @pytest.mark.parametrize(
        "change", [{"visibility": "private"}, {"state": "postponed"}, {"state": "draft"}]
    )
    def test_a_conference_that_has_closed_meanwhile_takes_nobody(
        self, conference, guest_type, client, change
    ):
        page = client.get(PATH)
        type(conference).objects.filter(pk=conference.pk).update(
            version=conference.version + 1, **change
        )
        sent = client.post(PATH, {**WISH, "request_key": key_of(page)})
        assert sent.status_code == 409
        assert Registration.objects.count() == 0

    def test_a_session_that_is_full_meanwhile_is_refused(self, whole, guest_type, client):
        page = client.get(PATH)
        SignUpSession.objects.get().allotment.__class__.objects.filter(
            pk=SignUpSession.objects.get().allotment_id
        ).update(taken=2)
        answers = {
            "sessions": [whole.session.code],
            "c-photos": "1",
            "q-your-table": "maps",
        }
        sent = client.post(PATH, {**WISH, **answers, "request_key": key_of(page)})
        assert sent.status_code == 409
        assert Registration.objects.count() == 0


class Away:
    """A cache that is not there: nothing is kept, and nothing fails."""

    def get(self, *_args, **_kwargs):
        return None

    def add(self, *_args, **_kwargs):
        return True

    def set(self, *_args, **_kwargs):
        return None


def test_without_a_cache_the_page_is_read_from_the_database(guest_type, monkeypatch):
    monkeypatch.setattr(form_facts, "cache", Away())
    assert "10 places left" in text_of()
    RegistrationFactory(registration_type=guest_type)
    assert "9 places left" in text_of()
    assert form_facts._kept == {}


def test_what_is_kept_is_not_used_while_the_cache_is_away(guest_type, monkeypatch):
    assert "10 places left" in text_of()
    RegistrationFactory(registration_type=guest_type)
    monkeypatch.setattr(form_facts, "cache", Away())
    assert "9 places left" in text_of()


def test_a_former_address_leads_on_and_is_not_kept(conference, guest_type):
    change_conference(conference=conference, changes={"slug": "agora"}, expected=None, actor=SYSTEM)
    for _ in range(2):
        moved = Client().get(PATH)
        assert (moved.status_code, moved["Location"]) == (301, "/institute/agora/register/")
    assert list(form_facts._kept) == []
    assert text_of("/institute/agora/register/")


def test_so_many_conferences_are_kept_and_no_more(guest_type, monkeypatch):
    monkeypatch.setattr(form_facts, "_MOST", 1)
    form_facts._kept[("another", "place")] = None
    text_of()
    assert list(form_facts._kept) == [("institute", "forum")]


class TestWhoComesTooLate:
    """Of many whom the last place is refused, the first has the page read anew for all."""

    @pytest.fixture
    def full(self, conference, guest_type):
        text_of()
        # Unseen by what is kept: no service, no signal.
        Allotment.objects.filter(conference=conference).update(capacity=0)
        RegistrationType.objects.filter(pk=guest_type.pk).update(waiting_list=False)

    def late(self):
        page = Client().post(PATH, WISH)
        assert page.status_code == 409
        return page.content.decode()

    def test_each_reads_that_it_is_full(self, full):
        for _ in range(2):
            page = self.late()
            assert "There is no place left. Nothing was changed." in page
            assert "Full" in page

    def test_only_the_first_has_the_page_read(self, full):
        def asked(table):
            with CaptureQueriesContext(connection) as queries:
                self.late()
            return sum(f'FROM "{table}"' in query["sql"] for query in queries)

        assert [asked("events_conference") > 0, asked("events_conference") > 0] == [True, False]

    def test_what_they_typed_is_theirs_alone(self, full):
        pages = []
        for name in ("Ana", "Ivo"):
            wish = WISH | {"given_name": name}
            pages.append(Client().post(PATH, wish).content.decode())
        assert [('value="Ana"' in page, 'value="Ivo"' in page) for page in pages] == [
            (True, False),
            (False, True),
        ]
        assert 'value="Ana"' not in text_of()
