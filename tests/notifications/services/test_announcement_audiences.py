"""Whom an announcement reaches: every state, role and tag; one mail an address; who is left out."""

from __future__ import annotations

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from events.enums import ParticipationRole, ParticipationState
from events.models import Assistant, Tag
from notifications.enums import InvitationStanding, Section, SkipReason
from notifications.models import Announcement
from notifications.services import announcement_audiences, recipients
from notifications.services.announcement_audiences import recipients_of
from notifications.services.announcement_holds import Standing, still_meant
from notifications.services.audience_filters import (
    audience_in_words,
    filters_of,
    same_audience,
)
from notifications.services.fan_out import as_message
from notifications.services.suppression import suppress_by_organiser
from notifications.services.survey import survey
from registrations.enums import RegistrationStatus
from registrations.models import Invitation
from tests.factories.events import ParticipationFactory, PersonFactory, SessionFactory
from tests.factories.notifications import AnnouncementFactory, conference_in, guests_of
from tests.factories.registrations import RegistrationTypeFactory

pytestmark = pytest.mark.django_db
FINDINGS = {"invitations": ["wants_findings"]}


@pytest.fixture
def conference(organisation):
    return conference_in(organisation=organisation, languages=["en", "sr-Latn"])


def meant(conference, **audience):
    return Announcement(conference=conference, audience=audience, body={"en": "Hello"})


def readers(conference, **audience):
    chunks = list(recipients_of(meant(conference, **audience)))
    return [reader for chunk in chunks for reader in chunk.readers]


def addresses(conference, **audience):
    return sorted(reader.contact.email for reader in readers(conference, **audience))


def left_out(conference, **audience):
    found = survey(meant(conference, **audience))
    return {reason: tally.names for reason, tally in found.skipped.items()}


def person(conference, name, **fields):
    fields.setdefault("email", f"{name}@example.org")
    return PersonFactory(
        organisation=conference.organisation, given_name=name.title(), family_name="X", **fields
    )


def invited(conference, name, response="", *, sent=True, **fields):
    kind = conference.registration_types.first() or RegistrationTypeFactory(conference=conference)
    answer = (
        {"response": response, "answered_at": timezone.now(), "answered_via": "link"}
        if response
        else {}
    )
    return Invitation.objects.create(
        conference=conference,
        person=person(conference, name),
        registration_type=kind,
        sent_at=timezone.now() if sent else None,
        **answer,
        **fields,
    )


# --- Registered ----------------------------------------------------------------------------------
@pytest.mark.parametrize("status", RegistrationStatus.values)
def test_the_registered_are_found_by_each_status(conference, status):
    for other in RegistrationStatus.values:
        guests_of(conference, status=other, email=f"{other}@example.org", email_key=None)
    assert addresses(conference, registrations=[status]) == [f"{status}@example.org"]


def test_statuses_are_added_up(conference):
    for status in ("confirmed", "waiting_list", "cancelled"):
        guests_of(conference, status=status, email=f"{status}@example.org")
    assert len(addresses(conference, registrations=["confirmed", "cancelled"])) == 2


@pytest.mark.parametrize(("came", "who"), [(True, "came"), (False, "stayed")])
def test_who_came_and_who_did_not(conference, came, who):
    guests_of(conference, email="came@example.org", checked_in_at=timezone.now())
    guests_of(conference, email="stayed@example.org")
    found = addresses(conference, registrations=["confirmed"], checked_in=came)
    assert found == [f"{who}@example.org"]


def test_types_tags_and_languages_narrow(conference):
    vip = Tag.objects.create(organisation=conference.organisation, slug="vip", name="VIP")
    known = person(conference, "vip")
    known.tags.add(vip)
    guests_of(conference, email="vip@example.org", person=known)
    guests_of(conference, email="latin@example.org", language="sr-Latn")
    first = conference.registration_types.get()
    press = RegistrationTypeFactory(conference=conference, slug="press")
    assert len(addresses(conference, registrations=["confirmed"])) == 2
    assert addresses(conference, registrations=["confirmed"], tags=["vip"]) == ["vip@example.org"]
    assert addresses(conference, registrations=["confirmed"], languages=["sr-Latn"]) == [
        "latin@example.org"
    ]
    assert addresses(conference, registrations=["confirmed"], types=[press.slug]) == []
    assert len(addresses(conference, registrations=["confirmed"], types=[first.slug])) == 2


