"""Publish and tell: whom a new version concerns, what each is told, and that it is one mail."""

from __future__ import annotations

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from core.errors import DomainError
from events.models import (
    Assistant,
    Conference,
    Participation,
    Person,
    PersonMerge,
    ScheduleVersion,
)
from events.services.documents import build_document
from events.services.panels import (
    add_participation,
    change_participation,
    remove_participation,
)
from events.services.restoring import restore_version
from events.services.schedules import publish_schedule
from events.services.sessions import (
    cancel_session,
    change_session,
    place_session,
    restore_session,
    unschedule_session,
)
from notifications.models import Message
from notifications.services.delivery import send_due_messages
from notifications.services.programme_mail import sentences_of, telling_of
from notifications.services.rendering import render
from registrations.models import Allotment, SignUp, SignUpSession
from tests.factories.events import (
    ConferenceFactory,
    ParticipationFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
)
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db
SECTIONS = ("10:15", "12:00")


def publish(room, *, tell=True, name="", **fields):
    conference = Conference.objects.get(pk=room.conference.pk)
    return publish_schedule(conference=conference, name=name, actor=SYSTEM, tell=tell, **fields)


def move(room, start="11:00", end="12:45", hall=None):
    return place_session(
        session=room.panel,
        start_local=f"2027-03-18T{start}",
        end_local=f"2027-03-18T{end}",
        room=hall or room.panel.room,
        expected=None,
        actor=SYSTEM,
    )


def sign_up(room, session=None, **fields):
    session = session or room.panel
    place, _made = SignUpSession.objects.get_or_create(
        session=session,
        defaults={
            "conference": room.conference,
            "allotment": Allotment.objects.create(conference=room.conference, name=session.code),
        },
    )
    registration = RegistrationFactory(
        registration_type=room.registration.registration_type, **fields
    )
    SignUp.objects.create(registration=registration, sign_up_session=place)
    return registration


def told(room):
    """Return to whom mails wait, and what each would say now."""
    rows = Message.objects.filter(conference=room.conference, kind="programme_changed")
    return {
        (row.to_email, row.state): sentences_of(row)
        for row in rows.select_related("conference__organisation", "person", "registration")
    }


def telling(room):
    conference = Conference.objects.get(pk=room.conference.pk)
    last = conference.schedule_versions.first()
    return telling_of(conference, last, build_document(conference))


def preview(room):
    return {one.affected.human.name: one.affected.sentences for one in telling(room).told}


MOVED = (
    "“Who owns a river” has another time: Thursday, 18 March, 11:00–12:45, Hall. "
    "Before: Thursday, 18 March, 10:15–12:00."
)


def test_a_moved_session_tells_its_people_and_its_guests_and_nobody_else(room):
    guest = sign_up(room, given_name="Vera", family_name="Ilić", email="vera@example.org")
    elsewhere = sign_up(
        room, SessionFactory(conference=room.conference), email="elsewhere@example.org"
    )
    cancelled = sign_up(room, email="gone@example.org", status="cancelled", confirmed_day=None)
    move(room)
    assert preview(room) == {
        "Radina Vasić": (MOVED,),
        "Jean O’Brien, Jr.": (MOVED,),
        "Vera Ilić": (MOVED,),
    }
    mails = telling(room).mails
    version = publish(room, telling=mails)
    assert (version.told, version.is_quiet, mails) == (3, False, 3)
    moderator = room.moderator.email
    rows = Message.objects.filter(kind="programme_changed")
    assert {row.key for row in rows} == {
        f"programme_changed:{version.pk}:{row.code}"
        for row in (room.moderator, guest, room.panel.participations.last().person)
    }
    assert {(row.to_email, row.registration_id) for row in rows} == {
        (moderator, None),
        (room.panel.participations.last().person.email, None),
        ("vera@example.org", guest.pk),
    }
    assert set(told(room).values()) == {(MOVED,)}
    del elsewhere, cancelled


def test_a_quiet_version_tells_nobody(room):
    move(room)
    version = publish(room, tell=False)
    assert (version.told, version.is_quiet, Message.objects.count()) == (0, True, 0)


def test_a_person_and_their_registration_are_one(room):
    sign_up(room, person=room.moderator, email="private@example.org")
    move(room)
    assert telling(room).mails == 2
    publish(room)
    assert Message.objects.filter(kind="programme_changed").count() == 2
    assert not Message.objects.filter(to_email="private@example.org").exists()


