"""What people change about their own login."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import Account
from accounts.validators import ACCOUNT
from core.actors import Actor
from core.cleaning import clean
from core.services import audit


@transaction.atomic
def change_account(*, account: Account, changes: Mapping[str, Any], actor: Actor) -> Account:
    """Change the name or the language of an account.

    Raises:
        DomainError: ``validation-failed``.
    """
    values = clean(changes, ACCOUNT)
    changed = [name for name, value in values.items() if getattr(account, name) != value]
    if changed:
        for name in changed:
            setattr(account, name, values[name])
        account.save(update_fields=changed)
        audit.record(
            verb="change_account", obj=account, organisation_id=None, actor=actor, changed=changed
        )
    return account
