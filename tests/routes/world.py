"""An organisation with one of everything, so that every address has something to show."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import override_settings
from django.urls import reverse

from accounts.enums import Role
from accounts.services.tokens import create_api_token
from console.donor_pack.building import build_pack
from core.actors import SYSTEM
from core.services.files import store_file
from events.models import PersonalSelection
from events.services.availability import set_availability
from events.services.candidates import add_candidate
from events.services.dismissing import dismiss_double
from events.services.donor_packs import ask_for_pack, make_packs
from events.services.edits import note_edit
from events.services.importing import keep_programme
from events.services.merging import merge_people
from events.services.precedences import create_precedence
from events.services.quote_links import quote_path
from events.services.schedules import publish_schedule
from events.services.selections import selection_path
from events.services.speaker_links import speaker_path
from notifications.services.suppression import suppress_by_organiser
from notifications.services.unsubscribing import unsubscribe_path
from registrations.services.access_codes import create_access_code
from registrations.services.bulk_running import start_deed
from registrations.services.guest_import import keep_guest_list
from registrations.services.hold_backs import create_hold_back
from registrations.services.invitation_links import invitation_path
from registrations.services.links import manage_url
from registrations.services.registration_list import rows_of
from registrations.services.rounds import create_reconfirmation
from registrations.services.sign_up_sessions import open_sign_up
from tests.factories import events as e
from tests.factories import notifications as n
from tests.factories import registrations as r
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.routes.walk import Route
from tests.worlds import shared_world

# What stands in an address where there is nothing.
NOTHING = {"uid": uuid.UUID(int=0), "number": 999, "prefix": "ffffffff", "digits": "ffffff"}
# Verbs that stand in an address, and each one of them.
VERBS = {
    "manage-registration-verb": "cancel",
    "manage-invitation-verb": "withdraw",
    "manage-conference-state": "postpone",
    "manage-session-verb": "cancel",
    "manage-announcement-verb": "undo",
    "manage-quote-verb": "withdraw",
}


@dataclass
class World:
    """One of everything, by the name of what an address calls `code` (or slug, number, uid)."""

    organisation: Any
    conference: Any
    things: dict[str, Any]
    # Where its uploads lie when tests share it.
    files: Path | None = None

    def path(self, route: Route, **other: Any) -> str:
        """Return the route's address here; `other` replaces what stands in it."""
        return reverse(route.name, kwargs={**self.keys(route), **other})

    def keys(self, route: Route) -> dict[str, Any]:
        """Return what stands in the route's address."""
        return {name: self._key(route, name) for name in route.parameters}

    def _key(self, route: Route, parameter: str) -> Any:
        if parameter == "organisation":
            return self.organisation.slug
        if parameter == "conference":
            return self.conference.slug
        if parameter == "verb":
            return VERBS[route.name]
        names = [name for name in self.things if _is_about(route.name, parameter, name)]
        assert names, f"Name an example for “{parameter}” of {route.name} in tests/routes/world.py"
        return self.things[max(names, key=len)]

    def nothing(self, route: Route) -> dict[str, Any] | None:
        """Return what leads to an object that is not there; None where no object is named."""
        own = [p for p in route.parameters if p not in {"organisation", "conference", "verb"}]
        if not own:
            return None
        value = self.keys(route)[own[-1]]
        missing = NOTHING.get(own[-1], "ZZZZZZZZZZ")
        return {own[-1]: uuid.UUID(int=0) if isinstance(value, uuid.UUID) else missing}


def _is_about(route: str, parameter: str, name: str) -> bool:
    start, _dot, kind = name.partition(".")
    return route.startswith(start) and kind in {"", parameter}


def _made(pack):
    make_packs(build=build_pack)
    return pack