def test_an_assistant_gets_the_mail_and_the_copy_counts(room):
    Assistant.objects.create(
        person=room.moderator, name="Office", email="office@example.org", copy_to_principal=True
    )
    move(room)
    version = publish(room, telling=telling(room).mails)
    assert version.told == 3
    assert sorted(Message.objects.values_list("to_email", flat=True)) == sorted(
        [
            "office@example.org",
            room.moderator.email,
            room.panel.participations.last().person.email,
        ]
    )


def test_who_has_no_address_is_shown_and_not_counted(room):
    room.moderator.email = ""
    room.moderator.save()
    move(room)
    found = telling(room)
    assert (found.mails, [one.human.name for one in found.unreachable]) == (1, ["Radina Vasić"])


def test_who_was_not_asked_hears_nothing_and_who_comes_hears_it_when_they_said_yes(room):
    planned, invited, yes = (
        ParticipationFactory(
            session=room.panel,
            person=PersonFactory(
                organisation=room.conference.organisation, given_name=name, family_name="Ny"
            ),
            state=state,
            order=5,
        )
        for name, state in (("Pia", "planned"), ("Ina", "invited"), ("Yva", "confirmed"))
    )
    assert preview(room) == {
        "Yva Ny": (
            "You are in the programme: “Who owns a river”, Thursday, 18 March, 10:15–12:00, Hall.",
        ),
        "Radina Vasić": ("“Who owns a river”: new on it: Yva Ny.",),
    }
    publish(room, tell=False)
    move(room)
    assert set(preview(room)) == {"Yva Ny", "Ina Ny", "Radina Vasić", "Jean O’Brien, Jr."}
    del planned, invited, yes


def test_who_declined_is_not_told_of_it_and_who_was_taken_off_is(room):
    moderator, guest = room.panel.participations.order_by("order")
    change_participation(
        participation=guest, changes={"state": "declined"}, expected=None, actor=SYSTEM
    )
    assert preview(room) == {
        "Radina Vasić": ("“Who owns a river”: no longer on it: Jean O’Brien, Jr..",)
    }
    remove_participation(participation=moderator, expected=None, actor=SYSTEM)
    assert preview(room) == {"Radina Vasić": ("You are no longer on “Who owns a river”.",)}


def test_another_role_and_other_minutes(room):
    moderator, guest = room.panel.participations.order_by("order")
    change_participation(
        participation=guest,
        changes={"role": "rapporteur", "minutes": 12},
        expected=None,
        actor=SYSTEM,
    )
    change_participation(
        participation=moderator, changes={"minutes": 5}, expected=None, actor=SYSTEM
    )
    assert preview(room) == {
        "Radina Vasić": ("“Who owns a river”: you have 5 minutes.",),
        "Jean O’Brien, Jr.": (
            "“Who owns a river”: you are in another role now: rapporteur.",
            "“Who owns a river”: you have 12 minutes.",
        ),
    }


def test_rooms_titles_cancellations_and_what_has_no_time(room):
    hall = RoomFactory(venue=room.panel.room.venue, name={"en": "Library"})
    move(room, "10:15", "12:00", hall)
    change_session(
        session=room.panel,
        changes={"title": {"en": "Whose river"}},
        expected=None,
        actor=SYSTEM,
    )
    guest = sign_up(room, given_name="Vera", family_name="Ilić")
    both = (
        "“Whose river” is in another room: Library. Before: Hall.",
        "“Who owns a river” is called “Whose river” now.",
    )
    assert preview(room) == {
        "Radina Vasić": both,
        "Jean O’Brien, Jr.": both,
        "Vera Ilić": both[:1],
    }
    move(room, "11:00", "12:45", hall)
    both = (
        "“Whose river” has another time and room: Thursday, 18 March, 11:00–12:45, Library. "
        "Before: Thursday, 18 March, 10:15–12:00, Hall."
    )
    assert preview(room)["Vera Ilić"] == (both,)
    publish(room, tell=False)
    unschedule_session(session=room.panel, expected=None, actor=SYSTEM)
    assert preview(room)["Vera Ilić"] == (
        "“Whose river” has no time at the moment. Before: Thursday, 18 March, 11:00–12:45.",
    )
    cancel_session(session=room.panel, expected=None, actor=SYSTEM)
    assert set(preview(room).values()) == {("“Whose river” does not take place.",)}
    publish(room, tell=False)
    restore_session(session=room.panel, expected=None, actor=SYSTEM)
    assert preview(room)["Vera Ilić"] == (
        "“Whose river” takes place after all. Its time is to come.",
    )
    del guest


