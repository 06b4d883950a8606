"""Page addresses of events: speakers' own pages, and the organisers' pages of the programme."""

from django.urls import URLPattern, URLResolver, path

from events.views.manage.balance import balance_page
from events.views.manage.composition import (
    availabilities,
    availability_page,
    precedence_delete,
    precedence_list,
    requirement_page,
)
from events.views.manage.conferences import conference_list, conference_new
from events.views.manage.doubles import double_dismiss, double_list, double_recall, merge_undo
from events.views.manage.edits import edit_list, edit_undo
from events.views.manage.exports import programme_csv, programme_xlsx
from events.views.manage.grid import grid_page, session_slot
from events.views.manage.importing import import_new, import_page, import_stop, import_undo
from events.views.manage.needs import needs_page, participation_briefing, session_briefings
from events.views.manage.outcome import (
    outcome_draft,
    outcome_editor,
    outcome_preview,
    outcome_unpublish,
)
from events.views.manage.outcome_items import (
    outcome_item,
    outcome_item_move,
    outcome_item_new,
    outcome_item_remove,
    outcome_items,
)
from events.views.manage.panel import session_new_person, session_page, session_people
from events.views.manage.participations import (
    participation_change,
    participation_move,
    participation_remove,
    session_order,
)
from events.views.manage.people import people_list, person_delete, person_edit, person_new
from events.views.manage.photos import photo_delete, photo_list, photo_move, photo_page
from events.views.manage.quotes import quote_list, quote_new, quote_page, quote_record, quote_verb
from events.views.manage.series import (
    series_conferences,
    series_delete,
    series_list,
    series_page,
)
from events.views.manage.session_lines import session_line, session_order_of_day
from events.views.manage.session_list import session_list
from events.views.manage.sessions import session_new, session_verb
from events.views.manage.settings import conference_settings, conference_state
from events.views.manage.shortlist import session_shortlist
from events.views.manage.speakers import (
    speaker_link_revoke,
    speaker_record_answer,
    speaker_release,
    speaker_replace,
    speaker_shown,
)
from events.views.manage.tags import people_tag, tag_list, tag_page
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
from events.views.quote.answer import quote_answer_page
from events.views.speaker.briefing import briefing_document, briefing_page
from events.views.speaker.give import give_page

