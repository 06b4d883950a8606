"""All addresses of Lectern as the URL resolver knows them, and what each one's app says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.urls import get_resolver

from accounts.routes import PUBLIC, STAFF, Access, needs

APPS = ["core", "accounts", "events", "registrations", "notifications", "console", "config"]
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")


@dataclass(frozen=True)
class Route:
    """One address.

    Arguments:
        name: its URL name, with its namespace.
        pattern: as the resolver holds it, from the root.
        parameters: the names of what stands in it.
        view: the class of an API view, else the function.
    """

    name: str
    pattern: str
    parameters: tuple[str, ...]
    view: Any

    @property
    def is_api(self) -> bool:
        return hasattr(self.view, "schema")

    @property
    def is_staff(self) -> bool:
        return self.name.startswith("admin:")

    def __str__(self) -> str:
        return self.name


@cache
def all_routes() -> tuple[Route, ...]:
    """Return every address, in the resolver's order."""
    return tuple(_walk(get_resolver(), "", ""))


def _walk(resolver, before, namespace):
    for pattern in resolver.url_patterns:
        here = before + str(pattern.pattern).lstrip("^")
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, here, inner)
            continue
        parameters = tuple(a or b for a, b in _PARAMETER.findall(here))
        view = getattr(pattern.callback, "cls", None) or pattern.callback
        yield Route(f"{namespace}{pattern.name}", here, parameters, view)


@cache
def declared() -> dict[str, Access]:
    """Return what the apps say in their routes.py; an address that two apps name is a fault."""
    table: dict[str, Access] = {}
    for app in APPS:
        try:
            routes = import_module(f"{app}.routes").ROUTES
        except ModuleNotFoundError:
            continue
        twice = table.keys() & routes.keys()
        assert not twice, f"two apps speak for {sorted(twice)}"
        table.update(routes)
    return table


def access_of(route: Route) -> Access | None:
    """Return who may use an address; None when nobody has said so."""
    if route.is_staff:
        return STAFF
    if not route.is_api or route.name in declared():
        return declared().get(route.name)
    if getattr(route.view, "public", False):
        return PUBLIC
    read = getattr(route.view, "read_permission", None)
    write = getattr(route.view, "write_permission", None)
    also = getattr(route.view, "also_permissions", ())
    return needs(read, write, also) if read or write else None


def methods_of(route: Route) -> set[str]:
    """Return the methods that an API view serves, without OPTIONS."""
    names = {"get", "post", "put", "patch", "delete"}
    return {name.upper() for name in names if hasattr(route.view, name)}


def pages() -> list[Route]:
    """Return the addresses for people."""
    return [r for r in all_routes() if not r.is_api and not r.is_staff]


def api_routes() -> list[Route]:
    """Return the addresses for programs."""
    return [r for r in all_routes() if r.is_api]
