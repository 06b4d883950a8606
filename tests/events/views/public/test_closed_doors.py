"""What may be told outside: its effect on public pages, materials, quotes and the open API."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.services.files import store_file
from events.services.schedules import current_programme, publish_schedule
from tests.events.views.reading import PAGE, get, html_of, text_of
from tests.factories.events import MaterialFactory, OutcomeFactory, OutcomeItemFactory

SESSION = f"{PAGE}sessions/PANEL2/"
PUBLIC = "/api/v1/public/institute/open-forum/programme/"


def say(stage, attribution, **more):
    stage.panel.attribution = attribution
    for name, value in more.items():
        setattr(stage.panel, name, value)
    stage.panel.save()
    publish_schedule(conference=stage.conference, name="", actor=SYSTEM)


@pytest.fixture
def paper(stage):
    file = store_file(
        organisation_id=stage.conference.organisation_id,
        content=b"%PDF-1.7",
        name="paper.pdf",
        actor=SYSTEM,
        visibility="public",
    )
    return MaterialFactory(
        conference=stage.conference,
        session=stage.panel,
        kind="file",
        url="",
        file=file,
        title={"en": "The paper"},
    )


def test_languages_and_recording_stand_on_the_page(stage, client_as):
    say(stage, "on_the_record", language="en", interpretation=["sr-Latn"], recorded=True)
    page = text_of(get(client_as, SESSION))
    assert "In English, interpreted into Serbian" in page
    assert "This session is recorded." in page


def test_on_the_record_everything_is_shown(stage, paper, client_as):
    paper.participation = stage.panellist
    paper.save()
    page = text_of(get(client_as, SESSION))
    assert "Four views." in page
    assert "The paper: Petar Ilić" in page
    assert client_as().get(f"/files/{paper.file.uid}/").status_code == 200


def test_under_chatham_house_a_sentence_says_it_and_materials_name_nobody(stage, paper, client_as):
    paper.participation = stage.panellist
    paper.save()
    say(stage, "chatham_house")
    page = text_of(get(client_as, SESSION))
    assert "Chatham House Rule: what is said may be used" in page
    assert "Four views." in page
    assert "The paper" in page
    assert "The paper: Petar" not in page


def test_behind_closed_doors_the_page_says_who_may_come_and_nothing_more(stage, paper, client_as):
    say(stage, "closed")
    page = text_of(get(client_as, SESSION))
    assert "Closed session: nothing that is said leaves the room" in page
    assert "for those whom the organisers have invited to it" in page
    assert "Four views." not in page
    assert "The paper" not in page
    for path in (PAGE, f"{PAGE}programme/"):
        body = html_of(get(client_as, path))
        assert "Four views." not in body
        assert "The paper" not in body
    sessions = [s for day in client_as().get(PUBLIC).json()["days"] for s in day["sessions"]]
    assert {s["code"]: s["abstract"] for s in sessions}["PANEL2"] == ""
    assert client_as().get(f"/files/{paper.file.uid}/").status_code == 404


def test_materials_of_a_session_that_is_closed_in_the_draft_are_kept_at_once(
    stage, paper, client_as, owner
):
    stage.panel.attribution = "closed"
    stage.panel.save()
    assert "The paper" not in text_of(get(client_as, SESSION))
    assert client_as().get(f"/files/{paper.file.uid}/").status_code == 404
    response = client_as(owner).get(f"/files/{paper.file.uid}/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_what_a_speaker_gave_is_kept_until_it_is_shown(stage, paper, client_as, owner):
    paper.participation, paper.shown = stage.panellist, False
    paper.save()
    assert "The paper" not in text_of(get(client_as, SESSION))
    assert client_as().get(f"/files/{paper.file.uid}/").status_code == 404
    assert client_as(owner).get(f"/files/{paper.file.uid}/").status_code == 200


@pytest.mark.parametrize(
    ("attribution", "named"),
    [("on_the_record", True), ("chatham_house", False), ("closed", False)],
)
def test_the_outcome_names_whom_it_may(stage, client_as, attribution, named):
    say(stage, attribution)
    outcome = OutcomeFactory(conference=stage.conference, published_at=stage.version.created_at)
    OutcomeItemFactory(
        outcome=outcome, kind="point", text={"en": "Water is power."}, person=stage.people["Petar"]
    )
    page = text_of(get(client_as, f"{PAGE}outcome/"))
    assert "Water is power." in page
    assert ("Petar" in page) is named


def test_a_photo_has_its_words_and_who_wishes_none_is_shown_in_none(stage, client_as):
    petar = stage.people["Petar"]
    petar.photo = store_file(
        organisation_id=petar.organisation_id,
        content=_png(),
        name="p.png",
        actor=SYSTEM,
        visibility="public",
    )
    petar.photo_alt = {"en": 'Petar "at" a desk'}
    petar.version += 1
    petar.save()
    page = html_of(get(client_as, SESSION))
    assert f'src="/files/{petar.photo.uid}/" alt="Petar &quot;at&quot; a desk"' in page
    assert client_as().get(f"/files/{petar.photo.uid}/").status_code == 200
    petar.no_photo = True
    petar.version += 1
    petar.save()
    for path in (SESSION, PAGE, f"{PAGE}speakers/PETAR2/"):
        assert str(petar.photo.uid) not in html_of(get(client_as, path))
    assert client_as().get(f"/files/{petar.photo.uid}/").status_code == 404


def test_programmes_that_were_published_before_are_still_read(stage, client_as):
    version = stage.version
    version.document["format"] = version.format = 1
    for session in version.document["sessions"]:
        del session["interpretation"], session["recorded"]
    version.save()
    session = current_programme(stage.conference).sessions_by_code["PANEL2"]
    assert (session.interpretation, session.recorded) == ((), False)
    assert get(client_as, SESSION).status_code == 200


def _png():
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "PNG")
    return out.getvalue()
