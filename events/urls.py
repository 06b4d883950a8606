"""Page addresses of events: the organisers' pages of the programme."""

from django.urls import URLPattern, URLResolver, path

from events.views.manage.conferences import conference_list, conference_new
from events.views.manage.panel import session_new_person, session_page, session_people
from events.views.manage.participations import (
    participation_change,
    participation_move,
    participation_remove,
    session_order,
)
from events.views.manage.people import people_list, person_delete, person_new, person_page
from events.views.manage.schedule import schedule_page
from events.views.manage.sessions import session_list, session_new, session_verb
from events.views.manage.settings import conference_settings, conference_state
from events.views.manage.speakers import (
    session_shortlist,
    speaker_link_revoke,
    speaker_record_answer,
    speaker_release,
    speaker_replace,
    speaker_shown,
)
from events.views.manage.tracks import track_delete, track_list, track_page
from events.views.manage.venues import (
    room_delete,
    room_new,
    room_page,
    venue_delete,
    venue_list,
    venue_new,
    venue_page,
)

_HOST = "manage/<slug:organisation>"
_CONFERENCE = f"{_HOST}/<slug:conference>"
_SESSION = f"{_CONFERENCE}/sessions/<slug:code>"
_PART = f"{_SESSION}/people/<slug:part>"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_HOST}/conferences/", conference_list, name="manage-conferences"),
    path(f"{_HOST}/conferences/new/", conference_new, name="manage-conference-new"),
    path(f"{_HOST}/people/", people_list, name="manage-people"),
    path(f"{_HOST}/people/new/", person_new, name="manage-person-new"),
    path(f"{_HOST}/people/<slug:code>/", person_page, name="manage-person"),
    path(f"{_HOST}/people/<slug:code>/delete/", person_delete, name="manage-person-delete"),
    path(f"{_HOST}/venues/", venue_list, name="manage-venues"),
    path(f"{_HOST}/venues/new/", venue_new, name="manage-venue-new"),
    path(f"{_HOST}/venues/<slug:code>/", venue_page, name="manage-venue"),
    path(f"{_HOST}/venues/<slug:code>/delete/", venue_delete, name="manage-venue-delete"),
    path(f"{_HOST}/venues/<slug:code>/rooms/", room_new, name="manage-room-new"),
    path(f"{_HOST}/venues/rooms/<slug:code>/", room_page, name="manage-room"),
    path(f"{_HOST}/venues/rooms/<slug:code>/delete/", room_delete, name="manage-room-delete"),
    path(f"{_CONFERENCE}/settings/", conference_settings, name="manage-conference-settings"),
    path(f"{_CONFERENCE}/settings/<slug:verb>/", conference_state, name="manage-conference-state"),
    path(f"{_CONFERENCE}/sessions/", session_list, name="manage-sessions"),
    path(f"{_CONFERENCE}/sessions/new/", session_new, name="manage-session-new"),
    path(f"{_SESSION}/", session_page, name="manage-session"),
    path(f"{_SESSION}/people/", session_people, name="manage-session-people"),
    path(f"{_SESSION}/people/new/", session_new_person, name="manage-session-new-person"),
    path(f"{_SESSION}/order/", session_order, name="manage-session-order"),
    path(f"{_PART}/", participation_change, name="manage-participation"),
    path(f"{_PART}/move/", participation_move, name="manage-participation-move"),
    path(f"{_PART}/remove/", participation_remove, name="manage-participation-remove"),
    path(f"{_PART}/answer/", speaker_record_answer, name="manage-speaker-answer"),
    path(f"{_PART}/release/", speaker_release, name="manage-speaker-release"),
    path(f"{_PART}/replace/", speaker_replace, name="manage-speaker-replace"),
    path(f"{_PART}/revoke/", speaker_link_revoke, name="manage-speaker-revoke"),
    path(f"{_PART}/shown/", speaker_shown, name="manage-speaker-shown"),
    path(f"{_SESSION}/shortlist/", session_shortlist, name="manage-shortlist"),
    path(f"{_SESSION}/<slug:verb>/", session_verb, name="manage-session-verb"),
    path(f"{_CONFERENCE}/tracks/", track_list, name="manage-tracks"),
    path(f"{_CONFERENCE}/tracks/<slug:code>/", track_page, name="manage-track"),
    path(f"{_CONFERENCE}/tracks/<slug:code>/delete/", track_delete, name="manage-track-delete"),
    path(f"{_CONFERENCE}/schedule/", schedule_page, name="manage-schedule"),
]
