"""The demo's organisation, its logins and its token."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import Account, Organisation
from accounts.permissions import Permission
from accounts.services.members import add_member
from accounts.services.organisations import create_organisation
from accounts.services.tokens import create_api_token
from core.actors import SYSTEM


def make_organisation(data: dict[str, Any], password: str) -> Organisation:
    """Make the organisation and a member for each role; all sign in with the same password."""
    accounts = [
        (row["role"], Account.objects.create_user(row["email"], password, name=row["name"]))
        for row in data["accounts"]
    ]
    (_role, owner), *others = accounts
    organisation = create_organisation(owner=owner, actor=SYSTEM, **data["organisation"])
    for role, account in others:
        add_member(organisation=organisation, email=account.email, role=role, actor=SYSTEM)
    return organisation


def new_password() -> str:
    """Return a password that can be read aloud and guessed by nobody."""
    return "-".join(secrets.token_hex(3) for _ in range(3))


def make_token(organisation: Organisation) -> str:
    """Make a token that may do everything."""
    _row, text = create_api_token(
        organisation=organisation, name="Demo", scopes=list(Permission), actor=SYSTEM
    )
    return text


def write_facts(facts: dict[str, str]) -> Path:
    """Write $LECTERN_HOME/demo.json, which nobody but its owner can read."""
    home = Path(settings.LECTERN_HOME)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / "demo.json"
    draft = home / f".demo-{os.getpid()}.json"
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(facts, file, indent=2)
        file.write("\n")
    draft.replace(path)
    return path
