"""The page on which speakers give what is still needed of them."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from events.models import Material, Participation, SpeakerNeed
from events.services.speaker_links import speaker_path
from tests.events.views.reading import HOSTILE, html_of, text_of
from tests.factories.events import ParticipationFactory


@pytest.fixture
def part(stage):
    stage.conference.speaker_needs = ["bio", "photo", "slides", "recording", "travel", "technical"]
    stage.conference.save()
    return stage.panellist


@pytest.fixture
def path(part):
    return f"{speaker_path(part)}give/"


def picture():
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "navy").save(out, "JPEG")
    return SimpleUploadedFile("me.jpg", out.getvalue(), "image/png")


def test_each_thing_is_a_card_with_its_state(part, path, client_as, django_assert_num_queries):
    SpeakerNeed.objects.create(participation=part, kind="travel")
    with django_assert_num_queries(7):
        response = client_as().get(path)
    page = text_of(response)
    for words in ("A few lines about you", "A photo", "Slides", "May we record you?", "Travel"):
        assert f"{words} Still needed" in page
    assert "What we still need from you" in page
    assert "Petar Ilić" in page
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert not response.cookies


def test_opening_it_changes_nothing(path, client_as):
    for method in ("get", "head"):
        getattr(client_as(), method)(path)
    assert SpeakerNeed.objects.count() == 0


@pytest.mark.parametrize(
    ("sent", "field", "value"),
    [
        ({"item": "record"}, "recording_consent", "given"),
        ({"item": "no-record"}, "recording_consent", "refused"),
        ({"item": "travel", "text": "By train"}, "travel_needs", "By train"),
        ({"item": "technical", "text": ""}, "technical_needs", ""),
    ],
)
def test_what_is_sent_is_kept_and_thanked_for(part, path, client_as, sent, field, value):
    response = client_as().post(path, sent)
    assert response.status_code == 302
    part.refresh_from_db()
    assert getattr(part, field) == value
    page = text_of(client_as().get(response["Location"].partition("#")[0]))
    assert "Thank you. We have it." in page


def test_a_bio_is_given_in_the_readers_language_and_in_others(part, path, client_as):
    sent = {
        "item": "bio",
        "bio_en": "Reads maps.",
        "bio_sr_Latn": "Čita mape.",
        "pronunciation": "PEH-tar",
    }
    assert client_as().post(path, sent).status_code == 302
    part.person.refresh_from_db()
    assert part.person.bio == {"en": "Reads maps.", "sr-Latn": "Čita mape."}
    assert part.person.pronunciation == "PEH-tar"


def test_a_photo_is_cut_and_described(part, path, client_as):
    sent = {"item": "photo", "photo": picture(), "x": "0", "y": "0", "size": "90", "alt": "Petar"}
    response = client_as().post(path, sent)
    assert response.status_code == 302
    part.person.refresh_from_db()
    page = html_of(client_as().get(path))
    assert f'src="/files/{part.person.photo.uid}/"' in page
    assert 'alt="Petar"' in page
    assert client_as().post(path, {"item": "description", "alt": "At a desk"}).status_code == 302
    part.person.refresh_from_db()
    assert part.person.photo_alt == {"en": "At a desk"}
    assert client_as().post(path, {"item": "no-photo"}).status_code == 302
    assert "You wish that nobody takes" in text_of(client_as().get(path))


def test_slides_are_a_file_or_an_address(part, path, client_as):
    file = SimpleUploadedFile("s.pdf", b"%PDF-1.7", "text/html")
    assert client_as().post(path, {"item": "slides", "slides": file}).status_code == 302
    assert "Only the organisers see them so far." in text_of(client_as().get(path))
    sent = {"item": "slides", "url": "https://example.org/slides"}
    assert client_as().post(path, sent).status_code == 302
    assert Material.objects.get().url == "https://example.org/slides"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"item": "bio"}, "Write a few lines."),
        ({"item": "photo", "x": "0", "y": "0", "size": "50"}, "This field is required."),
        ({"item": "photo", "x": "a", "y": "0", "size": "50"}, "Enter a whole number."),
        ({"item": "slides"}, "Choose a file, or give the address of one."),
        ({"item": "slides", "url": "javascript:alert(1)"}, "Give an address that begins with"),
        ({"item": "travel", "text": "x" * 3000}, "at most 2000"),
    ],
)
def test_what_can_not_be_taken_is_said_beside_it(part, path, client_as, sent, sentence):
    response = client_as().post(path, sent)
    assert response.status_code == 400
    assert sentence in text_of(response)
    assert SpeakerNeed.objects.count() == 0


def test_what_nobody_offers_is_refused(path, client_as):
    assert client_as().post(path, {"item": "money"}).status_code == 400
    assert client_as().post(path).status_code == 400
    assert client_as().put(path).status_code == 405


def test_a_small_picture_says_how_large_it_must_be(path, client_as):
    sent = {"item": "photo", "photo": picture(), "x": "0", "y": "0", "size": "50"}
    response = client_as().post(path, sent)
    assert response.status_code == 400
    assert "has 240 pixels a side; 400 are needed" in text_of(response)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("planned", "Nothing is needed from you here yet."),
        ("declined", "You have told us that you can not take part"),
        ("replaced", "Somebody else speaks in your place"),
    ],
)
def test_who_is_not_on_it_reads_a_sentence(part, path, client_as, state, sentence):
    Participation.objects.filter(pk=part.pk).update(state=state)
    for response in (client_as().get(path), client_as().post(path, {"item": "record"})):
        assert sentence in text_of(response)
        assert response["Cache-Control"] == "no-store"
    part.refresh_from_db()
    assert part.recording_consent == ""


def test_a_wrong_link_is_nothing_and_a_revoked_one_says_so(part, path, client_as, stage):
    assert client_as().get(f"/s/{part.code}/AAAAAAAAAAAAAAAAAAAAAAAAAAA/give/").status_code == 404
    other = f"/s/{stage.moderator.code}/{path.split('/')[3]}/give/"
    assert client_as().get(other).status_code == 404
    Participation.objects.filter(pk=part.pk).update(link_generation=2)
    response = client_as().get(path)
    assert response.status_code == 410
    assert "This link does not open anything any more." in text_of(response)


@pytest.mark.parametrize(
    ("language", "words"), [("sr-Latn", "sr-Latn"), ("ru", "ru"), ("sr-Cyrl", "sr-Cyrl")]
)
def test_the_page_is_in_the_persons_language(part, path, client_as, language, words):
    part.person.language = language
    part.person.save()
    response = client_as().get(path)
    assert response["Content-Language"] == words
    assert client_as().get(f"{path}?lang=en")["Content-Language"] == "en"


def test_other_sessions_of_the_same_person_are_one_touch_away(part, path, client_as, stage):
    other = ParticipationFactory(session=stage.keynote, person=part.person, state="invited")
    page = html_of(client_as().get(path))
    assert f'href="{speaker_path(other)}give/"' in page
    assert "something is still needed" in page


def test_nothing_that_anybody_wrote_is_run(part, path, client_as):
    part.person.bio = {"en": HOSTILE}
    part.person.photo_alt = {"en": HOSTILE}
    part.person.given_name = HOSTILE[:100]
    part.person.pronunciation = HOSTILE
    part.person.save()
    part.travel_needs = part.technical_needs = HOSTILE
    part.save()
    for kind in ("travel", "technical"):
        SpeakerNeed.objects.create(
            participation=part, kind=kind, state="given", settled_at=part.created_at
        )
    sent = {"item": "slides", "url": "https://example.org/?a=<script>alert(1)</script>"}
    client_as().post(path, sent)
    page = client_as().get(path).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "14" not in text_of(client_as().get(path)).split("Travel")[1].split("What you")[0]
