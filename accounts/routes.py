"""Who may use which address: the words of the one table of routes and roles.

Each app says it for its own pages in `<app>/routes.py` as `ROUTES: dict[str, Access]`, URL name by
URL name. API views say it themselves: `read_permission` and `write_permission`, or `public = True`.
tests/test_routes.py walks the URL resolver and the OpenAPI file; a route without a word fails it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from accounts.permissions import Permission


@dataclass(frozen=True, slots=True)
class Access:
    """What a route asks for.

    Arguments:
        kind: ``public`` (anybody), ``signed-in`` (any account, its own things), ``capability``
            (whoever holds the link), ``demo`` (any account, only on an installation with the demo),
            ``staff`` (support staff), ``loopback`` (this machine, or a token of the operator),
            ``permission`` (a member's role).
        read: the permission for GET and HEAD.
        write: the permission for POST; None when the page takes none.
        also: what it takes besides, for either: a page about more than one kind of thing.
    """

    kind: str
    read: Permission | None = None
    write: Permission | None = None
    also: tuple[Permission, ...] = ()


PUBLIC: Final = Access("public")
SIGNED_IN: Final = Access("signed-in")
CAPABILITY: Final = Access("capability")
DEMO: Final = Access("demo")
STAFF: Final = Access("staff")
LOOPBACK: Final = Access("loopback")


def needs(
    read: Permission, write: Permission | None = None, also: tuple[Permission, ...] = ()
) -> Access:
    """Return the access of a console page: `read` to see it, `write` to post to it.

    A page that only takes POST names the same permission twice.
    """
    return Access("permission", read, write, also)


_TEAM = needs(Permission.TEAM_READ, Permission.TEAM_WRITE)
_TEAM_WRITE = needs(Permission.TEAM_WRITE, Permission.TEAM_WRITE)

# The pages of accounts, and those of core, which knows no permissions.
ROUTES: Final[dict[str, Access]] = {
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "metrics": LOOPBACK,
    "robots": PUBLIC,
    "security-txt": PUBLIC,
    "problem": PUBLIC,
    "colours": PUBLIC,
    # A public file is for everybody, a private one for members: the view asks.
    "file": PUBLIC,
    "file-by-name": PUBLIC,
    "account_login": PUBLIC,
    "account_request_login_code": PUBLIC,
    "account_confirm_login_code": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_signup": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": CAPABILITY,
    "account_reset_password_from_key_done": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "manage-account": SIGNED_IN,
    "manage-organisation-settings": _TEAM,
    "manage-organisation-logo": _TEAM_WRITE,
    "manage-organisation-colour": needs(Permission.TEAM_READ),
    "manage-team": _TEAM,
    "manage-member": _TEAM_WRITE,
    "manage-member-remove": _TEAM_WRITE,
    "manage-tokens": _TEAM,
    "manage-token-revoke": _TEAM_WRITE,
}
