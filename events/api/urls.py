"""API addresses of events, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from events.api.views import asking, conferences, people, places, public, publishing, sessions

_O = "organisations/<slug:organisation>"
_C = f"{_O}/conferences/<slug:conference>"
_P = "public/<slug:organisation>/<slug:conference>"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_O}/conferences/", conferences.ConferenceList.as_view(), name="api-conference-list"),
    path(f"{_C}/", conferences.ConferenceDetail.as_view(), name="api-conference-detail"),
    path(
        f"{_C}/publish/",
        conferences.PublishConference.as_view(),
        name="api-conference-publish",
    ),
    path(
        f"{_C}/postpone/",
        conferences.PostponeConference.as_view(),
        name="api-conference-postpone",
    ),
    path(f"{_C}/cancel/", conferences.CancelConference.as_view(), name="api-conference-cancel"),
    path(f"{_C}/reopen/", conferences.ReopenConference.as_view(), name="api-conference-reopen"),
    path(
        f"{_C}/archive/",
        conferences.ArchiveConference.as_view(),
        name="api-conference-archive",
    ),
    path(f"{_O}/people/", people.PersonList.as_view(), name="api-person-list"),
    path(f"{_O}/people/<slug:code>/", people.PersonDetail.as_view(), name="api-person-detail"),
    path(f"{_O}/venues/", places.VenueList.as_view(), name="api-venue-list"),
    path(f"{_O}/venues/<slug:code>/", places.VenueDetail.as_view(), name="api-venue-detail"),
    path(f"{_C}/rooms/", places.RoomList.as_view(), name="api-room-list"),
    path(f"{_C}/rooms/<slug:code>/", places.RoomDetail.as_view(), name="api-room-detail"),
    path(f"{_C}/tracks/", sessions.TrackList.as_view(), name="api-track-list"),
    path(f"{_C}/tracks/<slug:slug>/", sessions.TrackDetail.as_view(), name="api-track-detail"),
    path(f"{_C}/sessions/", sessions.SessionList.as_view(), name="api-session-list"),
    path(
        f"{_C}/sessions/<slug:code>/",
        sessions.SessionDetail.as_view(),
        name="api-session-detail",
    ),
    path(
        f"{_C}/sessions/<slug:code>/cancel/",
        sessions.CancelSession.as_view(),
        name="api-session-cancel",
    ),
    path(
        f"{_C}/sessions/<slug:code>/restore/",
        sessions.RestoreSession.as_view(),
        name="api-session-restore",
    ),
    path(
        f"{_C}/participations/",
        sessions.ParticipationList.as_view(),
        name="api-participation-list",
    ),
    path(
        f"{_C}/participations/<slug:code>/",
        sessions.ParticipationDetail.as_view(),
        name="api-participation-detail",
    ),
    path(
        f"{_C}/participations/<slug:code>/ask/",
        asking.AskParticipation.as_view(),
        name="api-participation-ask",
    ),
    path(
        f"{_C}/participations/<slug:code>/answer/",
        asking.AnswerParticipation.as_view(),
        name="api-participation-answer",
    ),
    path(
        f"{_C}/participations/<slug:code>/release/",
        asking.ReleaseParticipation.as_view(),
        name="api-participation-release",
    ),
    path(
        f"{_C}/participations/<slug:code>/replace/",
        asking.ReplaceParticipation.as_view(),
        name="api-participation-replace",
    ),
    path(f"{_C}/candidates/", asking.CandidateList.as_view(), name="api-candidate-list"),
    path(f"{_C}/speakers/", people.SpeakerList.as_view(), name="api-speaker-list"),
    path(
        f"{_C}/speakers/<slug:code>/",
        people.SpeakerDetail.as_view(),
        name="api-speaker-detail",
    ),
    path(f"{_C}/materials/", publishing.MaterialList.as_view(), name="api-material-list"),
    path(
        f"{_C}/materials/<slug:code>/",
        publishing.MaterialDetail.as_view(),
        name="api-material-detail",
    ),
    path(
        f"{_C}/schedule-versions/",
        publishing.VersionList.as_view(),
        name="api-schedule-version-list",
    ),
    path(
        f"{_C}/schedule-versions/<int:number>/",
        publishing.VersionDetail.as_view(),
        name="api-schedule-version-detail",
    ),
    path(f"{_P}/", public.PublicConference.as_view(), name="api-public-conference"),
    path(f"{_P}/programme/", public.PublicProgramme.as_view(), name="api-public-programme"),
]