def test_two_tags_do_not_double_anybody(conference):
    known = person(conference, "vip")
    for slug in ("vip", "press"):
        known.tags.add(
            Tag.objects.create(organisation=conference.organisation, slug=slug, name=slug)
        )
    guests_of(conference, email="vip@example.org", person=known)
    assert len(readers(conference, registrations=["confirmed"], tags=["vip", "press"])) == 1


def test_a_companion_is_reached_by_the_contact_of_the_booking(conference):
    guest = guests_of(conference, email="", email_key=None)[0]
    guest.booking.contact_email = "contact@example.org"
    guest.booking.save()
    assert addresses(conference, registrations=["confirmed"]) == ["contact@example.org"]


# --- Speakers ------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ParticipationState.values)
def test_speakers_are_found_by_each_state(conference, state):
    session = SessionFactory(conference=conference)
    for other in ParticipationState.values:
        ParticipationFactory(session=session, person=person(conference, other), state=other)
    assert addresses(conference, speakers=[state]) == [f"{state}@example.org"]


@pytest.mark.parametrize("role", ParticipationRole.values)
def test_speakers_are_found_by_each_role(conference, role):
    session = SessionFactory(conference=conference)
    for other in ParticipationRole.values:
        ParticipationFactory(
            session=session, person=person(conference, other), role=other, state="confirmed"
        )
    found = addresses(conference, speakers=["confirmed"], roles=[role])
    assert found == [f"{role}@example.org"]


def test_one_sessions_people(conference):
    first, second = SessionFactory.create_batch(2, conference=conference)
    ParticipationFactory(session=first, person=person(conference, "one"), state="confirmed")
    both = person(conference, "both")
    for session in (first, second):
        ParticipationFactory(session=session, person=both, state="confirmed")
    assert len(addresses(conference, speakers=["confirmed"])) == 2
    found = addresses(conference, speakers=["confirmed"], sessions=[second.code])
    assert found == ["both@example.org"]


def test_a_speaker_with_a_place_gets_the_link_to_it(conference):
    speaker = person(conference, "speaker")
    part = ParticipationFactory(
        session=SessionFactory(conference=conference), person=speaker, state="confirmed"
    )
    place = guests_of(conference, person=speaker, email="place@example.org")[0]
    (found,) = readers(conference, speakers=["confirmed"])
    assert (found.section, found.registration_id, found.participation_id) == (
        Section.SPEAKERS,
        place.pk,
        part.pk,
    )


def test_an_assistant_gets_it_and_the_principal_a_copy_if_wished(conference):
    speaker = person(conference, "speaker")
    ParticipationFactory(
        session=SessionFactory(conference=conference), person=speaker, state="confirmed"
    )
    helper = Assistant.objects.create(person=speaker, name="Help", email="help@example.org")
    assert addresses(conference, speakers=["confirmed"]) == ["help@example.org"]
    helper.copy_to_principal = True
    helper.save()
    assert len(addresses(conference, speakers=["confirmed"])) == 2


# --- Invited -------------------------------------------------------------------------------------
@pytest.mark.parametrize("standing", InvitationStanding.values)
def test_the_invited_are_found_by_each_standing(conference, standing):
    for response in ("accepted", "tentative", "declined"):
        invited(conference, response, response)
    invited(conference, "silent")
    invited(conference, "not_sent", sent=False)
    invited(conference, "wants_findings", "declined", wants_findings=True)
    invited(conference, "withdrawn", withdrawn_at=timezone.now())
    wanted = ["declined", "wants_findings"] if standing == "declined" else [standing]
    assert addresses(conference, invitations=[standing]) == [f"{w}@example.org" for w in wanted]


def test_who_changed_their_mind_about_the_findings_is_not_meant_any_more(conference):
    row = invited(conference, "guest", "declined", wants_findings=True)
    chosen = AnnouncementFactory(conference=conference, audience=FINDINGS)
    message = as_message(chosen, *readers(conference, **FINDINGS))
    standing = Standing(is_over=False, waits=False, filters=filters_of(FINDINGS))
    assert still_meant(message, standing, {})
    assert audience_in_words(conference, FINDINGS) == "Invited: not coming, wants the findings"
    Invitation.objects.filter(pk=row.pk).update(wants_findings=False)
    assert not still_meant(message, standing, {})


