"""The pictures that other sites show beside a link, as files."""

from __future__ import annotations

from accounts.models import Organisation
from core.enums import Visibility
from events.languages import Reader
from events.services.cards import card_picture, conference_card, organisation_card
from events.services.stamps import Stamp
from events.views.public.context import conference_of
from events.views.public.files import File, public_file

_PNG = "image/png"


@public_file
def conference_card_file(stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    """A conference: what, when, where, by whom."""
    del at
    conference = conference_of(stamp.pk)
    picture = card_picture(conference_card(conference, reader))
    return File(picture, _PNG, conference.visibility == Visibility.PUBLIC, packs=False)


@public_file
def organisation_card_file(stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    """A host."""
    del at
    organisation = Organisation.objects.get(pk=stamp.pk)
    return File(card_picture(organisation_card(organisation, reader)), _PNG, True, packs=False)
