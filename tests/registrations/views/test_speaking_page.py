"""The page of who was asked to speak."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from core.actors import SYSTEM
from events.enums import ConferenceState, ParticipationRole, ParticipationState
from events.models import Candidate
from events.services.asking import ask_speaker, release_speaker, revoke_speaker_link
from events.services.replacing import replace_speaker
from events.services.speaker_links import speaker_path
from notifications.models import Message
from registrations.models import Registration
from tests.factories.events import (
    ConferenceFactory,
    ParticipationFactory,
    PersonFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db
MODERATOR = ParticipationRole.MODERATOR


@pytest.fixture
def asked(frozen):
    frozen("2027-02-10T09:00")
    conference = ConferenceFactory(
        title={"en": "Rivers", "sr-Latn": "Reke", "sr-Cyrl": "Реке", "ru": "Реки"},
        languages=["en", "sr-Latn", "sr-Cyrl", "ru"],
        contact_name="Mila Jović",
        contact_email="mila@example.org",
    )
    session = SessionFactory(
        conference=conference,
        title={"en": "Who owns a river"},
        start_local=dt.datetime.fromisoformat("2027-03-18T10:15"),
        end_local=dt.datetime.fromisoformat("2027-03-18T12:00"),
    )
    row = ParticipationFactory(
        session=session,
        role=MODERATOR,
        state=ParticipationState.PLANNED,
        person__given_name="Ana",
        person__family_name="Petrović",
        person__email="ana@example.org",
    )
    ParticipationFactory(session=session, person__family_name="Confirmed", order=1)
    ParticipationFactory(
        session=session, person__family_name="Silent", order=2, state=ParticipationState.INVITED
    )
    return ask_speaker(
        participation=row,
        words="You know the river.\n\n<b>Come</b>",
        reply_until_local="2027-03-01T18:00",
        actor=SYSTEM,
    )


def state_of(row):
    row.refresh_from_db()
    return (row.state, row.answered_via, row.answered_by, row.decline_reason)


def test_it_says_what_is_asked_and_changes_nothing(client, asked):
    response = client.get(speaker_path(asked))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Dear Ana Petrović," in page
    assert "Who owns a river" in page
    assert "Moderator" in page
    assert "10:15" in page
    assert "Please answer by Monday, 1 March 2027." in page or "1 March" in page
    assert "Confirmed" in page
    assert "Silent" not in page
    assert "&lt;b&gt;Come&lt;/b&gt;" in page
    assert "Mila Jović" in page
    assert state_of(asked) == ("invited", "", "", "")
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("en", "Yes, I will speak"),
        ("sr-Latn", "Reke"),
        ("sr-Cyrl", "Реке"),
        ("ru", "Реки"),
    ],
)
def test_it_is_read_in_the_persons_language(client, asked, tag, words):
    response = client.get(speaker_path(asked), {"lang": tag})
    assert response["Content-Language"] == tag
    assert words in response.content.decode()


def test_the_number_of_queries_is_the_same_for_three(client, asked, django_assert_num_queries):
    for _ in range(3):
        ParticipationFactory(session=asked.session)
    with django_assert_num_queries(7):
        client.get(speaker_path(asked))


def test_one_press_says_yes_and_gives_a_place(client, asked):
    response = client.post(speaker_path(asked), {"answer": "yes"})
    assert response.status_code == 302
    assert response["Location"] == speaker_path(asked)
    assert state_of(asked) == ("confirmed", "link", "", "")
    place = Registration.objects.get(person=asked.person)
    assert place.status == "confirmed"
    page = client.get(speaker_path(asked)).content.decode()
    assert "Thank you, we count on you" in page
    assert place.code in page
    assert "event.ics" in page
    kinds = Message.objects.order_by("pk").values_list("kind", "state")
    assert ("speaker_ask", "cancelled") in kinds
    assert ("speaker_answer", "queued") in kinds


def test_the_entry_is_the_sessions_and_only_for_who_speaks(client, asked):
    path = f"{speaker_path(asked)}event.ics"
    assert client.get(path).status_code == 404
    client.post(speaker_path(asked), {"answer": "yes"})
    response = client.get(path)
    entry = response.content.decode()
    assert response["Content-Type"].startswith("text/calendar")
    assert f"UID:{asked.session.uid}" in entry
    assert "METHOD:PUBLISH" in entry
    assert "DTSTART;TZID=Europe/Belgrade:20270318T101500" in entry
    assert "/s/" not in entry


def test_an_assistant_says_so(client, asked):
    client.post(speaker_path(asked), {"answer": "maybe", "answered_by": "Jovan"})
    assert state_of(asked) == ("tentative", "assistant", "Jovan", "")
    assert "Answered by Jovan" in client.get(speaker_path(asked)).content.decode()


def test_a_no_may_say_why_and_a_mind_may_change(client, asked):
    client.post(speaker_path(asked), {"answer": "no"})
    client.post(speaker_path(asked), {"answer": "reason", "reason": "Travel <script>"})
    assert state_of(asked) == ("declined", "link", "", "Travel <script>")
    page = client.get(speaker_path(asked)).content.decode()
    assert "Travel &lt;script&gt;" in page
    client.post(speaker_path(asked), {"answer": "yes"})
    assert state_of(asked) == ("confirmed", "link", "", "")


def test_only_known_presses_count(client, asked):
    response = client.post(speaker_path(asked), {"answer": "perhaps"})
    assert response.status_code == 400
    assert state_of(asked) == ("invited", "", "", "")


def test_who_was_replaced_reads_so_and_is_kept(client, asked):
    client.post(speaker_path(asked), {"answer": "no"})
    other = PersonFactory(organisation=asked.session.conference.organisation)
    replace_speaker(participation=asked, person=other, actor=SYSTEM)
    response = client.post(speaker_path(asked), {"answer": "yes"})
    assert response.status_code == 200
    assert "Somebody else speaks in this place" in response.content.decode()
    assert state_of(asked)[0] == "declined"
    assert list(Candidate.objects.values_list("person", "role")) == [(asked.person_id, MODERATOR)]


def test_who_is_not_needed_reads_so(client, asked):
    release_speaker(participation=asked, tell_them=True, actor=SYSTEM)
    assert "Nothing is asked of you any more" in client.get(speaker_path(asked)).content.decode()
    assert client.post(speaker_path(asked), {"answer": "yes"}).status_code == 200
    assert state_of(asked)[0] == "replaced"


def test_a_revoked_link_says_so_and_a_wrong_one_is_not_found(client, asked):
    former = speaker_path(asked)
    revoke_speaker_link(participation=asked, actor=SYSTEM)
    response = client.get(former)
    assert response.status_code == 410
    assert "This link has been replaced" in response.content.decode()
    assert client.get(former[:-5] + "aaaa/").status_code == 404
    asked.refresh_from_db()
    assert client.get(speaker_path(asked)).status_code == 200


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (ConferenceState.CANCELLED, "This will not take place"),
        (ConferenceState.POSTPONED, "This has been postponed"),
        (ConferenceState.ARCHIVED, "This is over"),
    ],
)
def test_nothing_is_answered_for_what_does_not_take_place(client, asked, state, words):
    conference = asked.session.conference
    conference.state = state
    conference.save()
    response = client.post(speaker_path(asked), {"answer": "yes"})
    assert words in response.content.decode()
    assert state_of(asked)[0] == "invited"


def test_it_is_too_late_once_the_session_has_begun(client, asked, frozen):
    frozen("2027-03-18T09:30")
    response = client.post(speaker_path(asked), {"answer": "yes"})
    assert "It is too late to answer here" in response.content.decode()
    assert state_of(asked)[0] == "invited"


def test_a_draft_can_be_answered_and_tells_nobody_of_its_page(client, asked):
    conference = asked.session.conference
    conference.state = ConferenceState.DRAFT
    conference.save()
    assert client.get(speaker_path(asked)).status_code == 200
    client.post(speaker_path(asked), {"answer": "yes"})
    assert state_of(asked)[0] == "confirmed"


def test_seen_is_told_by_the_pages_script_alone(client, asked):
    client.get(speaker_path(asked))
    asked.refresh_from_db()
    assert asked.seen_at is None
    version = asked.session.version
    assert client.get(f"{speaker_path(asked)}seen/").status_code == 405
    assert client.post(f"{speaker_path(asked)}seen/").status_code == 204
    asked.refresh_from_db()
    assert asked.seen_at == timezone.now()
    asked.session.refresh_from_db()
    assert asked.session.version == version
