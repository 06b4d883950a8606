"""The host's colour and picture, as an owner sets them."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.enums import Role
from accounts.models import Organisation

SETTINGS = "/manage/institute/organisation/"
LOGO = f"{SETTINGS}logo/"
COLOUR = f"{SETTINGS}colour/"


@pytest.fixture
def browser(client_as, owner):
    return client_as(owner)


def upload(kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (60, 20), "navy").save(out, kind)
    return SimpleUploadedFile("mark.png", out.getvalue())


def test_a_colour_is_shown_in_light_and_dark_before_it_is_saved(browser, organisation):
    page = browser.get(COLOUR, {"accent": "#FFDD00"}).content.decode()
    assert page.count("<svg") == 2
    assert 'fill="#7a6907"' in page
    assert "darker than yours: yours stands out by 1.2 to 1, and text needs 4.5." in page
    assert "On dark pages: #ffdd00 as it is. It stands out by" in page
    assert "style=" not in page


def test_what_is_no_colour_says_how_one_is_written(browser, organisation):
    page = browser.get(COLOUR, {"accent": '"><script>'}).content.decode()
    assert "Give a colour as #0b5d5e" in page
    assert "<script" not in page


def test_without_a_colour_it_is_lecterns(browser, organisation):
    assert "#0b5d5e, Lectern&#x27;s own" in browser.get(COLOUR).content.decode()


def test_a_colour_is_saved_and_public_pages_have_it(browser, client, organisation):
    assert "/colours/" not in client.get("/institute/").content.decode()
    form = browser.get(SETTINGS).context["form"]
    data = {name: form.get_initial_for_field(f, name) or "" for name, f in form.fields.items()}
    browser.post(SETTINGS, data | {"accent": "#FFDD00"})
    organisation.refresh_from_db()
    assert organisation.accent == "#ffdd00"
    page = client.get("/institute/").content.decode()
    assert '<link rel="stylesheet" href="/colours/ffdd00.css">' in page
    refused = browser.post(SETTINGS, data | {"accent": "yellow", "version": "2"})
    assert set(refused.context["form"].errors) == {"accent"}


def test_a_logo_is_shown_and_removed(browser, client, organisation):
    assert browser.post(LOGO, {"logo": upload(), "version": "1"}).status_code == 302
    organisation.refresh_from_db()
    address = f"/files/{organisation.logo.uid}/"
    assert f'<img src="{address}" alt="">' in client.get("/institute/").content.decode()
    assert address in browser.get(SETTINGS).content.decode()
    assert browser.post(LOGO, {"remove": "yes", "version": "2"}).status_code == 302
    assert Organisation.objects.get().logo is None
    assert address not in client.get("/institute/").content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "This field is required."),
        ({"logo": SimpleUploadedFile("mark.svg", b"<svg/>")}, "Give a PNG, JPEG or WebP image"),
    ],
)
def test_what_is_no_picture_is_said_beside_the_field(browser, organisation, data, sentence):
    answer = browser.post(LOGO, data)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert Organisation.objects.get().logo is None


def test_only_an_owner_sets_it(client_as, account_with_role, organisation):
    client = client_as(account_with_role(Role.ORGANISER))
    assert client.post(LOGO, {"logo": upload()}).status_code == 403
    assert client.get(COLOUR).status_code == 200
    assert client_as(account_with_role(Role.VIEWER)).get(COLOUR).status_code == 403