def build_world(organisation) -> World:  # noqa: PLR0915 - a list of one of each thing
    """Fill an organisation."""
    venue = e.VenueFactory(organisation=organisation)
    room = e.RoomFactory(venue=venue)
    conference = e.ConferenceFactory(organisation=organisation, slug="forum")
    e.ConferenceVenueFactory(conference=conference, venue=venue)
    series = e.ConferenceFactory(
        organisation=organisation, series=e.SeriesFactory(organisation=organisation)
    ).series
    track = e.TrackFactory(conference=conference)
    start = conference.start_local
    session = e.SessionFactory(
        conference=conference,
        track=track,
        room=room,
        start_local=start,
        end_local=start + dt.timedelta(hours=1),
    )
    person = e.PersonFactory(organisation=organisation)
    after = e.SessionFactory(conference=conference)
    set_availability(
        conference=conference,
        person=person,
        windows=[{"start_local": start, "end_local": conference.end_local}],
        expected=None,
        actor=SYSTEM,
    )
    create_precedence(conference=conference, first=session, then=after, actor=SYSTEM)
    double = e.PersonFactory(organisation=organisation)
    merge = merge_people(kept=person, gone=e.PersonFactory(organisation=organisation), actor=SYSTEM)
    add_candidate(session=session, person=person, role="panellist", actor=SYSTEM)
    dismiss_double(first=person, second=double, actor=SYSTEM)
    tag = e.TagFactory(organisation=organisation)
    part = e.ParticipationFactory(session=session, person=person)
    e.ParticipationFactory(session=session, state="planned", order=1)
    material = e.MaterialFactory(conference=conference)
    stream = e.MaterialFactory(conference=conference, kind="stream", url="https://live.example.org")
    outcome = e.OutcomeItemFactory(
        outcome__conference=conference, outcome__published_at=conference.announced_at
    ).outcome
    quote = e.QuoteFactory(outcome=outcome, person=person, asked=True)
    photo = e.OutcomePhotoFactory(outcome=outcome)
    version = publish_schedule(conference=conference, name="1.0", actor=SYSTEM)
    conference.refresh_from_db()
    selection = PersonalSelection.objects.create(conference=conference, sessions=[session.code])
    kind = r.RegistrationTypeFactory(conference=conference, slug="guests")
    registration = r.RegistrationFactory(registration_type=kind)
    companion = r.RegistrationFactory(
        registration_type=kind, lead=registration, booking=registration.booking, email=""
    )
    question = r.QuestionFactory(conference=conference)
    section = r.QuestionSectionFactory(conference=conference)
    hall = kind.allotments.get()
    hold_back = create_hold_back(allotment=hall, name="The ministry", count=1, actor=SYSTEM)
    access_code = create_access_code(
        conference=conference, registration_types=[kind], code="FRIENDS", actor=SYSTEM
    )
    sign_up = open_sign_up(session=session, capacity=5, actor=SYSTEM)
    rule = n.ReminderRuleFactory(conference=conference)
    message = n.MessageFactory(registration=registration)
    announcement = n.AnnouncementFactory(conference=conference)
    n.MailTemplateFactory(conference=conference)
    n.MailTemplateFactory(organisation=organisation, conference=None)
    suppression = suppress_by_organiser(
        organisation=organisation, email="eva@example.org", note="By phone", actor=SYSTEM
    )
    invitation = r.InvitationFactory(registration_type=kind)
    accepted = r.InvitationFactory(
        registration_type=kind,
        registration=r.RegistrationFactory(registration_type=kind),
        response="accepted",
        answered_at=conference.announced_at,
        answered_via="link",
    )
    asking = create_reconfirmation(
        conference=conference,
        ask_local=conference.start_local - dt.timedelta(days=5),
        until_local=conference.start_local - dt.timedelta(days=2),
        actor=SYSTEM,
    )
    guest_list = keep_guest_list(
        conference=conference,
        content=b"Name;E-mail\nAna;ana@example.org\n",
        name="guests.csv",
        content_type="text/csv",
        actor=SYSTEM,
    )
    programme = keep_programme(
        conference=conference, format="agenda", text="10:00 Opening\n", actor=SYSTEM
    )
    deed = start_deed(
        conference=conference,
        rows=rows_of(conference),
        verb="resend-link",
        values={},
        actor=SYSTEM,
    )
    pack = _made(ask_for_pack(conference=conference, actor=SYSTEM))
    member = MembershipFactory(organisation=organisation, role=Role.VIEWER)
    token, _text = create_api_token(
        organisation=organisation, name="Feed", scopes=["mail:read"], actor=SYSTEM
    )
    file = store_file(
        organisation_id=organisation.pk,
        content=b"%PDF-1.7",
        name="slides.pdf",
        actor=SYSTEM,
        visibility="public",
    )
    key = manage_url(registration).rstrip("/").rsplit("/", 1)[1]
    edit = note_edit(
        conference=conference,
        session=session,
        before={"language": "en"},
        after={"language": ""},
        verb="change_session",
        actor=SYSTEM,
    )
    speaker_key = speaker_path(part).rstrip("/").rsplit("/", 1)[1]
    things = {
        "problem": "busy",
        "colours.digits": "0b5d5e",
        "file": file.uid,
        "file-by-name.name": "slides.pdf",
        "account_reset_password_from_key.uidb36": "1",
        "account_reset_password_from_key.key": "set-password",
        "session": session.code,
        "manage-donor-pack-file.code": pack.code,
        "manage-donor-pack-delete.code": pack.code,
        "api-donor-pack-detail.code": pack.code,
        "api-donor-pack-file.code": pack.code,
        "series.series": series.slug,
        "manage-series.code": series.slug,
        "api-series-detail.slug": series.slug,
        "speaker": person.code,
        "person-calendar": person.code,
        "room-calendar": room.code,
        "personal.code": registration.code,
        "personal.companion": companion.code,
        "personal.token": key,
        "ticket.code": registration.code,
        "ticket.token": key,
        "preferences.token": unsubscribe_path(message).split("/")[2],
        "manage-inbox.name": "1700000000000000000-0123abcd",
        "manage-inbox.number": "0",
        "manage-member": member.code,
        "manage-token": token.prefix,
        "manage-message": message.uid,
        "manage-rule": rule.code,
        "manage-announcement": announcement.code,
        "api-announcement": announcement.code,
        "manage-mail-text.language": "en",
        "manage-mail-text.template": "reminder",
        "manage-host-mail-text.language": "en",
        "manage-host-mail-text.template": "reminder",
        "manage-suppression": suppression.code,
        "manage-registration": registration.code,
        "manage-time-line": registration.code,
        "manage-version": version.number,
        "manage-edit-undo.deed": edit.deed,
        "api-draft-edit-undo.deed": edit.deed,
        "manage-deed": deed.code,
        "api-bulk-deed": deed.code,
        "invitation.code": accepted.code,
        "invitation.token": invitation_path(accepted).rstrip("/").rsplit("/", 1)[1],
        "manage-invitation": invitation.code,
        "manage-guest-import": guest_list.code,
        "manage-import": programme.code,
        "api-programme-import": programme.code,
        "manage-round": asking.code,
        "manage-round-delete": asking.code,
        "manage-type": kind.slug,
        "manage-allotment": hall.code,
        "manage-hold-back": hold_back.code,
        "manage-code": access_code.code,
        "manage-sign-up": sign_up.session.code,
        "api-allotment": hall.code,
        "api-hold-back": hold_back.code,
        "api-access-code": access_code.code,
        "api-sign-up-session": sign_up.session.code,
        "speaker-give.code": part.code,
        "speaker-give.token": speaker_path(part).split("/")[3],
        "speaker-briefing.code": part.code,
        "speaker-briefing.token": speaker_path(part).split("/")[3],
        "speaker-calendar.code": part.code,
        "speaker-calendar.token": speaker_path(part).split("/")[3],
        "manage-outcome-item.number": 1,
        "manage-quote.code": quote.code,
        "manage-photo": photo.code,
        "quote-answer.code": quote.code,
        "quote-answer.token": quote_path(quote).split("/")[3],
        "stream": stream.code,
        "selection.code": selection.code,
        "selection.token": selection_path(selection).split("/")[5],
        "manage-person": person.code,
        "manage-person-merge.other": double.code,
        "manage-people-double-dismiss.first": person.code,
        "manage-people-double-dismiss.second": double.code,
        "manage-people-double-recall.first": person.code,
        "manage-people-double-recall.second": double.code,
        "api-candidate.session": session.code,
        "api-candidate.person": person.code,
        "api-candidate.role": "panellist",
        "manage-people-tag-change": tag.slug,
        "manage-people-merge-undo": merge.gone_code,
        "manage-venue": venue.code,
        "manage-room": room.code,
        "manage-room-new": venue.code,
        "manage-session": session.code,
        "manage-shortlist": session.code,
        "manage-speakers-ask": session.code,
        "manage-speaker-.code": session.code,
        "manage-speaker-.part": part.code,
        **{
            f"speaker-{page}.{name}": value
            for page in ("answer", "seen", "calendar")
            for name, value in (("code", part.code), ("token", speaker_key))
        },
        "manage-participation.code": session.code,
        "manage-participation.part": part.code,
        "manage-track": track.slug,
        "api-person": person.code,
        "api-person-merge-undo": merge.gone_code,
        "api-tag": tag.slug,
        "api-speaker": person.code,
        "api-venue": venue.code,
        "api-room": room.code,
        "api-track": track.slug,
        "api-session": session.code,
        "api-participation": part.code,
        "api-role-requirement": "panel-panellist",
        "api-availability": person.code,
        "api-precedence": f"{session.code}-{after.code}",
        "manage-requirement": "panel",
        "manage-availability": person.code,
        "manage-precedence": f"{session.code}-{after.code}",
        "api-material": material.code,
        "api-quote": quote.code,
        "api-photo": photo.code,
        "api-schedule-version": version.number,
        "api-registration-type": kind.slug,
        "api-question": question.slug,
        "api-question-section": section.slug,
        "manage-form-question": question.slug,
        "manage-form-section": section.slug,
        "api-registration": registration.code,
        "api-invitation": invitation.code,
        "api-reconfirmation": asking.code,
        "api-reminder-rule": rule.code,
        "api-message": message.uid,
        "api-mail-template.slug": "reminder",
        "api-mail-template.language": "en",
        "api-host-mail-template.slug": "reminder",
        "api-host-mail-template.language": "en",
        "api-suppression": suppression.code,
    }
    return World(organisation, conference, things)


@contextmanager
def world_of_a_module(blocker, files):
    """Yield a world that the tests of a module share, with its uploads in this folder."""

    def make():
        with override_settings(MEDIA_ROOT=files):
            made = build_world(OrganisationFactory(slug="institute", name="Institute for Testing"))
        made.files = files
        return made

    with shared_world(blocker, make) as made:
        yield made
