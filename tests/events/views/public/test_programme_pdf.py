"""The programme to print: what stands in it, in whose identity, and that it is made once."""

from __future__ import annotations

import io
import json

import pytest
import typst
from django.core.cache import cache
from django.test import Client
from PIL import Image
from pypdf import PdfReader

from core.actors import SYSTEM
from core.services.files import store_file
from events.services import keeping, programme_pdf
from events.services.programme_sheet import paragraphs
from events.services.schedules import publish_schedule
from tests.events.views.reading import HOSTILE, PAGE, get, html_of
from tests.factories.events import ConferenceFactory, ParticipationFactory, SessionFactory

PDF = f"{PAGE}programme.pdf"


@pytest.fixture(autouse=True)
def _nothing_near():
    programme_pdf._near.clear()


@pytest.fixture
def compiled(monkeypatch):
    """Count how often typst is asked, and what it is told."""
    told = []
    compile_ = typst.compile

    def count(*args, **kwargs):
        told.append(json.loads(kwargs["sys_inputs"]["programme"]))
        return compile_(*args, **kwargs)

    monkeypatch.setattr(typst, "compile", count)
    return told


def words_of(response):
    """Return what a PDF says, on one line."""
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def publish(conference):
    publish_schedule(conference=conference, name="", actor=SYSTEM)


def test_it_is_a_pdf_on_a4_with_its_own_fonts_and_numbered_pages(stage, client_as):
    type(stage.people["Vera"]).objects.update(family_name="Цвијић")
    response = get(client_as, PDF)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="open-forum-programme-en.pdf"'
    assert response["Content-Language"] == "en"
    assert not response.cookies
    reader = PdfReader(io.BytesIO(response.content))
    page = reader.pages[0]
    assert [round(float(page.mediabox[n])) for n in (2, 3)] == [595, 842]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    kinds = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert all({"/FontFile2", "/FontFile3"} & set(kind.get_object()) for kind in kinds)
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata.title == "Programme: Open Forum"
    text = words_of(response)
    assert "Mila Цвијић" in text
    assert f"1 / {len(reader.pages)}" in text
    for said in (
        "Institute",
        "River House",
        "Who drinks first",
        "Great hall",
        "11:00",
        "Moderator",
    ):
        assert said in text


def test_the_address_chooses_the_language(stage, client_as):
    response = get(client_as, f"{PDF}?lang=sr-Latn")
    text = words_of(response)
    assert response["Content-Disposition"] == 'inline; filename="open-forum-programme-sr-Latn.pdf"'
    assert ("Otvoreni forum" in text, "Ko prvi pije" in text, "četvrtak" in text) == (
        *(True, True, True),
    )
    assert PdfReader(io.BytesIO(response.content)).trailer["/Root"]["/Lang"] == "sr"


def test_only_what_readers_may_know_is_printed(stage, client_as):
    stage.panel.attribution = "closed"
    stage.panel.save()
    stage.keynote.state = "cancelled"
    stage.keynote.save()
    publish(stage.conference)
    stage.panellist.state = "declined"
    stage.panellist.save()
    text = words_of(get(client_as, PDF))
    assert "Four views" not in text
    assert "Ilić" not in text
    assert "cancelled" in text
    assert "Cvijić" not in text


def test_it_is_made_once_however_many_ask(stage, client_as, compiled):
    tag = get(client_as, PDF)["ETag"]
    assert get(client_as, PDF, if_none_match=tag).status_code == 304
    client_as().head(PDF)
    # Somebody changed what is not printed; the cache is empty; the cache is gone.
    stage.conference.save()
    assert get(client_as, PDF, if_none_match=tag).status_code == 304
    cache.clear()
    keeping.forget()
    assert get(client_as, PDF)["ETag"] == tag
    assert len(compiled) == 1
    stage.people["Mila"].family_name = "Savić"
    stage.people["Mila"].save()
    assert get(client_as, PDF)["ETag"] != tag
    assert len(compiled) == 2


def test_hostile_texts_are_texts(stage, client_as, compiled):
    line = '#read("/etc/passwd") #image("http://x.example/a.png") $x$ = *y* \\ @ref <label>'
    stage.panel.title = {"en": f"{HOSTILE} {line}\u202e\x07"}
    stage.panel.abstract = {"en": line}
    stage.panel.save()
    publish(stage.conference)
    text = words_of(get(client_as, PDF))
    assert '#read("/etc/passwd")' in text
    assert "$x$ =" in text
    assert "root:" not in text
    title = compiled[0]["days"][0]["slots"][2]["items"][0]["title"]
    assert title == f"{HOSTILE} {line}"


