"""What speakers give by themselves: about them, a photo, slides, consents, what they need."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from core.actors import Actor
from core.models import StoredFile
from core.services.files import Crop, store_file
from events.enums import NeedKind, NeedState
from events.models import Material
from events.services.giving import (
    describe_photo,
    give_bio,
    give_consent,
    give_photo,
    give_slides,
    give_technical,
    give_travel,
    wish_no_photo,
)
from events.services.materials import change_material
from events.services.needs import needs_of, with_needs
from events.signals import ParticipationChanged
from tests.factories.events import ParticipationFactory, PersonFactory, SessionFactory

GUEST = Actor("guest", "", "req-1")


@pytest.fixture
def part(conference):
    session = SessionFactory(conference=conference, title={"en": "Who drinks first"})
    person = PersonFactory(
        organisation=conference.organisation, bio={"sr-Latn": "Čita mape."}, given_name="Mila"
    )
    return ParticipationFactory(session=session, person=person, state="tentative")


def picture(width=900, height=600, kind="JPEG", colour="navy", **extra):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind, **extra)
    return out.getvalue()


def halves(width=1000, height=500):
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", (width, height), "red")
    image.paste(Image.new("RGB", (width // 2, height), "blue"), (width // 2, 0))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def opened(file):
    return Image.open(io.BytesIO(file.file.read()))


def state_of(part, kind):
    row = with_needs(type(part).objects.filter(pk=part.pk)).get()
    return next((need.state for need in needs_of(row) if need.kind == kind), None)


def test_a_bio_is_the_persons_own_and_other_languages_stay(part, audited, heard):
    row = give_bio(
        participation=part,
        bio={"en": "Reads maps."},
        pronunciation="MEE-la",
        actor=GUEST,
    )
    assert row.person.bio == {"sr-Latn": "Čita mape.", "en": "Reads maps."}
    assert row.person.pronunciation == "MEE-la"
    assert audited() == ("give_what_is_needed", ["bio"], {"to": "given"})
    assert heard[-1] == ParticipationChanged(
        conference_id=part.session.conference_id,
        participation_ids=(part.pk,),
        verb="given",
        by_speaker=True,
    )
    assert state_of(part, NeedKind.BIO) == NeedState.GIVEN


def test_an_empty_or_endless_bio_is_refused(part, refused):
    with refused("validation-failed", part, part.person, pointer="/bio"):
        give_bio(participation=part, bio={"sr-Latn": "  "}, actor=GUEST)
    with refused("validation-failed", part, part.person, pointer="/bio"):
        give_bio(participation=part, bio={"en": "x" * 3001}, actor=GUEST)


@pytest.mark.parametrize("state", ["planned", "declined", "replaced"])
def test_who_is_not_asked_or_does_not_come_gives_nothing(part, refused, state):
    part.state = state
    part.save()
    with refused("wrong-state", part, part.person):
        give_travel(participation=part, text="A train", actor=GUEST)
    with refused("wrong-state", part, part.person):
        give_photo(participation=part, content=picture(), name="me.jpg", actor=GUEST)
    assert StoredFile.objects.count() == 0


@pytest.mark.parametrize(("x", "colour"), [(0, (255, 0, 0)), (100, (0, 0, 255))])
def test_a_photo_is_the_square_that_was_chosen(part, x, colour):
    row = give_photo(
        participation=part,
        content=halves(),
        name="me.png",
        crop=Crop(x=x, y=0, size=100),
        alt={"en": "Mila at a desk"},
        actor=GUEST,
    )
    photo = row.person.photo
    image = opened(photo)
    assert (image.size, image.format, photo.visibility) == ((500, 500), "JPEG", "public")
    assert all(abs(a - b) < 8 for a, b in zip(image.getpixel((250, 250)), colour, strict=True))
    assert row.person.photo_alt == {"en": "Mila at a desk"}
    assert state_of(part, NeedKind.PHOTO) == NeedState.GIVEN


def test_a_photo_keeps_no_place_and_stands_upright_and_is_not_larger_than_needed(part):
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    exif.get_ifd(0x8825)[1] = "N"
    content = picture(3000, 2000, exif=exif)
    row = give_photo(participation=part, content=content, name="me.jpg", actor=GUEST)
    image = opened(row.person.photo)
    assert image.size == (1200, 1200)
    assert dict(image.getexif()) == {}


def test_a_new_photo_takes_the_place_of_the_former(part, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        give_photo(participation=part, content=picture(), name="a.jpg", actor=GUEST)
        row = give_photo(participation=part, content=picture(), name="b.jpg", actor=GUEST)
    assert StoredFile.objects.get() == row.person.photo


@pytest.mark.parametrize(
    ("content", "crop", "code"),
    [
        (picture(399, 800), Crop(), "too-small"),
        (picture(900, 600), Crop(size=50), "too-small"),
        (b"<svg onload='alert(1)'/>", Crop(), "type"),
        (b"%PDF-1.7", Crop(), "type"),
        (b"GIF89a", Crop(), "type"),
        (b"\x89PNG\r\n\x1a\nnothing", Crop(), "unreadable"),
        (picture()[:200], Crop(), "unreadable"),
        (picture(), Crop(x=101), "range"),
        (picture(), Crop(size=0), "range"),
        (b"", Crop(), "type"),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_is_kept(part, refused, content, crop, code):
    with refused("validation-failed", part, part.person, code=code):
        give_photo(participation=part, content=content, name="me.jpg", crop=crop, actor=GUEST)
    assert StoredFile.objects.count() == 0


def test_a_picture_of_900_million_pixels_is_refused_without_being_drawn(part, refused):
    import struct
    import zlib

    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    bomb += chunk(b"IDAT", zlib.compress(bytes(10_000_000), 9)) + chunk(b"IEND", b"")
    with refused("validation-failed", part, part.person, pointer="/file"):
        give_photo(participation=part, content=bomb, name="me.png", actor=GUEST)


def test_who_wishes_no_photo_is_shown_in_none(part, django_capture_on_commit_callbacks):
    give_photo(participation=part, content=picture(), name="a.jpg", actor=GUEST)
    with django_capture_on_commit_callbacks(execute=True):
        row = wish_no_photo(participation=part, actor=GUEST)
    assert (row.person.photo, row.person.no_photo) == (None, True)
    assert StoredFile.objects.count() == 0
    assert state_of(part, NeedKind.PHOTO) == NeedState.WAIVED
    again = give_photo(participation=part, content=picture(), name="a.jpg", actor=GUEST)
    assert again.person.no_photo is False


def test_a_photo_is_described_language_by_language(part):
    part.person.photo_alt = {"en": "Mila"}
    part.person.save()
    row = describe_photo(participation=part, alt={"sr-Latn": "Mila za stolom"}, actor=GUEST)
    assert row.person.photo_alt == {"en": "Mila", "sr-Latn": "Mila za stolom"}


def office(*names, first=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


PPTX = office("[Content_Types].xml", "ppt/presentation.xml")
MACROS = office("[Content_Types].xml", "ppt/presentation.xml", "ppt/vbaProject.bin")
ODP = office("content.xml", first="application/vnd.oasis.opendocument.presentation")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"%PDF-1.7\n", "application/pdf"), (PPTX, "presentationml"), (ODP, "opendocument")],
)
def test_slides_wait_until_an_organiser_shows_them(part, content, kind):
    row = give_slides(participation=part, content=content, name="../My slides.pptx", actor=GUEST)
    assert row.shown is False
    assert kind in row.file.content_type
    assert row.file.original_name == "My slides.pptx"
    assert row.title == {"en": "Slides", "sr-Latn": row.title["sr-Latn"]}
    assert (row.session_id, row.participation_id) == (part.session_id, part.pk)
    assert state_of(part, NeedKind.SLIDES) == NeedState.GIVEN


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"content": picture()}, "type"),
        ({"content": office("x.js")}, "type"),
        ({"content": PPTX, "url": "https://example.org/s"}, "required"),
        ({"content": MACROS}, "type"),
        ({"content": office("x", first="application/vnd.oasis.opendocument.text")}, "type"),
        ({"content": b"PK\x03\x04broken"}, "type"),
        ({}, "required"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "http://x y/"}, "url"),
    ],
)  # fmt: skip
def test_what_is_no_presentation_is_refused(part, refused, values, code):
    with refused("validation-failed", part, code=code):
        give_slides(participation=part, name="s.pptx", actor=GUEST, **values)
    assert (StoredFile.objects.count(), Material.objects.count()) == (0, 0)


def test_new_slides_replace_what_nobody_has_shown_and_one_of_a_person_is_shown(
    part, actor, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        give_slides(participation=part, content=b"%PDF-1", name="a.pdf", actor=GUEST)
        first = give_slides(participation=part, content=b"%PDF-2", name="b.pdf", actor=GUEST)
    assert StoredFile.objects.get() == first.file
    change_material(material=first, changes={"shown": True}, expected=None, actor=actor)
    second = give_slides(participation=part, url="https://example.org/slides", actor=GUEST)
    assert set(Material.objects.values_list("pk", "shown")) == {
        (first.pk, True),
        (second.pk, False),
    }
    change_material(material=second, changes={"shown": True}, expected=None, actor=actor)
    assert set(Material.objects.values_list("pk", "shown")) == {
        (first.pk, False),
        (second.pk, True),
    }


@pytest.mark.parametrize("consent", ["given", "refused"])
def test_a_yes_or_no_to_recording_is_an_answer(part, consent):
    part.session.recorded = True
    part.session.save()
    row = give_consent(participation=part, consent=consent, actor=GUEST)
    assert row.recording_consent == consent
    assert state_of(part, NeedKind.RECORDING) == NeedState.GIVEN


def test_consent_is_yes_or_no(part, refused):
    with refused("validation-failed", part, pointer="/consent"):
        give_consent(participation=part, consent="", actor=GUEST)


def test_needs_are_taken_as_written_and_nothing_is_an_answer(part, refused):
    row = give_travel(participation=part, text="Train at 9.\nNo hotel.", actor=GUEST)
    assert row.travel_needs == "Train at 9.\nNo hotel."
    row = give_technical(participation=part, text="", actor=GUEST)
    assert row.technical_needs == ""
    assert state_of(part, NeedKind.TECHNICAL) == NeedState.GIVEN
    with refused("validation-failed", part, pointer="/technical_needs"):
        give_technical(participation=part, text="x" * 2001, actor=GUEST)


def test_giving_raises_no_version_that_organisers_edit(part):
    version = part.session.version
    give_travel(participation=part, text="Train", actor=GUEST)
    part.session.refresh_from_db()
    assert part.session.version == version


def test_store_file_still_takes_no_bomb(organisation, actor):
    from core.errors import DomainError

    with pytest.raises(DomainError):
        store_file(
            organisation_id=organisation.pk,
            content=picture(9000, 9000, "PNG"),
            name="x.png",
            actor=actor,
        )
