from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.enums import AnsweredVia
from events.enums import ConferenceState, ParticipationState, SessionState
from events.models import Assistant, Candidate, Participation
from events.services import asking, candidates, panels, replacing, speaker_answers
from events.services.instants import resolve_again
from events.signals import ParticipationChanged
from tests.factories.events import ParticipationFactory, PersonFactory, SessionFactory

S = ParticipationState


@pytest.fixture(autouse=True)
def _weeks_before(frozen):
    frozen("2027-02-10T09:00")


@pytest.fixture
def session(conference):
    return SessionFactory(
        conference=conference,
        start_local=dt.datetime.fromisoformat("2027-03-18T10:15"),
        end_local=dt.datetime.fromisoformat("2027-03-18T12:00"),
    )


@pytest.fixture
def seat(session):
    def make(state=S.PLANNED, **fields):
        fields.setdefault("person__email", "ana@example.org")
        fields.setdefault("person__given_name", "Ana")
        fields.setdefault("person__family_name", "Petrović")
        fields.setdefault("order", session.participations.count())
        return ParticipationFactory(session=session, state=state, **fields)

    return make


def now():
    return timezone.now()


def fields_of(row, *names):
    row.refresh_from_db()
    return tuple(getattr(row, name) for name in names)


def order_of(session):
    return list(session.participations.order_by("order").values_list("code", flat=True))


class TestAsking:
    def test_who_was_planned_is_invited_until_a_day(self, seat, actor, heard, audited):
        row = seat()
        asked = asking.ask_speaker(
            participation=row,
            words=" You know the river. ",
            reply_until_local="2027-03-01T18:00",
            expected=1,
            actor=actor,
        )
        assert fields_of(row, "state", "asked_at", "last_asked_at", "asked_words") == (
            "invited",
            now(),
            now(),
            "You know the river.",
        )
        assert row.reply_until_at == dt.datetime(2027, 3, 1, 17, tzinfo=dt.UTC)
        row.session.refresh_from_db()
        assert row.session.version == 2
        assert asked.pk == row.pk
        assert heard == [
            ParticipationChanged(
                row.session.conference_id,
                (row.pk,),
                verb="asked",
                occasion="20270210T090000000000",
            )
        ]
        assert audited() == ("ask_speaker", [], {"to": "invited"})

    def test_several_are_asked_at_once(self, seat, session, actor, heard):
        rows = [seat(), seat()]
        asking.ask_speakers(session=session, participations=rows, actor=actor, expected=1)
        assert [fields_of(row, "state") for row in rows] == [("invited",), ("invited",)]
        assert [event.participation_ids for event in heard] == [tuple(row.pk for row in rows)]
        session.refresh_from_db()
        assert session.version == 2

    def test_all_of_them_or_nobody(self, seat, session, actor, refused):
        rows = [seat(), seat(S.CONFIRMED)]
        with refused("wrong-state", *rows, session):
            asking.ask_speakers(session=session, participations=rows, actor=actor)

    def test_asking_again_keeps_when_they_were_asked_first(self, seat, actor, frozen):
        row = seat()
        asking.ask_speaker(participation=row, actor=actor)
        first = now()
        frozen("2027-02-12T09:00")
        asking.ask_speaker(participation=row, actor=actor)
        assert fields_of(row, "state", "asked_at", "last_asked_at") == ("invited", first, now())

    def test_who_has_declined_is_asked_anew(self, seat, actor, frozen):
        row = seat(
            S.DECLINED,
            asked_at=now(),
            seen_at=now(),
            answered_at=now(),
            answered_via="link",
            answered_by="Jovan",
            decline_reason="Travel",
        )
        frozen("2027-02-12T09:00")
        asking.ask_speaker(participation=row, actor=actor)
        names = ("asked_at", "seen_at", "answered_at", "answered_via", "decline_reason")
        assert fields_of(row, *names) == (now(), None, None, "", "")
        assert row.state == "invited"

    @pytest.mark.parametrize(
        ("until", "code"), [("2027-02-09T10:00", "range"), ("2027-03-18T11:00", "range")]
    )
    def test_the_deadline_lies_before_the_session(self, seat, actor, refused, until, code):
        row = seat()
        with refused(
            "validation-failed", row, row.session, pointer="/reply_until_local", code=code
        ):
            asking.ask_speaker(participation=row, reply_until_local=until, actor=actor)

    def test_without_an_address_nobody_is_asked(self, seat, actor, refused):
        row = seat(person__email="")
        with refused("wrong-state", row, row.session):
            asking.ask_speaker(participation=row, actor=actor)
        Assistant.objects.create(person=row.person, name="Jovan", email="jovan@example.org")
        assert asking.ask_speaker(participation=row, actor=actor).state == "invited"

    @pytest.mark.parametrize("what", ["stale", "session", "conference", "begun", "confirmed"])
    def test_refusals_leave_no_trace(self, seat, actor, refused, frozen, what):
        row = seat(S.CONFIRMED if what == "confirmed" else S.PLANNED)
        if what == "session":
            row.session.state = SessionState.CANCELLED
            row.session.save()
        elif what == "conference":
            row.session.conference.state = ConferenceState.CANCELLED
            row.session.conference.save()
        elif what == "begun":
            frozen("2027-03-18T09:30")
        kind = "stale" if what == "stale" else "wrong-state"
        with refused(kind, row, row.session):
            asking.ask_speaker(
                participation=row, actor=actor, expected=9 if what == "stale" else None
            )

    def test_a_deadline_keeps_its_wall_clock_time_in_another_zone(self, seat, actor):
        row = seat()
        asking.ask_speaker(participation=row, reply_until_local="2027-03-01T18:00", actor=actor)
        conference = row.session.conference
        conference.time_zone = "Europe/London"
        conference.save()
        resolve_again(conference=conference, actor=actor)
        assert fields_of(row, "reply_until_at") == (dt.datetime(2027, 3, 1, 18, tzinfo=dt.UTC),)


