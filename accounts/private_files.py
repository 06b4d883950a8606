"""Who may open a private file: each app says what its rows keep and which permission that takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from django.db.models import Model

from accounts.models import Organisation
from accounts.permissions import Permission
from core.models import StoredFile

_WITHHELD: Final[list[Callable[[StoredFile], bool]]] = []
_KEEPERS: Final[dict[tuple[type[Model], str], Permission]] = {
    (Organisation, "logo"): Permission.CONFERENCE_READ,
}


def open_private_files(model: type[Model], field: str, permission: Permission) -> None:
    """Let those with a permission open the files to which `field` of these rows points.

    A private file that no such row keeps is opened by nobody. Called when the app is ready.
    """
    _KEEPERS[(model, field)] = permission


def withhold_files(test: Callable[[StoredFile], bool]) -> None:
    """Keep those public files from the public, for as long as it is so, of which `test` says it.

    Called when the app is ready.
    """
    _WITHHELD.append(test)


def is_withheld(file: StoredFile) -> bool:
    """Tell whether a file that is public by itself is kept back by what keeps it."""
    return any(test(file) for test in _WITHHELD)


def permissions_for(file: StoredFile) -> Iterator[Permission]:
    """Yield the permissions each of which is enough to open a private file."""
    for (model, field), permission in _KEEPERS.items():
        if model._default_manager.filter(**{field: file}).exists():
            yield permission
