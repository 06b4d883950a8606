"""Organisers list, make, change, move and close conferences."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.enums import Role
from core.actors import Actor
from events.enums import ConferenceState
from events.models import Conference
from events.services.conferences import change_conference
from tests.events.views.reading import HOSTILE, filled, html_of, text_of
from tests.factories.events import ConferenceFactory, SeriesFactory, SessionFactory, VenueFactory

LIST = "/manage/institute/conferences/"
NEW = f"{LIST}new/"
SETTINGS = "/manage/institute/open-forum/settings/"


def new_conference(**changes):
    return {
        "kind": "lecture",
        "title_en": "Spring lecture",
        "title_sr_Latn": "Prolećno predavanje",
        "slug": "spring-lecture",
        "start_local": "2027-04-15T18:00",
        "end_local": "2027-04-15T20:00",
        "time_zone": "Europe/Belgrade",
        "mode": "in_person",
        "languages_of": ["en", "sr-Latn"],
        **changes,
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    owner, organisation, client_as, django_assert_num_queries, count
):
    for number in range(count):
        row = ConferenceFactory(organisation=organisation, title={"en": f"Forum {number}"})
        SessionFactory(conference=row)
    client = client_as(owner)
    with django_assert_num_queries(5):
        page = text_of(client.get(LIST))
    assert page.count("18 Mar 2027, 10:00 Conference Published 1") == count


def test_the_list_is_searched_across_diacritics_and_scripts(owner, organisation, client_as):
    ConferenceFactory(
        organisation=organisation, title={"en": "Čačak talks"}, search_key="cacak talks"
    )
    ConferenceFactory(organisation=organisation, title={"en": "Other"}, search_key="other")
    found = text_of(client_as(owner).get(LIST, {"q": "чачак"}))
    assert "Čačak talks" in found
    assert "Other" not in found
    nothing = text_of(client_as(owner).get(LIST, {"q": "zz"}))
    assert "No conference has these words in its title." in nothing


def test_an_empty_list_offers_the_first_one(owner, client_as):
    assert "There is no conference yet. New conference" in text_of(client_as(owner).get(LIST))


def test_a_new_conference_is_a_draft_and_leads_to_its_sessions(owner, organisation, client_as):
    venue = VenueFactory(organisation=organisation)
    answer = client_as(owner).post(NEW, new_conference(venue=venue.code))
    row = Conference.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/manage/institute/spring-lecture/sessions/",
    )
    assert (row.state, row.kind, row.title) == (
        ConferenceState.DRAFT,
        "lecture",
        {"en": "Spring lecture", "sr-Latn": "Prolećno predavanje"},
    )
    assert row.starts_at == dt.datetime(2027, 4, 15, 16, tzinfo=dt.UTC)
    assert list(row.venues.all()) == [venue]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"slug": "people"}, "can not be a conference's address"),
        ({"slug": "Not A Slug"}, "Use lower-case letters"),
        ({"title_en": ""}, "This field is required."),
        ({"end_local": "2027-04-15T17:00"}, "The end comes after the start."),
        ({"start_local": "tomorrow"}, "Give date and time as 2027-03-28T10:00."),
        ({"venue": "NOBODY"}, "Select a valid choice."),
    ],
)
def test_what_can_not_be_stands_beside_its_field_and_nothing_is_made(
    owner, organisation, client_as, changes, sentence
):
    answer = client_as(owner).post(NEW, new_conference(**changes))
    assert answer.status_code == 200
    page = text_of(answer)
    assert page.count(sentence) == 2  # in the summary and beside the field
    assert 'role="alert"' in answer.content.decode()
    assert not Conference.objects.exists()


def test_settings_keep_what_they_do_not_ask_for(owner, stage, client_as):
    series = SeriesFactory(organisation=stage.conference.organisation)
    stage.conference.title = {**stage.conference.title, "ru": "Форум"}
    stage.conference.save()
    client = client_as(owner)
    data = filled(client.get(SETTINGS).context["form"])
    answer = client.post(SETTINGS, data | {"title_en": "Wide Forum", "series": series.slug})
    assert (answer.status_code, answer["Location"]) == (302, SETTINGS)
    row = Conference.objects.get()
    assert row.title == {"en": "Wide Forum", "sr-Latn": "Otvoreni forum", "ru": "Форум"}
    assert row.series == series
    assert (row.slug, row.start_local, row.languages) == (
        "open-forum",
        stage.conference.start_local,
        ["en", "sr-Latn"],
    )
    assert "Saved." in text_of(client.get(SETTINGS))


def test_a_move_says_what_it_does(owner, stage, client_as):
    client = client_as(owner)
    data = filled(client.get(SETTINGS).context["form"])
    moved = {"start_local": "2027-03-19T10:00", "end_local": "2027-03-19T13:30"}
    client.post(SETTINGS, data | moved | {"doors_local": "2027-03-19T09:30"})
    page = text_of(client.get(SETTINGS))
    assert "Moved to Friday, 19 March 2027, 10:00–13:30 (Belgrade)." in page
    assert "Whoever has registered or has an open invitation is told." in page
    assert "publish the programme again" in page
    assert Conference.objects.get().starts_at == dt.datetime(2027, 3, 19, 9, tzinfo=dt.UTC)


def test_a_stale_page_says_who_changed_it_and_lets_one_decide(owner, stage, client_as):
    client = client_as(owner)
    data = filled(client.get(SETTINGS).context["form"])
    change_conference(
        conference=stage.conference,
        changes={"title": {"en": "Theirs"}},
        expected=None,
        actor=Actor("account", str(owner.pk)),
    )
    mine = data | {"title_en": "Mine"}
    answer = client.post(SETTINGS, mine)
    assert "Owner changed this at" in text_of(answer)
    assert Conference.objects.get().title["en"] == "Theirs"
    again = filled(answer.context["form"])
    assert again["title_en"] == "Mine"
    assert client.post(SETTINGS, again).status_code == 302
    assert Conference.objects.get().title["en"] == "Mine"


def test_a_new_address_leads_on_from_the_old_one(owner, stage, client_as):
    client = client_as(owner)
    data = filled(client.get(SETTINGS).context["form"])
    answer = client.post(SETTINGS, data | {"slug": "wide-forum"})
    assert answer["Location"] == "/manage/institute/wide-forum/settings/"
    assert client.get("/institute/open-forum/")["Location"] == "/institute/wide-forum/"


@pytest.mark.parametrize(
    ("state", "verb", "after", "said"),
    [
        ("draft", "publish", "published", "The page is public now."),
        ("published", "postpone", "postponed", "The conference is postponed."),
        ("published", "cancel", "cancelled", "The conference is cancelled."),
        ("postponed", "reopen", "published", "The conference is open again."),
        ("cancelled", "archive", "archived", "The conference is archived."),
    ],
)
def test_a_verb_is_asked_for_once_more_and_then_done(
    owner, stage, client_as, state, verb, after, said
):
    stage.conference.state = state
    stage.conference.save()
    client = client_as(owner)
    asked = client.get(f"{SETTINGS}{verb}/")
    assert asked.status_code == 200
    assert Conference.objects.get().state == state
    answer = client.post(f"{SETTINGS}{verb}/", {"version": stage.conference.version})
    assert answer["Location"] == SETTINGS
    assert Conference.objects.get().state == after
    assert said in text_of(client.get(SETTINGS))


def test_a_verb_that_leads_nowhere_says_so(owner, stage, client_as):
    client = client_as(owner)
    client.post(f"{SETTINGS}publish/")
    assert "This conference is published: there is nothing to publish." in text_of(
        client.get(SETTINGS)
    )
    assert client.get(f"{SETTINGS}explode/").status_code == 404
    assert client.post(f"{SETTINGS}explode/").status_code == 404


def test_publishing_what_is_unlisted_says_that_it_stays_so(owner, stage, client_as):
    stage.conference.visibility, stage.conference.state = "unlisted", "draft"
    stage.conference.save()
    page = text_of(client_as(owner).get(f"{SETTINGS}publish/"))
    assert "It is unlisted, and stays so. Nobody is written to." in page


def test_a_viewer_reads_and_writes_nothing(stage, account_with_role, client_as):
    client = client_as(account_with_role(Role.VIEWER))
    page = html_of(client.get(SETTINGS))
    assert "Save the settings" not in page
    assert page.count('<fieldset class="fieldset" disabled>') == 6
    assert client.post(SETTINGS, {"title_en": "x"}).status_code == 403
    assert client.get(NEW).status_code == 403
    assert client.get(f"{SETTINGS}cancel/").status_code == 403


def test_strangers_and_other_houses_see_nothing(
    stage, other_organisation, account_with_role, client_as
):
    stranger = client_as(account_with_role(Role.OWNER, of=other_organisation))
    for path in (
        LIST,
        NEW,
        SETTINGS,
        f"{SETTINGS}cancel/",
        "/manage/another-house/open-forum/settings/",
    ):
        assert stranger.get(path).status_code == 404


def test_nothing_typed_becomes_markup(owner, stage, client_as):
    client = client_as(owner)
    data = filled(client.get(SETTINGS).context["form"])
    hostile = dict.fromkeys(("title_en", "subtitle_en", "description_en", "contact_name"), HOSTILE)
    assert client.post(SETTINGS, data | hostile).status_code == 302
    for path in (LIST, SETTINGS, f"{SETTINGS}cancel/"):
        body = client.get(path).content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body


def test_pages_of_the_console_are_english_and_never_kept(owner, stage, client_as):
    answer = client_as(owner).get(SETTINGS, headers={"Accept-Language": "ru"})
    assert answer["Content-Language"] == "en"
    assert "no-store" in answer["Cache-Control"]
    assert '<html lang="en">' in answer.content.decode()
