"""What each role may do."""

from __future__ import annotations

from accounts.enums import Role
from accounts.forms.team import ROLES
from accounts.permissions import (
    ROLE_PERMISSIONS,
    SENTENCES,
    Permission,
    permissions_of,
    roles_with,
)


def test_every_role_and_every_permission_is_known_and_explained():
    assert set(ROLE_PERMISSIONS) == set(ROLES) == set(Role)
    assert set(SENTENCES) == set(Permission)


def test_only_owners_change_the_team():
    assert roles_with(Permission.TEAM_WRITE) == ["owner"]
    assert permissions_of("owner") == frozenset(Permission)


def test_who_writes_also_reads():
    for granted in ROLE_PERMISSIONS.values():
        for permission in granted:
            area, action = permission.value.split(":")
            assert action == "read" or Permission(f"{area}:read") in granted


def test_an_unknown_role_may_do_nothing():
    assert permissions_of("king") == frozenset()


def test_addresses_of_people_are_not_for_the_door_and_viewers():
    assert Permission.PEOPLE_READ not in permissions_of(Role.DOOR) | permissions_of(Role.VIEWER)
