"""Slips of the finger in the domains of large mail providers: "gmial.com" for "gmail.com"."""

from __future__ import annotations

from typing import Final

_PROVIDERS: Final = (
    "gmail.com",
    "hotmail.com",
    "outlook.com",
    "yahoo.com",
    "icloud.com",
    "protonmail.com",
    "proton.me",
    "googlemail.com",
    "yandex.ru",
    "rambler.ru",
    "eunet.rs",
)
# Real ones that lie one slip away from those above.
_REAL: Final = frozenset(
    {*_PROVIDERS, "mail.com", "ymail.com", "email.com", "gmail.de", "yahoo.co"}
)


def suggest_address(email: str) -> str | None:
    """Return the address that was probably meant; None when nothing looks wrong."""
    local, at, domain = email.rpartition("@")
    domain = domain.lower()
    if not at or domain in _REAL:
        return None
    for provider in _PROVIDERS:
        if is_one_slip(domain, provider):
            return f"{local}@{provider}"
    return None


def is_one_slip(typed: str, meant: str) -> bool:
    """Tell whether one letter is missing, added, wrong, or swapped with its neighbour."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    a, b = typed[start:], meant[start:]
    swapped = a[:2] == b[1::-1] and a[2:] == b[2:] if len(a) > 1 and len(b) > 1 else False
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]