class TestAnswers:
    @pytest.mark.parametrize("state", ["confirmed", "tentative", "declined"])
    def test_an_answer_says_who_gave_it_and_how(self, seat, actor, heard, audited, state):
        row = seat(S.INVITED, asked_at=now())
        speaker_answers.answer_ask(
            participation=row,
            state=state,
            via=AnsweredVia.ASSISTANT,
            answered_by="Jovan",
            reason="Travel",
            by_speaker=True,
            actor=actor,
        )
        names = ("state", "answered_at", "answered_via", "answered_by", "decline_reason")
        why = "Travel" if state == "declined" else ""
        assert fields_of(row, *names) == (state, now(), "assistant", "Jovan", why)
        assert heard[0] == ParticipationChanged(
            row.session.conference_id, (row.pk,), verb="answered", by_speaker=True
        )
        assert audited()[0] == "answer_ask"

    def test_a_mind_may_change(self, seat, actor):
        row = seat(S.INVITED, asked_at=now())
        for state in ("declined", "confirmed"):
            speaker_answers.answer_ask(
                participation=row,
                state=state,
                via="link",
                reason="Travel",
                by_speaker=True,
                actor=actor,
            )
        assert fields_of(row, "state", "decline_reason") == ("confirmed", "")

    def test_the_same_answer_again_only_adds_to_it(self, seat, actor, heard, frozen):
        row = seat(S.INVITED, asked_at=now())
        for reason in ("", "Travel", ""):
            speaker_answers.answer_ask(
                participation=row,
                state="declined",
                via="link",
                reason=reason,
                by_speaker=True,
                actor=actor,
            )
        assert fields_of(row, "decline_reason") == ("Travel",)
        assert [event.verb for event in heard] == ["answered", "changed"]

    def test_who_was_never_asked_can_be_written_down(self, seat, actor):
        row = seat()
        speaker_answers.answer_ask(
            participation=row, state="confirmed", via="phone", actor=actor, expected=1
        )
        assert fields_of(row, "state", "answered_via", "asked_at") == ("confirmed", "phone", None)

    @pytest.mark.parametrize("state", ["planned", "invited", "replaced", "maybe"])
    def test_only_an_answer_is_one(self, seat, actor, refused, state):
        row = seat(S.INVITED, asked_at=now())
        with refused("validation-failed", row, row.session, pointer="/state"):
            speaker_answers.answer_ask(participation=row, state=state, via="phone", actor=actor)

    def test_who_speaks_is_late_once_it_has_begun_and_an_organiser_is_not(
        self, seat, actor, refused, frozen
    ):
        row = seat(S.INVITED, asked_at=now())
        frozen("2027-03-18T09:30")
        answer = {"participation": row, "state": "declined", "via": "link", "actor": actor}
        with refused("wrong-state", row, row.session):
            speaker_answers.answer_ask(by_speaker=True, **answer)
        assert speaker_answers.answer_ask(**answer).state == "declined"

    def test_a_yes_for_a_taken_seat_is_kept_on_the_shortlist(self, seat, actor, refused):
        row = seat(S.DECLINED, answered_at=now(), answered_via="link")
        other = PersonFactory(organisation=row.session.conference.organisation)
        replacing.replace_speaker(participation=row, person=other, actor=actor)
        answer = {"participation": row, "state": "confirmed", "via": "link", "actor": actor}
        for _ in range(2):
            speaker_answers.answer_ask(by_speaker=True, **answer)
        assert fields_of(row, "state") == ("declined",)
        assert [(c.person, c.role, c.note) for c in Candidate.objects.all()] == [
            (row.person, row.role, speaker_answers.WOULD_COME)
        ]
        with refused("wrong-state", row):
            speaker_answers.answer_ask(**answer)