def test_the_first_programme_tells_those_who_said_yes():
    conference = ConferenceFactory()
    session = SessionFactory(conference=conference, title={"en": "River"})
    ParticipationFactory(session=session, person__given_name="Ana", person__family_name="Bo")
    ParticipationFactory(session=session, state="invited")
    version = publish_schedule(conference=conference, name="", actor=SYSTEM, tell=True)
    assert version.told == 1
    (message,) = Message.objects.filter(kind="programme_changed")
    assert sentences_of(message) == ("You are in the programme: “River”. Its time is to come.",)


@pytest.mark.parametrize("state", ["draft", "postponed", "cancelled"])
def test_nobody_is_told_of_a_conference_that_is_not_announced(room, state):
    move(room)
    Conference.objects.filter(pk=room.conference.pk).update(
        state=state, announced_at=room.conference.announced_at
    )
    assert telling(room).mails == 0
    assert publish(room).told == 0


def test_what_is_over_is_told_to_nobody(room, time_machine):
    move(room)
    time_machine.move_to("2027-03-18T11:50:00Z")
    assert telling(room).mails == 0


def test_another_number_than_was_shown_refuses_and_leaves_nothing(room):
    move(room)
    with pytest.raises(DomainError) as refusal:
        publish(room, telling=14)
    assert refusal.value.kind == "conflict"
    assert "2 people by now, not 14" in refusal.value.detail
    assert (ScheduleVersion.objects.count(), Message.objects.count()) == (1, 0)


def test_publishing_twice_tells_once(room):
    move(room)
    publish(room)
    assert publish(room).told == 0
    assert Message.objects.filter(kind="programme_changed").count() == 2


def test_a_change_that_is_taken_back_is_not_sent(room, transport, outbox):
    move(room)
    publish(room)
    move(room, *SECTIONS)
    assert (telling(room).mails, telling(room).withdrawn) == (0, 2)
    publish(room, tell=True)
    assert {state for _to, state in told(room)} == {"cancelled"}
    send_due_messages()
    assert transport.mails == []


def test_a_copy_is_taken_back_with_its_mail(room):
    Assistant.objects.create(
        person=room.moderator, name="Office", email="office@example.org", copy_to_principal=True
    )
    move(room)
    assert publish(room).told == 3
    move(room, "14:00", "15:00")
    assert (telling(room).mails, telling(room).withdrawn) == (3, 0)
    move(room, *SECTIONS)
    assert (telling(room).mails, telling(room).withdrawn) == (0, 3)
    publish(room)
    assert {state for _to, state in told(room)} == {"cancelled"}


def test_a_quiet_version_that_takes_a_change_back_stops_the_mail_too(room, transport, outbox):
    move(room)
    publish(room)
    move(room, *SECTIONS)
    publish(room, tell=False)
    send_due_messages()
    assert transport.mails == []
    assert {(row.state, row.cancelled_for) for row in Message.objects.all()} == {
        ("cancelled", "plan")
    }


def test_a_newer_version_says_the_newest_state_once(room, transport):
    move(room)
    publish(room)
    move(room, "14:00", "15:00")
    publish(room)
    newest = (
        "“Who owns a river” has another time: Thursday, 18 March, 14:00–15:00, Hall. "
        "Before: Thursday, 18 March, 10:15–12:00."
    )
    waiting = {to: words for (to, state), words in told(room).items() if state == "queued"}
    assert len(waiting) == 2
    assert set(waiting.values()) == {(newest,)}
    send_due_messages()
    assert sorted(transport.recipients) == sorted(waiting)
    send_due_messages()
    assert len(transport.mails) == 2


def test_who_speaks_gets_the_new_calendar_entry_with_it(room):
    publish(room, tell=False)
    sign_up(room)
    move(room)
    publish(room)

    def entries():
        rows = Message.objects.filter(kind="programme_changed", state="queued")
        return {
            (row.person_id is not None, part.name, part.content_type): part.content
            for row in rows.select_related("conference", "person", "registration")
            for part in render(row).attachments
        }

    (((speaks, name, kind), entry),) = entries().items()
    assert (speaks, name) == (True, "session-1.ics")
    assert kind == "text/calendar; method=PUBLISH; charset=UTF-8"
    assert b"DTSTART;TZID=Europe/Belgrade:20270318T110000\r\n" in entry
    assert f"UID:{room.panel.uid}\r\n".encode() in entry

    cancel_session(session=room.panel, expected=None, actor=SYSTEM)
    publish(room)
    (((_speaks, _name, kind), entry),) = entries().items()
    assert kind == "text/calendar; method=CANCEL; charset=UTF-8"
    assert b"STATUS:CANCELLED\r\n" in entry


