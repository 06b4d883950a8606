"""The page and the API of donor packs: asking, waiting, taking it along, deleting it."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.permissions import Permission
from console import tasks
from console.donor_pack.building import build_pack
from core.actors import SYSTEM
from events.models import DonorPack
from events.services.donor_packs import ask_for_pack, make_packs
from tests.factories.events import ConferenceFactory

PAGE = "/manage/institute/forum/donor-pack/"
API = "/api/v1/organisations/institute/conferences/forum/donor-packs/"


@pytest.fixture
def conference(organisation):
    return ConferenceFactory(organisation=organisation, slug="forum", title={"en": "Forum"})


@pytest.fixture
def browser(client_as, owner):
    return client_as(owner)


@pytest.fixture
def pack(conference):
    row = ask_for_pack(conference=conference, actor=SYSTEM)
    make_packs(build=build_pack)
    row.refresh_from_db()
    return row


def test_the_page_says_what_is_missing_before_anything_is_made(browser, conference):
    page = browser.get(PAGE).content.decode()
    assert "Make the pack" in page
    assert "No funder is named among the partners." in page
    assert "Personal data" in page


def test_a_pack_is_asked_for_made_and_taken_along(
    browser, conference, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as nudges:
        assert browser.post(PAGE).status_code == 302
    assert len(nudges) >= 1
    waiting = browser.get(PAGE).content.decode()
    assert 'hx-trigger="every 3s"' in waiting
    assert "Make the pack" not in waiting
    tasks.make_donor_packs()
    page = browser.get(PAGE).content.decode()
    assert "hx-trigger" not in page
    row = DonorPack.objects.get()
    path = f"{PAGE}{row.code}/file/"
    assert path in page
    answer = browser.get(path)
    content = b"".join(answer.streaming_content)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert answer["Content-Disposition"] == 'attachment; filename="forum-donor-pack.zip"'
    assert "no-store" in answer["Cache-Control"]


def test_a_pack_that_was_not_made_says_why(browser, conference):
    DonorPack.objects.create(conference=conference, state="failed", error="It <broke>.")
    page = browser.get(PAGE).content.decode()
    assert "It &lt;broke&gt;." in page
    assert "Make it anew" in page


def test_a_pack_is_deleted(browser, pack):
    path = f"{PAGE}{pack.code}/delete/"
    assert "Delete this pack?" in browser.get(path).content.decode()
    assert browser.post(path).status_code == 302
    assert not DonorPack.objects.exists()
    assert browser.post(path).status_code == 404


def test_its_file_has_no_other_address(browser, client, pack):
    for one in (browser, client):
        assert one.get(f"/files/{pack.file.uid}/").status_code == 404


def test_a_pack_that_is_not_done_has_no_file(browser, conference):
    row = ask_for_pack(conference=conference, actor=SYSTEM)
    assert browser.get(f"{PAGE}{row.code}/file/").status_code == 404


def test_a_file_that_is_gone_is_not_there(browser, pack):
    pack.file.file.storage.delete(pack.file.file.name)
    assert browser.get(f"{PAGE}{pack.code}/file/").status_code == 404


@pytest.mark.parametrize("role", [Role.PROGRAMME, Role.DOOR, Role.VIEWER])
def test_it_is_not_for_every_member(client_as, account_with_role, pack, role):
    client = client_as(account_with_role(role))
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE).status_code == 403
    assert client.get(f"{PAGE}{pack.code}/file/").status_code == 403
    assert client.post(f"{PAGE}{pack.code}/delete/").status_code == 403


def test_a_pack_of_another_conference_is_not_there(browser, organisation, pack):
    ConferenceFactory(organisation=organisation, slug="other")
    path = f"/manage/institute/other/donor-pack/{pack.code}/"
    assert browser.get(f"{path}file/").status_code == 404
    assert browser.post(f"{path}delete/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_is_read_in_as_many_queries_however_many_packs(
    browser, conference, count, django_assert_num_queries
):
    for _ in range(count):
        DonorPack.objects.create(conference=conference, state="failed", error="No.")
    with django_assert_num_queries(17):
        browser.get(PAGE)


def test_the_task_makes_and_forgets(conference):
    row = ask_for_pack(conference=conference, actor=SYSTEM)
    tasks.make_donor_packs()
    row.refresh_from_db()
    assert row.state == "done"
    DonorPack.objects.update(created_at=timezone.now() - timezone.timedelta(days=8))
    tasks.make_donor_packs()
    assert not DonorPack.objects.exists()


def test_packs_by_api(api, conference):
    made = api.post(API)
    assert made.status_code == 201
    code = made.json()["code"]
    assert made["Location"].endswith(f"/donor-packs/{code}/")
    assert (made.json()["state"], made.json()["size"]) == ("waiting", None)
    assert api.get(f"{API}{code}/file/").status_code == 404
    make_packs(build=build_pack)
    read = api.get(f"{API}{code}/")
    assert read.json()["state"] == "done"
    assert "No mail was sent." in read.json()["missing"]
    assert [one["code"] for one in api.get(API).json()["results"]] == [code]
    file = api.get(f"{API}{code}/file/")
    assert file["Content-Type"] == "application/zip"
    assert len(b"".join(file.streaming_content)) == read.json()["size"]
    assert api.delete(f"{API}{code}/").status_code == 428
    assert api.delete(f"{API}{code}/", made["ETag"]).status_code == 412
    assert api.delete(f"{API}{code}/", read["ETag"]).status_code == 204
    assert api.get(f"{API}{code}/").status_code == 404


def test_asking_takes_both_scopes(api, conference):
    assert api.of(Permission.REGISTRATION_READ).post(API).status_code == 403
    assert api.of(Permission.MAIL_READ).post(API).status_code == 403
    both = api.of(Permission.REGISTRATION_READ, Permission.MAIL_READ)
    assert both.post(API, {"everything": True}).status_code == 400
    assert both.post(API).status_code == 201
