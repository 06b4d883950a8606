"""The outcome's editor in the console, from the empty page to the published one."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from events.models import Outcome, OutcomePhoto, Quote
from notifications.models import Message
from tests.events.views.reading import text_of
from tests.factories.events import OutcomeFactory, OutcomePhotoFactory, QuoteFactory


@pytest.fixture
def url(stage):
    def address(name, *more):
        return reverse(f"manage-{name}", args=["institute", "open-forum", *more])

    return address


def picture(name="a.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (90, 60), "navy").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


@pytest.fixture
def page(client_as, owner):
    return client_as(owner)


def test_from_the_empty_page_to_a_draft_and_its_preview(page, url, stage):
    assert "Make a draft from the programme" in text_of(page.get(url("outcome")))
    assert page.post(url("outcome-draft"))["Location"] == url("outcome")
    outcome = Outcome.objects.get(conference=stage.conference)
    shown = text_of(page.get(url("outcome")))
    assert "Before it can be published" in shown
    assert "has no words yet" in text_of(page.get(url("outcome-publish")))
    item = outcome.items.first()
    values = {"kind": "point", "text_en": "Said.", "version": outcome.version}
    page.post(url("outcome-item", 1), values)
    outcome.refresh_from_db()
    assert outcome.items.get(order=item.order).text == {"en": "Said."}
    assert "Said." in text_of(page.get(url("outcome-preview")))


def test_texts_are_saved_and_a_stale_form_is_not(page, url, stage):
    page.post(url("outcome"), {"headline_en": "News", "press_email": "p@example.org"})
    outcome = Outcome.objects.get()
    assert (outcome.headline, outcome.press_email) == ({"en": "News"}, "p@example.org")
    answer = page.post(url("outcome"), {"headline_en": "Other", "version": 99})
    assert "changed this" in text_of(answer)
    outcome.refresh_from_db()
    assert outcome.headline == {"en": "News"}


def test_a_quote_from_its_words_to_the_letter(page, url, stage):
    OutcomeFactory(conference=stage.conference)
    person = stage.panellist.person
    person.email = "petar@example.org"
    person.save()
    page.post(
        url("quote-new"),
        {
            "person": person.code,
            "text_en": "Rivers join.",
            "session": stage.panellist.session.code,
        },
    )
    quote = Quote.objects.get()
    page.post(url("quote-verb", quote.code, "ask"), {"version": quote.version})
    quote.refresh_from_db()
    assert (quote.state, Message.objects.get().kind) == ("asked", "quote_ask")
    answer = {"answer": "approve", "via": "phone", "version": quote.version}
    page.post(url("quote-record", quote.code), answer)
    quote.refresh_from_db()
    assert quote.state == "approved"
    new = {"person": person.code, "text_en": "Others.", "version": quote.version}
    said = page.post(url("quote", quote.code), new, follow=True)
    assert "approval is needed anew" in text_of(said)
    assert page.post(url("quote-verb", quote.code, "eat")).status_code == 404
    page.post(url("quote-verb", quote.code, "delete"))
    assert Quote.objects.count() == 0


def test_proposed_words_wait_for_the_organiser(page, url, stage):
    quote = QuoteFactory(
        outcome=OutcomeFactory(conference=stage.conference),
        state="proposed",
        answered_at=stage.conference.ends_at,
        answered_via="link",
        proposal={"en": "Mine."},
    )
    assert "1 to look at" in text_of(page.get(url("quotes")))
    assert "Mine." in text_of(page.get(url("quote", quote.code)))
    page.post(url("quote-verb", quote.code, "accept"), {"version": quote.version})
    quote.refresh_from_db()
    assert (quote.state, quote.text) == ("approved", {"en": "Mine."})


def test_several_pictures_at_once_and_each_that_is_none_is_said(page, url, stage):
    OutcomeFactory(conference=stage.conference)
    bad = SimpleUploadedFile("no.jpg", b"no picture", "image/jpeg")
    files = [picture("a.jpg"), bad, picture("b.jpg")]
    said = text_of(page.post(url("photos"), {"photos": files}, follow=True))
    assert "2 pictures added" in said
    assert "no.jpg:" in said
    photo = OutcomePhoto.objects.first()
    values = {"alt_en": "Three.", "consent": "given", "shown": "on", "version": photo.version}
    page.post(url("photo", photo.code), {**values, "consent": "unknown"})
    photo.refresh_from_db()
    assert not photo.shown
    page.post(url("photo", photo.code), values)
    photo.refresh_from_db()
    assert photo.shown
    page.post(url("photo-delete", photo.code))
    assert OutcomePhoto.objects.count() == 1
    assert "Choose one picture" in text_of(page.post(url("photos"), {}))


def test_who_wishes_no_picture_is_named_beside_the_photos(page, url, stage):
    OutcomePhotoFactory(outcome__conference=stage.conference)
    person = stage.panellist.person
    person.no_photo = True
    person.save()
    said = text_of(page.get(url("photos")))
    assert "Not to be pictured" in said
    assert "Petar Ilić" in said


def test_publishing_says_whom_it_tells_and_can_be_undone(client_as, owner, url, stage, frozen):
    OutcomeFactory(conference=stage.conference)
    frozen("2027-03-20T09:00")
    page = client_as(owner)
    shown = text_of(page.get(url("outcome-publish")))
    assert "Who is told" in shown
    said = text_of(page.post(url("outcome-publish"), {"tell": "", "version": 1}, follow=True))
    assert "Nobody is told" in said
    assert Outcome.objects.get().published_at is not None
    assert page.get(url("outcome-publish"))["Location"] == url("outcome")
    outcome = Outcome.objects.get()
    page.post(url("outcome-unpublish"), {"version": outcome.version})
    assert Outcome.objects.get().published_at is None
