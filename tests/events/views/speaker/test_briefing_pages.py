"""Briefings: the page and the PDF behind a speaker's link, and those of organisers."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.cache import cache
from pypdf import PdfReader

from accounts.enums import Role
from events.models import Participation
from events.services import audience_questions
from events.services.speaker_links import speaker_path
from tests.events.views.reading import HOSTILE, text_of

MANAGE = "/manage/institute/open-forum/sessions/PANEL2"
STRINGS = (
    '#import "x": *',
    "$x$ #eval(1) [b](http://evil.example)",
    "{{7*7}} {title} <a>",
    HOSTILE,
)


@pytest.fixture
def path(stage):
    return speaker_path(stage.moderator)


@pytest.fixture
def asked(monkeypatch):
    questions = ["Who pays?", "Why now?"]
    monkeypatch.setattr(audience_questions, "_PROVIDERS", [lambda _session: questions])
    return questions


def words_of(response):
    """Return a PDF's words."""
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def fill(stage):
    stage.conference.contact_name, stage.conference.contact_phone = "Ana Desk", "+381 11 123"
    stage.conference.save()
    stage.panel.recorded, stage.panel.attribution = True, "chatham_house"
    stage.panel.language, stage.panel.interpretation = "en", ["sr-Latn"]
    stage.panel.save()
    stage.moderator.minutes, stage.panellist.minutes = 5, 12
    stage.moderator.save()
    stage.panellist.save()
    petar = stage.people["Petar"]
    petar.bio = {"en": "He reads maps. He draws **them**, too. He sings."}
    petar.pronunciation = "PEH-tar EE-leech"
    petar.save()


SAID = (
    "Who drinks first",
    "Thursday, 18 March 2027, 11:00–12:30 (Belgrade)",
    "Great hall",
    "River House",
    "Gospodar Jevremova 47, 11000 Belgrade",
    "Entrance from the yard.",
    "In English, interpreted into Serbian",
    "nobody may say that it was you",
    "This session is recorded. You have not told us yet",
    "Ana Desk",
    "+381 11 123",
    "11:00–11:05",
    "11:05–11:17",
    "11:17–12:30",
    "Discussion",
    "Petar Ilić",
    "He reads maps. He draws them, too.",
    "PEH-tar EE-leech",
)


def test_page_and_pdf_say_the_same(stage, path, client_as, asked):
    fill(stage)
    page = text_of(client_as().get(f"{path}briefing/"))
    response = client_as().get(f"{path}briefing.pdf")
    pdf = words_of(response)
    for words in (*SAID, *asked):
        assert words in page
        assert words in pdf
    assert "He sings" not in page + pdf
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Disposition"] == 'inline; filename="briefing.pdf"'


def test_the_page_costs_the_same_however_many_speak(
    stage, path, client_as, django_assert_num_queries
):
    from tests.factories.events import ParticipationFactory

    for _ in range(3):
        ParticipationFactory(session=stage.panel)
    with django_assert_num_queries(8):
        client_as().get(f"{path}briefing/")


def test_guests_questions_are_for_who_moderates(stage, client_as, asked):
    panellist = text_of(client_as().get(f"{speaker_path(stage.panellist)}briefing/"))
    assert asked[0] not in panellist


def test_who_has_not_said_yes_sits_with_nobody(stage, path, client_as):
    Participation.objects.filter(pk=stage.panellist.pk).update(state="invited")
    assert "Ilić" not in text_of(client_as().get(f"{path}briefing/"))
    own = text_of(client_as().get(f"{speaker_path(stage.panellist)}briefing/"))
    assert "Ilić" in own


def test_times_are_those_of_the_published_programme(stage, path, client_as):
    stage.panel.start_local += dt.timedelta(hours=4)
    stage.panel.end_local += dt.timedelta(hours=3, minutes=30)
    stage.panel.save()
    assert "11:00–12:30" in text_of(client_as().get(f"{path}briefing/"))
    stage.conference.schedule_versions.all().delete()
    page = text_of(client_as().get(f"{path}briefing/"))
    assert "15:00–16:00" in page
    assert "This is not published yet: times may change." in page


@pytest.mark.parametrize("strange", STRINGS)
def test_what_people_write_stands_in_the_pdf_as_it_is(stage, path, client_as, asked, strange):
    asked[:] = [strange]
    for name in ("bio", "photo_alt"):
        setattr(stage.people["Petar"], name, {"en": f"{strange} Really."})
    stage.people["Petar"].pronunciation = strange
    stage.people["Petar"].family_name = strange
    stage.people["Petar"].save()
    stage.panellist.position = stage.panellist.affiliation = strange
    stage.panellist.save()
    stage.venue.directions = {"en": strange}
    stage.venue.save()
    plain = " ".join(strange.split())
    pdf = words_of(client_as().get(f"{path}briefing.pdf"))
    assert "".join(plain.split()) in "".join(pdf.split())
    page = client_as().get(f"{path}briefing/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("language", ["en", "sr-Latn", "sr-Cyrl", "ru"])
def test_the_pdf_is_in_the_persons_language(stage, path, client_as, language):
    stage.people["Mila"].language = language
    stage.people["Mila"].save()
    reader = PdfReader(io.BytesIO(client_as().get(f"{path}briefing.pdf").content))
    assert reader.trailer["/Root"]["/Lang"].split("-")[0] == language.split("-")[0]
    fonts = {
        str(font["/BaseFont"]).partition("+")[2]
        for page in reader.pages
        for font in (ref.get_object() for ref in page["/Resources"]["/Font"].values())
    }
    assert all(font.startswith("LibertinusSerif") for font in fonts)


def test_who_has_said_yes_may_put_the_session_into_the_calendar(stage, path, client_as):
    assert f'href="{path}event.ics"' in client_as().get(f"{path}briefing/").content.decode()
    Participation.objects.filter(pk=stage.moderator.pk).update(state="tentative")
    assert "event.ics" not in client_as().get(f"{path}briefing/").content.decode()


def test_declined_people_get_no_briefing(stage, path, client_as):
    Participation.objects.filter(pk=stage.moderator.pk).update(state="declined")
    for end in ("briefing/", "briefing.pdf"):
        page = text_of(client_as().get(f"{path}{end}"))
        assert "You have told us that you can not take part" in page
        assert "Great hall" not in page


def test_organisers_print_one_briefing_and_all_of_a_session(
    stage, client_as, account_with_role, asked
):
    client = client_as(account_with_role(Role.VIEWER))
    one = words_of(client.get(f"{MANAGE}/people/{stage.panellist.code}/briefing.pdf"))
    assert "Petar Ilić · Panellist" in one
    assert asked[0] not in one
    every = client.get(f"{MANAGE}/briefings.pdf")
    assert len(PdfReader(io.BytesIO(every.content)).pages) == 2
    assert asked[0] in words_of(every)
    Participation.objects.filter(session=stage.panel).update(state="planned")
    assert client.get(f"{MANAGE}/briefings.pdf").status_code == 404
    other = f"{MANAGE}/people/{stage.panellist.code}/briefing.pdf"
    assert client.get(other).status_code == 404


def test_strangers_find_no_briefing(stage, client_as, account_with_role, other_organisation):
    stranger = client_as(account_with_role(Role.OWNER, of=other_organisation))
    cache.clear()
    assert stranger.get(f"{MANAGE}/briefings.pdf").status_code == 404
    assert client_as().get(f"{MANAGE}/briefings.pdf").status_code == 302
