"""Stopping mails without an account: one click of a mail program, and the page behind the link."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from core.models import AuditEntry
from core.views.links import WRONG_LINKS
from notifications.enums import MessageKind
from notifications.models import LiftedSuppression, Message, Suppression
from notifications.services.unsubscribing import unsubscribe_path
from registrations.models import Registration
from tests.factories.notifications import MessageFactory, conference_in, guests_of

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
LANGUAGES = ["en", "sr-Latn", "sr-Cyrl", "ru"]


@pytest.fixture
def message():
    conference = conference_in(
        slug="forum",
        title={"en": "Rivers", "sr-Latn": "Reke", "ru": "Реки"},
        languages=LANGUAGES,
        organisation__slug="institute",
        organisation__name="Institute for Testing",
    )
    guest = guests_of(conference, email="ana@example.org", email_key="ana@example.org")[0]
    return MessageFactory(kind=MessageKind.REMINDER, registration=guest)


@pytest.fixture
def path(message):
    return unsubscribe_path(message)


@pytest.fixture
def stranger():
    """A client that checks for forged requests, as in production, and has no cookie."""
    return Client(enforce_csrf_checks=True)


def kept():
    """Return all that a visit could have changed."""
    rows = [Message, Suppression, LiftedSuppression, AuditEntry, Registration]
    return [list(model.objects.order_by("pk").values()) for model in rows]


def scopes():
    return sorted(str(row.scope) for row in Suppression.objects.all())


class TestLooking:
    @pytest.mark.parametrize("method", ["GET", "HEAD"])
    def test_three_times_changes_nothing(self, stranger, path, method):
        before = kept()
        for _time in range(3):
            response = stranger.generic(method, path)
            assert response.status_code == 200
            assert response.cookies == {}
        assert kept() == before

    def test_nobody_keeps_or_finds_it(self, stranger, path):
        response = stranger.get(path)
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta name="robots" content="noindex">' in response.text
        assert '<meta name="referrer" content="no-referrer">' in response.text

    @pytest.mark.parametrize(
        ("tag", "heading", "button"),
        [
            ("en", "Stop mails like this one?", "Stop these mails"),
            ("sr-Latn", "Ne želite više ovakve poruke?", "Ne šaljite mi ih više"),
            ("ru", "Больше не получать таких писем?", "Больше не присылать"),
        ],
    )
    def test_it_is_in_the_language_of_the_mail(self, stranger, message, path, tag, heading, button):
        Message.objects.filter(pk=message.pk).update(language=tag)
        response = stranger.get(path)
        assert response["Content-Language"] == tag
        assert heading in response.text
        assert button in response.text
        assert "ana@example.org" in response.text
        assert 'name="csrfmiddlewaretoken"' not in response.text

    @pytest.mark.parametrize("tag", LANGUAGES)
    def test_another_language_is_a_link_away_and_stays_chosen(self, stranger, path, tag):
        response = stranger.get(f"{path}?lang={tag}")
        assert response["Content-Language"] == tag
        done = stranger.post(f"{path}?lang={tag}", {"do": "stop", "scope": "conference"})
        assert (done.status_code, done["Location"]) == (302, f"{path}?lang={tag}")

    def test_it_says_what_still_comes_and_leads_no_further_than_anybody_may_go(
        self, stranger, message, path
    ):
        text = stranger.get(path).text
        assert "such as a confirmation" in text
        assert "neither declines an invitation nor gives a place back" in text
        assert 'href="/institute/forum/register/link/"' in text
        assert "/r/" not in text
        message.registration.delete()
        assert "register/link" not in stranger.get(path).text

    def test_a_private_conference_is_not_linked_to(self, stranger, message, path):
        message.conference.visibility = "private"
        message.conference.save()
        text = stranger.get(path).text
        assert "register/link" not in text
        assert 'href="/institute/forum/' not in text


class TestOneClick:
    def test_needs_no_cookie_no_token_and_no_second_request(self, stranger, path, message):
        response = stranger.post(path, ONE_CLICK)
        assert (response.status_code, response["Content-Type"]) == (
            200,
            "text/plain; charset=utf-8",
        )
        assert response.text.startswith("You get no more mails about Rivers.")
        assert response.cookies == {}
        row = Suppression.objects.get()
        assert (row.email_key, row.reason, row.conference, row.by_kind) == (
            "ana@example.org",
            "one_click",
            message.conference,
            "guest",
        )
        message.refresh_from_db()
        assert (message.state, message.cancelled_for) == ("cancelled", "suppressed")
        message.registration.refresh_from_db()
        assert message.registration.status == "confirmed"

    def test_is_taken_as_a_form_or_in_parts_and_from_any_origin(self, path):
        body = "List-Unsubscribe=One-Click"
        plain = Client(enforce_csrf_checks=True).post(
            path, body, content_type="application/x-www-form-urlencoded", HTTP_ORIGIN="null"
        )
        parts = Client(enforce_csrf_checks=True).post(path, ONE_CLICK)  # multipart/form-data
        assert (plain.status_code, parts.status_code) == (200, 200)
        assert scopes() == ["conference"]

    def test_twice_is_once(self, stranger, path):
        answers = [stranger.post(path, ONE_CLICK) for _time in range(3)]
        assert {(a.status_code, a.text) for a in answers} == {(200, answers[0].text)}
        assert Suppression.objects.count() == 1
        assert AuditEntry.objects.filter(verb="opt_out").count() == 1

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"List-Unsubscribe": "Two-Clicks"},
            {"list-unsubscribe": "One-Click"},
            {"do": "stop"},
            {"do": "stop", "scope": "everybody"},
            {"do": "delete", "scope": "conference"},
        ],
    )
    def test_anything_else_changes_nothing_and_says_so(self, stranger, path, body):
        before = kept()
        response = stranger.post(path, body)
        assert response.status_code == 400
        assert "Nothing was changed." in response.text
        assert kept() == before

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
    def test_no_other_method_is_taken(self, stranger, path, method):
        assert stranger.generic(method, path).status_code == 405


class TestThePage:
    def test_stops_one_conference_then_all_and_lets_them_come_again(self, stranger, path, message):
        assert stranger.post(path, {"do": "stop", "scope": "conference"}).status_code == 302
        assert scopes() == ["conference"]
        text = stranger.get(path).text
        assert "These mails have stopped" in text
        assert "Nothing more about Rivers goes to ana@example.org" in text
        assert "Stop everything from Institute for Testing" in text
        stranger.post(path, {"do": "stop", "scope": "organisation"})
        assert scopes() == ["conference", "organisation"]
        text = stranger.get(path).text
        assert "Nothing more from Institute for Testing goes to ana@example.org" in text
        assert "Stop everything from" not in text
        assert stranger.post(path, {"do": "again"}).status_code == 302
        assert scopes() == []
        assert "Stop mails like this one?" in stranger.get(path).text

    def test_is_of_its_own_address_alone(self, stranger, message):
        other = MessageFactory(
            kind=MessageKind.REMINDER, registration=guests_of(message.conference)[0]
        )
        stranger.post(unsubscribe_path(other), {"do": "stop", "scope": "organisation"})
        assert [row.email_key for row in Suppression.objects.all()] == [other.to_email]
        assert "Stop mails like this one?" in stranger.get(unsubscribe_path(message)).text
        stranger.post(unsubscribe_path(message), {"do": "again"})
        assert Suppression.objects.count() == 1

    def test_costs_few_queries(self, stranger, path, django_assert_max_num_queries):
        with django_assert_max_num_queries(8):
            stranger.get(path)


class TestWrongLinks:
    def test_open_nothing_and_are_counted_with_the_personal_ones(self, path, settings):
        settings.THROTTLE = True
        cache.clear()
        token = path.split("/")[2]
        for number in range(WRONG_LINKS - 1):
            wrong = f"/u/{token[:-1]}{'AB'[number % 2]}{number}/"
            assert Client().post(wrong, ONE_CLICK).status_code == 404
        refused = Client().get("/r/ABCDEFGHJK/wrong/")
        assert refused.status_code == 429
        assert int(refused["Retry-After"]) > 0
        assert Client().get(f"/u/{token[:-2]}xx/").status_code == 429
        # The right one always opens.
        assert Client().get(path).status_code == 200
        assert Client().post(path, ONE_CLICK).status_code == 200
        cache.clear()

    def test_never_tell_whether_there_is_such_a_message(self, path):
        known, unknown = f"{path[:25]}{'x' * 27}/", f"/u/{'x' * 49}/"
        for method in ("GET", "POST"):
            answers = [Client().generic(method, wrong) for wrong in (known, unknown)]
            assert [a.status_code for a in answers] == [404, 404]
            assert answers[0].content == answers[1].content
