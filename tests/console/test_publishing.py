"""The impact of publishing, its two buttons, and the versions that it leaves."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from core.actors import SYSTEM
from events.models import Conference, Session
from events.services.panels import add_participation, change_participation
from events.services.schedules import publish_schedule
from events.services.sessions import cancel_session, change_session, create_session, place_session
from notifications.models import Message
from registrations.models import Allotment, SignUp, SignUpSession
from tests.events.views.reading import HOSTILE, filled, html_of, text_of
from tests.factories.events import PersonFactory, SessionFactory

SCHEDULE = "/manage/institute/open-forum/schedule/"


def move(forum, start="11:00", end="12:00"):
    return place_session(
        session=forum.panel,
        start_local=f"2027-03-18T{start}",
        end_local=f"2027-03-18T{end}",
        room=None,
        expected=None,
        actor=SYSTEM,
    )


def publish(forum, name="", **fields):
    row = Conference.objects.get(pk=forum.conference.pk)
    return publish_schedule(conference=row, name=name, actor=SYSTEM, **fields)


def hidden(page):
    """Return what the two buttons send besides the form's fields."""
    impact = page.context["impact"]
    return {
        **filled(page.context["form"]),
        "seen": impact.seen,
        "telling": str(impact.mails),
    }


def press(client, page, *, tell, url=SCHEDULE, **fields):
    return client.post(url, hidden(page) | {"tell": "yes" if tell else "", **fields})


def test_the_page_says_what_changes_and_who_hears_of_it(forum, owner, client_as):
    client = client_as(owner)
    assert "Nothing to publish" in text_of(client.get(SCHEDULE))
    move(forum)
    create_session(conference=forum.conference, kind="break", title={"en": "Tea"}, actor=SYSTEM)
    page = text_of(client.get(SCHEDULE))
    assert (
        "2 unpublished changes New 1 “Tea” is new. Look at it Another time 1 “Who drinks first” "
        "starts at 11:00 on 18 March instead of 10:00 on 18 March. Look at it "
        "1 conflict in what changes “Who drinks first” needs 3 to 5 panellists and has 1. "
        "All conflicts 2 people are affected"
    ) in page
    assert (
        "“Who drinks first” has another time: Thursday, 18 March, 11:00–12:00. "
        "Before: Thursday, 18 March, 10:00–11:00. Mila Đorđević, Petar Ilić"
    ) in page
    assert "Publish quietly Publish and tell 2 people" in page


def test_publish_and_tell_queues_as_many_mails_as_the_button_says(forum, owner, client_as):
    move(forum)
    client = client_as(owner)
    page = client.get(SCHEDULE)
    assert press(client, page, tell=True, name="Second")["Location"] == SCHEDULE
    after = text_of(client.get(SCHEDULE))
    assert "“Second” is the programme that readers see now. 2 people are told by mail." in after
    assert "Nothing to publish" in after
    assert "told 2 people" in after
    assert Message.objects.filter(kind="programme_changed").count() == 2
    version = forum.conference.schedule_versions.first()
    assert (version.name, version.told, version.is_quiet) == ("Second", 2, False)
    # The page of before is stale by now: a second press publishes and tells nothing.
    again = press(client, page, tell=True, name="Third")
    assert again.status_code == 200
    assert forum.conference.schedule_versions.count() == 2
    assert Message.objects.filter(kind="programme_changed").count() == 2


def test_publish_quietly_tells_nobody(forum, owner, client_as):
    move(forum)
    client = client_as(owner)
    press(client, client.get(SCHEDULE), tell=False, name="Second")
    assert "“Second” is the programme that readers see now." in text_of(client.get(SCHEDULE))
    assert Message.objects.count() == 0
    version = forum.conference.schedule_versions.first()
    assert (version.told, version.is_quiet) == (0, True)


