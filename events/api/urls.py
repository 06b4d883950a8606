"""API addresses of events, below /api/v1/."""

from django.urls import URLPattern, URLResolver, path

from events.api.views import (
    asking,
    composition,
    conferences,
    editing,
    exports,
    importing,
    merging,
    needs,
    outcome,
    people,
    places,
    public,
    publishing,
    series,
    sessions,
    tags,
)

_O = "organisations/<slug:organisation>"
_C = f"{_O}/conferences/<slug:conference>"
_Q = f"{_C}/outcome/quotes/<slug:code>"
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
    path(f"{_O}/people/duplicates/", merging.Doubles.as_view(), name="api-person-duplicates"),
    path(
        f"{_O}/people/duplicates/dismiss/",
        merging.DismissDouble.as_view(),
        name="api-person-duplicate-dismiss",
    ),
    path(
        f"{_O}/people/duplicates/recall/",
        merging.RecallDouble.as_view(),
        name="api-person-duplicate-recall",
    ),
    path(f"{_O}/people/tags/", tags.TagPeople.as_view(), name="api-people-tags"),
    path(f"{_O}/people/<slug:code>/merge/", merging.MergePerson.as_view(), name="api-person-merge"),
    path(f"{_O}/person-merges/", merging.MergeList.as_view(), name="api-person-merge-list"),
    path(
        f"{_O}/person-merges/<slug:code>/undo/",
        merging.UndoMerge.as_view(),
        name="api-person-merge-undo",
    ),
    path(f"{_O}/tags/", tags.TagList.as_view(), name="api-tag-list"),
    path(f"{_O}/tags/<slug:slug>/", tags.TagDetail.as_view(), name="api-tag-detail"),
    path(f"{_O}/tags/<slug:slug>/merge/", tags.MergeTag.as_view(), name="api-tag-merge"),
    path(f"{_O}/people/<slug:code>/", people.PersonDetail.as_view(), name="api-person-detail"),
    path(f"{_O}/series/", series.SeriesList.as_view(), name="api-series-list"),
    path(f"{_O}/series/<slug:slug>/", series.SeriesDetail.as_view(), name="api-series-detail"),
    path(f"{_O}/venues/", places.VenueList.as_view(), name="api-venue-list"),
    path(f"{_O}/venues/<slug:code>/", places.VenueDetail.as_view(), name="api-venue-detail"),
    path(f"{_C}/rooms/", places.RoomList.as_view(), name="api-room-list"),
    path(f"{_C}/rooms/<slug:code>/", places.RoomDetail.as_view(), name="api-room-detail"),
    path(f"{_C}/tracks/", sessions.TrackList.as_view(), name="api-track-list"),
    path(f"{_C}/tracks/<slug:slug>/", sessions.TrackDetail.as_view(), name="api-track-detail"),
    path(f"{_C}/sessions/", sessions.SessionList.as_view(), name="api-session-list"),
    path(f"{_C}/sessions/reorder/", editing.ReorderDay.as_view(), name="api-session-reorder"),
    path(f"{_C}/sessions/export/", exports.SessionExport.as_view(), name="api-session-export"),
    path(
        f"{_C}/sessions/export/xlsx/",
        exports.SessionWorkbook.as_view(),
        name="api-session-workbook",
    ),
    path(
        f"{_C}/sessions/<slug:code>/place/",
        editing.PlaceSession.as_view(),
        name="api-session-place",
    ),
    path(
        f"{_C}/sessions/<slug:code>/flow/",
        editing.FlowSession.as_view(),
        name="api-session-flow",
    ),
    path(
        f"{_C}/sessions/<slug:code>/insert-after/",
        editing.InsertAfter.as_view(),
        name="api-session-insert-after",
    ),
    path(f"{_C}/draft-edits/", editing.DraftEditList.as_view(), name="api-draft-edit-list"),
    path(
        f"{_C}/draft-edits/<uuid:deed>/undo/",
        editing.UndoEdit.as_view(),
        name="api-draft-edit-undo",
    ),
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
        f"{_C}/participations/<slug:code>/needs/",
        needs.ParticipationNeeds.as_view(),
        name="api-participation-needs",
    ),
    path(
        f"{_C}/role-requirements/",
        composition.RoleRequirementList.as_view(),
        name="api-role-requirement-list",
    ),
    path(
        f"{_C}/role-requirements/<slug:code>/",
        composition.RoleRequirementDetail.as_view(),
        name="api-role-requirement-detail",
    ),
    path(
        f"{_C}/availabilities/",
        composition.AvailabilityList.as_view(),
        name="api-availability-list",
    ),
    path(
        f"{_C}/availabilities/<slug:code>/",
        composition.AvailabilityDetail.as_view(),
        name="api-availability-detail",
    ),
    path(f"{_C}/precedences/", composition.PrecedenceList.as_view(), name="api-precedence-list"),
    path(
        f"{_C}/precedences/<slug:code>/",
        composition.PrecedenceDetail.as_view(),
        name="api-precedence-detail",
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
    path(
        f"{_C}/candidates/<slug:session>/order/",
        asking.OrderCandidates.as_view(),
        name="api-candidate-order",
    ),
    path(
        f"{_C}/candidates/<slug:session>/<slug:person>/<str:role>/",
        asking.CandidateDetail.as_view(),
        name="api-candidate-detail",
    ),
    path(f"{_C}/speakers/", people.SpeakerList.as_view(), name="api-speaker-list"),
    path(
        f"{_C}/speakers/<slug:code>/",
        people.SpeakerDetail.as_view(),
        name="api-speaker-detail",
    ),
    path(f"{_C}/outcome/", outcome.OutcomeDetail.as_view(), name="api-outcome-detail"),
    path(f"{_C}/outcome/draft/", outcome.DraftOutcome.as_view(), name="api-outcome-draft"),
    path(f"{_C}/outcome/publish/", outcome.PublishOutcome.as_view(), name="api-outcome-publish"),
    path(
        f"{_C}/outcome/unpublish/",
        outcome.UnpublishOutcome.as_view(),
        name="api-outcome-unpublish",
    ),
    path(f"{_C}/outcome/quotes/", outcome.QuoteList.as_view(), name="api-quote-list"),
    path(f"{_Q}/", outcome.QuoteDetail.as_view(), name="api-quote-detail"),
    path(f"{_Q}/ask/", outcome.AskQuote.as_view(), name="api-quote-ask"),
    path(f"{_Q}/answer/", outcome.AnswerQuote.as_view(), name="api-quote-answer"),
    path(f"{_Q}/accept/", outcome.AcceptProposal.as_view(), name="api-quote-accept"),
    path(f"{_Q}/withdraw/", outcome.WithdrawQuote.as_view(), name="api-quote-withdraw"),
    path(f"{_Q}/revoke-link/", outcome.RevokeQuoteLink.as_view(), name="api-quote-revoke-link"),
    path(f"{_C}/outcome/photos/", outcome.PhotoList.as_view(), name="api-photo-list"),
    path(
        f"{_C}/outcome/photos/<slug:code>/",
        outcome.PhotoDetail.as_view(),
        name="api-photo-detail",
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
    path(
        f"{_C}/schedule-versions/<int:number>/compare/",
        publishing.VersionComparison.as_view(),
        name="api-schedule-version-compare",
    ),
    path(
        f"{_C}/schedule-versions/<int:number>/restore/",
        publishing.RestoreVersion.as_view(),
        name="api-schedule-version-restore",
    ),
    path(
        f"{_C}/programme-imports/",
        importing.ProgrammeImportList.as_view(),
        name="api-programme-import-list",
    ),
    path(
        f"{_C}/programme-imports/<slug:code>/",
        importing.ProgrammeImportDetail.as_view(),
        name="api-programme-import-detail",
    ),
    path(
        f"{_C}/programme-imports/<slug:code>/preview/",
        importing.ProgrammeImportPreview.as_view(),
        name="api-programme-import-preview",
    ),
    path(
        f"{_C}/programme-imports/<slug:code>/start/",
        importing.StartProgrammeImport.as_view(),
        name="api-programme-import-start",
    ),
    path(
        f"{_C}/programme-imports/<slug:code>/cancel/",
        importing.CancelProgrammeImport.as_view(),
        name="api-programme-import-cancel",
    ),
    path(
        f"{_C}/programme-imports/<slug:code>/undo/",
        importing.UndoProgrammeImport.as_view(),
        name="api-programme-import-undo",
    ),
    path(f"{_P}/", public.PublicConference.as_view(), name="api-public-conference"),
    path(f"{_P}/programme/", public.PublicProgramme.as_view(), name="api-public-programme"),
]
