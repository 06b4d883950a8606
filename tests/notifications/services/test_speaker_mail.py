"""What who is asked to speak gets: one letter an asking, one an answer, nudges while silent."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM, Actor
from events.enums import ParticipationState, SessionState
from events.models import Conference, Participation
from events.services.asking import (
    ask_speaker,
    ask_speakers,
    release_speaker,
    revoke_speaker_link,
)
from events.services.panels import change_participation, remove_participation
from events.services.people import change_person, set_assistants
from events.services.replacing import replace_speaker
from events.services.speaker_answers import answer_ask
from events.services.speaker_links import speaker_url
from notifications.enums import Audience, MessageState
from notifications.models import Message, RenderedMail
from notifications.services.archive import archive, reveal
from notifications.services.default_plan import ensure_default_rules
from notifications.services.delivery import send_due_messages
from notifications.services.explaining import explain_for
from notifications.services.forecast import forecast
from notifications.services.rendering import render
from notifications.services.replanning import plan_rules
from notifications.services.rule_preview import moments_of
from notifications.services.sentences import rules_in_words
from notifications.services.trials import samples_of, trial
from registrations.models import Registration
from tests.factories.events import ParticipationFactory, PersonFactory
from tests.factories.notifications import ReminderRuleFactory, conference_in
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db
GUEST = Actor("guest")
TAGS = ("en", "sr-Latn", "sr-Cyrl", "ru")
SUBJECTS = {
    "speaker_ask": (
        "Would you speak? Who owns a river, 18 March",
        "Da li biste govorili? Čija je reka, 18. mart",
        "Да ли бисте говорили? Чија је река, 18. март",
        "Приглашаем выступить: Чья это река, 18 марта",
    ),
    "speaker_answer": (
        "Thank you, you speak in: Who owns a river",
        "Hvala Vam, govorite u sesiji: Čija je reka",
        "Хвала Вам, говорите у сесији: Чија је река",
        "Спасибо, Вы выступаете: Чья это река",
    ),
    "speaker_answer_maybe": (
        "Thank you for your answer: Who owns a river",
        "Hvala Vam na odgovoru: Čija je reka",
        "Хвала Вам на одговору: Чија је река",
        "Спасибо за ответ: Чья это река",
    ),
    "speaker_answer_no": (
        "Thank you for your answer: Who owns a river",
        "Hvala Vam na odgovoru: Čija je reka",
        "Хвала Вам на одговору: Чија је река",
        "Спасибо за ответ: Чья это река",
    ),
    "speaker_released": (
        "We need not trouble you after all: Who owns a river",
        "Ipak nećemo morati da Vas molimo: Čija je reka",
        "Ипак нећемо морати да Вас молимо: Чија је река",
        "Ваше участие не потребуется: Чья это река",
    ),
    "speaker_nudge": (
        "May we count on you? Who owns a river",
        "Možemo li da računamo na Vas? Čija je reka",
        "Можемо ли да рачунамо на Вас? Чија је река",
        "Можем ли мы рассчитывать на Вас? Чья это река",
    ),
    "programme_changed": (
        "Programme of Rivers and borders: what is new for you",
        "Program događaja Reke i granice: šta je novo za Vas",
        "Програм догађаја Реке и границе: шта је ново за Вас",
        "Программа мероприятия «Реки и границы»: что нового для Вас",
    ),
}


ROOM_MADE_AT = dt.datetime(2027, 2, 10, 9, tzinfo=dt.UTC)  # a Wednesday


@pytest.fixture(autouse=True)
def _weeks_before(request, frozen):
    if request.cls is not TestSending:
        frozen(ROOM_MADE_AT)


@pytest.fixture
def seat(room):
    def make(state=ParticipationState.PLANNED, **fields):
        fields.setdefault("person__email", "iva@example.org")
        fields.setdefault("person__given_name", "Iva")
        fields.setdefault("person__family_name", "Novak")
        return ParticipationFactory(session=room.panel, state=state, order=5, **fields)

    return make


def outbox(**wanted):
    rows = Message.objects.filter(**wanted).order_by("pk")
    return [(row.kind, row.template, row.to_email, row.state) for row in rows]


def answer(row, state, *, by_speaker=True, **more):
    return answer_ask(
        participation=row,
        state=state,
        via="link" if by_speaker else "phone",
        by_speaker=by_speaker,
        actor=GUEST,
        **more,
    )


@pytest.mark.parametrize("template", sorted(SUBJECTS))
def test_subjects_say_what_it_is_about_in_the_readers_language(room, template):
    found = tuple(render(room.message(template, tag)).subject for tag in TAGS)
    assert found == SUBJECTS[template]


def test_the_asking_says_who_asks_for_what_when_and_with_whom(room, seat):
    row = seat(role="discussant")
    ask_speaker(
        participation=row, words="Please\ncome", reply_until_local="2027-03-01T18:00", actor=SYSTEM
    )
    message = Message.objects.select_related("participation__session").get()
    text = render(message).text
    assert "Dear Iva Novak," in text
    assert "Please\n  come" in text
    assert "Please let us know by 1 March." in text
    assert "Your part: Discussant" in text
    assert "When: Thursday, 18 March 2027, 10:15–12:00 (Belgrade)" in text
    assert "Where: Hall\n  Old Post Office" in text
    assert "With you: Prof. Dr. Radina Vasić, University of Belgrade (moderator)" in text
    assert speaker_url(row) in text
    assert "/u/" in text
    assert "List-Unsubscribe" in render(message).headers


def test_a_session_without_a_time_names_the_conferences_and_has_no_entry(room, seat):
    row = seat(person__language="en")
    room.panel.start_local = room.panel.end_local = room.panel.room = None
    room.panel.starts_at = room.panel.ends_at = None
    room.panel.save()
    ask_speaker(participation=row, actor=SYSTEM)
    text = render(Message.objects.get()).text
    assert "When: Thursday, 18 March 2027, 10:00–13:30 (Belgrade)" in text
    row.refresh_from_db()
    answer(row, "confirmed")
    mail = render(Message.objects.get(kind="speaker_answer"))
    assert [part.name for part in mail.attachments] == ["ticket.png"]
    assert "calendar entry" not in mail.text


def test_it_goes_to_the_assistant_with_a_copy_where_that_is_wished(seat):
    row = seat()
    set_assistants(
        person=row.person,
        assistants=[
            {"name": "Jovan", "email": "jovan@example.org", "phone": "", "copy_to_principal": True}
        ],
        expected=None,
        actor=SYSTEM,
    )
    ask_speaker(participation=row, actor=SYSTEM)
    assert outbox() == [
        ("speaker_ask", "speaker_ask", "jovan@example.org", "queued"),
        ("speaker_ask", "speaker_ask", "iva@example.org", "queued"),
    ]


def test_asking_again_takes_back_what_waits(seat, frozen):
    row = seat()
    ask_speaker(participation=row, actor=SYSTEM)
    frozen("2027-02-10T09:01")
    ask_speaker(participation=row, actor=SYSTEM)
    assert [state for *_, state in outbox()] == ["cancelled", "queued"]


@pytest.mark.parametrize(
    ("state", "template", "entry"),
    [
        ("confirmed", "speaker_answer", True),
        ("tentative", "speaker_answer_maybe", False),
        ("declined", "speaker_answer_no", False),
    ],
)
def test_an_answer_is_thanked_for_in_its_own_words(seat, state, template, entry):
    row = seat()
    ask_speaker(participation=row, actor=SYSTEM)
    answer(row, state)
    thanks = Message.objects.get(kind="speaker_answer")
    assert (thanks.template, thanks.requested) == (template, True)
    files = [part for part in render(thanks).attachments if part.name == "invite.ics"]
    assert bool(files) is entry
    if entry:
        assert f"UID:{row.session.uid}".encode() in files[0].content
    assert Message.objects.get(kind="speaker_ask").cancelled_for == "answered"


def test_a_yes_is_thanked_for_and_gives_the_ticket_in_one_mail(seat):
    row = seat()
    ask_speaker(participation=row, actor=SYSTEM)
    answer(row, "confirmed")
    place = Registration.objects.get(person=row.person)
    assert outbox(state=MessageState.QUEUED) == [
        ("speaker_answer", "speaker_answer", "iva@example.org", "queued")
    ]
    thanks = Message.objects.get(kind="speaker_answer")
    assert thanks.registration == place
    mail = render(thanks)
    assert [part.name for part in mail.attachments] == ["ticket.png", "invite.ics"]
    assert place.code in mail.text


def test_who_had_a_place_before_gets_thanks_alone(seat):
    row = seat()
    RegistrationFactory(conference=row.session.conference, person=row.person, status="confirmed")
    answer(row, "confirmed")
    thanks = Message.objects.get()
    assert (thanks.kind, thanks.registration) == ("speaker_answer", None)
    assert [part.name for part in render(thanks).attachments] == ["invite.ics"]


def test_what_an_organiser_writes_down_is_thanked_for_by_them(seat):
    row = seat()
    ask_speaker(participation=row, actor=SYSTEM)
    answer(row, "tentative", by_speaker=False)
    assert outbox() == [("speaker_ask", "speaker_ask", "iva@example.org", "cancelled")]


class TestStale:
    """Whatever happens between queueing and sending."""

    def sent(self):
        send_due_messages()
        return [(row.kind, row.state, row.cancelled_for) for row in Message.objects.order_by("pk")]

    def test_an_asking_goes_while_it_is_right(self, seat):
        ask_speaker(participation=seat(), actor=SYSTEM)
        assert self.sent() == [("speaker_ask", "sent", "")]

    def test_not_to_who_has_answered_by_hand(self, seat):
        row = seat()
        ask_speaker(participation=row, actor=SYSTEM)
        change_participation(
            participation=row, changes={"state": "declined"}, expected=None, actor=SYSTEM
        )
        assert self.sent() == [("speaker_ask", "cancelled", "answered")]

    def test_not_to_who_was_taken_off_or_replaced(self, seat, room):
        rows = [seat(), seat(role="host"), seat(role="discussant")]
        ask_speakers(session=room.panel, participations=rows, actor=SYSTEM)
        remove_participation(participation=rows[0], expected=None, actor=SYSTEM)
        person = PersonFactory(organisation=room.conference.organisation, email="")
        replace_speaker(participation=rows[1], person=person, actor=SYSTEM)
        release_speaker(participation=rows[2], tell_them=False, actor=SYSTEM)
        assert [(kind, state) for kind, state, _why in self.sent()] == [
            ("speaker_ask", "cancelled")
        ] * 3

    def test_not_for_a_session_that_is_cancelled(self, seat, room):
        ask_speaker(participation=seat(), actor=SYSTEM)
        room.panel.refresh_from_db()
        room.panel.state = SessionState.CANCELLED
        room.panel.save()
        assert self.sent() == [("speaker_ask", "cancelled", "answered")]

    def test_not_once_it_has_begun(self, seat, frozen):
        ask_speaker(participation=seat(), actor=SYSTEM)
        Message.objects.update(not_after=timezone.now() + dt.timedelta(days=99))
        frozen("2027-03-18T09:30")
        assert [state for _kind, state, _why in self.sent()] == ["expired"]

    def test_a_new_link_is_the_one_that_goes(self, seat):
        row = seat()
        ask_speaker(participation=row, actor=SYSTEM)
        revoke_speaker_link(participation=row, actor=SYSTEM)
        self.sent()
        row.refresh_from_db()
        assert speaker_url(row) in reveal(Message.objects.get().rendered, None).text

    def test_to_the_address_of_now(self, seat):
        row = seat()
        ask_speaker(participation=row, actor=SYSTEM)
        change_person(
            person=row.person,
            changes={"email": "new@example.org"},
            expected=None,
            actor=SYSTEM,
        )
        self.sent()
        assert Message.objects.get().to_email == "new@example.org"


def test_a_kept_mail_holds_no_link_and_is_read_with_it(seat):
    row = seat()
    ask_speaker(participation=row, actor=SYSTEM)
    message = Message.objects.select_related("participation__session").get()
    content = render(message)
    kept = RenderedMail.objects.create(message=message, **archive(content))
    assert "/s/" not in kept.text + kept.html
    assert reveal(kept, None).text == content.text


class TestNudges:
    @pytest.fixture
    def asked(self, seat, room):
        ensure_default_rules(conference=room.conference)
        plan_rules(room.conference.reminder_rules.values_list("pk", flat=True))
        row = seat()
        ask_speaker(participation=row, reply_until_local="2027-03-01T18:00", actor=SYSTEM)
        return row

    def nudges(self, **wanted):
        rows = Message.objects.filter(rule__audience=Audience.ASKED, **wanted)
        return [
            (f"{row.due_at:%a %d %b %H:%M}", row.state, row.cancelled_for)
            for row in rows.order_by("due_at")
        ]

    def test_the_silent_are_nudged_after_days_and_before_the_deadline_never_at_weekends(
        self, asked
    ):
        # Four days later is a Sunday; two before the deadline a Saturday.
        assert self.nudges() == [
            ("Mon 15 Feb 09:00", "queued", ""),
            ("Fri 19 Feb 09:00", "queued", ""),
            ("Fri 26 Feb 17:00", "queued", ""),
        ]

    @pytest.mark.parametrize("state", ["confirmed", "tentative", "declined"])
    @pytest.mark.parametrize("by_speaker", [True, False])
    def test_any_answer_stops_them(self, asked, state, by_speaker):
        answer(asked, state, by_speaker=by_speaker)
        assert {(state, why) for _due, state, why in self.nudges()} == {("cancelled", "answered")}

    def test_another_deadline_takes_back_the_former_one(self, asked, frozen):
        frozen("2027-02-11T09:00")
        ask_speaker(participation=asked, reply_until_local="2027-02-26T18:00", actor=SYSTEM)
        waiting = self.nudges(state=MessageState.QUEUED)
        assert [due for due, *_ in waiting] == [
            "Mon 15 Feb 09:00",
            "Fri 19 Feb 09:00",
            "Wed 24 Feb 17:00",
        ]

    def test_planning_again_adds_nothing(self, asked, room):
        before = self.nudges()
        Conference.objects.filter(pk=room.conference.pk).update(plan_revision=99)
        plan_rules(room.conference.reminder_rules.values_list("pk", flat=True))
        assert self.nudges() == before

    def test_the_calendar_foretells_and_shows_them(self, asked, room):
        def found():
            mails = forecast(room.conference, timezone.now() + dt.timedelta(days=60))
            return [
                (mail.count, f"{mail.due_at:%d %b}")
                for mail in mails
                if mail.rule is not None and mail.rule.audience == Audience.ASKED
            ]

        room.conference.refresh_from_db()
        assert found() == [(1, "15 Feb"), (1, "19 Feb"), (1, "26 Feb")]
        Message.objects.filter(rule__isnull=False).delete()
        room.conference.reminder_rules.update(planned_revision=0)
        assert found() == [(1, "15 Feb"), (1, "19 Feb"), (1, "26 Feb")]

    def test_rules_are_said_in_words(self, asked, room):
        room.conference.refresh_from_db()
        rules = room.conference.reminder_rules.filter(audience="asked").order_by("pk")
        said = [one.sentence for one in rules_in_words(list(rules), room.conference)]
        assert said[0] == (
            "4 days after being asked to speak, at the same time: nudge to who was asked to speak "
            "to 1 person asked to speak, for each from their own moment."
        )
        assert said[2].endswith("to 1 person asked to speak, for each from their own moment.")
        moments = [f"{moment.local:%d %b}" for moment in moments_of(rules[0], room.conference)]
        assert moments == ["15 Feb"]

    def test_why_is_said(self, asked, room):
        def why(person):
            room.conference.refresh_from_db()
            reasons = explain_for(room.conference, person=person.code).reasons
            return [r for r in reasons if r.rule is not None and r.rule.audience == Audience.ASKED]

        assert [reason.code for reason in why(asked.person)] == ["waits", "waits", "waits"]
        answer(asked, "declined")
        assert {reason.sentence for reason in why(asked.person)} == {
            "They have answered, so nudges have stopped."
        }
        nobody = "Only who was asked to speak and has not answered gets it, and nobody has asked"
        assert {reason.sentence for reason in why(room.moderator)} == {
            f"Not for them. {nobody} them."
        }


class TestSending:
    """By the database's clock, which no test stops."""

    @pytest.fixture
    def asked(self):
        conference = conference_in(days=60)
        row = ParticipationFactory(
            session__conference=conference,
            state=ParticipationState.INVITED,
            asked_at=timezone.now() - dt.timedelta(hours=1),
            person__email="iva@example.org",
        )
        for days in (4, 9, 12):
            ReminderRuleFactory(
                conference=conference,
                audience=Audience.ASKED,
                anchor="speaker_asked",
                offset=f"P{days}D",
                template="speaker_nudge",
            )
        plan_rules(conference.reminder_rules.values_list("pk", flat=True))
        now = timezone.now()
        rows = Message.objects.filter(participation=row)
        rows.update(due_at=now - dt.timedelta(hours=1), not_after=now + dt.timedelta(days=1))
        return row

    def test_two_at_most(self, asked):
        send_due_messages()
        rows = Message.objects.order_by("state", "pk").values_list("state", "cancelled_for")
        assert list(rows) == [("cancelled", "enough"), ("sent", ""), ("sent", "")]

    def test_an_answer_by_hand_stops_them_at_the_last_moment(self, asked):
        Participation.objects.filter(pk=asked.pk).update(state="declined")
        send_due_messages()
        assert set(Message.objects.values_list("state", "cancelled_for")) == {
            ("cancelled", "answered")
        }


def test_texts_are_tried_on_who_was_asked_and_on_an_example(room):
    sample = f"p.{room.moderator.code}"
    assert sample in dict(samples_of(room.conference, "speaker_ask"))
    for template in SUBJECTS:
        mail = render(trial(room.conference, template, "en", sample))
        assert "Vasić" in mail.text or template == "programme_changed"
        assert render(trial(room.conference, template, "en", "")).subject