def test_a_draft_that_moved_on_is_shown_again_and_not_published(forum, owner, client_as):
    move(forum)
    client = client_as(owner)
    page = client.get(SCHEDULE)
    move(forum, "12:00", "13:00")
    refused = press(client, page, tell=True)
    text = text_of(refused)
    assert "The draft has changed since you looked at it. Nothing was published" in text
    assert "starts at 12:00 on 18 March" in text
    assert forum.conference.schedule_versions.count() == 1
    press(client, refused, tell=True)
    assert forum.conference.schedule_versions.count() == 2


def test_another_number_is_refused_with_a_sentence(forum, owner, client_as):
    move(forum)
    client = client_as(owner)
    page = client.get(SCHEDULE)
    change_participation(
        participation=forum.panellist, changes={"state": "declined"}, expected=None, actor=SYSTEM
    )
    # The document says who sits there, so it is another one; the number alone is refused, too.
    assert "has changed since you looked" in text_of(press(client, page, tell=True))
    page = client.get(SCHEDULE)
    refused = text_of(press(client, page, tell=True, telling="14"))
    assert "It concerns 1 person by now, not 14. Nothing was published" in refused
    assert Message.objects.filter(kind="programme_changed").count() == 0


def test_publishing_from_a_stale_page_is_the_readers_own_decision(forum, owner, client_as):
    move(forum)
    client = client_as(owner)
    stale = client.post(SCHEDULE, {"name": "Second", "version": 0})
    assert "changed this" in text_of(stale)
    assert press(client, stale, tell=False).status_code == 302


def test_a_name_that_is_taken_stands_beside_its_field(forum, owner, client_as):
    move(forum)
    answer = client_as(owner).post(SCHEDULE, {"name": "First"})
    assert list(answer.context["form"].errors) == ["name"]


def test_whoever_may_not_read_guests_sees_how_many_they_are(
    forum, guests, account_with_role, client_as
):
    (guest,) = guests(1, given_name="Vera", family_name="Ilić", email="vera@example.org")
    place = SignUpSession.objects.create(
        conference=forum.conference,
        session=forum.panel,
        allotment=Allotment.objects.create(conference=forum.conference, name="panel"),
    )
    SignUp.objects.create(registration=guest, sign_up_session=place)
    move(forum)
    for role, sees in ((Role.ORGANISER, True), (Role.PROGRAMME, False)):
        page = text_of(client_as(account_with_role(role)).get(SCHEDULE))
        assert "3 people are affected" in page
        assert ("Vera Ilić" in page) is sees
        assert ("And 1 more; your role does not show who they are." in page) is not sees


