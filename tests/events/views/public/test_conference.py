"""A conference's page: what, when, where, who; from the published programme, to anybody."""

from __future__ import annotations

import re

import pytest

from core.actors import SYSTEM
from events.enums import ConferenceState
from events.models import Material, Partner
from events.services.schedules import publish_schedule
from events.services.sessions import create_session
from tests.events.views.reading import HOSTILE, PAGE, data_of, get, text_of
from tests.factories.events import MaterialFactory, OutcomeFactory

DOT = re.DOTALL


def test_it_says_what_when_where_and_who(stage, client_as):
    response = get(client_as)
    page = text_of(response)
    assert response.status_code == 200
    for words in (
        "Open Forum",
        "Two hours on rivers",
        "Institute for Testing, with Faculty of Water",
        "Thursday, 18 March 2027, 10:00–13:30 (Belgrade)",
        "Doors open at 09:30",
        "River House Gospodar Jevremova 47, 11000 Belgrade",
        "Entrance from the yard.",
        "Register",
        "Who owns the water, really .",
        "Prof. Dr. Mila Đorđević Moderator Researcher, Institute for Testing",
        "11:00 until 12:30 Panel Who drinks first Great hall",
        "All times are those of Belgrade.",
    ):
        assert words in page
    assert page.count("<h1") == 0
    assert response.content.count(b"<h1>") == 1


def test_who_moderates_comes_first_and_a_panellist_needs_no_word(stage, client_as):
    page = text_of(get(client_as))
    assert page.index("Mila Đorđević") < page.index("Petar Ilić")
    assert "Panellist" not in page


def test_the_draft_is_not_shown(stage, client_as):
    create_session(conference=stage.conference, kind="panel", title={"en": "Not yet"}, actor=SYSTEM)
    assert "Not yet" not in text_of(get(client_as))


def test_an_unlisted_one_opens_but_search_engines_are_told_nothing(stage, client_as):
    stage.conference.visibility = "unlisted"
    stage.conference.save()
    page = get(client_as).content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert "ld+json" not in page
    assert "og:" not in page


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (ConferenceState.CANCELLED, "This has been cancelled and will not take place."),
        (ConferenceState.POSTPONED, "This has been postponed."),
    ],
)
def test_it_says_when_it_does_not_take_place(stage, client_as, state, sentence):
    stage.conference.state = state
    stage.conference.save()
    page = text_of(get(client_as))
    assert sentence in page
    assert "Register" not in page


def test_a_postponed_one_shows_no_date_on_its_cover(stage, client_as):
    stage.conference.state = ConferenceState.POSTPONED
    stage.conference.save()
    page = text_of(get(client_as))
    assert "Date to come" in page
    assert "Doors open" not in page


def test_afterwards_it_offers_what_came_out_of_it(stage, client_as, frozen):
    OutcomeFactory(conference=stage.conference, published_at=stage.conference.ends_at)
    frozen("2027-03-19T10:00")
    page = text_of(get(client_as))
    assert "Read what came out of it" in page
    assert "Register" not in page


def test_while_it_runs_the_programme_says_what_is_on_now(stage, client_as, frozen):
    clock = frozen("2027-03-18T09:40:00")  # 10:40 in Belgrade: the break
    before = get(client_as)
    assert re.search(
        r'class="slot pause now">.*?10:30.*?<b>Now</b>', before.content.decode(), re.DOTALL
    )
    clock.shift(30 * 60)
    after = get(client_as)
    assert re.search(r'class="slot now">.*?11:00.*?<b>Now</b>', after.content.decode(), DOT)
    assert before["ETag"] != after["ETag"]


