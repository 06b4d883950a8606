"""Public page addresses of events, at the root: /{organisation}/…"""

from django.urls import URLPattern, URLResolver, path

from events.views.public.calendars import (
    conference_calendar_file,
    organisation_calendar_file,
    person_calendar_file,
    room_calendar_file,
    session_calendar_file,
)
from events.views.public.cards import conference_card_file, organisation_card_file
from events.views.public.conference import conference_page
from events.views.public.organisation import home, organisation_page
from events.views.public.outcome import outcome_page
from events.views.public.programme import now_page, programme_page, speakers_page
from events.views.public.selection import selection_calendar, selection_new, selection_page
from events.views.public.session import session_page, speaker_page
from events.views.public.sitemaps import (
    conference_sitemap,
    organisation_sitemap,
    sitemap_index,
)
from events.views.public.streams import stream_page, stream_watch_page

_CONFERENCE = "<slug:organisation>/<slug:conference>"
_SELECTION = f"{_CONFERENCE}/selection/<slug:code>/<slug:token>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("sitemap.xml", sitemap_index, name="sitemap"),
    path("<slug:organisation>/sitemap.xml", organisation_sitemap, name="organisation-sitemap"),
    path(f"{_CONFERENCE}/sitemap.xml", conference_sitemap, name="conference-sitemap"),
    path("<slug:organisation>/", organisation_page, name="organisation"),
    path(
        "<slug:organisation>/calendar.ics", organisation_calendar_file, name="organisation-calendar"
    ),
    path(f"{_CONFERENCE}/", conference_page, name="conference"),
    path("<slug:organisation>/card.png", organisation_card_file, name="organisation-card"),
    path(f"{_CONFERENCE}/card.png", conference_card_file, name="conference-card"),
    path(f"{_CONFERENCE}/calendar.ics", conference_calendar_file, name="conference-calendar"),
    path(f"{_CONFERENCE}/programme/", programme_page, name="programme"),
    path(f"{_CONFERENCE}/now/", now_page, name="now"),
    path(f"{_CONFERENCE}/selection/", selection_new, name="selection-new"),
    path(f"{_SELECTION}/", selection_page, name="selection"),
    path(f"{_SELECTION}/calendar.ics", selection_calendar, name="selection-calendar"),
    path(f"{_CONFERENCE}/streams/<slug:code>/", stream_page, name="stream"),
    path(f"{_CONFERENCE}/streams/<slug:code>/watch/", stream_watch_page, name="stream-watch"),
    path(f"{_CONFERENCE}/speakers/", speakers_page, name="speakers"),
    path(f"{_CONFERENCE}/outcome/", outcome_page, name="outcome"),
    path(f"{_CONFERENCE}/sessions/<slug:code>/", session_page, name="session"),
    path(f"{_CONFERENCE}/speakers/<slug:code>/", speaker_page, name="speaker"),
    path(
        f"{_CONFERENCE}/sessions/<slug:code>/calendar.ics",
        session_calendar_file,
        name="session-calendar",
    ),
    path(
        f"{_CONFERENCE}/speakers/<slug:code>/calendar.ics",
        person_calendar_file,
        name="person-calendar",
    ),
    path(f"{_CONFERENCE}/rooms/<slug:code>/calendar.ics", room_calendar_file, name="room-calendar"),
]
