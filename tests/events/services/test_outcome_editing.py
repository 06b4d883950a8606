"""The outcome's draft, its points one at a time, publishing and taking it offline."""

from __future__ import annotations

import io

import pytest
from django.db import IntegrityError, transaction
from PIL import Image

from core.models import StoredFile
from events.models import Outcome, OutcomePhoto
from events.services.outcome_draft import draft_outcome
from events.services.outcome_items import (
    move_outcome_item,
    remove_outcome_item,
    save_outcome_item,
)
from events.services.outcome_photos import (
    add_photo,
    change_photo,
    delete_photo,
    not_to_be_pictured,
)
from events.services.outcome_publishing import publish_outcome, unpublish_outcome
from events.signals import OutcomePublished, OutcomeWithdrawn
from tests.factories.events import (
    ConferenceFactory,
    OutcomeFactory,
    ParticipationFactory,
    PersonFactory,
    SeriesFactory,
    SessionFactory,
)


def picture(width=2000, height=1000, mode="RGB", kind="PNG"):
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, kind)
    return out.getvalue()


@pytest.fixture
def outcome(conference):
    return OutcomeFactory(conference=conference)


def test_a_draft_is_made_from_the_programme(organisation, actor, refused):
    series = SeriesFactory(organisation=organisation)
    earlier = ConferenceFactory(organisation=organisation, series=series)
    conference = ConferenceFactory(
        organisation=organisation,
        series=series,
        title={"en": "Rivers"},
        description={"en": "On water."},
        languages=["en", "ru"],
        contact_name="Mila",
        contact_email="mila@example.org",
        starts_at=earlier.starts_at.replace(year=2028),
        ends_at=earlier.ends_at.replace(year=2028),
    )
    open_one = SessionFactory(conference=conference, title={"en": "Open"})
    SessionFactory(conference=conference, kind="break")
    SessionFactory(conference=conference, attribution="closed")
    SessionFactory(conference=conference, state="cancelled")
    row = draft_outcome(conference=conference, actor=actor)
    assert (row.headline, row.summary) == ({"en": "Rivers"}, {"en": "On water."})
    assert (row.press_name, row.press_email) == ("Mila", "mila@example.org")
    assert row.record_note["en"] == "On the record."
    assert set(row.record_note) == {"en", "ru"}
    items = list(row.items.values_list("kind", "topic", "text", "session"))
    assert items == [("point", {"en": "Open"}, {}, open_one.pk)]
    assert list(row.related.all()) == [earlier]
    with refused("wrong-state", row):
        draft_outcome(conference=conference, actor=actor)


def test_points_without_words_keep_it_from_being_published(conference, actor, frozen, refused):
    SessionFactory(conference=conference)
    row = draft_outcome(conference=conference, actor=actor)
    frozen("2027-03-20T09:00")
    with refused("wrong-state", row):
        publish_outcome(conference=conference, expected=None, actor=actor)
    remove_outcome_item(conference=conference, number=1, expected=row.version, actor=actor)
    publish_outcome(conference=conference, expected=None, actor=actor)
    with refused("validation-failed", conference, pointer="/text"):
        save_outcome_item(
            conference=conference,
            number=None,
            values={"kind": "finding", "topic": {"en": "x"}, "text": {}},
            expected=None,
            actor=actor,
        )


def save(conference, number, words, actor, **more):
    values = {"kind": "finding", "topic": {}, "text": {"en": words}, **more}
    return save_outcome_item(
        conference=conference, number=number, values=values, expected=None, actor=actor
    )


def words(conference):
    rows = Outcome.objects.get(conference=conference).items.all()
    return [row.text["en"] for row in rows]


def test_points_are_added_changed_moved_and_taken_off(conference, outcome, actor, refused):
    for one in ("a", "b", "c"):
        save(conference, None, one, actor)
    save(conference, 2, "B", actor)
    assert words(conference) == ["a", "B", "c"]
    move_outcome_item(conference=conference, number=3, to=1, expected=None, actor=actor)
    assert words(conference) == ["c", "a", "B"]
    remove_outcome_item(conference=conference, number=2, expected=None, actor=actor)
    assert words(conference) == ["c", "B"]
    with refused("not-found", outcome):
        save(conference, 3, "d", actor)
    with refused("stale", outcome):
        move_outcome_item(conference=conference, number=1, to=2, expected=1, actor=actor)


