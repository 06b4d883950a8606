"""The flight check: a good draft passes every row of the table, and each row can fail."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from core.enums import Visibility
from events.enums import ConferenceState
from notifications.enums import Level, MessageState
from notifications.models import Announcement
from notifications.services import flight_facts
from notifications.services.flight_check import CHECKS, fly
from notifications.services.flight_links import links_in
from notifications.services.flight_words import dates_in, shouts, speaks_of_a_link
from notifications.services.pausing import pause_conference_mail
from notifications.services.sending_switch import pause_sending, resume_sending
from notifications.services.suppression import suppress_by_organiser
from tests.factories.events import OutcomeFactory, ParticipationFactory, PersonFactory
from tests.factories.notifications import AnnouncementFactory, MessageFactory, guests_of
from tests.factories.registrations import RegistrationFactory, RegistrationTypeFactory

pytestmark = pytest.mark.django_db
WEDNESDAY = dt.datetime(2027, 2, 17, 11, 0, tzinfo=dt.UTC)
SUBJECT = "What to bring on Thursday"
BODY = (
    "{greeting}\n\nwe meet on Thursday, 18 March 2027, in {place}. See the "
    "[programme]({programme_url}).\n\nYour link: {manage_url}"
)
W, E = Level.WARNING, Level.ERROR


@pytest.fixture(autouse=True)
def clock(monkeypatch, settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:2525"
    monkeypatch.setattr(flight_facts, "database_now", lambda: WEDNESDAY)

    def at(moment):
        monkeypatch.setattr(flight_facts, "database_now", lambda: moment)

    return at


@pytest.fixture
def room(room):
    organisation = room.conference.organisation
    organisation.imprint = {"en": "Institute for Testing, Belgrade"}
    organisation.save()
    return room


@pytest.fixture
def draft(room):
    def make(subject=SUBJECT, body=BODY, **fields):
        texts = {"subject": {"en": subject}, "body": {"en": body}}
        return AnnouncementFactory(conference=room.conference, **{**texts, **fields})

    return make


def found(row, slug):
    return next(one for one in fly(row).findings if one.slug == slug)


def test_a_good_draft_passes_all_of_at_least_twenty(draft):
    flown = fly(draft())
    assert [(one.slug, one.sentence) for one in flown.findings if one.level != Level.OK] == []
    assert len(flown.findings) == len(CHECKS) >= 20
    assert len({check.slug for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize(
    ("slug", "level", "subject", "body", "said"),
    [
        ("subject-empty", E, "  ", BODY, "There is no subject."),
        ("subject-long", W, "A" + "b" * 78, BODY, "has 79 characters"),
        ("subject-shouts", W, "COME ALL OF YOU", BODY, "is all in capitals"),
        ("subject-shouts", W, "Come!", BODY, "has an exclamation mark"),
        ("body-empty", E, SUBJECT, " \n", "There is no text."),
        ("plain-empty", E, SUBJECT, "{greeting}", "It says nothing of its own."),
        ("plain-empty", E, SUBJECT, "{greeting}\n\n***\n\n---", "It says nothing of its own."),
        ("text-broken", E, SUBJECT, "{greeting} a } b", "a brace that belongs to no placeholder"),
        ("text-broken", E, SUBJECT, "{greeting} xPH00x", "the form of a mark"),
        ("placeholder-unknown", E, SUBJECT, "{greeting} {who}", "There is no {who}."),
        ("placeholder-unknown", E, "For {former_when}", BODY, "There is no {former_when}."),
        ("placeholder-empty", W, SUBJECT, BODY + "\n\n{online}", "{online} has no value"),
        ("placeholder-empty", E, "On {online}", BODY, "The subject names {online}"),
        ("greeting-missing", W, SUBJECT, "Hello.", "Nobody is greeted: begin with {greeting}."),
        ("html-typed", W, SUBJECT, BODY + "\n\n<b>Come</b>", "HTML is shown as it is typed"),
        ("images", E, SUBJECT, BODY + "\n\n![a](https://example.org/a.png)", "no pictures"),
        ("link-malformed", E, SUBJECT, BODY + " [a](www.example.org)", "it lacks https://"),
        ("link-malformed", E, SUBJECT, BODY + " [a](htp://example.org)", "does not begin with"),
        ("link-malformed", E, SUBJECT, BODY + " [a](javascript:alert(1))", "is no address"),
        ("link-malformed", E, SUBJECT, BODY + " [a](mailto:nobody)", "no mailbox"),
        ("link-malformed", E, SUBJECT, BODY + " [a]({code})", "this placeholder is no address"),
        ("link-malformed", E, SUBJECT, BODY + " [a](https://e.org/?p={code})", "a whole address"),
        ("link-foreign", W, SUBJECT, BODY + " [a](https://example.org/a)", "https://example.org/a"),
        ("link-foreign", W, SUBJECT, BODY + " See https://example.org/b.", "nobody has opened"),
        ("link-plain-http", W, SUBJECT, BODY + " http://example.org/", "Begin with https://"),
        ("link-personal", W, SUBJECT, "{greeting} Use your link.", "Add {manage_url}."),
        ("outcome-unpublished", E, SUBJECT, BODY + "\n\n{outcome_url}", "is not published"),
        ("date-past", W, SUBJECT, BODY + " By 1 February 2027.", "Monday, 1 February 2027"),
        ("date-weekday", W, SUBJECT, BODY + " Friday, 18 March 2027.", "a Thursday, not a Friday"),
        ("date-differs", W, SUBJECT, "{greeting} On 19 March 2027.", "none is the conference's"),
        ("size", E, SUBJECT, BODY + "\n\n" + "long word " * 11_000, "mail programs cut it"),
    ],
)
def test_words_that_embarrass_are_found(draft, slug, level, subject, body, said):
    one = found(draft(subject, body), slug)
    assert (one.level, said in one.sentence) == (level, True), one.sentence


@pytest.mark.parametrize(
    "source",
    [
        "{event.__init__.__globals__}",
        "{{7*7}}",
        "{% load static %}",
        "{title!r}",
        "{title:>999999999}",
        "{}",
    ],
)
def test_what_is_no_placeholder_is_never_looked_into(draft, source):
    flown = fly(draft(body=f"{{greeting}} {source}"))
    assert "text-broken" in {one.slug for one in flown.errors}


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/nowhere/at/all/ever/", "no such page"),
        ("/manage/institute/forum/", "only the team"),
        ("/institute/none/", "no such conference"),
        ("/none/", "no such page"),
        ("/institute/forum/sessions/ZZZZZZ/", "not on the programme"),
        ("/institute/forum/speakers/ZZZZZZ/", "not on the programme"),
        ("/institute/forum/outcome/", "outcome is not published"),
    ],
)
def test_links_to_our_own_pages_are_resolved_here(draft, settings, path, why):
    one = found(draft(body=f"{BODY}\n\n{settings.BASE_URL}{path}"), "link-dead")
    assert (one.level, why in one.sentence) == (E, True), one.sentence


def test_links_to_our_own_pages_that_open_pass(room, draft, settings):
    paths = ["/", "/institute/", "/institute/forum/", "/institute/forum/programme/"]
    paths += [f"/institute/forum/sessions/{room.panel.code}/"]
    links = " ".join(settings.BASE_URL + path for path in paths)
    flown = fly(draft(body=f"{BODY}\n\n{links}"))
    assert found(flown.flight.announcement, "link-dead").sentence == ""
    assert found(flown.flight.announcement, "link-foreign").level == Level.OK


@pytest.mark.parametrize(
    "fields", [{"state": ConferenceState.DRAFT}, {"visibility": Visibility.PRIVATE}]
)
def test_a_link_to_a_conference_that_is_not_public_is_dead(room, draft, settings, fields):
    type(room.conference).objects.filter(pk=room.conference.pk).update(**fields)
    one = found(draft(body=f"{BODY}\n\n{settings.BASE_URL}/institute/forum/"), "link-dead")
    assert "not public" in one.sentence


def test_no_check_ever_opens_a_connection(draft, monkeypatch):
    import socket

    def no(*_args, **_kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", no)
    monkeypatch.setattr(socket, "getaddrinfo", no)
    assert fly(draft(body=BODY + " http://169.254.169.254/latest https://example.org")).findings


# --- Readers -------------------------------------------------------------------------------------
def test_readers_of_a_language_without_a_text_are_counted(room, draft):
    guests_of(room.conference, 2, language="ru")
    one = found(draft(), "language-missing")
    assert (one.level, one.sentence) == (W, "2 people read Русский; they get another language.")


def test_a_text_without_its_subject_in_a_language_stops(room, draft):
    guests_of(room.conference, language="ru")
    row = draft()
    Announcement.objects.filter(pk=row.pk).update(body={**row.body, "ru": "Привет"})
    row.refresh_from_db()
    assert found(row, "language-missing").level == E


def test_merge_gaps_are_counted_with_three_names(room, draft):
    for n in range(4):
        ParticipationFactory(
            session=room.panel,
            person=PersonFactory(
                organisation=room.conference.organisation, given_name=f"S{n}", family_name="X"
            ),
            role="discussant",
        )
    row = draft(audience={"speakers": ["confirmed"], "roles": ["discussant"]})
    one = found(row, "merge-gaps")
    assert one.level == W
    assert "4 people have no place" in one.sentence
    assert "left out for S0 X, S1 X, S2 X and 1 more." in one.sentence


def test_who_has_no_name_and_who_has_no_salutation(room, draft):
    room.registration.person = room.moderator
    room.registration.given_name = room.registration.family_name = ""
    room.registration.save()
    row = draft()
    assert "1 person without a name" in found(row, "greeting-nameless").sentence
    assert "no salutation in their language" in found(row, "salutation-doubtful").sentence
    room.moderator.salutation = {"en": "Your Excellency"}
    room.moderator.save()
    assert found(row, "salutation-doubtful").level == Level.OK


def test_nobody_and_nobody_who_can_be_written_to(draft):
    assert found(draft(audience={}), "audience-empty").sentence == "Nobody is chosen yet."
    one = found(draft(audience={"invitations": ["silent"]}), "audience-empty")
    assert (one.level, "can be written to" in one.sentence) == (E, True)


def test_many_more_than_last_time(room, draft):
    row = draft()
    kind = RegistrationTypeFactory(conference=room.conference, capacity=100)
    RegistrationFactory.create_batch(60, registration_type=kind)
    draft(
        state="sent",
        round=1,
        expected=10,
        undo_until=WEDNESDAY - dt.timedelta(days=3),
        done_at=WEDNESDAY,
        subject={"en": "Else"},
    )
    assert "It goes to 61 people; the last one went to 10." in found(row, "audience-large").sentence


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        ({"registrations": ["confirmed", "cancelled"]}, "cancelled"),
        ({"speakers": ["declined"]}, "declined"),
        ({"invitations": ["declined"]}, "invited, not coming"),
    ],
)
def test_people_who_are_out_of_it(draft, audience, said):
    assert said in found(draft(audience=audience), "audience-gone").sentence


def test_doubles_missing_addresses_and_who_opted_out(room, draft):
    guests_of(room.conference, given_name="Twin", email="ANA@example.org", email_key=None)
    gone = guests_of(room.conference, given_name="Gone")[0]
    suppress_by_organiser(
        organisation=room.conference.organisation, email=gone.email, note="asked", actor=SYSTEM
    )
    ParticipationFactory(
        session=room.panel,
        person=PersonFactory(
            organisation=room.conference.organisation, given_name="Mute", email=""
        ),
        role="rapporteur",
    )
    audience = {
        "registrations": ["confirmed"],
        "speakers": ["confirmed"],
        "roles": ["rapporteur"],
    }
    row = draft(audience=audience)
    for slug, name in (("doubles", "Twin"), ("opted-out", "Gone"), ("no-address", "Mute")):
        one = found(row, slug)
        assert (one.level, name in one.sentence) == (W, True), one


def test_the_same_again_within_a_day(draft):
    row = draft()
    done = {"state": "sent", "round": 1, "done_at": WEDNESDAY}
    draft(**done, undo_until=WEDNESDAY - dt.timedelta(hours=25))
    assert found(row, "repeated").level == Level.OK
    draft(**done, undo_until=WEDNESDAY - dt.timedelta(hours=23))
    assert found(row, "repeated").level == W


# --- Moment, house, outbox -----------------------------------------------------------------------
def test_quiet_hours_say_when_it_leaves_instead(draft, clock):
    row = draft()
    clock(WEDNESDAY.replace(hour=21))
    assert found(row, "quiet-hours").sentence == (
        "It is 22:01 in Belgrade. It leaves at 08:00 on Thursday, unless you send it anyway."
    )


def test_a_weekend(draft, clock):
    row = draft()
    clock(WEDNESDAY + dt.timedelta(days=3))
    assert found(row, "weekend").sentence == "It leaves on a Saturday."


@pytest.mark.parametrize(
    ("state", "said"),
    [("draft", "still a draft"), ("postponed", "postponed"), ("cancelled", "is cancelled")],
)
def test_the_state_of_the_conference(room, draft, state, said):
    room.conference.state = state
    room.conference.save()
    assert said in found(draft(), "conference-state").sentence


def test_a_conference_that_is_over(draft, clock):
    row = draft()
    clock(dt.datetime(2027, 3, 24, 11, tzinfo=dt.UTC))
    assert found(row, "conference-over").level == W


def test_answers_that_reach_nobody_and_a_house_without_imprint(room, draft):
    organisation = room.conference.organisation
    organisation.contact_email, organisation.imprint = "", {}
    organisation.save()
    assert found(draft(), "contact").level == E
    assert found(draft(), "unsubscribe").level == W


def test_pages_of_a_private_conference_open_for_members_only(room, draft):
    row = draft(body="{greeting}\n\nSee {programme_url}.")
    assert found(row, "link-private").level == Level.OK
    room.conference.visibility = Visibility.PRIVATE
    room.conference.save()
    one = found(Announcement.objects.get(pk=row.pk), "link-private")
    assert (one.level, one.about) == (W, ("programme_url",))
    assert "{programme_url} opens for members only." in one.sentence
    quiet = draft(body="{greeting}\n\nYour link: {manage_url}")
    assert found(quiet, "link-private").level == Level.OK


def test_sending_that_is_paused_and_a_server_that_is_away(room, draft, settings):
    row = draft()
    pause_sending(reason="restored", actor=SYSTEM)
    assert "Sending is paused: restored." in found(row, "sending-paused").sentence
    resume_sending(actor=SYSTEM)
    assert found(row, "sending-paused").level == Level.OK
    pause_conference_mail(conference=room.conference, reason="wrong room", actor=SYSTEM)
    assert "Sending is paused: wrong room." in found(row, "sending-paused").sentence
    MessageFactory(
        registration=room.registration, state=MessageState.QUEUED, held_since=timezone.now()
    )
    assert "does not answer" in found(row, "mail-server").sentence
    settings.EMAIL_URL = ""
    assert "go into a folder" in found(row, "mail-server").sentence
    settings.EMAIL_URL = "console://"
    assert found(row, "mail-server").level == E


def test_a_published_outcome_can_be_linked_to(room, draft):
    OutcomeFactory(conference=room.conference, published_at=timezone.now())
    row = draft(body=BODY + "\n\n{outcome_url}")
    assert found(row, "outcome-unpublished").level == Level.OK


# --- Pure functions ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "day", "weekday"),
    [
        ("Thursday, 18 March 2027", (2027, 3, 18), 3),
        ("on Thursday the 18th of March", (2027, 3, 18), 3),
        ("March 18, 2027", (2027, 3, 18), None),
        ("u četvrtak, 18. marta 2027.", (2027, 3, 18), 3),
        ("у четвртак, 18. марта", (2027, 3, 18), 3),
        ("в четверг, 18 марта 2027 г.", (2027, 3, 18), 3),
        ("в среду, 2 июня", (2027, 6, 2), 2),
        ("18.03.2027", (2027, 3, 18), None),
        ("2027-03-18", (2027, 3, 18), None),
        ("пятница, 21 февраля 2025", (2025, 2, 21), 4),
    ],
)
def test_dates_are_read_in_all_languages(text, day, weekday):
    (one,) = dates_in(text, 2027)
    assert (one.day, one.weekday, one.is_wrong) == (dt.date(*day), weekday, False)


@pytest.mark.parametrize(
    "text", ["", "at 10:30 in room 12", "31 February", "we have 5 minutes", "за 3 недели"]
)
def test_what_is_no_date_is_none(text):
    assert dates_in(text, 2027) == []


def test_a_wrong_weekday_is_seen():
    assert dates_in("Thursday, 21 February 2025", 2027)[0].is_wrong
    assert dates_in("četvrtak, 21. februar 2025.", 2027)[0].is_wrong
    assert dates_in("четверг, 21 февраля 2025", 2027)[0].is_wrong


@pytest.mark.parametrize(
    "text",
    ["use your link", "your personal link", "preko vašeg linka", "по вашей ссылке", "лична веза"],
)
def test_the_readers_link_is_spoken_of(text):
    assert speaks_of_a_link(text)


def test_a_subject_may_have_short_names_in_capitals():
    assert shouts("NATO") == ""
    assert shouts("{title}!") == "has an exclamation mark"


def test_links_are_found_once_each():
    source = "[a](https://a.org) https://a.org, <https://b.org> [c]({manage_url}) www.d.org."
    assert [link.address for link in links_in(source)] == [
        "https://a.org",
        "{manage_url}",
        "https://b.org",
        "www.d.org",
    ]