class TestByHand:
    def test_a_state_by_hand_is_nobodys_answer(self, seat, actor):
        row = seat(
            S.DECLINED, answered_at=now(), answered_via="link", answered_by="J", decline_reason="T"
        )
        panels.change_participation(
            participation=row, changes={"state": "confirmed"}, expected=None, actor=actor
        )
        names = ("state", "answered_at", "answered_via", "answered_by", "decline_reason")
        assert fields_of(row, *names) == ("confirmed", None, "", "", "")

    def test_other_changes_keep_the_answer(self, seat, actor):
        row = seat(S.CONFIRMED, answered_at=now(), answered_via="link")
        panels.change_participation(
            participation=row,
            changes={"minutes": 7, "shown_unconfirmed": True},
            expected=None,
            actor=actor,
        )
        assert fields_of(row, "answered_via", "minutes", "shown_unconfirmed") == ("link", 7, True)


class TestReleasing:
    @pytest.mark.parametrize("tell", [True, False])
    def test_who_is_not_needed_is_off_the_panel(self, seat, actor, heard, tell):
        row = seat(S.INVITED, asked_at=now())
        asking.release_speaker(participation=row, tell_them=tell, actor=actor, expected=1)
        assert fields_of(row, "state") == ("replaced",)
        assert [(e.verb, bool(e.occasion)) for e in heard] == [("released", tell)]
        assert asking.ask_speaker(participation=row, actor=actor).state == "invited"

    @pytest.mark.parametrize("state", [S.PLANNED, S.DECLINED, S.REPLACED])
    def test_only_who_was_asked_is_released(self, seat, actor, refused, state):
        row = seat(state)
        with refused("wrong-state", row, row.session):
            asking.release_speaker(participation=row, tell_them=True, actor=actor)