def test_nobody_is_named_where_names_stay_in_the_room(conference, outcome, actor, refused):
    person = PersonFactory(organisation=conference.organisation)
    chatham = SessionFactory(conference=conference, attribution="chatham_house")
    closed = SessionFactory(conference=conference, attribution="closed")
    assert save(conference, None, "x", actor, session=chatham).person is None
    with refused("validation-failed", outcome, pointer="/person"):
        save(conference, None, "x", actor, session=chatham, person=person)
    with refused("validation-failed", outcome, pointer="/session"):
        save(conference, None, "x", actor, session=closed)
    with refused("validation-failed", outcome, pointer="/session"):
        save(conference, None, "x", actor, session=SessionFactory())


def test_it_is_taken_offline_and_comes_back_under_its_first_date(
    conference, outcome, actor, frozen, heard, refused
):
    with refused("wrong-state", outcome):
        unpublish_outcome(conference=conference, expected=None, actor=actor)
    frozen("2027-03-20T09:00")
    first = publish_outcome(conference=conference, expected=None, actor=actor)
    row = unpublish_outcome(conference=conference, expected=first.version, actor=actor)
    assert (row.published_at, row.first_published_at) == (None, first.published_at)
    frozen("2027-03-25T09:00")
    again = publish_outcome(conference=conference, expected=None, actor=actor, tell=False)
    assert again.published_at == first.published_at
    key = (conference.pk, outcome.pk)
    assert [one for one in heard if isinstance(one, (OutcomePublished, OutcomeWithdrawn))] == [
        OutcomePublished(*key),
        OutcomeWithdrawn(*key),
        OutcomePublished(*key, tell=False),
    ]


def test_a_photo_is_kept_in_two_sizes_and_shown_only_with_consent_and_words(
    conference, outcome, actor, refused
):
    photo = add_photo(conference=conference, content=picture(), name="a.png", actor=actor)
    assert (photo.width, photo.height, photo.shown) == (1600, 800, False)
    assert photo.file.content_type == photo.small.content_type == "image/jpeg"
    with photo.small.file.open() as file:
        assert Image.open(file).size == (800, 400)
    for changes in (
        {"shown": True},
        {"shown": True, "consent": "given"},
        {"shown": True, "alt": {"en": "Three."}, "consent": "refused"},
        {"shown": True, "alt": {"ru": "x"}, "consent": "nobody"},
    ):
        with refused("validation-failed", photo):
            change_photo(photo=photo, changes=changes, expected=None, actor=actor)
    given = {"shown": True, "alt": {"en": "Three people."}, "consent": "given"}
    photo = change_photo(photo=photo, changes=given, expected=1, actor=actor)
    assert photo.shown
    photo = change_photo(photo=photo, changes={"consent": "refused"}, expected=2, actor=actor)
    assert not photo.shown


def test_the_database_shows_no_photo_without_consent(conference, outcome, actor):
    photo = add_photo(conference=conference, content=picture(9, 9), name="", actor=actor)
    assert photo.small is None
    with pytest.raises(IntegrityError), transaction.atomic():
        OutcomePhoto.objects.filter(pk=photo.pk).update(shown=True)


def test_what_is_no_picture_is_refused(conference, outcome, actor, refused):
    for content in (b"%PDF-1.7", b"\x89PNG\r\n\x1a\nno", b"<svg/>"):
        with refused("validation-failed", outcome):
            add_photo(conference=conference, content=content, name="x", actor=actor)
    assert StoredFile.objects.count() == 0


def test_photos_move_and_go_with_their_files(conference, outcome, actor):
    first, second = (
        add_photo(conference=conference, content=picture(9, 9), name="", actor=actor) for _ in "ab"
    )
    change_photo(photo=second, changes={"order": 0}, expected=None, actor=actor)
    assert list(outcome.photos.all()) == [second, first]
    second.refresh_from_db()
    delete_photo(photo=second, expected=None, actor=actor)
    assert (StoredFile.objects.count(), outcome.photos.get().order) == (1, 0)


def test_who_wishes_no_picture_is_said(conference):
    shy = ParticipationFactory(session__conference=conference, person__no_photo=True).person
    ParticipationFactory(session__conference=conference)
    assert not_to_be_pictured(conference) == [shy]
