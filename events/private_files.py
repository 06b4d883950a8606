"""Files of the programme that are not public yet are for those who may read it."""

from __future__ import annotations

from django.db.models import Q

from accounts.permissions import Permission
from accounts.private_files import open_private_files, withhold_files
from core.models import StoredFile
from events.enums import Attribution
from events.models import Material, OutcomePhoto, Partner, Person


def _is_kept_back(file: StoredFile) -> bool:
    """Tell whether it is a speaker's that nobody has shown yet, or came with a closed session."""
    return Material.objects.filter(
        Q(shown=False) | Q(session__attribution=Attribution.CLOSED), file=file
    ).exists()


def _is_not_of_the_outcome(file: StoredFile) -> bool:
    """Tell whether it is a photo of an outcome that is not shown, or not public."""
    rows = OutcomePhoto.objects.filter(Q(file=file) | Q(small=file))
    return rows.filter(Q(shown=False) | Q(outcome__published_at__isnull=True)).exists()


def _is_unwanted(file: StoredFile) -> bool:
    """Tell whether it is a picture of somebody who wishes none."""
    return Person.objects.filter(photo=file, no_photo=True).exists()


open_private_files(Material, "file", Permission.PROGRAMME_READ)
open_private_files(Partner, "logo", Permission.PROGRAMME_READ)
open_private_files(Person, "photo", Permission.PEOPLE_READ)
open_private_files(OutcomePhoto, "file", Permission.CONFERENCE_READ)
open_private_files(OutcomePhoto, "small", Permission.CONFERENCE_READ)
withhold_files(_is_kept_back)
withhold_files(_is_not_of_the_outcome)
withhold_files(_is_unwanted)
