"""How many of a role each kind of session needs: the usual numbers, or a conference's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from core.actors import Actor
from core.errors import DomainError, invalid
from core.services import audit
from core.services.versions import raise_version
from events import validators as v
from events.conflicts import Need
from events.enums import ParticipationRole, SessionKind
from events.models import Conference, RoleRequirement
from events.services.writing import load_root

MOST: Final = 100
USUAL: Final[Mapping[str, Mapping[str, Need]]] = {
    SessionKind.PANEL.value: {
        ParticipationRole.MODERATOR.value: Need(1, 2),
        ParticipationRole.PANELLIST.value: Need(3, 5),
    },
    SessionKind.KEYNOTE.value: {ParticipationRole.KEYNOTE.value: Need(1, 2)},
    SessionKind.OPENING_REMARKS.value: {ParticipationRole.OPENING_REMARKS.value: Need(1, 4)},
    SessionKind.PRESENTATION.value: {ParticipationRole.PRESENTER.value: Need(1, None)},
    SessionKind.WORKSHOP.value: {ParticipationRole.HOST.value: Need(1, None)},
    SessionKind.DISCUSSION.value: {ParticipationRole.MODERATOR.value: Need(1, 2)},
}
NOTHING: Final = Need(0, None)
CLEANERS: Final[Mapping[str, v.Cleaner]] = {
    "kind": v.choice(SessionKind),
    "role": v.choice(ParticipationRole),
    "minimum": v.whole_number(0, MOST),
    "maximum": v.whole_number(0, MOST, required=False),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """How many of a role a kind of session needs here; `is_usual` unless the conference says so."""

    kind: str
    role: str
    minimum: int
    maximum: int | None
    is_usual: bool

    @property
    def key(self) -> str:
        """Return what names it in addresses: kind and role."""
        return f"{self.kind}-{self.role}"

    @property
    def need(self) -> Need:
        return Need(self.minimum, self.maximum)


def requirements_of(conference: Conference) -> list[Requirement]:
    """Return all that count at a conference, by kind and role in their usual order; one query."""
    found = {
        (kind, role): Requirement(kind, role, need.minimum, need.maximum, is_usual=True)
        for kind, roles in USUAL.items()
        for role, need in roles.items()
    }
    rows = RoleRequirement.objects.filter(conference=conference)
    for kind, role, least, most in rows.values_list("kind", "role", "minimum", "maximum"):
        found[kind, role] = Requirement(kind, role, least, most, is_usual=False)
    kinds, roles = SessionKind.values, ParticipationRole.values
    return sorted(found.values(), key=lambda one: (kinds.index(one.kind), roles.index(one.role)))


def needs_of(conference: Conference) -> dict[str, dict[str, Need]]:
    """Return kind -> role -> how many, for the checks; one query."""
    found: dict[str, dict[str, Need]] = {}
    for one in requirements_of(conference):
        found.setdefault(one.kind, {})[one.role] = one.need
    return found


@transaction.atomic
def set_requirement(
    *,
    conference: Conference,
    kind: str,
    role: str,
    minimum: int,
    maximum: int | None,
    expected: int | None,
    actor: Actor,
) -> Requirement:
    """Say how many of a role a kind of session needs at this conference.

    Arguments:
        maximum: None for no limit; with a minimum of 0 the role is not looked at.
        expected: the conference's version.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    root = load_root(conference, expected)
    found = _put(
        root, {"kind": kind, "role": role, "minimum": minimum, "maximum": maximum}, prefix=""
    )
    _finish("set_requirement", root, expected, actor, {"kind": found.kind, "role": found.role})
    return found


@transaction.atomic
def set_requirements(
    *,
    conference: Conference,
    kind: str,
    needs: Mapping[str, tuple[int, int | None]],
    expected: int | None,
    actor: Actor,
) -> list[Requirement]:
    """Say for these roles at once how many a kind of session needs; what is usual stays so.

    Raises:
        DomainError: ``stale``, ``validation-failed``.
    """
    root = load_root(conference, expected)
    now = {one.role: one.need for one in requirements_of(root) if one.kind == kind}
    changed = []
    for role, (least, most) in needs.items():
        values = {"kind": kind, "role": role, "minimum": least, "maximum": most}
        if now.get(role, NOTHING) != Need(least, most):
            changed.append(_put(root, values, prefix=f"/{role}"))
    if changed:
        _finish("set_requirements", root, expected, actor, {"kind": kind, "count": len(changed)})
    return changed


@transaction.atomic
def reset_requirement(
    *,
    conference: Conference,
    kind: str,
    role: str | None,
    expected: int | None,
    actor: Actor,
) -> None:
    """Go back to the usual number of a role, or (without one) of all roles of a kind.

    Raises:
        DomainError: ``stale``; ``not-found`` when the usual number counts already.
    """
    root = load_root(conference, expected)
    rows = RoleRequirement.objects.filter(conference=root, kind=kind)
    if role is not None:
        rows = rows.filter(role=role)
    if not rows.delete()[0]:
        raise DomainError("not-found", "The usual number counts here already.")
    facts = {"kind": kind, **({} if role is None else {"role": role})}
    _finish("reset_requirement", root, expected, actor, facts)


def _put(root: Conference, given: Mapping[str, Any], prefix: str) -> Requirement:
    values = v.clean(given, CLEANERS, prefix=prefix)
    least, most = values["minimum"], values["maximum"]
    if most is not None and most < least:
        raise invalid(f"{prefix}/maximum", "order", "The most is not below the least.")
    RoleRequirement.objects.update_or_create(
        conference=root,
        kind=values["kind"],
        role=values["role"],
        defaults={"minimum": least, "maximum": most},
    )
    return Requirement(values["kind"], values["role"], least, most, is_usual=False)


def _finish(
    verb: str, root: Conference, expected: int | None, actor: Actor, facts: Mapping[str, Any]
) -> None:
    raise_version(root, expected)
    audit.record(
        verb=verb, obj=root, organisation_id=root.organisation_id, actor=actor, facts=facts
    )