class TestReplacing:
    def test_the_new_one_takes_role_order_and_minutes(self, seat, session, actor, heard, audited):
        first = seat(S.CONFIRMED)
        former = seat(S.INVITED, role="moderator", minutes=12, asked_at=now())
        last = seat(S.CONFIRMED)
        person = PersonFactory(
            organisation=session.conference.organisation, affiliation="Faculty", position="Dean"
        )
        Candidate.objects.create(session=session, person=person, role="moderator")
        other = Candidate.objects.create(
            session=session, person=last.person, role="moderator", order=1
        )
        row = replacing.replace_speaker(
            participation=former, person=person, actor=actor, expected=1
        )
        assert fields_of(row, "role", "minutes", "state", "affiliation", "replaces") == (
            "moderator",
            12,
            "planned",
            "Faculty",
            former,
        )
        assert fields_of(former, "state", "answered_at") == ("replaced", None)
        assert order_of(session) == [first.code, row.code, last.code, former.code]
        assert [(e.verb, e.participation_ids) for e in heard] == [("replaced", (former.pk, row.pk))]
        assert list(Candidate.objects.values_list("pk", "order")) == [(other.pk, 0)]
        session.refresh_from_db()
        assert session.version == 2
        assert audited()[0] == "take_place_of"

    def test_who_declined_stays_so_and_the_new_one_is_asked_in_one_step(self, seat, actor, heard):
        former = seat(S.DECLINED, asked_at=now(), answered_at=now(), answered_via="link")
        person = PersonFactory(
            organisation=former.session.conference.organisation, email="iva@example.org"
        )
        row = replacing.replace_speaker(
            participation=former,
            person=person,
            ask=True,
            words="Please",
            tell_them=True,
            actor=actor,
        )
        assert fields_of(former, "state") == ("declined",)
        assert fields_of(row, "state", "asked_words") == ("invited", "Please")
        assert [event.verb for event in heard] == ["replaced", "asked"]

    def test_who_was_asked_is_told_where_that_is_wished(self, seat, actor, heard):
        former = seat(S.CONFIRMED, asked_at=now())
        person = PersonFactory(organisation=former.session.conference.organisation)
        replacing.replace_speaker(participation=former, person=person, tell_them=True, actor=actor)
        assert [event.verb for event in heard] == ["replaced", "released"]

    def test_asking_that_fails_swaps_nobody(self, seat, actor, refused):
        former = seat(S.INVITED, asked_at=now())
        person = PersonFactory(organisation=former.session.conference.organisation, email="")
        count = Participation.objects.count()
        with pytest.raises(Exception, match="No mail address"):
            replacing.replace_speaker(participation=former, person=person, ask=True, actor=actor)
        assert fields_of(former, "state") == ("invited",)
        assert Participation.objects.count() == count

    def test_who_was_replaced_can_come_back(self, seat, session, actor):
        former = seat(S.INVITED, asked_at=now())
        person = PersonFactory(
            organisation=session.conference.organisation, email="iva@example.org"
        )
        row = replacing.replace_speaker(participation=former, person=person, actor=actor)
        again = replacing.replace_speaker(
            participation=row, person=former.person, ask=True, actor=actor
        )
        assert again.pk == former.pk
        assert fields_of(former, "state", "replaces") == ("invited", row)
        assert fields_of(row, "state", "replaces") == ("replaced", None)
        assert order_of(session) == [former.code, row.code]

    def test_who_sits_there_takes_no_second_seat(self, seat, actor, refused):
        former, other = seat(S.INVITED), seat(S.CONFIRMED)
        with refused("conflict", former, other, former.session, pointer="/person"):
            replacing.replace_speaker(participation=former, person=other.person, actor=actor)

    def test_nobody_is_replaced_twice(self, seat, actor, refused):
        former = seat(S.INVITED)
        people = PersonFactory.create_batch(2, organisation=former.session.conference.organisation)
        replacing.replace_speaker(participation=former, person=people[0], actor=actor)
        with refused("wrong-state", former, former.session):
            replacing.replace_speaker(participation=former, person=people[1], actor=actor)

    def test_a_stranger_is_not_there(self, seat, actor, refused):
        former = seat(S.INVITED)
        with refused("validation-failed", former, former.session, pointer="/person"):
            replacing.replace_speaker(participation=former, person=PersonFactory(), actor=actor)


class TestShortlist:
    def test_it_is_kept_in_order(self, session, actor, audited):
        people = PersonFactory.create_batch(2, organisation=session.conference.organisation)
        rows = [
            candidates.add_candidate(
                session=session, person=person, role="panellist", note="  knows it", actor=actor
            )
            for person in people
        ]
        assert [(row.order, row.note) for row in rows] == [(0, "knows it"), (1, "knows it")]
        keys = [(person.code, "panellist") for person in reversed(people)]
        candidates.reorder_candidates(session=session, people=keys, actor=actor, expected=3)
        assert [row.person for row in session.candidates.all()] == people[::-1]
        candidates.change_candidate(candidate=rows[0], note="On leave", actor=actor)
        candidates.remove_candidate(candidate=rows[1], actor=actor)
        assert list(session.candidates.values_list("person", "order", "note")) == [
            (people[0].pk, 0, "On leave")
        ]
        session.refresh_from_db()
        assert session.version == 6
        assert audited()[0] == "remove_candidate"

    def test_refusals_leave_no_trace(self, session, actor, refused):
        person = PersonFactory(organisation=session.conference.organisation)
        add = {"session": session, "role": "panellist", "actor": actor}
        candidates.add_candidate(person=person, **add)
        session.refresh_from_db()
        with refused("conflict", session, pointer="/person"):
            candidates.add_candidate(person=person, **add)
        with refused("validation-failed", session, pointer="/person"):
            candidates.add_candidate(person=PersonFactory(), **add)
        with refused("stale", session):
            candidates.add_candidate(person=person, expected=1, **add)
        with refused("validation-failed", session, pointer="/people"):
            candidates.reorder_candidates(session=session, people=[], actor=actor, expected=None)
        assert session.candidates.count() == 1


def test_a_page_that_is_looked_at_is_noted_once(seat, frozen):
    row = seat(S.INVITED)
    assert asking.note_speaker_page_seen(participation=row)
    first = now()
    frozen("2027-02-11T09:00")
    assert not asking.note_speaker_page_seen(participation=row)
    assert fields_of(row, "seen_at") == (first,)