def test_search_engines_get_what_they_require(stage, client_as):
    Partner.objects.create(
        conference=stage.conference, kind="funder", name={"en": "A Fund"}, url="https://a.example"
    )
    data = data_of(get(client_as))
    subs = data.pop("subEvent")
    assert data == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": "http://testserver/institute/open-forum/",
        "url": "http://testserver/institute/open-forum/",
        "name": "Open Forum",
        "startDate": "2027-03-18T10:00+01:00",
        "endDate": "2027-03-18T13:30+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "inLanguage": ["en", "sr-Latn"],
        "location": [
            {
                "@type": "Place",
                "name": "River House",
                "address": {
                    "@type": "PostalAddress",
                    "streetAddress": "Gospodar Jevremova 47",
                    "postalCode": "11000",
                    "addressLocality": "Belgrade",
                    "addressCountry": "RS",
                },
            }
        ],
        "organizer": [
            {
                "@type": "Organization",
                "name": "Institute for Testing",
                "url": "http://testserver/institute/",
            },
            {"@type": "Organization", "name": "Faculty of Water"},
        ],
        "description": "Two hours on rivers",
        "isAccessibleForFree": True,
        "image": ["http://testserver/institute/open-forum/card.png?lang=en"],
        "offers": {
            "@type": "Offer",
            "url": "http://testserver/institute/open-forum/register/",
            "price": "0",
            "priceCurrency": "RSD",
        },
        "funder": [{"@type": "Organization", "name": "A Fund", "url": "https://a.example"}],
        "performer": [
            {
                "@type": "Person",
                "name": "Vera Cvijić",
                "url": "http://testserver/institute/open-forum/speakers/VERA22/",
            },
            {
                "@type": "Person",
                "name": "Petar Ilić",
                "url": "http://testserver/institute/open-forum/speakers/PETAR2/",
            },
            {
                "@type": "Person",
                "name": "Mila Đorđević",
                "url": "http://testserver/institute/open-forum/speakers/MILA22/",
            },
        ],
    }
    assert [sub["startDate"] for sub in subs] == [
        *("2027-03-18T10:00+01:00", "2027-03-18T11:00+01:00")  # nobody looks for a break
    ]


def test_links_stand_there_from_their_release_on_and_joining_links_never(stage, client_as, frozen):
    MaterialFactory(conference=stage.conference, title={"en": "The paper"})
    MaterialFactory(
        conference=stage.conference,
        title={"en": "Slides"},
        release_at=stage.conference.ends_at,
    )
    MaterialFactory(
        conference=stage.conference, kind="joining_link", title={"en": "The room online"}
    )
    assert Material.objects.count() == 3
    page = text_of(get(client_as))
    assert "The paper" in page
    assert "Slides" not in page
    frozen(stage.conference.ends_at)
    assert "Slides" in text_of(get(client_as))
    assert "The room online" not in text_of(get(client_as))


def test_nothing_stored_becomes_markup(stage, client_as):
    conference = stage.conference
    for name in ("title", "subtitle", "description", "online_note"):
        setattr(conference, name, {"en": HOSTILE})
    conference.contact_name = HOSTILE
    conference.mode = "hybrid"
    conference.save()
    for venue_field in ("name", "directions", "entrance", "access"):
        setattr(stage.venue, venue_field, {"en": HOSTILE})
    stage.venue.street = stage.venue.city = HOSTILE
    stage.venue.save()
    person = stage.people["Mila"]
    person.honorific = person.given_name = person.family_name = HOSTILE[:60]
    person.bio = {"en": HOSTILE}
    person.save()
    stage.conference.organisation.name = HOSTILE
    stage.conference.organisation.about = {"en": HOSTILE}
    stage.conference.organisation.save()
    Partner.objects.update(name={"en": HOSTILE})
    Material.objects.all().delete()
    MaterialFactory(conference=conference, title={"en": HOSTILE})
    for path in (PAGE, f"{PAGE}programme/", f"{PAGE}speakers/MILA22/", "/institute/", "/"):
        body = get(client_as, path).content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body
        assert "{{ 7|add:7 }}" in body or path == f"{PAGE}speakers/MILA22/"
    assert data_of(get(client_as))["name"] == HOSTILE


def test_a_session_that_does_not_exist_is_not_found(stage, client_as):
    assert get(client_as, f"{PAGE}sessions/NOBODY/").status_code == 404
    assert get(client_as, f"{PAGE}speakers/NOBODY/").status_code == 404
    assert get(client_as, f"{PAGE}outcome/").status_code == 404


def test_without_a_panel_those_who_speak_have_their_faces_there(stage, client_as):
    stage.panel.kind = "discussion"
    stage.panel.save()
    publish_schedule(conference=stage.conference, name="Second", actor=SYSTEM)
    page = text_of(get(client_as))
    assert "Who speaks VC Vera Cvijić" in page


def test_several_hosts_are_named_together_and_online_is_said(stage, client_as):
    Partner.objects.create(
        conference=stage.conference, kind="co_organiser", name={"en": "A Press"}, order=1
    )
    stage.conference.mode = "hybrid"
    stage.conference.online_note = {"en": "The link comes by mail."}
    stage.conference.save()
    response = get(client_as)
    page = text_of(response)
    assert "Institute for Testing, with Faculty of Water and A Press" in page
    assert "In person and online The link comes by mail." in page
    assert data_of(response)["location"][1] == {
        "@type": "VirtualLocation",
        "url": "http://testserver/institute/open-forum/",
    }