def test_rooms_that_run_beside_one_another_stand_side_by_side(stage, compiled, client_as):
    other = type(stage.room).objects.create(venue=stage.venue, name={"en": "Red room"}, order=1)
    beside = SessionFactory(
        conference=stage.conference,
        title={"en": "Elsewhere"},
        start_local=stage.panel.start_local,
        end_local=stage.panel.end_local,
        room=other,
    )
    ParticipationFactory(session=beside, person=stage.people["Vera"])
    publish(stage.conference)
    get(client_as, PDF)
    (day,) = compiled[0]["days"]
    assert day["rooms"] == ["Great hall", "Red room"]
    assert day["overview"] == [
        {"start": "10:00", "whole": "The long river", "cells": []},
        {"start": "10:30", "whole": "Coffee", "cells": []},
        {
            "start": "11:00",
            "whole": "",
            "cells": ["Who drinks first (–12:30)", "Elsewhere (–12:30)"],
        },
    ]


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("", "#0b5d5e"),
        ("#0b5d5e", "#0b5d5e"),
        ("#ffff00", "#777700"),
        ("red", "#0b5d5e"),
        ("#zzzzzz", "#0b5d5e"),
    ],
)
def test_the_colour_of_the_house_can_be_read_on_paper(stage, client_as, compiled, asked, printed):
    type(stage.conference.organisation).objects.update(accent=asked)
    get(client_as, PDF)
    assert compiled[0]["accent"] == printed


def test_the_logo_of_the_house_stands_above(stage, client_as, compiled, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    out = io.BytesIO()
    Image.new("RGB", (1200, 400), "#123456").save(out, "PNG")
    host = stage.conference.organisation
    host.logo = store_file(
        organisation_id=host.pk,
        content=out.getvalue(),
        name="logo.png",
        visibility="public",
        actor=SYSTEM,
    )
    host.save()
    response = get(client_as, PDF)
    assert PdfReader(io.BytesIO(response.content)).pages[0].images[0].image.size == (900, 300)
    # One that can not be read is left out.
    host.logo.file.delete()
    programme_pdf._small.cache_clear()
    host.accent = "#123456"
    host.save()
    assert get(client_as, PDF).status_code == 200
    assert compiled[-1]["logo"] == []


def test_before_there_is_a_programme_there_is_nothing_to_print(organisation, client_as):
    ConferenceFactory(organisation=organisation, slug="open-forum")
    assert get(client_as, PDF).status_code == 404


@pytest.mark.parametrize(
    ("state", "said"),
    [("cancelled", "This has been cancelled"), ("postponed", "This has been postponed")],
)
def test_it_says_when_it_does_not_take_place(stage, client_as, state, said):
    type(stage.conference).objects.update(state=state)
    assert said in words_of(get(client_as, PDF))


def test_markdown_becomes_paragraphs_without_its_signs():
    text = (
        "One *two*\nthree [four](https://example.org)\n\n1. five\n2. six\n\n- `seven`\n\n    code\n"
    )
    assert paragraphs(text) == ["One two three four", "1. five", "2. six", "• seven", "code"]
    assert paragraphs("") == []


def test_the_programme_page_leads_to_the_files_in_the_readers_language(stage, client_as):
    page = html_of(get(client_as, f"{PAGE}programme/?lang=sr-Latn"))
    for name in ("programme.pdf", "schedule.xml", "schedule.json"):
        assert f'href="/institute/open-forum/{name}?lang=sr-Latn"' in page
    type(stage.conference).schedule_versions.rel.related_model.objects.all().delete()
    assert "programme.pdf" not in html_of(get(client_as, f"{PAGE}programme/"))


def test_readers_for_the_blind_can_read_it(stage, client_as):
    reader = PdfReader(io.BytesIO(get(client_as, PDF).content))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()


def test_letters_that_no_font_of_ours_has_refuse_nothing(stage, client_as, compiled):
    stage.panel.title = {"en": "水 and \N{DROPLET}"}
    stage.panel.save()
    publish(stage.conference)
    response = get(client_as, PDF)
    assert (response.status_code, response.content[:5]) == (200, b"%PDF-")
    assert len(compiled) == 2


def test_warm_it_asks_the_database_nothing(stage, settings, django_assert_num_queries, compiled):
    settings.PUBLIC_KEPT_SECONDS = 5
    cache.clear()
    keeping.forget()
    cold = Client().get(PDF)
    with django_assert_num_queries(0):
        warm = Client().get(PDF)
    keeping.forget()
    assert (warm.content, len(compiled)) == (cold.content, 1)