def test_who_declines_before_it_leaves_gets_no_mail(room, transport):
    move(room)
    publish(room)
    guest = room.panel.participations.order_by("order").last()
    change_participation(
        participation=guest, changes={"state": "declined"}, expected=None, actor=SYSTEM
    )
    send_due_messages()
    sent = Message.objects.filter(kind="programme_changed", state="sent")
    assert [row.to_email for row in sent] == [room.moderator.email]
    assert room.moderator.email in transport.recipients


def test_going_back_tells_what_it_means(room):
    first = room.conference.schedule_versions.get()
    move(room)
    publish(room, tell=False)
    version = restore_version(version=first, actor=SYSTEM, tell=True)
    assert (version.told, version.restores_id) == (2, first.pk)
    back = (
        "“Who owns a river” has another time: Thursday, 18 March, 10:15–12:00, Hall. "
        "Before: Thursday, 18 March, 11:00–12:45."
    )
    assert set(told(room).values()) == {(back,)}


SAID = {
    "en": "“Who owns a river” has another time: Thursday, 18 March, 11:00–12:45, Hall.",
    "sr-Latn": "„Čija je reka“ ima novi termin: četvrtak, 18. mart, 11:00–12:45, Sala.",
    "sr-Cyrl": "„Чија је река“ има нови термин: четвртак, 18. март, 11:00–12:45, Сала.",
    "ru": "«Чья это река»: новое время, четверг, 18 марта, 11:00–12:45, Зал.",
}


@pytest.mark.parametrize("language", SAID)
def test_each_reader_is_told_in_their_language(room, language):
    room.moderator.language = language
    room.moderator.save()
    move(room)
    publish(room)
    message = Message.objects.select_related("conference__organisation", "person").get(
        person=room.moderator
    )
    mail = render(message)
    assert SAID[language] in mail.text.replace("\n  ", "\n")
    assert SAID[language].split(": ")[0] in mail.html
    assert "{" not in mail.text
    assert message.language == language


def test_what_people_typed_stays_text(room):
    change_session(
        session=room.panel,
        changes={"title": {"en": "<b>River</b> https://evil.example"}},
        expected=None,
        actor=SYSTEM,
    )
    publish(room)
    mail = render(
        Message.objects.select_related("conference__organisation", "person").get(
            person=room.moderator
        )
    )
    assert "<b>River" not in mail.html
    assert "&lt;b&gt;River&lt;/b&gt;" in mail.html


def test_a_guest_is_told_where_to_change_it(room):
    guest = sign_up(room, email="vera@example.org")
    move(room)
    publish(room)
    message = Message.objects.select_related(
        "conference__organisation", "registration__registration_type", "registration__booking"
    ).get(registration=guest)
    assert "change what you signed up for" in render(message).text
    mine = Message.objects.select_related("conference__organisation", "person").get(
        person=room.moderator
    )
    assert "change what you signed up for" not in render(mine).text


def test_add_and_tell_in_numbers_of_queries(room, django_assert_num_queries):
    move(room)
    for number in range(3):
        sign_up(room, email=f"many{number}@example.org")
    with django_assert_num_queries(14):
        telling(room)
    add_participation(
        session=room.panel,
        person=PersonFactory(organisation=room.conference.organisation),
        role="panellist",
        state="confirmed",
        actor=SYSTEM,
    )
    for number in range(3, 6):
        sign_up(room, email=f"many{number}@example.org")
    with django_assert_num_queries(14):
        telling(room)
    RegistrationTypeFactory(conference=room.conference)


def test_two_people_who_turned_out_to_be_one_are_told_nothing_of_it(room):
    guest = room.panel.participations.order_by("order").last()
    gone = guest.person
    kept = PersonFactory(organisation=room.conference.organisation, family_name="Kept")
    Participation.objects.filter(person=gone).update(person=kept)
    PersonMerge.objects.create(
        organisation=gone.organisation,
        kept=kept,
        gone_code=gone.code,
        gone_uid=gone.uid,
        undo_until=timezone.now(),
        actor_kind="system",
    )
    Person.objects.filter(pk=gone.pk).delete()
    assert preview(room) == {}
    move(room)
    assert set(preview(room)) == {"Radina Vasić", kept.given_name + " Kept"}
    publish(room)
    assert set(told(room).values()) == {(MOVED,)}
