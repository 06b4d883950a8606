"""What whoever holds a speaker's link gives: about them, a photo, slides, consents, what they need.

One verb each. What is given is written and noted as given in one transaction; organisers see it at
once, readers see slides when an organiser shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from core.actors import Actor
from core.enums import Visibility
from core.errors import DomainError, invalid
from core.models import StoredFile
from core.services import audit
from core.services.files import Crop, store_square
from core.services.kept_files import delete_file
from events import validators as v
from events.enums import MaterialKind, NeedKind, NeedState, RecordingConsent
from events.languages import CATALOGUES
from events.models import Material, Participation, Person
from events.services.needs import NEEDED_OF, given
from events.services.people import change_person
from events.services.slide_files import store_slides
from events.services.writing import assign, load, save

MAX_BIO: Final = 3000
MAX_WISH: Final = 2000


@transaction.atomic
def give_bio(
    *,
    participation: Participation,
    bio: Mapping[str, str],
    actor: Actor,
    pronunciation: str | None = None,
) -> Participation:
    """Take a few lines about the person, and how their name is said.

    It is the person's own: every session shows it. Languages that are not given stay.

    Raises:
        DomainError: ``wrong-state``, ``validation-failed``; ``required`` without a single line.
    """
    person, row = _open(participation)
    texts = {**person.bio, **bio}
    changes: dict[str, Any] = {"bio": v.clean({"bio": texts}, {"bio": _bio})["bio"]}
    if not changes["bio"]:
        raise invalid("/bio", "required", _("Write a few lines."))
    if pronunciation is not None:
        changes["pronunciation"] = pronunciation
    row.person = change_person(person=person, changes=changes, expected=None, actor=actor)
    given(row, NeedKind.BIO, actor)
    return row


@transaction.atomic
def give_photo(
    *,
    participation: Participation,
    content: bytes,
    name: str,
    actor: Actor,
    crop: Crop = Crop(),  # noqa: B008 - frozen
    alt: Mapping[str, str] | None = None,
) -> Participation:
    """Take a photo of the person: a square of the picture, without anything hidden in it.

    The former one is gone. Who gives a photo takes back the wish to be shown in none.

    Arguments:
        alt: what it shows, for those who do not see it; languages that are not given stay.

    Raises:
        DomainError: ``wrong-state``, ``too-large``, ``validation-failed``.
    """
    person, row = _open(participation)
    _check_crop(crop)
    file = store_square(
        organisation_id=person.organisation_id,
        content=content,
        name=name,
        crop=crop,
        visibility=Visibility.PUBLIC,
        actor=actor,
    )
    changes = {"photo": file, "no_photo": False, "photo_alt": {**person.photo_alt, **(alt or {})}}
    row.person = _change_photo(person, changes, actor)
    given(row, NeedKind.PHOTO, actor)
    return row


@transaction.atomic
def describe_photo(
    *, participation: Participation, alt: Mapping[str, str], actor: Actor
) -> Participation:
    """Say what the person's photo shows, for those who do not see it.

    Raises:
        DomainError: ``wrong-state``, ``validation-failed``.
    """
    person, row = _open(participation)
    changes = {"photo_alt": {**person.photo_alt, **alt}}
    row.person = change_person(person=person, changes=changes, expected=None, actor=actor)
    return row


@transaction.atomic
def wish_no_photo(*, participation: Participation, actor: Actor) -> Participation:
    """Note that the person wishes no picture of them: none is shown, and the one we had is gone.

    Raises:
        DomainError: ``wrong-state``.
    """
    person, row = _open(participation)
    row.person = _change_photo(person, {"photo": None, "no_photo": True}, actor)
    given(row, NeedKind.PHOTO, actor, NeedState.WAIVED)
    return row


@transaction.atomic
def give_slides(
    *,
    participation: Participation,
    actor: Actor,
    content: bytes = b"",
    name: str = "",
    url: str = "",
) -> Material:
    """Take slides as a file, or the address where they are. Readers see them when they are shown.

    What was given before and not shown is gone.

    Raises:
        DomainError: ``wrong-state``, ``too-large``, ``validation-failed``.
    """
    _person, row = _open(participation)
    address = str(v.clean({"url": url}, {"url": v.web_address})["url"])
    if bool(content) == bool(address):
        raise invalid("/file", "required", _("Choose a file, or give the address of one."))
    session = row.session
    organisation_id = session.conference.organisation_id
    for old in row.materials.filter(shown=False).select_related("file"):
        old.delete()
        if old.file is not None:
            delete_file(file=old.file, actor=actor)
    file = None
    if content:
        file = store_slides(
            organisation_id=organisation_id, content=content, name=name, actor=actor
        )
    material = Material(
        conference=session.conference,
        session=session,
        participation=row,
        shown=False,
        kind=MaterialKind.FILE if file else MaterialKind.LINK,
        title=_slides_in_words(session.conference.languages),
        file=file,
        url=address,
        order=session.materials.count(),
    )
    material.save(force_insert=True)
    audit.record(verb="give_slides", obj=material, organisation_id=organisation_id, actor=actor)
    given(row, NeedKind.SLIDES, actor)
    return material


@transaction.atomic
def give_consent(*, participation: Participation, consent: str, actor: Actor) -> Participation:
    """Take a yes or no to being recorded on this session.

    Raises:
        DomainError: ``wrong-state``, ``validation-failed``.
    """
    _person, row = _open(participation)
    if consent not in {RecordingConsent.GIVEN, RecordingConsent.REFUSED}:
        raise invalid("/consent", "choice", _("Choose yes or no."))
    return _write(row, {"recording_consent": consent}, NeedKind.RECORDING, actor)


@transaction.atomic
def give_travel(*, participation: Participation, text: str, actor: Actor) -> Participation:
    """Take what is needed for the way and the night; "" for nothing.

    Raises:
        DomainError: ``wrong-state``, ``validation-failed``.
    """
    return _wish(participation, "travel_needs", text, NeedKind.TRAVEL, actor)


@transaction.atomic
def give_technical(*, participation: Participation, text: str, actor: Actor) -> Participation:
    """Take what is needed on the stage; "" for nothing.

    Raises:
        DomainError: ``wrong-state``, ``validation-failed``.
    """
    return _wish(participation, "technical_needs", text, NeedKind.TECHNICAL, actor)


_bio: Final = v.texts(MAX_BIO, lines=True)


def _open(participation: Participation) -> tuple[Person, Participation]:
    """Return person and participation afresh, in this order, while they may give something.

    Raises:
        DomainError: ``wrong-state``.
    """
    person = load(participation.person)
    row = load(participation, "session__conference__organisation")
    row.person = person
    if row.state not in NEEDED_OF:
        raise DomainError("wrong-state", _("Nothing is needed from you for this session any more."))
    return person, row


def _wish(
    participation: Participation, field: str, text: str, kind: NeedKind, actor: Actor
) -> Participation:
    _person, row = _open(participation)
    values = v.clean({field: text}, {field: v.paragraphs(MAX_WISH)})
    return _write(row, values, kind, actor)


def _write(
    row: Participation, values: Mapping[str, Any], kind: NeedKind, actor: Actor
) -> Participation:
    if changed := assign(row, values):
        save(row, changed)
    given(row, kind, actor)
    return row


def _change_photo(person: Person, changes: dict[str, Any], actor: Actor) -> Person:
    before = person.photo
    row = change_person(person=person, changes=changes, expected=None, actor=actor)
    if before is not None and row.photo_id != before.pk and not _is_kept(before):
        delete_file(file=before, actor=actor)
    return row


def _is_kept(file: StoredFile) -> bool:
    return Person.objects.filter(photo=file).exists()


def _check_crop(crop: Crop) -> None:
    if not (0 <= crop.x <= 100 and 0 <= crop.y <= 100 and 10 <= crop.size <= 100):  # noqa: PLR2004 - percent
        raise invalid("/crop", "range", _("Choose the part of the picture once more."))


def _slides_in_words(languages: list[str]) -> dict[str, str]:
    found = {}
    for tag in languages:
        with translation.override(CATALOGUES.get(tag, "en")):
            found[tag] = _("Slides")
    return found
