"""What is still needed of those who speak, as organisers see and settle it."""

from __future__ import annotations

import pytest

from accounts.enums import Role
from core.actors import SYSTEM
from events.models import Material, SpeakerNeed
from events.services.giving import give_slides, give_technical, give_travel
from tests.events.views.reading import HOSTILE, html_of, text_of
from tests.factories.events import ParticipationFactory, SessionFactory

NEEDS = "/manage/institute/open-forum/speakers/needs/"
PANEL = "/manage/institute/open-forum/sessions/PANEL2/"


@pytest.fixture
def desk(stage, client_as, owner):
    stage.conference.speaker_needs = ["bio", "photo", "slides"]
    stage.conference.save()
    return client_as(owner)


def test_everybody_who_is_asked_or_comes_stands_in_the_table(stage, desk):
    ParticipationFactory(session=stage.panel, state="declined", person__family_name="Gone")
    cancelled = SessionFactory(conference=stage.conference, state="cancelled")
    ParticipationFactory(session=cancelled, person__family_name="Nowhere")
    stage.people["Petar"].bio = {"en": "Reads maps."}
    stage.people["Petar"].save()
    page = text_of(desk.get(NEEDS))
    assert "3 of 3 have not given everything" in page
    assert "Petar Ilić Who drinks first given open open" in page
    assert "Mila Đorđević Who drinks first open open open" in page
    assert "Gone" not in page
    assert "Nowhere" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_one_and_for_three(stage, desk, count, django_assert_num_queries):
    for _ in range(count):
        ParticipationFactory(session=stage.panel)
    with django_assert_num_queries(7):
        desk.get(NEEDS)


def test_it_is_narrowed_to_what_is_open(stage, desk):
    for kind in ("bio", "photo", "slides"):
        SpeakerNeed.objects.create(
            participation=stage.panellist,
            kind=kind,
            state="waived",
            settled_at=stage.version.created_at,
        )
    page = desk.get(f"{NEEDS}?open=any")
    assert "Petar" not in text_of(page)
    assert "Something open 2" in text_of(page)
    assert "Mila" in text_of(desk.get(f"{NEEDS}?open=photo"))
    assert "Nobody is left with that." in text_of(desk.get(f"{NEEDS}?open=hats"))


def test_one_is_settled_and_asked_again(stage, desk):
    sent = {"part": stage.panellist.code, "kind": "photo", "state": "waived", "open": "any"}
    response = desk.post(NEEDS, sent)
    assert response["Location"] == f"{NEEDS}?open=any&part={stage.panellist.code}#card"
    page = text_of(desk.get(f"{NEEDS}?part={stage.panellist.code}"))
    assert "Saved: not needed." in page
    assert "Photo : not needed" in page
    assert "Ask for it again" in page
    desk.post(NEEDS, {**sent, "state": "open"})
    assert SpeakerNeed.objects.get().state == "open"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"part": "NOBODY", "kind": "bio", "state": "given"}, "Choose somebody from the list."),
        ({"kind": "hat", "state": "given"}, "Choose one of bio,"),
        ({"kind": "bio", "state": "lost"}, "Choose one of open,"),
        ({"material": "NOSUCH", "shown": "yes"}, "These slides are gone."),
    ],
)
def test_what_can_not_be_done_is_said(stage, desk, sent, sentence):
    response = desk.post(NEEDS, {"part": stage.panellist.code, **sent}, follow=True)
    assert sentence in text_of(response)
    assert SpeakerNeed.objects.count() == 0


def test_slides_are_shown_and_hidden(stage, desk):
    row = give_slides(
        participation=stage.panellist, content=b"%PDF-1.7", name="s.pdf", actor=SYSTEM
    )
    page = html_of(desk.get(f"{NEEDS}?part={stage.panellist.code}"))
    assert f'href="/files/{row.file.uid}/">s.pdf</a>' in page
    sent = {"part": stage.panellist.code, "material": row.code, "shown": "yes"}
    assert "Readers see the slides." in text_of(desk.post(NEEDS, sent, follow=True))
    assert Material.objects.get().shown is True
    desk.post(NEEDS, {**sent, "shown": "no"})
    assert Material.objects.get().shown is False


def test_what_they_wrote_is_read_and_never_run(stage, desk):
    stage.conference.speaker_needs = ["bio", "travel", "technical"]
    stage.conference.save()
    stage.people["Petar"].bio = {"en": HOSTILE}
    stage.people["Petar"].family_name = HOSTILE[:120]
    stage.people["Petar"].save()
    give_travel(participation=stage.panellist, text=HOSTILE, actor=SYSTEM)
    give_technical(participation=stage.panellist, text=HOSTILE, actor=SYSTEM)
    for path in (f"{NEEDS}?part={stage.panellist.code}", PANEL):
        page = desk.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "{{ 7|add:7 }}" in text_of(desk.get(f"{NEEDS}?part={stage.panellist.code}"))


def test_the_panel_says_of_each_seat_what_is_there(stage, desk):
    stage.people["Petar"].bio = {"en": "Reads maps."}
    stage.people["Petar"].save()
    page = text_of(desk.get(PANEL))
    assert "bio ✓ there photo ✗ still needed slides ✗ still needed" in page
    assert f"{PANEL}people/{stage.panellist.code}/briefing.pdf" in html_of(desk.get(PANEL))
    assert f"{PANEL}briefings.pdf" in html_of(desk.get(PANEL))


def test_who_only_reads_settles_nothing_and_sees_no_link_of_theirs(
    stage, client_as, account_with_role
):
    client = client_as(account_with_role(Role.VIEWER))
    page = html_of(client.get(f"{NEEDS}?part={stage.panellist.code}"))
    assert "We have it" not in page
    assert f"/s/{stage.panellist.code}/" not in page
    sent = {"part": stage.panellist.code, "kind": "bio", "state": "given"}
    assert client.post(NEEDS, sent).status_code == 403


def test_settings_say_what_is_asked_of_everybody(stage, desk):
    from tests.events.views.reading import filled

    path = "/manage/institute/open-forum/settings/"
    data = filled(desk.get(path).context["form"])
    assert data["speaker_needs"] == ["bio", "photo", "slides"]
    response = desk.post(path, {**data, "speaker_needs": ["travel", "bio"]})
    assert response.status_code == 302
    stage.conference.refresh_from_db()
    assert stage.conference.speaker_needs == ["bio", "travel"]


def test_without_anybody_there_is_a_way_on(organisation, client_as, owner):
    from tests.factories.events import ConferenceFactory

    ConferenceFactory(organisation=organisation, slug="open-forum")
    assert "Nobody is asked to speak yet." in text_of(client_as(owner).get(NEEDS))
