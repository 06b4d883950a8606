"""Programme, session, speaker, outcome, organisation and the first page."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from core.actors import SYSTEM
from core.models import StoredFile
from events.models import Material
from events.services.schedules import publish_schedule
from events.services.sessions import cancel_session
from tests.events.views.reading import HOSTILE, PAGE, get, html_of, text_of
from tests.factories.accounts import OrganisationFactory
from tests.factories.events import (
    ConferenceFactory,
    ConferenceVenueFactory,
    MaterialFactory,
    OutcomeFactory,
    OutcomeItemFactory,
    ParticipationFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
)


def test_the_programme_of_one_room_is_a_plain_list(stage, client_as):
    page = html_of(get(client_as, f"{PAGE}programme/"))
    assert '<section class="programme" aria-labelledby="day-2027-03-18">' in page
    assert re.findall(r'class="session ([\w-]+)"', page) == ["all-rooms"] * 3


def test_sessions_at_the_same_time_stand_in_columns_of_their_rooms(stage, client_as):
    library = RoomFactory(venue=stage.venue, name={"en": "Library"}, order=1)
    SessionFactory(
        conference=stage.conference,
        code="SECOND",
        start_local=stage.panel.start_local,
        end_local=stage.panel.end_local - dt.timedelta(minutes=30),
        room=library,
    )
    publish_schedule(conference=stage.conference, name="Second", actor=SYSTEM)
    page = html_of(get(client_as, f"{PAGE}programme/"))
    assert '<section class="programme rooms-2"' in page
    assert "<span>Great hall</span><span>Library</span>" in page
    assert re.findall(r'class="session ([\w-]+)"', page) == [
        *("all-rooms", "all-rooms", "room-1", "room-2")
    ]
    assert "Great hall, until 12:30" in text_of(get(client_as, f"{PAGE}programme/"))


def test_rooms_used_one_after_another_need_no_columns(stage, client_as):
    library = RoomFactory(venue=stage.venue, name={"en": "Library"}, order=1)
    SessionFactory(
        conference=stage.conference,
        start_local=stage.panel.end_local,
        end_local=stage.panel.end_local + dt.timedelta(minutes=30),
        room=library,
    )
    publish_schedule(conference=stage.conference, name="Second", actor=SYSTEM)
    page = html_of(get(client_as, f"{PAGE}programme/"))
    assert '<section class="programme" aria-labelledby="day-2027-03-18">' in page


def test_days_of_a_longer_conference_each_have_their_heading(stage, client_as):
    SessionFactory(
        conference=stage.conference,
        start_local=dt.datetime(2027, 3, 19, 9),
        end_local=dt.datetime(2027, 3, 19, 10),
    )
    publish_schedule(conference=stage.conference, name="Second", actor=SYSTEM)
    page = html_of(get(client_as, f"{PAGE}programme/"))
    assert re.findall(r'<h2 id="day-[\d-]+">(.*?)</h2>', page) == [
        *("Thursday, 18 March", "Friday, 19 March")
    ]


def test_before_anything_is_published_the_programme_says_so(organisation, client_as):
    ConferenceFactory(organisation=organisation, slug="empty")
    page = text_of(get(client_as, "/institute/empty/programme/"))
    assert "The programme will stand here when it is settled." in page


def test_a_cancelled_session_stays_and_says_so(stage, client_as):
    cancel_session(session=stage.panel, expected=None, actor=SYSTEM)
    publish_schedule(conference=stage.conference, name="Second", actor=SYSTEM)
    assert "Panel · cancelled Who drinks first" in text_of(get(client_as, f"{PAGE}programme/"))
    assert "This session has been cancelled." in text_of(get(client_as, f"{PAGE}sessions/PANEL2/"))


def test_a_session_says_what_when_where_and_who(stage, client_as):
    page = text_of(get(client_as, f"{PAGE}sessions/PANEL2/"))
    for words in (
        "Panel Who drinks first Open Forum",
        "Thursday, 18 March 2027, 11:00–12:30 (Belgrade)",
        "Great hall River House",
        "Four views.",
        "Prof. Dr. Mila Đorđević Moderator",
        "← The long river",
    ):
        assert words in page


def test_a_closed_session_says_what_may_be_told(stage, client_as):
    stage.panel.attribution = "chatham_house"
    stage.panel.language = "sr-Latn"
    stage.panel.save()
    publish_schedule(conference=stage.conference, name="Second", actor=SYSTEM)
    page = text_of(get(client_as, f"{PAGE}sessions/PANEL2/"))
    assert "Chatham House Rule" in page
    assert "Srpski (latinica)" in page


def test_a_speaker_has_the_sessions_they_are_on(stage, client_as):
    stage.people["Mila"].bio = {"en": "Writes about **rivers**."}
    stage.people["Mila"].save()
    page = text_of(get(client_as, f"{PAGE}speakers/MILA22/"))
    assert "Prof. Dr. Mila Đorđević Researcher, Institute for Testing" in page
    assert "Writes about rivers ." in page
    assert "11:00 18 Mar 2027 Panel Who drinks first Moderator" in page


def test_a_russian_reader_sees_the_name_in_cyrillic_where_there_is_one(stage, client_as):
    stage.conference.languages = ["en", "ru"]
    stage.conference.save()
    stage.people["Mila"].names_by_script = {
        "Cyrl": {"given_name": "Мила", "family_name": "Ђорђевић"}
    }
    stage.people["Mila"].save()
    page = text_of(get(client_as, f"{PAGE}sessions/PANEL2/?lang=ru"))
    assert "Мила Ђорђевић" in page
    assert "Petar Ilić" in page


def test_who_has_not_confirmed_has_no_page(stage, client_as):
    stage.moderator.state = "invited"
    stage.moderator.save()
    assert get(client_as, f"{PAGE}speakers/MILA22/").status_code == 404


def test_the_outcome_says_what_was_found_and_who_said_what(stage, client_as, organisation):
    outcome = OutcomeFactory(
        conference=stage.conference,
        published_at=dt.datetime(2027, 3, 20, tzinfo=dt.UTC),
        headline={"en": "Rivers are short"},
        summary={"en": "Everybody agreed."},
        outlook={"en": "There will be more."},
    )
    outcome.related.add(ConferenceFactory(organisation=organisation, title={"en": "Lakes"}))
    outcome.related.add(
        ConferenceFactory(organisation=organisation, title={"en": "Secret"}, state="draft")
    )
    OutcomeItemFactory(outcome=outcome, topic={"en": "Length"}, text={"en": "12 km"})
    OutcomeItemFactory(
        outcome=outcome, kind="point", text={"en": "Boil it."}, person=stage.people["Petar"]
    )
    OutcomeItemFactory(
        outcome=outcome,
        kind="point",
        text={"en": "Drink it."},
        person=PersonFactory(organisation=organisation, given_name="Guest", family_name="One"),
    )
    response = get(client_as, f"{PAGE}outcome/")
    page = text_of(response)
    for words in (
        "What came out of it Rivers are short Open Forum , Thursday, 18 March 2027",
        "Everybody agreed.",
        "Key findings Length 12 km",
        "Boil it. Petar Ilić , Researcher, Institute for Testing",
        "Drink it. Guest One , Researcher, Institute for Testing",
        "Where it goes on There will be more.",
        "18 Mar 2027 Lakes",
        "Organised with Faculty of Water",
    ):
        assert words in page
    assert "Secret" not in page
    assert '"@type": "Report"' in response.content.decode()


def test_an_outcome_being_written_is_nobodys_business(stage, client_as):
    OutcomeFactory(conference=stage.conference)
    assert get(client_as, f"{PAGE}outcome/").status_code == 404
    assert "Outcome" not in text_of(get(client_as))


def test_nothing_stored_becomes_markup_on_the_outcome_and_in_the_programme(stage, client_as):
    outcome = OutcomeFactory(
        conference=stage.conference,
        published_at=dt.datetime(2027, 3, 20, tzinfo=dt.UTC),
        headline={"en": HOSTILE},
        summary={"en": HOSTILE},
        outlook={"en": HOSTILE},
    )
    OutcomeItemFactory(outcome=outcome, topic={"en": HOSTILE}, text={"en": HOSTILE})
    stage.panel.title = stage.panel.abstract = {"en": HOSTILE}
    stage.panel.save()
    stage.room.name = {"en": HOSTILE}
    stage.room.save()
    publish_schedule(conference=stage.conference, name="Second", actor=SYSTEM)
    for path in ("outcome/", "programme/", "sessions/PANEL2/", ""):
        body = get(client_as, PAGE + path).content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body


@pytest.mark.parametrize("count", [1, 3])
def test_an_organisation_lists_what_comes_and_what_was(
    organisation, client_as, django_assert_num_queries, count
):
    for number in range(count):
        row = ConferenceFactory(organisation=organisation, title={"en": f"Next {number}"})
        ConferenceVenueFactory(conference=row)
    client = client_as()
    with django_assert_num_queries(5):
        page = text_of(client.get("/institute/"))
    with django_assert_num_queries(1):
        client.get("/institute/")
    assert page.count("18 Mar 2027 Conference Next") == count


def test_drafts_and_unlisted_conferences_are_not_listed(organisation, client_as, frozen):
    frozen("2026-11-22T12:00")
    ConferenceFactory(organisation=organisation, title={"en": "Draft"}, state="draft")
    ConferenceFactory(organisation=organisation, title={"en": "Hidden"}, visibility="unlisted")
    off = ConferenceFactory(organisation=organisation, title={"en": "Off"}, state="cancelled")
    page = text_of(get(client_as, "/institute/"))
    assert "Draft" not in page
    assert "Hidden" not in page
    assert "Conference · cancelled Off" in page
    frozen(off.ends_at)
    again = text_of(get(client_as, "/institute/"))
    assert "Nothing is announced at the moment." in again
    assert again.index("2027") < again.index("Off")


def test_the_first_page_lists_who_invites_and_else_leads_to_sign_in(client_as, organisation):
    assert get(client_as, "/").status_code == 302
    ConferenceFactory(organisation=OrganisationFactory(name="Silent House"), state="draft")
    ConferenceFactory(organisation=organisation)
    page = get(client_as, "/")
    assert '<a href="/institute/">Institute for Testing</a>' in page.content.decode()
    assert "Silent House" not in page.content.decode()
    assert page.cookies == {}


def test_the_panels_of_a_page_cost_no_queries_of_their_own(
    stage, client_as, django_assert_num_queries
):
    for _ in range(3):
        extra = SessionFactory(
            conference=stage.conference,
            start_local=stage.panel.start_local,
            end_local=stage.panel.end_local,
        )
        ParticipationFactory(session=extra)
    publish_schedule(conference=stage.conference, name="Second", actor=SYSTEM)
    with django_assert_num_queries(12):
        get(client_as)


def test_a_photo_a_logo_and_a_file_are_shown_only_when_anybody_may_see_them(
    stage, client_as, organisation
):
    def keep(visibility):
        return StoredFile.objects.create(
            organisation_id_value=organisation.pk,
            content_type="image/png",
            size=1,
            digest="x",
            visibility=visibility,
        )

    def pages():
        return "".join(
            html_of(get(client_as, PAGE + path))
            for path in ("", "sessions/PANEL2/", "speakers/MILA22/")
        )

    person = stage.people["Mila"]
    for visibility, shown in (("private", 0), ("public", 1)):
        person.photo, organisation.logo = keep(visibility), keep(visibility)
        person.save()
        organisation.save()
        paper = keep(visibility)
        Material.objects.all().delete()
        MaterialFactory(conference=stage.conference, kind="file", url="", file=paper)
        page = pages()
        assert page.count(f'src="/files/{person.photo.uid}/"') == 3 * shown
        assert page.count(f'src="/files/{organisation.logo.uid}/"') == 3 * shown
        assert page.count(f'href="/files/{paper.uid}/"') == shown


def test_the_outcome_of_an_unlisted_conference_is_not_for_search_engines(stage, client_as):
    OutcomeFactory(
        conference=stage.conference, published_at=dt.datetime(2027, 3, 20, tzinfo=dt.UTC)
    )
    stage.conference.visibility = "unlisted"
    stage.conference.save()
    page = html_of(get(client_as, f"{PAGE}outcome/"))
    assert "What we heard" in page
    assert "ld+json" not in page


@pytest.mark.parametrize(
    "page",
    ["", "programme/", "speakers/", "now/", "sessions/PANEL2/", "speakers/MILA22/", "selection/"],
)
def test_every_page_says_in_a_sentence_what_it_is(stage, client_as, page):
    body = get(client_as, PAGE + page).content.decode()
    (sentence,) = re.findall(r'<meta name="description"\s+content="([^"]*)"', body)
    assert len(sentence.strip()) > 10
