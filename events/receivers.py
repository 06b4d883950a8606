"""What public pages do when something changes: they show it at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.dispatch import receiver

from accounts.models import Organisation
from core.models import StoredFile
from core.signals import Recorded, recorded
from events.models import Conference, PersonalSelection
from events.services.keeping import renew

_PROGRAMME: Final = Conference._meta.app_label
# What public pages show that is not of the programme.
_SHOWN: Final = frozenset({Organisation, StoredFile})
# What readers keep for themselves stands on no page that others get.
_PRIVATE: Final = frozenset({PersonalSelection})


@dataclass(frozen=True, slots=True)
class _Renew:
    """What is to be done once a transaction, however much it changes."""

    organisation_id: int

    def __call__(self) -> None:
        renew(self.organisation_id)


@receiver(recorded)
def show_changes_at_once(sender: Any, event: Recorded, **kwargs: Any) -> None:
    """Whatever is written down about the programme is shown from the commit on."""
    organisation_id = event.organisation_id
    if organisation_id is None or sender in _PRIVATE:
        return
    if sender in _SHOWN or sender._meta.app_label == _PROGRAMME:
        again = _Renew(organisation_id)
        if not any(entry[1] == again for entry in connection.run_on_commit):
            transaction.on_commit(again, robust=True)
