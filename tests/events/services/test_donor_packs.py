"""A donor pack is made by one worker, whose death another one notices, and is gone after a week."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.utils import timezone

from core.actors import SYSTEM, Actor
from core.errors import DomainError
from core.models import AuditEntry, StoredFile
from events.models import DonorPack
from events.services import donor_packs as service
from events.services.donor_packs import (
    Made,
    ask_for_pack,
    delete_pack,
    forget_packs,
    make_packs,
)

ACTOR = Actor("account", "7")
MINUTE = dt.timedelta(minutes=1)


def quick(pack, alive):
    alive()
    return Made(io.BytesIO(b"PK and so on"), ["No mail was sent."])


@pytest.fixture
def pack(conference):
    return ask_for_pack(conference=conference, actor=ACTOR)


def on_disk(settings):
    root = settings.MEDIA_ROOT
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


def test_a_pack_is_made_once_in_the_name_of_who_asked(pack, conference):
    assert (pack.state, pack.actor_id) == ("waiting", "7")
    assert make_packs(build=quick) == 1
    assert make_packs(build=quick) == 0
    pack.refresh_from_db()
    assert (pack.state, pack.missing, pack.claimed_at) == ("done", ["No mail was sent."], None)
    assert pack.file.file.read() == b"PK and so on"
    assert (pack.file.size, pack.file.visibility) == (12, "private")
    assert pack.file.original_name == f"{conference.slug}-donor-pack.zip"
    entries = AuditEntry.objects.order_by("id").values_list("verb", "actor_kind", "actor_id")
    assert list(entries) == [
        ("ask_for_donor_pack", "account", "7"),
        ("store_file", "account", "7"),
    ]


def test_asking_twice_means_the_one_that_is_being_made(pack, conference):
    assert ask_for_pack(conference=conference, actor=SYSTEM) == pack
    make_packs(build=quick)
    assert ask_for_pack(conference=conference, actor=SYSTEM) != pack


def test_who_asked_may_be_a_program(conference):
    row = ask_for_pack(conference=conference, actor=Actor("token", "3"))
    assert row.actor_id == "token:3"
    assert Actor.named(row.actor_id) == Actor("token", "3")
    assert Actor.named("") == Actor("system")


def test_nobody_else_takes_a_pack_whose_worker_is_alive(pack, frozen):
    frozen("2027-01-01T12:00")
    pack = DonorPack.objects.get()
    DonorPack.objects.update(created_at=timezone.now())

    def slow(row, alive):
        for _ in range(5):
            frozen(timezone.now() + MINUTE)
            alive()
            assert make_packs(build=quick) == 0
        return quick(row, alive)

    assert make_packs(build=slow) == 1
    pack.refresh_from_db()
    assert pack.state == "done"


def test_a_silent_worker_is_followed_and_what_it_brings_late_is_thrown_away(pack, frozen, settings):
    frozen("2027-01-01T12:00")
    DonorPack.objects.update(created_at=timezone.now())

    def dying(row, alive):
        frozen(timezone.now() + 3 * MINUTE)
        assert make_packs(build=quick) == 1
        return Made(io.BytesIO(b"late"), [])

    assert make_packs(build=dying) == 0
    pack.refresh_from_db()
    assert (pack.state, pack.missing) == ("done", ["No mail was sent."])
    assert StoredFile.objects.count() == len(on_disk(settings)) == 1


def test_a_worker_that_is_overtaken_while_it_writes_leaves_no_file(pack, settings, monkeypatch):
    keep = service.keep_made_file

    def slowly(**fields):
        file = keep(**fields)
        DonorPack.objects.update(claimed_at=timezone.now() + MINUTE)
        return file

    monkeypatch.setattr(service, "keep_made_file", slowly)
    assert make_packs(build=quick) == 0
    assert StoredFile.objects.count() == len(on_disk(settings)) == 0


def test_a_refusal_is_said(pack):
    def refuse(row, alive):
        raise DomainError("wrong-state", "There is nothing to tell.")

    assert make_packs(build=refuse) == 0
    pack.refresh_from_db()
    assert (pack.state, pack.error) == ("failed", "There is nothing to tell.")


def test_whatever_breaks_is_said_and_not_tried_for_ever(pack, caplog):
    def broken(row, alive):
        raise ZeroDivisionError

    assert make_packs(build=broken) == 0
    pack.refresh_from_db()
    assert (pack.state, pack.claimed_at) == ("failed", None)
    assert pack.error.startswith("Something in it can not be made.")
    assert pack.code in caplog.text


def test_what_kills_every_worker_is_given_up_after_an_hour(pack):
    DonorPack.objects.update(
        created_at=timezone.now() - 61 * MINUTE,
        state="running",
        claimed_at=timezone.now() - 3 * MINUTE,
    )
    assert make_packs(build=quick) == 0
    pack.refresh_from_db()
    assert (pack.state, pack.error[:24]) == ("failed", "It took more than an hou")


def test_a_pack_and_its_file_are_deleted(pack, settings, django_capture_on_commit_callbacks):
    make_packs(build=quick)
    with django_capture_on_commit_callbacks(execute=True):
        delete_pack(pack=pack, actor=ACTOR)
        delete_pack(pack=pack, actor=ACTOR)
    assert DonorPack.objects.count() == StoredFile.objects.count() == len(on_disk(settings)) == 0
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs[-2:] == ["delete_donor_pack", "delete_file"]


def test_packs_are_gone_after_a_week(
    pack, conference, settings, django_capture_on_commit_callbacks
):
    make_packs(build=quick)
    DonorPack.objects.update(created_at=timezone.now() - dt.timedelta(days=7, minutes=1))
    fresh = ask_for_pack(conference=conference, actor=ACTOR)
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_packs() == 1
    assert list(DonorPack.objects.all()) == [fresh]
    assert on_disk(settings) == []


def test_a_pack_that_was_deleted_meanwhile_is_not_finished(pack):
    def deleting(row, alive):
        delete_pack(pack=row, actor=ACTOR)
        return quick(row, alive)

    assert make_packs(build=deleting) == 0
    assert DonorPack.objects.count() == StoredFile.objects.count() == 0
