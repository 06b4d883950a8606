"""Pages of long lists by the values of their rows, not by their number.

A cursor names the values by which its row is ordered, the id last, so that rows added or deleted in
the meantime neither repeat nor skip others, and the last page costs what the first one does.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DataError
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
_LONGEST_CURSOR = 2000


class CursorError(ValueError):
    """A cursor that is not one of ours, or not one of this order."""


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[Row]):
    """Some rows of a list, and the cursors of the pages beside them; "" where there is none."""

    rows: list[Row]
    next: str = ""
    previous: str = ""


def page_of(
    queryset: QuerySet[Row], names: Sequence[str], *, size: int, cursor: str = ""
) -> KeysetPage[Row]:
    """Return the page that a cursor leads to, the first one without a cursor; one query.

    Arguments:
        names: fields that are never null, each perhaps with a minus, the id last.

    Raises:
        CursorError: for a cursor that this list has not given out.
    """
    order = list(names)
    try:
        back, values = _read(cursor, order, queryset.model) if cursor else (False, None)
        if back:
            order = [_reversed(name) for name in order]
        rows = queryset.order_by(*order)
        if values is not None:
            rows = rows.filter(_beyond(order, values))
        found = list(rows[: size + 1])
    except (ValidationError, DataError, OverflowError, TypeError, ValueError) as error:
        raise CursorError("not a cursor of this list") from error
    more = len(found) > size
    page = found[:size]
    if back:
        page.reverse()
    after, before = more or back, more if back else bool(cursor)
    return KeysetPage(
        page,
        next=_write(page[-1], names, back=False) if page and after else "",
        previous=_write(page[0], names, back=True) if page and before else "",
    )


def _reversed(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Return the condition of all rows that come after these values in this order."""
    beyond = Q()
    equal = Q()
    for name, value in zip(order, values, strict=True):
        field = name.removeprefix("-")
        lookup = f"{field}__{'lt' if name.startswith('-') else 'gt'}"
        beyond |= equal & Q(**{lookup: value})
        equal &= Q(**{field: value})
    # The same once more by the first value alone: an index can begin there.
    first = order[0]
    bound = f"{first.removeprefix('-')}__{'lte' if first.startswith('-') else 'gte'}"
    return Q(**{bound: values[0]}) & beyond


def _write(row: Model, names: Sequence[str], *, back: bool) -> str:
    values = []
    for name in names:
        value: Any = row
        for part in name.removeprefix("-").split("__"):
            value = getattr(value, part)
        values.append(value if isinstance(value, int | str) else str(value))
    text = json.dumps([back, *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(text: str, names: Sequence[str], model: type[Model]) -> tuple[bool, list[Any]]:
    """Return a cursor's direction and values, each as its field would hold it.

    Raises:
        ValueError, ValidationError: when it is not one of ours for this order.
    """
    if len(text) > _LONGEST_CURSOR:
        raise ValueError("too long")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        back, *values = json.loads(raw)
    except (binascii.Error, RecursionError) as error:
        raise ValueError("not a cursor") from error
    if not isinstance(back, bool) or len(values) != len(names):
        raise ValueError("not a cursor of this order")
    return back, [_value(model, n, v) for n, v in zip(names, values, strict=True)]


def _value(model: type[Model], name: str, value: Any) -> Any:
    if not isinstance(value, int | str) or (isinstance(value, str) and "\x00" in value):
        raise ValueError("not a value")
    try:
        return model._meta.get_field(name.removeprefix("-")).to_python(value)  # type: ignore[union-attr]  # relations have none
    except (FieldDoesNotExist, AttributeError):
        return value
