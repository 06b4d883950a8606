"""What other sites are told of a page when somebody shares it: words, languages, a picture."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from core.actors import SYSTEM
from events.enums import ConferenceState
from events.languages import Reader
from events.services import cards
from events.services.lifecycle import cancel_conference, postpone_conference
from events.views.public.context import conference_of
from tests.events.views.reading import HOSTILE, PAGE, get

CARD = f"{PAGE}card.png"


@pytest.fixture
def drawn(monkeypatch):
    """Return a list that gets what each picture is drawn from."""
    seen = []
    draw = cards._draw

    def note(facts):
        seen.append(facts)
        return draw(facts)

    monkeypatch.setattr(cards, "_draw", note)
    return seen


def picture(response):
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    return Image.open(io.BytesIO(response.content))


def said(conference, tag="en"):
    return cards.conference_card(conference_of(conference.pk), Reader(tag, ("en", "sr-Latn")))


def meta(page):
    """Return the page's properties for other sites; one that comes twice as a list."""
    found = {}
    for name, text in re.findall(
        r'<meta\s+(?:property|name)="((?:og|twitter):[^"]+)"\s+content="([^"]*)"', page
    ):
        found.setdefault(name, []).append(" ".join(text.split()))
    return {name: texts if len(texts) > 1 else texts[0] for name, texts in found.items()}


def test_a_page_tells_other_sites_what_to_show(stage, client_as):
    assert meta(get(client_as).content.decode()) == {
        "og:site_name": "Institute for Testing",
        "og:type": "event",
        "og:url": "http://testserver/institute/open-forum/",
        "og:locale": "en_GB",
        "og:locale:alternate": "sr_RS",
        "og:title": "Open Forum",
        "og:description": (
            "Thursday, 18 March 2027, 10:00–13:30 (Belgrade). River House, Belgrade"
        ),
        "og:image": "http://testserver/institute/open-forum/card.png?lang=en",
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Open Forum",
        "twitter:card": "summary_large_image",
        "twitter:image:alt": "Open Forum",
    }
    serbian = meta(get(client_as, f"{PAGE}?lang=sr-Latn").content.decode())
    assert (serbian["og:locale"], serbian["og:locale:alternate"]) == ("sr_RS", "en_GB")
    assert serbian["og:image"].endswith("/card.png?lang=sr-Latn")
    host = meta(get(client_as, "/institute/").content.decode())
    assert host["og:image"] == "http://testserver/institute/card.png?lang=en"
    session = meta(get(client_as, f"{PAGE}sessions/PANEL2/").content.decode())
    assert (session["og:title"], session["og:image"]) == (
        "Who drinks first",
        "http://testserver/institute/open-forum/card.png?lang=en",
    )


@pytest.mark.parametrize("path", [CARD, f"{CARD}?lang=sr-Latn", "/institute/card.png"])
def test_the_picture_has_the_size_that_is_promised(stage, client_as, path):
    image = picture(get(client_as, path))
    assert image.size == (1200, 630)
    assert image.convert("RGB").getpixel((5, 5)) == (0x0B, 0x5D, 0x5E)
    assert len(get(client_as, path).content) < 200_000


def test_it_says_host_date_title_and_place(stage):
    card = said(stage.conference)
    assert (card.host, card.title, card.place, card.kicker) == (
        *("Institute for Testing", "Open Forum", "River House, Belgrade", "Conference"),
    )
    assert (card.day, card.month, card.weekday, card.time) == (
        *("18", "March 2027", "Thursday", "10:00 (Belgrade)"),
    )


@pytest.mark.parametrize(
    ("start", "end", "day", "month", "weekday"),
    [
        ("2027-03-18", "2027-03-20", "18–20", "March 2027", "Thursday – Saturday"),
        ("2027-04-30", "2027-05-02", "30", "April – 2 May 2027", "Friday – Sunday"),
    ],
)
def test_several_days_are_said_together(stage, start, end, day, month, weekday):
    stage.conference.start_local = f"{start}T10:00"
    stage.conference.end_local = f"{end}T13:00"
    stage.conference.save()
    card = said(stage.conference)
    assert (card.day, card.month, card.weekday) == (day, month, weekday)


def test_what_is_off_says_so(stage):
    postpone_conference(conference=stage.conference, expected=None, actor=SYSTEM)
    card = said(stage.conference)
    assert (card.day, card.month, card.time, card.kicker, card.is_off) == (
        *("?", "Date to come", "", "Postponed", True),
    )
    cancel_conference(conference=stage.conference, expected=None, actor=SYSTEM)
    card = said(stage.conference)
    assert (card.day, card.kicker, card.is_off) == ("18", "Cancelled", True)


@pytest.mark.parametrize(("accent", "on"), [("#0b5d5e", "#fbfaf7"), ("#f2d23c", "#1b1f24")])
def test_it_has_the_hosts_own_colour_with_letters_that_can_be_read_on_it(
    stage, client_as, accent, on
):
    organisation = stage.conference.organisation
    organisation.accent = accent
    organisation.save()
    assert (said(stage.conference).accent, said(stage.conference).on_accent) == (accent, on)
    red, green, blue = picture(get(client_as, CARD)).convert("RGB").getpixel((5, 5))
    assert f"#{red:02x}{green:02x}{blue:02x}" == accent


@pytest.mark.parametrize(
    "title",
    [
        "Чија је река; „или“, како се каже: ћирилица и латиница на истој дугој обали Дунава",
        "Rivers and borders " * 40,
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
        '#import "/etc/passwd" #panic() $x$ *b* @c ' + HOSTILE,
        "\N{ZERO WIDTH SPACE}",
    ],
)
def test_any_title_has_room_and_is_only_a_title(stage, client_as, title):
    stage.conference.title = {"en": title}
    stage.conference.organisation.name = title[:200]
    stage.conference.organisation.save()
    stage.conference.save()
    for path in (CARD, "/institute/card.png"):
        image = picture(get(client_as, path)).convert("RGB")
        # Nothing reaches the edge of the paper.
        edge = {image.getpixel((x, y)) for x in (1170, 1199) for y in range(630)}
        assert len(edge) <= 2, path


def test_it_is_drawn_once_for_what_it_says(stage, client_as, drawn, django_assert_num_queries):
    client = client_as()
    first = client.get(CARD)
    with django_assert_num_queries(1):
        assert client.get(CARD).content == first.content
    stage.panel.abstract = {"en": "Five views."}
    stage.panel.save()  # the programme is another one, the picture is not
    again = client.get(CARD)
    assert (again["ETag"], len(drawn)) == (first["ETag"], 1)
    unchanged = client.get(CARD, headers={"If-None-Match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    packed = client.get(CARD, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in packed
    stage.conference.title = {"en": "Another name"}
    stage.conference.save()
    assert client.get(CARD)["ETag"] != first["ETag"]
    assert len(drawn) == 2


@pytest.mark.parametrize("change", [{"visibility": "private"}, {"state": ConferenceState.DRAFT}])
def test_a_draft_and_a_private_one_have_none(stage, client_as, change, drawn):
    for name, value in change.items():
        setattr(stage.conference, name, value)
    stage.conference.save()
    assert get(client_as, CARD).status_code == 404
    assert drawn == []


def test_search_engines_keep_away_from_an_unlisted_one(stage, client_as):
    stage.conference.visibility = "unlisted"
    stage.conference.save()
    assert get(client_as, CARD)["X-Robots-Tag"] == "noindex"
    assert meta(get(client_as).content.decode()) == {}
