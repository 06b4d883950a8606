"""A change on an older version is refused; nobody's work is overwritten."""

from __future__ import annotations

import pytest

from core.errors import DomainError
from core.services.versions import raise_version


def test_each_change_raises_the_version(organisation):
    raise_version(organisation, expected=1)
    assert (organisation.version, organisation.etag) == (2, '"v2"')
    raise_version(organisation)
    organisation.refresh_from_db()
    assert organisation.version == 3


def test_an_older_version_is_stale(organisation):
    raise_version(organisation)
    with pytest.raises(DomainError) as refused:
        raise_version(organisation, expected=1)
    assert refused.value.kind == "stale"
    organisation.refresh_from_db()
    assert organisation.version == 2


def test_what_was_deleted_is_stale(organisation):
    key = organisation.pk
    organisation.delete()
    organisation.pk = key
    with pytest.raises(DomainError):
        raise_version(organisation)


def test_the_change_is_stamped(organisation, frozen):
    frozen("2030-01-01T00:00")
    raise_version(organisation)
    assert organisation.updated_at.year == 2030