_HOST = "manage/<slug:organisation>"
_CONFERENCE = f"{_HOST}/<slug:conference>"
_SESSION = f"{_CONFERENCE}/sessions/<slug:code>"
_PART = f"{_SESSION}/people/<slug:part>"
_OUTCOME = f"{_CONFERENCE}/outcome"
_ITEM = f"{_OUTCOME}/points/<int:number>"
_SPEAKER = "s/<slug:code>/<slug:token>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("q/<slug:code>/<slug:token>/", quote_answer_page, name="quote-answer"),
    path(f"{_SPEAKER}/give/", give_page, name="speaker-give"),
    path(f"{_SPEAKER}/briefing/", briefing_page, name="speaker-briefing"),
    path(f"{_SPEAKER}/briefing.pdf", briefing_document, name="speaker-briefing-pdf"),
    path(f"{_HOST}/conferences/", conference_list, name="manage-conferences"),
    path(f"{_HOST}/conferences/new/", conference_new, name="manage-conference-new"),
    path(f"{_HOST}/series/", series_list, name="manage-series-list"),
    path(f"{_HOST}/series/<slug:code>/", series_page, name="manage-series"),
    path(
        f"{_HOST}/series/<slug:code>/conferences/",
        series_conferences,
        name="manage-series-conferences",
    ),
    path(f"{_HOST}/series/<slug:code>/delete/", series_delete, name="manage-series-delete"),
    path(f"{_HOST}/people/", people_list, name="manage-people"),
    path(f"{_HOST}/people/new/", person_new, name="manage-person-new"),
    path(f"{_HOST}/people/tag/", people_tag, name="manage-people-tag"),
    path(f"{_HOST}/people/tags/", tag_list, name="manage-people-tags"),
    path(f"{_HOST}/people/tags/<slug:code>/", tag_page, name="manage-people-tag-change"),
    path(f"{_HOST}/people/doubles/", double_list, name="manage-people-doubles"),
    path(
        f"{_HOST}/people/doubles/<slug:first>/<slug:second>/dismiss/",
        double_dismiss,
        name="manage-people-double-dismiss",
    ),
    path(
        f"{_HOST}/people/doubles/<slug:first>/<slug:second>/recall/",
        double_recall,
        name="manage-people-double-recall",
    ),
    path(f"{_HOST}/people/merges/<slug:code>/", merge_undo, name="manage-people-merge-undo"),
    path(f"{_HOST}/people/<slug:code>/edit/", person_edit, name="manage-person-edit"),
    path(f"{_HOST}/people/<slug:code>/delete/", person_delete, name="manage-person-delete"),
    path(f"{_HOST}/venues/", venue_list, name="manage-venues"),
    path(f"{_HOST}/venues/new/", venue_new, name="manage-venue-new"),
    path(f"{_HOST}/venues/<slug:code>/", venue_page, name="manage-venue"),
    path(f"{_HOST}/venues/<slug:code>/delete/", venue_delete, name="manage-venue-delete"),
    path(f"{_HOST}/venues/<slug:code>/rooms/", room_new, name="manage-room-new"),
    path(f"{_HOST}/venues/rooms/<slug:code>/", room_page, name="manage-room"),
    path(f"{_HOST}/venues/rooms/<slug:code>/delete/", room_delete, name="manage-room-delete"),
    path(f"{_CONFERENCE}/balance/", balance_page, name="manage-balance"),
    path(f"{_CONFERENCE}/settings/", conference_settings, name="manage-conference-settings"),
    path(f"{_CONFERENCE}/settings/<slug:verb>/", conference_state, name="manage-conference-state"),
    path(f"{_CONFERENCE}/sessions/", session_list, name="manage-sessions"),
    path(
        f"{_CONFERENCE}/sessions/day-order/", session_order_of_day, name="manage-session-day-order"
    ),
    path(f"{_CONFERENCE}/programme.csv", programme_csv, name="manage-programme-csv"),
    path(f"{_CONFERENCE}/programme.xlsx", programme_xlsx, name="manage-programme-xlsx"),
    path(f"{_CONFERENCE}/import/", import_new, name="manage-import-new"),
    path(f"{_CONFERENCE}/import/<slug:code>/", import_page, name="manage-import"),
    path(f"{_CONFERENCE}/import/<slug:code>/stop/", import_stop, name="manage-import-stop"),
    path(f"{_CONFERENCE}/import/<slug:code>/undo/", import_undo, name="manage-import-undo"),
    path(f"{_CONFERENCE}/grid/", grid_page, name="manage-grid"),
    path(f"{_CONFERENCE}/edits/", edit_list, name="manage-edits"),
    path(f"{_CONFERENCE}/edits/<uuid:deed>/undo/", edit_undo, name="manage-edit-undo"),
    path(f"{_CONFERENCE}/sessions/new/", session_new, name="manage-session-new"),
    path(f"{_CONFERENCE}/speakers/needs/", needs_page, name="manage-speaker-needs"),
    path(f"{_SESSION}/briefings.pdf", session_briefings, name="manage-session-briefings"),
    path(f"{_PART}/briefing.pdf", participation_briefing, name="manage-participation-briefing"),
    path(f"{_SESSION}/", session_page, name="manage-session"),
    path(f"{_SESSION}/people/", session_people, name="manage-session-people"),
    path(f"{_SESSION}/people/new/", session_new_person, name="manage-session-new-person"),
    path(f"{_SESSION}/order/", session_order, name="manage-session-order"),
    path(f"{_PART}/", participation_change, name="manage-participation"),
    path(f"{_PART}/move/", participation_move, name="manage-participation-move"),
    path(f"{_PART}/remove/", participation_remove, name="manage-participation-remove"),
    path(f"{_SESSION}/line/", session_line, name="manage-session-line"),
    path(f"{_SESSION}/slot/", session_slot, name="manage-session-slot"),
    path(f"{_PART}/answer/", speaker_record_answer, name="manage-speaker-answer"),
    path(f"{_PART}/release/", speaker_release, name="manage-speaker-release"),
    path(f"{_PART}/replace/", speaker_replace, name="manage-speaker-replace"),
    path(f"{_PART}/revoke/", speaker_link_revoke, name="manage-speaker-revoke"),
    path(f"{_PART}/shown/", speaker_shown, name="manage-speaker-shown"),
    path(f"{_SESSION}/shortlist/", session_shortlist, name="manage-shortlist"),
    path(f"{_SESSION}/<slug:verb>/", session_verb, name="manage-session-verb"),
    path(f"{_CONFERENCE}/requirements/<slug:code>/", requirement_page, name="manage-requirement"),
    path(f"{_CONFERENCE}/availability/", availabilities, name="manage-availabilities"),
    path(f"{_CONFERENCE}/availability/<slug:code>/", availability_page, name="manage-availability"),
    path(f"{_CONFERENCE}/order/", precedence_list, name="manage-precedences"),
    path(
        f"{_CONFERENCE}/order/<slug:code>/delete/",
        precedence_delete,
        name="manage-precedence-delete",
    ),
    path(f"{_OUTCOME}/", outcome_editor, name="manage-outcome"),
    path(f"{_OUTCOME}/draft/", outcome_draft, name="manage-outcome-draft"),
    path(f"{_OUTCOME}/preview/", outcome_preview, name="manage-outcome-preview"),
    path(f"{_OUTCOME}/unpublish/", outcome_unpublish, name="manage-outcome-unpublish"),
    path(f"{_OUTCOME}/points/", outcome_items, name="manage-outcome-items"),
    path(f"{_OUTCOME}/points/new/", outcome_item_new, name="manage-outcome-item-new"),
    path(f"{_ITEM}/", outcome_item, name="manage-outcome-item"),
    path(f"{_ITEM}/move/", outcome_item_move, name="manage-outcome-item-move"),
    path(f"{_ITEM}/remove/", outcome_item_remove, name="manage-outcome-item-remove"),
    path(f"{_OUTCOME}/quotes/", quote_list, name="manage-quotes"),
    path(f"{_OUTCOME}/quotes/new/", quote_new, name="manage-quote-new"),
    path(f"{_OUTCOME}/quotes/<slug:code>/", quote_page, name="manage-quote"),
    path(f"{_OUTCOME}/quotes/<slug:code>/record/", quote_record, name="manage-quote-record"),
    path(f"{_OUTCOME}/quotes/<slug:code>/<slug:verb>/", quote_verb, name="manage-quote-verb"),
    path(f"{_OUTCOME}/photos/", photo_list, name="manage-photos"),
    path(f"{_OUTCOME}/photos/<slug:code>/", photo_page, name="manage-photo"),
    path(f"{_OUTCOME}/photos/<slug:code>/move/", photo_move, name="manage-photo-move"),
    path(f"{_OUTCOME}/photos/<slug:code>/delete/", photo_delete, name="manage-photo-delete"),
    path(f"{_CONFERENCE}/tracks/", track_list, name="manage-tracks"),
    path(f"{_CONFERENCE}/tracks/<slug:code>/", track_page, name="manage-track"),
    path(f"{_CONFERENCE}/tracks/<slug:code>/delete/", track_delete, name="manage-track-delete"),
]
