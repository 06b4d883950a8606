"""Who acts: every service is told, every audit entry keeps it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who does a thing.

    Arguments:
        kind: ``account``, ``token``, ``guest`` (by a capability link), ``anonymous``, ``rule``
            (by the clock), ``system`` (commands, imports, the demo).
        id: the account's or token's id as text; never an address or a name.
        request_id: the request in which it was done, for the log.
    """

    kind: str
    id: str = ""
    request_id: str = ""

    @property
    def name(self) -> str:
        """Return who acts in one short word, as work that is done later keeps it."""
        return self.id if self.kind == "account" else f"{self.kind}:{self.id}"

    @classmethod
    def named(cls, name: str) -> Actor:
        """Return whom `name` means."""
        kind, colon, number = name.partition(":")
        if colon:
            return cls(kind, number)
        return cls("account", name) if name else cls("system")


SYSTEM = Actor("system")
ANONYMOUS = Actor("anonymous")
CLOCK = Actor("rule")
