"""What the source says, what stands here, what the source said last: which of them counts. Pure.

A field that nobody touched here follows the source. One that was edited here since stays as it is
until a person takes the source's. What the source does not say overwrites nothing that it never
said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

Said = Mapping[str, str]
# Stands for all fields of a line where a person takes what the source says.
EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field in which the source differs from what stands here.

    Arguments:
        edited: whether it was edited here since the last import, or stood here before any.
        taken: whether the import writes it.
    """

    name: str
    old: Any
    new: Any
    edited: bool
    taken: bool


def digest(value: Any) -> str:
    """Return what stands for a value in the memory: enough to tell it from another one."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def digests(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: digest(value) for name, value in values.items()}


def is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {}, ())


def differences(
    here: Mapping[str, Any],
    there: Mapping[str, Any],
    said: Said | None,
    take: Collection[str] = (),
) -> list[FieldChange]:
    """Return in which fields the source differs from what stands here.

    Arguments:
        said: digests of what the source said last; None where it never said anything of this row.
        take: fields of which a person takes the source's, though they were edited here.
    """
    found = []
    for name, new in there.items():
        old = here.get(name)
        if old == new:
            continue
        if said is None or name not in said:
            if is_nothing(new):
                continue
            edited = not is_nothing(old)
        else:
            edited = digest(old) != said[name]
        taken = not edited or name in take or EVERYTHING in take
        found.append(FieldChange(name, old, new, edited, taken))
    return found