def test_a_viewer_reads_the_impact_and_has_no_button(forum, account_with_role, client_as):
    move(forum)
    client = client_as(account_with_role(Role.VIEWER))
    page = text_of(client.get(SCHEDULE))
    assert "2 people are affected" in page
    assert "Mila" not in page
    assert "Publish quietly" not in page
    assert client.post(SCHEDULE, {"name": "x"}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_impact_costs_the_same_for_one_and_for_three(
    forum, owner, client_as, django_assert_num_queries, count
):
    for _ in range(count):
        session = SessionFactory(
            conference=forum.conference,
            start_local=forum.panel.start_local,
            end_local=forum.panel.end_local,
        )
        add_participation(
            session=session,
            person=PersonFactory(organisation=forum.conference.organisation),
            role="panellist",
            state="confirmed",
            actor=SYSTEM,
        )
    move(forum)
    client = client_as(owner)
    with django_assert_num_queries(32):
        client.get(SCHEDULE)


def test_versions_are_listed_with_who_published_them_and_whom_they_told(forum, owner, client_as):
    move(forum)
    client = client_as(owner)
    press(client, client.get(SCHEDULE), tell=True, name="Second")
    page = text_of(client.get(SCHEDULE))
    assert f"Second 4 Mar 2027, 13:00 {owner.get_full_name()} told 2 people 2 Readers see this" in (
        page
    )
    assert "First 4 Mar 2027, 13:00 – quietly 1 Go back to it" in page
    own = text_of(client.get(f"{SCHEDULE}1/"))
    assert "Version 1, published 4 Mar 2027, 13:00, quietly." in own
    assert "Who drinks first 10:00–11:00 – Mila Đorđević (moderator), Petar Ilić" in own
    assert client.get(f"{SCHEDULE}9/").status_code == 404
    assert client.get(f"{SCHEDULE}9/restore/").status_code == 404


def test_any_two_versions_and_the_draft_are_compared(forum, owner, client_as):
    move(forum)
    publish(forum, "Second")
    change_session(
        session=forum.panel, changes={"title": {"en": "Who pays"}}, expected=None, actor=SYSTEM
    )
    client = client_as(owner)
    url = f"{SCHEDULE}compare/"
    latest = text_of(client.get(url))
    assert "What makes “Second” into the draft. " in latest
    assert "1 change Another title 1 “Who drinks first” is called “Who pays” now." in latest
    both = text_of(client.get(f"{url}?from=1&to=2"))
    assert "starts at 11:00 on 18 March instead of 10:00 on 18 March." in both
    assert "starts at 10:00 on 18 March instead of 11:00" in text_of(
        client.get(f"{url}?from=2&to=1")
    )
    assert "No difference" in text_of(client.get(f"{url}?from=1&to=1"))
    for wrong in ("from=9", "to=first", "from=1&to=%00"):
        assert client.get(f"{url}?{wrong}").status_code in {400, 404}


def test_going_back_shows_what_it_does_and_can_be_undone(forum, owner, client_as):
    move(forum)
    cancelled = SessionFactory(conference=forum.conference, title={"en": "Late talk"})
    publish(forum, "Second")
    cancel_session(session=cancelled, expected=None, actor=SYSTEM)
    client = client_as(owner)
    url = f"{SCHEDULE}1/restore/"
    page = client.get(url)
    text = text_of(page)
    assert "Go back to “First”" in text
    assert "“Second” stays in the list, one step away." in text
    assert "“Late talk” is no longer in the programme." in text
    assert "1 unpublished change of the draft is overwritten" in text
    assert "Go back quietly Go back and tell 2 people" in text
    assert press(client, page, tell=True, url=url, name="Back")["Location"] == SCHEDULE
    version = forum.conference.schedule_versions.first()
    assert (version.name, version.restores.name, version.told) == ("Back", "First", 2)
    assert "told 2 people, brings back “First”" in text_of(client.get(SCHEDULE))
    assert Session.objects.get(pk=forum.panel.pk).start_local == forum.panel.start_local
    back = f"{SCHEDULE}2/restore/"
    press(client, client.get(back), tell=False, url=back)
    assert f"{Session.objects.get(pk=forum.panel.pk).start_local:%H:%M}" == "11:00"
    # What readers see already is not gone back to.
    assert client.get(f"{SCHEDULE}4/restore/")["Location"] == f"{SCHEDULE}4/"


def test_what_people_typed_is_text_on_all_of_these_pages(forum, owner, client_as):
    change_session(
        session=forum.panel, changes={"title": {"en": HOSTILE}}, expected=None, actor=SYSTEM
    )
    person = forum.moderator.person
    person.family_name = HOSTILE[:80]
    person.save()
    client = client_as(owner)
    pages = [client.get(SCHEDULE)]
    press(client, pages[0], tell=True, name=HOSTILE[:60])
    pages += [
        client.get(f"{SCHEDULE}{rest}") for rest in ("", "2/", "compare/?from=1&to=2", "1/restore/")
    ]
    for page in pages:
        assert page.status_code == 200
        assert "alert(1)" in html_of(page) or "&lt;/script" in html_of(page)
        assert "<script>alert" not in html_of(page)
        assert "<img src=x" not in html_of(page)
