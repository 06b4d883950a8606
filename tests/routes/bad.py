"""Bodies, values and words that can not be taken, by kind: a push sends every field one of each
kind, the full size all of them.
"""

from __future__ import annotations

import random

from tests.sizes import FULL

# Bodies that are no request of any kind.
BODIES = {
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "text": b'"text"',
    "number": b"5",
    "half": b'{"a": ',
    "not utf-8": b'{"a": "\xff"}',
    "nul": b'{"name": "a\\u0000b"}',
    "half a surrogate": b'{"name": "\\ud800"}',
    "twice": b'{"a": 1, "a": 2}',
    "not a number": b'{"a": NaN}',
    "deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "unknown": b'{"there_is_no_such_field": 1}',
    "id": b'{"id": 1, "pk": 1, "version": 99, "organisation": 1, "created_at": "2020-01-01"}',
}
# Values that a field of any sort should see without falling over.
VALUES = {
    "nothing": [None],
    "truth": [True],
    "number": [-1, 1.5, 10**30],
    "text": ["", "x" * 30_000, "\u202e\ufeff", "💣", "\u0007", "javascript:alert(1)"],
    "moment": ["9999-12-31T23:59", "0001-01-01T00:00", "2027-03-28T10:00+02:00", "P99999D"],
    "list": [[], ["x"], [[]]],
    "object": [{}, {"x": "y"}, {"en": 5}, {"en": "x" * 30_000}],
}
WORDS = {
    "short": ["", "'\";--"],
    "long": ["x" * 30_000],
    "odd": ["\u202e", "💣"],
    "number": ["-1", "9" * 40, "١٢"],
    "moment": ["2027-99-99T99:99", "0001-01-01T00:00", "9999-12-31T23:59"],
}
ODD_QUERIES = [
    "q=%00", "search=%00", "ordering=id__password", "page_size=-1", "cursor=%F0%28",
    "lang=xx-yy-zz", "created_at__regex=.", "a=1&a=2", "status=%F0%9F%92%A3",
    "&".join(f"a{n}=1" for n in range(600)),
]  # fmt: skip
# Together what no page reads together: one that is refused must not hide the next.
ODD_ADDRESSES = [
    "page=0&state=%F0%9F%92%A3&next=//evil", "page=99999999999999999999&lang=xx-yy",
    "page=x&ordering=password", "q=" + "x" * 3000 + "&day=2027-99-99&person=ZZZZZZ",
    "q=%25%27%22%3B--&type=-1&view=%3Cscript%3E",
]  # fmt: skip


def chosen(values, seed):
    """Return one value of each kind, another one for another seed; in the full size every value."""
    if FULL:
        return [value for kind in values.values() for value in kind]
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    return [chance.choice(kind) for kind in values.values()]


def values_together(fields, seed):
    """Return bodies of all fields, each of which has each (chosen) value in one of them.

    Neighbours have values of different kinds: what refuses one must not hide what falls over
    another.
    """
    each = {name: chosen(VALUES, f"{seed} {name}") for name in fields}
    turns = range(len(next(iter(each.values())))) if fields else ()
    return [
        {
            name: values[(turn + place) % len(values)]
            for place, (name, values) in enumerate(each.items())
        }
        for turn in turns
    ]