# --- All together --------------------------------------------------------------------------------
def test_one_address_gets_one_mail_in_the_name_of_who_is_registered(conference):
    speaker = person(conference, "speaker")
    ParticipationFactory(
        session=SessionFactory(conference=conference), person=speaker, state="confirmed"
    )
    invited(conference, "guest")
    guests_of(conference, email="SPEAKER@example.org", email_key="speaker@example.org")
    audience = {
        "registrations": ["confirmed"],
        "speakers": ["confirmed"],
        "invitations": ["silent"],
    }
    found = readers(conference, **audience)
    assert [reader.section for reader in found] == [Section.REGISTRATIONS, Section.INVITATIONS]
    assert left_out(conference, **audience) == {SkipReason.DOUBLE: ["Speaker X"]}


def test_a_speaker_with_a_place_is_one_and_nobody_is_skipped(conference):
    speaker = person(conference, "speaker")
    ParticipationFactory(
        session=SessionFactory(conference=conference), person=speaker, state="confirmed"
    )
    guests_of(conference, person=speaker, email=speaker.email)
    audience = {"registrations": ["confirmed"], "speakers": ["confirmed"]}
    assert len(readers(conference, **audience)) == 1
    assert left_out(conference, **audience) == {}


def test_who_is_left_out_is_named_with_the_reason(conference):
    session = SessionFactory(conference=conference)
    for name, fields in (("mute", {"email": ""}), ("gone", {})):
        ParticipationFactory(
            session=session, person=person(conference, name, **fields), state="confirmed"
        )
    suppress_by_organiser(
        organisation=conference.organisation,
        email="GONE@example.org",
        note="asked",
        actor=SYSTEM,
    )
    assert left_out(conference, speakers=["confirmed"]) == {
        SkipReason.NO_ADDRESS: ["Mute X"],
        SkipReason.OPTED_OUT: ["Gone X"],
    }


def test_another_conference_and_another_house_are_never_meant(conference, other_organisation):
    near = conference_in(organisation=conference.organisation)
    far = conference_in(organisation=other_organisation)
    for other in (near, far):
        guests_of(other)
        ParticipationFactory(
            session=SessionFactory(conference=other),
            person=PersonFactory(organisation=other.organisation),
            state="confirmed",
        )
        invited(other, "guest")
    everybody = {
        "registrations": RegistrationStatus.values,
        "speakers": ParticipationState.values,
        "invitations": InvitationStanding.values,
    }
    assert readers(conference, **everybody) == []


def test_nobody_chosen_is_nobody(conference):
    guests_of(conference)
    assert readers(conference) == []
    assert readers(conference, tags=["vip"], languages=["en"]) == []


def test_it_comes_in_chunks_with_a_cursor_that_goes_on(conference, monkeypatch):
    monkeypatch.setattr(announcement_audiences, "CHUNK", 2)
    assert recipients.CHUNK == 1000
    guests_of(conference, 5)
    ParticipationFactory(
        session=SessionFactory(conference=conference),
        person=person(conference, "speaker"),
        state="confirmed",
    )
    announcement = meant(conference, registrations=["confirmed"], speakers=["confirmed"])
    chunks = list(recipients_of(announcement))
    assert [len(chunk.readers) for chunk in chunks] == [2, 2, 1, 1, 0]
    rest = list(recipients_of(announcement, after=chunks[1].cursor))
    assert [chunk.readers for chunk in rest] == [chunk.readers for chunk in chunks[2:]]


def test_a_thousand_take_as_many_queries_as_one(conference, django_assert_num_queries):
    guests_of(conference, 3)
    with django_assert_num_queries(2):
        list(recipients_of(meant(conference, registrations=["confirmed"])))


def test_a_survey_counts_languages_and_what_readers_lack(conference):
    guests_of(conference, 2)
    guests_of(conference, language="sr-Latn")
    invited(conference, "guest")
    found = survey(meant(conference, registrations=["confirmed"], invitations=["silent"]))
    assert (found.total, dict(found.by_language)) == (4, {"en": 3, "sr-Latn": 1})
    assert dict(found.by_text) == {"en": 4}, "there is no other text"
    assert found.lacking["place"].names == ["Guest X"]


def test_an_audience_is_said_in_words(conference):
    press = RegistrationTypeFactory(conference=conference, slug="press", name={"en": "Press"})
    words = audience_in_words(
        conference,
        {
            "registrations": ["confirmed"],
            "checked_in": False,
            "types": [press.slug],
            "invitations": ["silent"],
            "languages": ["en"],
        },
    )
    assert words == (
        "Registered: confirmed, Press, who did not come; Invited: no answer yet; only those who "
        "read English"
    )
    assert audience_in_words(conference, {}) == "Nobody yet"
    assert same_audience({"speakers": []}, {})
    assert not same_audience({"speakers": ["confirmed"]}, {})
