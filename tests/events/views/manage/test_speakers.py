"""The pipeline of a panel's seats on organisers' pages."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from events.models import Candidate, Participation
from notifications.models import Message
from tests.events.views.reading import HOSTILE, html_of, text_of
from tests.factories.events import ParticipationFactory, PersonFactory

PANEL = "/manage/institute/open-forum/sessions/PANEL2/"
ASK = "/manage/institute/open-forum/asking/PANEL2/"


@pytest.fixture
def seat(stage, frozen):
    frozen("2027-02-10T09:00")

    def make(state="planned", **fields):
        fields.setdefault("person__email", "ivo@example.org")
        fields.setdefault("person__given_name", "Ivo")
        fields.setdefault("person__family_name", "Tomić")
        return ParticipationFactory(session=stage.panel, state=state, order=2, **fields)

    return make


def at(row, verb):
    return f"{PANEL}people/{row.code}/{verb}/"


def version(row):
    row.session.refresh_from_db()
    return row.session.version


class TestAsking:
    def test_one_is_asked_by_a_form_with_words_and_a_deadline(self, owner, seat, client_as):
        row, client = seat(), client_as(owner)
        assert f"{ASK}?part={row.code}" in html_of(client.get(PANEL))
        page = client.get(ASK, {"part": row.code})
        assert "Ask Ivo Tomić to speak" in text_of(page)
        data = {
            "part": row.code,
            "version": version(row),
            "words": "Please",
            "reply_until_local": "2027-03-01T18:00",
        }
        answer = client.post(ASK, data)
        assert (answer.status_code, answer["Location"]) == (302, PANEL)
        row.refresh_from_db()
        assert (row.state, row.asked_words) == ("invited", "Please")
        assert Message.objects.get().to_email == "ivo@example.org"
        said = text_of(client.get(PANEL))
        assert "Asked on 10 Feb 2027, not seen, no answer" in said
        assert "Ask again" in said

    def test_all_who_were_not_asked_are_asked_at_once(self, owner, stage, seat, client_as):
        rows, client = [seat(), seat(role="discussant")], client_as(owner)
        assert "Ask all 2 who were not asked" in text_of(client.get(PANEL))
        client.post(ASK, {"version": stage.panel.version, "part": [row.code for row in rows]})
        assert Message.objects.count() == 2

    def test_a_stale_page_asks_nobody_and_keeps_what_was_typed(self, owner, seat, client_as):
        row, client = seat(), client_as(owner)
        data = {"part": row.code, "version": 99, "words": "Please"}
        answer = client.post(ASK, data)
        assert answer.status_code == 200
        assert "changed this" in text_of(answer)
        assert "Please" in html_of(answer)
        assert Message.objects.count() == 0

    def test_the_letter_is_shown_and_nothing_is_kept(self, owner, seat, client_as):
        row = seat(asked_words="old")
        answer = client_as(owner).post(
            f"{ASK}preview/", {"part": row.code, "words": HOSTILE, "version": 1}
        )
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "We would like you to speak" in page
        assert HOSTILE not in page
        assert "/s/" not in page
        assert "sandbox" in answer["Content-Security-Policy"]
        row.refresh_from_db()
        assert (row.asked_words, row.state, Message.objects.count()) == ("old", "planned", 0)

    def test_without_an_address_that_is_said(self, owner, seat, client_as):
        row, client = seat(person__email=""), client_as(owner)
        assert "No address: Ivo Tomić" in text_of(client.get(ASK, {"part": row.code}))
        answer = client.post(ASK, {"part": row.code, "version": version(row)})
        assert "No mail address of Ivo Tomić is known" in text_of(answer)

    def test_nobody_to_ask_is_not_there(self, owner, stage, client_as):
        assert client_as(owner).get(ASK).status_code == 404


class TestAnswers:
    def test_an_answer_is_written_down(self, owner, seat, client_as):
        row, client = seat("invited"), client_as(owner)
        assert client.get(at(row, "answer")).status_code == 200
        data = {
            "version": version(row),
            "state": "declined",
            "via": "phone",
            "answered_by": "Jovan",
            "reason": "Travel",
        }
        assert client.post(at(row, "answer"), data).status_code == 302
        row.refresh_from_db()
        assert (row.state, row.answered_via, row.answered_by, row.decline_reason) == (
            "declined",
            "phone",
            "Jovan",
            "Travel",
        )
        assert Message.objects.count() == 0
        assert "Declined: Travel" in text_of(client.get(PANEL))

    def test_who_is_shown_before_they_confirm_is_switched(self, owner, seat, client_as):
        row, client = seat("invited"), client_as(owner)
        for shown in (True, False):
            value = "yes" if shown else "no"
            client.post(at(row, "shown"), {"version": version(row), "shown": value})
            row.refresh_from_db()
            assert row.shown_unconfirmed is shown

    def test_a_link_is_revoked(self, owner, seat, client_as):
        row, client = seat("invited"), client_as(owner)
        client.post(at(row, "revoke"), {"version": version(row)})
        row.refresh_from_db()
        assert row.link_generation == 2


class TestReplacing:
    def test_somebody_of_the_shortlist_comes_instead_and_is_asked(
        self, owner, stage, seat, client_as
    ):
        row, client = seat("declined", answered_via="link", answered_at="2027-02-10T09:00Z"), None
        client = client_as(owner)
        person = PersonFactory(
            organisation=stage.conference.organisation,
            given_name="Iva",
            family_name="Novak",
            email="iva@example.org",
        )
        Candidate.objects.create(session=stage.panel, person=person, role=row.role, note=HOSTILE)
        page = client.get(at(row, "replace"))
        assert "Iva Novak" in text_of(page)
        assert HOSTILE not in html_of(page)
        page = client.get(at(row, "replace"), {"person": person.code})
        assert "Put Iva in their place" in text_of(page)
        data = {"version": version(row), "person": person.code, "ask": "on", "words": "Please"}
        assert client.post(at(row, "replace"), data).status_code == 302
        new = Participation.objects.get(person=person)
        assert (new.state, new.replaces, new.order) == ("invited", row, 2)
        said = text_of(client.get(PANEL))
        assert "Were asked or planned before" in said
        assert Message.objects.get().to_email == "iva@example.org"

    def test_nobody_chosen_changes_nothing(self, owner, seat, client_as):
        row = seat("invited")
        answer = client_as(owner).post(at(row, "replace"), {"version": version(row)})
        assert "Choose who comes instead" in text_of(answer)
        row.refresh_from_db()
        assert row.state == "invited"

    def test_people_are_searched(self, owner, stage, seat, client_as):
        row = seat("invited")
        person = PersonFactory(organisation=stage.conference.organisation, family_name="Horvat")
        page = client_as(owner).get(at(row, "replace"), {"q": "horvat"})
        assert "Horvat" in text_of(page)
        assert f"?person={person.code}" in html_of(page)

    @pytest.mark.parametrize("tell", [True, False])
    def test_who_is_not_needed_is_let_go(self, owner, seat, client_as, tell):
        row, client = seat("invited", asked_at="2027-02-10T09:00Z"), client_as(owner)
        assert "Not needed after all" in text_of(client.get(at(row, "release")))
        data = {"version": version(row)} | ({"tell_them": "yes"} if tell else {})
        client.post(at(row, "release"), data)
        row.refresh_from_db()
        assert row.state == "replaced"
        assert Message.objects.count() == tell
        assert "Not needed" in text_of(client.get(PANEL))

    def test_the_order_is_kept_with_those_who_left(self, owner, stage, seat, client_as):
        row, client = seat("replaced"), client_as(owner)
        here = [stage.panellist.code, stage.moderator.code]
        data = {"version": version(row), "order": ",".join(here)}
        assert client.post(f"{PANEL}order/", data).status_code == 204
        codes = stage.panel.participations.order_by("order").values_list("code", flat=True)
        assert list(codes) == [*here, row.code]


class TestShortlist:
    def test_somebody_is_put_on_it_moved_and_taken_off(self, owner, stage, client_as):
        client = client_as(owner)
        people = PersonFactory.create_batch(2, organisation=stage.conference.organisation)
        for person in people:
            stage.panel.refresh_from_db()
            data = {"version": stage.panel.version, "person": person.code, "role": "panellist"}
            client.post(f"{PANEL}shortlist/", data)
        assert "Shortlist" in text_of(client.get(PANEL))
        stage.panel.refresh_from_db()
        data = {"version": stage.panel.version, "person": people[1].code, "role": "panellist"}
        client.post(f"{PANEL}shortlist/", data | {"deed": "up"})
        rows = Candidate.objects.order_by("order").values_list("person", flat=True)
        assert list(rows) == [people[1].pk, people[0].pk]
        data["version"] += 1
        client.post(f"{PANEL}shortlist/", data | {"deed": "remove"})
        assert Candidate.objects.get().person == people[0]


def test_who_only_reads_has_no_buttons(stage, seat, account_with_role, client_as):
    row = seat()
    page = html_of(client_as(account_with_role(Role.VIEWER)).get(PANEL))
    assert f"part={row.code}" in page
    assert "/asking/" not in page
    assert "Shortlist" not in page
