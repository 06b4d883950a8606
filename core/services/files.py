"""Uploads: taken only when they are what they look like.

Images are written anew, so that nothing hidden in them (places, cameras, scripts) is kept.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.actors import Actor
from core.enums import Visibility
from core.errors import DomainError, invalid
from core.models import StoredFile
from core.services.kept_files import MAX_BYTES, keep

PDF: Final = "application/pdf"
# content type -> Pillow's name of the format; nothing else is ever handed to Pillow.
IMAGES: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
MAX_PIXELS: Final = 40_000_000
MAX_SIDE: Final = 3000
# Of a square that is cut out of a picture.
SQUARE_SIDE: Final = 1200
SMALLEST_SQUARE: Final = 400
# A logo stands 40 pixels high; screens have up to three for each of them.
LOGO_SIDE: Final = 480
LOGO_BYTES: Final = 24 * 1024
_MODES: Final = {"PNG": ("L", "LA", "RGB", "RGBA"), "WEBP": ("RGB", "RGBA"), "JPEG": ("L", "RGB")}
_FAULTS: Final = (
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    EOFError,
    OSError,
    SyntaxError,
    UnidentifiedImageError,
    ValueError,
    struct.error,
)


def store_file(
    *,
    organisation_id: int,
    content: bytes,
    name: str,
    actor: Actor,
    visibility: str = Visibility.PRIVATE,
) -> StoredFile:
    """Keep a file and return its row; the type is what its bytes say, not its name.

    Raises:
        DomainError: ``too-large``; ``validation-failed`` for a type that is not taken, and for an
            image that can not be read or is too large.
    """
    if len(content) > MAX_BYTES:
        raise DomainError("too-large", f"A file may have {MAX_BYTES // 1024 // 1024} MB.")
    content_type = sniff(content)
    if content_type in IMAGES:
        content = _written_anew(content, IMAGES[content_type])
    return keep(organisation_id, content, name, content_type, visibility, actor)


@dataclass(frozen=True, slots=True)
class Crop:
    """The square that is taken out of a picture, in percent.

    Arguments:
        x, y: how far to the right and down the square stands: 0 at one edge, 100 at the other.
        size: the square's side, of the picture's shorter one.
    """

    x: int = 50
    y: int = 50
    size: int = 100

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of the square in a picture of this size."""
        side = max(1, round(min(width, height) * self.size / 100))
        left = round((width - side) * self.x / 100)
        top = round((height - side) * self.y / 100)
        return left, top, left + side, top + side


def store_square(
    *, organisation_id: int, content: bytes, name: str, crop: Crop, visibility: str, actor: Actor
) -> StoredFile:
    """Keep a square of a picture as a JPEG of at most `SQUARE_SIDE` pixels, and nothing else of it.

    Raises:
        DomainError: ``too-large``; ``validation-failed`` for what is no picture, can not be read,
            has too many pixels, or whose square has fewer than `SMALLEST_SQUARE`.
    """
    if len(content) > MAX_BYTES:
        raise too_large()
    content_type = sniff(content)
    if content_type not in IMAGES:
        raise invalid("/file", "type", _("Choose a PNG, JPEG or WebP picture."))
    square = _square(content, IMAGES[content_type], crop)
    return keep(organisation_id, square, name, "image/jpeg", visibility, actor)


def store_logo(
    *, organisation_id: int, content: bytes, name: str, visibility: str, actor: Actor
) -> StoredFile:
    """Keep a mark that stands small on every page: at most `LOGO_SIDE` pixels wide or high, and in
    few colours where that saves much.

    Raises:
        DomainError: ``too-large``; ``validation-failed`` for what is no picture, can not be read or
            has too many pixels.
    """
    if len(content) > MAX_BYTES:
        raise too_large()
    content_type = sniff(content)
    if content_type not in IMAGES:
        raise invalid("/file", "type", "Choose a PNG, JPEG or WebP picture.")
    content = _written_anew(content, IMAGES[content_type], LOGO_SIDE)
    if content_type == "image/png" and len(content) > LOGO_BYTES:
        content = _in_few_colours(content)
    return keep(organisation_id, content, name, content_type, visibility, actor)


