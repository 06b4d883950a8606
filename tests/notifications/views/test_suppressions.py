"""The organisers' list of who opted out, and what the outbox says of it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from core.actors import SYSTEM, Actor
from core.clock import to_local
from events.dates import say_short_date
from notifications.enums import MessageKind, SuppressionReason, SuppressionScope
from notifications.models import LiftedSuppression, Suppression
from notifications.services.suppression import opt_in_again, opt_out, suppress_by_organiser
from tests.factories.notifications import MessageFactory, conference_in, guests_of

pytestmark = pytest.mark.django_db
LIST = "/manage/institute/opted-out/"


@pytest.fixture
def conference(organisation):
    return conference_in(organisation=organisation, slug="forum", title={"en": "Rivers"})


@pytest.fixture
def reminder(conference):
    guest = guests_of(conference, email="ana@example.org", email_key="ana@example.org")[0]
    return MessageFactory(kind=MessageKind.REMINDER, registration=guest)


@pytest.fixture
def own_word(reminder):
    return opt_out(
        message=reminder,
        scope=SuppressionScope.CONFERENCE,
        reason=SuppressionReason.ONE_CLICK,
        actor=Actor("guest"),
    )


@pytest.fixture
def desk(client_as, owner):
    return client_as(owner)


def put_down(organisation, email="eva@example.org", **more):
    return suppress_by_organiser(
        organisation=organisation, email=email, note="By phone", actor=SYSTEM, **more
    )


def shown(response):
    return [line.row.email_key for line in response.context["lines"]]


def test_an_empty_list_says_so(desk, organisation):
    assert "Nobody has opted out." in desk.get(LIST).text


def test_each_line_says_of_what_how_since_when_and_by_whom(desk, organisation, owner, own_word):
    suppress_by_organiser(
        organisation=organisation,
        email="eva@example.org",
        note="By phone to the desk",
        actor=Actor("account", str(owner.pk)),
    )
    response = desk.get(LIST)
    found = [
        (line.row.email_key, line.reach, line.row.get_reason_display(), line.who)
        for line in response.context["lines"]
    ]
    assert found == [
        ("eva@example.org", "All conferences", "Added by an organiser", owner.get_full_name()),
        ("ana@example.org", "Rivers", "The button of their mail program", "themselves"),
    ]
    assert "By phone to the desk" in response.text


def test_the_list_is_found_by_address_and_conference(desk, organisation, own_word):
    other = conference_in(organisation=organisation, slug="lecture")
    put_down(organisation, "everywhere@example.org")
    put_down(organisation, "there@example.org", conference=other)
    assert shown(desk.get(f"{LIST}?q=ANA@ex")) == ["ana@example.org"]
    assert shown(desk.get(f"{LIST}?conference=lecture")) == [
        "there@example.org",
        "everywhere@example.org",
    ]
    assert "Nobody fits this." in desk.get(f"{LIST}?q=nobody").text


def test_an_address_is_added_by_hand(desk, conference, reminder):
    page = desk.get(f"{LIST}new/?conference=forum")
    assert page.context["form"].initial["conference"] == "forum"
    typed = {"email": "Ana@example.org", "conference": "forum", "note": "By phone"}
    assert desk.post(f"{LIST}new/", typed).status_code == 302
    row = Suppression.objects.get()
    assert (row.email_key, row.conference, row.note, row.by_kind) == (
        "ana@example.org",
        conference,
        "By phone",
        "account",
    )
    reminder.refresh_from_db()
    assert reminder.cancelled_for == "suppressed"
    assert desk.post(f"{LIST}new/", {**typed, "conference": "*"}).status_code == 302
    assert Suppression.objects.last().conference is None
    again = desk.post(f"{LIST}new/", typed)
    assert "This address has opted out already." in again.text
    wrong = desk.post(f"{LIST}new/", {**typed, "email": "nobody", "note": ""})
    assert set(wrong.context["form"].errors) == {"note"}
    wrong = desk.post(f"{LIST}new/", {**typed, "email": "nobody"})
    assert "This is not an e-mail address." in wrong.text
    foreign = desk.post(f"{LIST}new/", {**typed, "conference": "elsewhere"})
    assert set(foreign.context["form"].errors) == {"conference"}
    assert Suppression.objects.count() == 2


def test_what_somebody_did_themselves_is_lifted_only_on_their_word(desk, own_word):
    path = f"{LIST}{own_word.code}/lift/"
    page = desk.get(path)
    assert "They opted out themselves" in page.text
    refused = desk.post(path, {"note": "", "version": own_word.version})
    assert refused.status_code == 200
    assert Suppression.objects.count() == 1
    done = desk.post(path, {"note": "Wrote to us", "version": own_word.version}, follow=True)
    assert "ana@example.org gets all mail again." in done.text
    assert "Wrote to us" in done.text
    assert (Suppression.objects.count(), LiftedSuppression.objects.count()) == (0, 1)
    assert desk.get(path).status_code == 404


def test_an_organisers_entry_is_lifted_with_one_button(desk, organisation):
    row = put_down(organisation)
    path = f"{LIST}{row.code}/lift/"
    assert "They opted out themselves" not in desk.get(path).text
    stale = desk.post(path, {"note": "", "version": row.version + 1})
    assert "after you had opened it" in stale.text
    assert desk.post(path, {"note": "", "version": row.version}).status_code == 302
    assert Suppression.objects.count() == 0


def test_it_is_for_those_who_have_to_do_with_mail(client_as, account_with_role, organisation):
    row = put_down(organisation)
    assert client_as(account_with_role(Role.VIEWER)).get(LIST).status_code == 403
    assert client_as(account_with_role(Role.PROGRAMME)).get(LIST).status_code == 403
    registrar = client_as(account_with_role(Role.REGISTRAR))
    assert f"{row.code}/lift/" in registrar.get(LIST).text


def test_another_organisations_list_is_its_own(desk, client_as, account_with_role, organisation,
                                               other_organisation):  # fmt: skip
    row = put_down(other_organisation)
    stranger = client_as(account_with_role(Role.OWNER, of=other_organisation))
    assert shown(desk.get(LIST)) == []
    assert desk.get(f"{LIST}{row.code}/lift/").status_code == 404
    assert stranger.get(LIST).status_code == 404
    assert shown(stranger.get(f"/manage/{other_organisation.slug}/opted-out/")) == [row.email_key]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_many(
    desk, organisation, owner, number, django_assert_num_queries
):
    for n in range(number):
        suppress_by_organiser(
            organisation=organisation,
            email=f"guest{n}@example.org",
            note="x",
            actor=Actor("account", str(owner.pk)),
        )
    desk.get(LIST)
    # Session, account, membership; conferences, number, rows, lifted ones, accounts.
    with django_assert_num_queries(8):
        desk.get(LIST)


class TestOutbox:
    def page(self, desk, message):
        return desk.get(
            reverse(
                "manage-message",
                kwargs={"organisation": "institute", "conference": "forum", "code": message.uid},
            )
        )

    def test_says_since_when_somebody_has_opted_out(self, desk, reminder, own_word):
        day = say_short_date(to_local(timezone.now(), "Europe/Belgrade"), "en")
        sentence = f"Opted out on {day}"
        assert sentence in desk.get("/manage/institute/forum/outbox/").text
        page = self.page(desk, reminder)
        assert f"{sentence}, of this conference, by the button of their mail program." in page.text

    def test_says_when_that_is_over(self, desk, reminder, own_word):
        opt_in_again(message=reminder, actor=Actor("guest"))
        type(reminder).objects.filter(pk=reminder.pk).update(
            state="cancelled", cancelled_for="suppressed"
        )
        assert "Had opted out" in desk.get("/manage/institute/forum/outbox/").text
        assert "gets them again now" in self.page(desk, reminder).text

    @pytest.mark.parametrize("number", [1, 3])
    def test_costs_the_same_for_many(self, desk, conference, number, django_assert_max_num_queries):
        for guest in guests_of(conference, number):
            message = MessageFactory(kind=MessageKind.REMINDER, registration=guest)
            opt_out(
                message=message,
                scope=SuppressionScope.CONFERENCE,
                reason=SuppressionReason.PREFERENCE,
                actor=Actor("guest"),
            )
        with django_assert_max_num_queries(14):
            text = desk.get("/manage/institute/forum/outbox/").text
        assert text.count("Opted out on") == number
