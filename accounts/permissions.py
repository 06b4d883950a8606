"""The root of permissions: what each role may do in its organisation.

A route asks for one Permission; the table of routes (accounts.routes) says which.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from accounts.enums import Role


class Permission(StrEnum):
    """``area:action``; also the scopes of an API token."""

    CONFERENCE_READ = "conference:read"
    CONFERENCE_WRITE = "conference:write"
    PROGRAMME_READ = "programme:read"
    PROGRAMME_WRITE = "programme:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    REGISTRATION_READ = "registration:read"
    REGISTRATION_WRITE = "registration:write"
    MAIL_READ = "mail:read"
    MAIL_WRITE = "mail:write"
    TEAM_READ = "team:read"
    TEAM_WRITE = "team:write"


P = Permission
# What each allows, as the page of tokens says it.
SENTENCES: Final[dict[Permission, str]] = {
    P.CONFERENCE_READ: "Read conferences, types of places and figures",
    P.CONFERENCE_WRITE: "Make and change conferences, publish, postpone and cancel them",
    P.PROGRAMME_READ: "Read sessions, rooms, panels and materials, also those not public yet",
    P.PROGRAMME_WRITE: "Change the programme and publish it",
    P.PEOPLE_READ: "Read people with their addresses",
    P.PEOPLE_WRITE: "Add, change and delete people",
    P.REGISTRATION_READ: "Read registrations with names and addresses",
    P.REGISTRATION_WRITE: "Register people, approve, change and cancel registrations",
    P.MAIL_READ: "Read the outbox, the rules of reminders and who opted out",
    P.MAIL_WRITE: "Change rules of reminders and who opted out, send mail again or take it back",
    P.TEAM_READ: "See who belongs to the team",
    P.TEAM_WRITE: "Change the team and the organisation itself",
}
_READ_PROGRAMME = {P.CONFERENCE_READ, P.PROGRAMME_READ}

ROLE_PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.OWNER: frozenset(Permission),
    Role.ORGANISER: frozenset(Permission) - {P.TEAM_WRITE},
    Role.PROGRAMME: frozenset(_READ_PROGRAMME | {P.PROGRAMME_WRITE, P.PEOPLE_READ, P.PEOPLE_WRITE}),
    Role.REGISTRAR: frozenset(
        _READ_PROGRAMME
        | {P.PEOPLE_READ, P.REGISTRATION_READ, P.REGISTRATION_WRITE, P.MAIL_READ, P.MAIL_WRITE}
    ),
    Role.DOOR: frozenset(_READ_PROGRAMME | {P.REGISTRATION_READ}),
    Role.VIEWER: frozenset(_READ_PROGRAMME),
}


def permissions_of(role: str) -> frozenset[Permission]:
    """Return what a role may do; nothing for a role that is unknown."""
    try:
        return ROLE_PERMISSIONS[Role(role)]
    except ValueError:
        return frozenset()


def roles_with(permission: Permission) -> list[str]:
    """Return the roles that may do this."""
    return [role.value for role, granted in ROLE_PERMISSIONS.items() if permission in granted]
