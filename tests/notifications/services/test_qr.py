"""The ticket inside a mail is a picture that a door can read."""

from __future__ import annotations

import io

import segno
import zxingcpp
from PIL import Image

from core.codes import registration_code
from core.tickets import ticket_code, ticket_text
from notifications.services.qr import ticket_png


def test_a_door_reads_the_registration_from_the_picture():
    for _ in range(5):
        code = registration_code()
        picture = Image.open(io.BytesIO(ticket_png(code)))
        found = zxingcpp.read_barcodes(picture.convert("L"))
        assert [barcode.text for barcode in found] == [ticket_text(code)]
        assert ticket_code(found[0].text) == code


def test_the_picture_is_dot_by_dot_the_one_of_segno():
    out = io.BytesIO()
    drawn = segno.make_qr(ticket_text("ABCDEFGHJK"), error="m", boost_error=False, mask=0)
    drawn.save(out, kind="png", scale=6, border=4)
    ours = Image.open(io.BytesIO(ticket_png("ABCDEFGHJK")))
    assert ours.mode == "1"
    assert ours.tobytes() == Image.open(out).convert("1").tobytes()
