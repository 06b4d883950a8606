"""Addresses in groups lead where the plain list leads, in fewer steps."""

from __future__ import annotations

import pytest
from django.urls import Resolver404, URLResolver, include, path, re_path
from django.urls.resolvers import RegexPattern

from config.url_groups import in_groups


def views(*names):
    def view(name):
        def answer(request, **kwargs):
            raise NotImplementedError

        answer.__name__ = name
        return answer

    return [view(name) for name in names]


def listed(patterns, before=""):
    """Return every route with its name, in the order in which they are asked."""
    found = []
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += listed(one.url_patterns, route)
        else:
            found.append((route, one.name))
    return found


def resolver(patterns):
    return URLResolver(RegexPattern(r"^/"), patterns)


A, B, C, D, E = views("a", "b", "c", "d", "e")
PLAIN = [
    path("x/<slug:one>/rooms/", A, name="a"),
    path("x/<slug:one>/people/", B, name="b"),
    path("x/new/", C, {"is_new": True}, name="c"),
    path("x/<slug:one>/", D, name="d"),
    path("<slug:one>/<path:rest>/", E, name="e"),
]


def test_the_routes_and_their_order_stay():
    assert listed(in_groups(PLAIN)) == listed(PLAIN)
    nested = [path("x/", include(PLAIN)), re_path("^y/[0-9]?$", A, name="y"), *PLAIN]
    assert listed(in_groups(nested)) == listed(nested)


@pytest.mark.parametrize(
    ("address", "view", "kwargs"),
    [
        ("/x/new/", C, {"is_new": True}),
        ("/x/old/", D, {"one": "old"}),
        ("/x/new/rooms/", A, {"one": "new"}),
        ("/x/new/halls/", E, {"one": "x", "rest": "new/halls"}),
        ("/y/a/b/", E, {"one": "y", "rest": "a/b"}),
    ],
)
def test_what_stands_first_still_wins(address, view, kwargs):
    plain, grouped = (resolver(some).resolve(address) for some in (PLAIN, in_groups(PLAIN)))
    assert (grouped.func, grouped.kwargs) == (view, kwargs)
    assert (grouped.func, grouped.kwargs, grouped.route) == (plain.func, plain.kwargs, plain.route)


def test_an_address_that_leads_nowhere_still_does():
    with pytest.raises(Resolver404):
        resolver(in_groups(PLAIN)).resolve("/nothing")


def test_neighbours_share_one_beginning():
    first, *others = in_groups(PLAIN)
    assert str(first.pattern) == "x/"
    assert [str(one.pattern) for one in others] == ["<slug:one>/<path:rest>/"]
    assert [str(one.pattern) for one in first.url_patterns] == [
        "<slug:one>/rooms/",
        "<slug:one>/people/",
        "new/",
        "<slug:one>/",
    ]


def test_what_has_a_namespace_or_arguments_stays_as_it_is():
    with_namespace = path("x/", include((PLAIN, "app"), namespace="here"))
    with_arguments = path("x/", include(PLAIN), {"is_old": True})
    found = in_groups([with_namespace, with_arguments])
    assert found == [with_namespace, with_arguments]
