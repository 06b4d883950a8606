"""What the tests of the programme's services share."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from core.actors import Actor
from core.errors import DomainError
from core.models import AuditEntry
from events import signals
from tests.factories.events import ConferenceFactory, ConferenceVenueFactory, RoomFactory


@pytest.fixture
def actor():
    return Actor("account", "7", "req-1")


@pytest.fixture
def conference(organisation):
    return ConferenceFactory(organisation=organisation, slug="open-forum", title={"en": "Forum"})


@pytest.fixture
def room(conference):
    link = ConferenceVenueFactory(conference=conference)
    return RoomFactory(venue=link.venue, name={"en": "Red room"})


@pytest.fixture
def heard():
    """The events that signals of the programme carried, in order."""
    found = []

    def hear(sender, event, **kwargs):
        found.append(event)

    ours = [s for s in vars(signals).values() if isinstance(s, signals.Signal)]
    for signal in ours:
        signal.connect(hear)
    yield found
    for signal in ours:
        signal.disconnect(hear)


@pytest.fixture
def refused(heard):
    """Return a context manager: the deed is refused so, and leaves no trace on these rows."""

    @contextmanager
    def check(kind, *rows, pointer=None, code=None):
        before = [_values(row) for row in rows]
        entries = AuditEntry.objects.count()
        said = len(heard)
        with pytest.raises(DomainError) as caught:
            yield
        assert caught.value.kind == kind
        assert caught.value.detail[-1] in ".”"
        if pointer is not None:
            assert [e.pointer for e in caught.value.errors] == [pointer]
        if code is not None:
            assert [e.code for e in caught.value.errors] == [code]
        assert [_values(row) for row in rows] == before
        assert AuditEntry.objects.count() == entries
        assert len(heard) == said

    return check


def _values(row):
    return type(row).objects.filter(pk=row.pk).values().get()


@pytest.fixture
def audited():
    """Return a function: the programme's last audit entry as (verb, changed, facts)."""

    def last():
        entries = AuditEntry.objects.filter(object_type__startswith="events.")
        entry = entries.order_by("pk").last()
        return entry.verb, entry.changed, entry.facts

    return last