def _in_few_colours(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=["PNG"]) as opened:
        few = opened.convert("RGBA").quantize(256, method=Image.Quantize.FASTOCTREE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A picture that was kept, and its size in pixels."""

    file: StoredFile
    width: int
    height: int


def store_photo(
    *, organisation_id: int, content: bytes, name: str, side: int, visibility: str, actor: Actor
) -> StoredPhoto:
    """Keep a picture as a JPEG whose longer side has `side` pixels at most, and nothing else of it.

    Raises:
        DomainError: ``too-large``; ``validation-failed`` for what is no picture, can not be read or
            has too many pixels.
    """
    if len(content) > MAX_BYTES:
        raise too_large()
    content_type = sniff(content)
    if content_type not in IMAGES:
        raise invalid("/file", "type", _("Choose a PNG, JPEG or WebP picture."))
    try:
        with Image.open(io.BytesIO(content), formats=[IMAGES[content_type]]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise invalid("/file", "pixels", _("This picture has too many pixels."))
            opened.draft("RGB", (side, side))
            image: Image.Image = ImageOps.exif_transpose(opened)
            image.thumbnail((side, side))
            image = _on_white(image)
            out = io.BytesIO()
            image.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    except _FAULTS as error:
        raise invalid("/file", "unreadable", _("This picture can not be read.")) from error
    file = keep(organisation_id, out.getvalue(), name, "image/jpeg", visibility, actor)
    return StoredPhoto(file, image.width, image.height)


def _on_white(image: Image.Image) -> Image.Image:
    """Return a picture without transparency, and without anything hidden in it."""
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        image = Image.new("RGB", seen.size, "white")
        image.paste(seen, mask=seen.getchannel("A"))
    image = image.convert("RGB")
    image.info.clear()
    return image


def too_large() -> DomainError:
    """Return the refusal of a file that is too large."""
    sentence = _("A file may have %(size)d MB. Choose a smaller one.")
    return DomainError("too-large", sentence % {"size": MAX_BYTES // 1024 // 1024})


def _square(content: bytes, kind: str, crop: Crop) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise invalid("/file", "pixels", _("This picture has too many pixels."))
            width, height = opened.size
            side = crop.box(width, height)[2] - crop.box(width, height)[0]
            if side < SMALLEST_SQUARE:
                sentence = _(
                    "The part that you chose has %(side)d pixels a side; %(least)d are needed. "
                    "Choose a larger part, or another picture."
                )
                values = {"side": side, "least": SMALLEST_SQUARE}
                raise invalid("/file", "too-small", sentence % values)
            # A JPEG is read no larger than it is going to be.
            wanted = SQUARE_SIDE * 100 // crop.size
            opened.draft("RGB", (wanted, wanted))
            ImageOps.exif_transpose(opened, in_place=True)
            image: Image.Image = opened.crop(crop.box(*opened.size))
            image.thumbnail((SQUARE_SIDE, SQUARE_SIDE))
            image = _on_white(image)
            out = io.BytesIO()
            image.save(out, "JPEG", quality=88, optimize=True)
    except _FAULTS as error:
        raise invalid("/file", "unreadable", _("This picture can not be read.")) from error
    return out.getvalue()


def sniff(content: bytes) -> str:
    """Return the type that the first bytes say.

    Raises:
        DomainError: ``validation-failed`` for a type that is not taken.
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"%PDF-"):
        return PDF
    raise invalid("/file", "type", "Give a PNG, JPEG or WebP image, or a PDF.")


def _written_anew(content: bytes, kind: str, side: int = MAX_SIDE) -> bytes:
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise invalid("/file", "pixels", "This image has too many pixels.")
            image: Image.Image = ImageOps.exif_transpose(opened)
            image.thumbnail((side, side))
            if image.mode not in _MODES[kind]:
                transparent = kind != "JPEG" and image.has_transparency_data
                image = image.convert("RGBA" if transparent else "RGB")
            image.info.clear()
            out = io.BytesIO()
            image.save(out, kind, quality=88) if kind != "PNG" else image.save(out, kind)
    except _FAULTS as error:
        raise invalid("/file", "unreadable", "This image can not be read.") from error
    return out.getvalue()
