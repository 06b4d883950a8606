"""Who belongs to an organisation, and as what."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Account, Membership, Organisation
from accounts.services.mails import mail_later
from accounts.validators import MEMBER
from core.actors import Actor
from core.cleaning import clean
from core.counting import count_try
from core.errors import DomainError, FieldError, not_found
from core.services import audit
from core.text import email_key

_AN_HOUR = 3600
# Each addition mails somebody who may never have heard of us.
MOST_AN_HOUR = 50


@transaction.atomic
def add_member(
    *,
    organisation: Organisation,
    email: str,
    role: str,
    actor: Actor,
    name: str = "",
    language: str = "en",
) -> Membership:
    """Make somebody a member and mail them how to sign in, once this is committed.

    An address that is new gets an account without a password: its owner signs in with a mailed
    code. An account that is there already keeps its own name and language.

    Raises:
        DomainError: ``validation-failed``; ``conflict`` for who is a member already; ``throttled``.
    """
    values = clean({"email": email, "role": role, "name": name, "language": language}, MEMBER)
    if settings.THROTTLE and actor.kind == "account":
        tries = count_try(f"add-member:{organisation.pk}", _AN_HOUR)
        if tries.number > MOST_AN_HOUR:
            raise DomainError(
                "throttled",
                f"Only {MOST_AN_HOUR} people can be added in an hour. Go on later.",
                retry_after=tries.seconds_left,
            )
    account = _account_of(values["email"], values["name"], values["language"])
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                organisation=organisation, account=account, role=values["role"]
            )
    except IntegrityError as error:
        detail = "This person is a member already."
        errors = [FieldError("/email", "member", detail)]
        raise DomainError("conflict", detail, errors=errors) from error
    audit.record(
        verb="add_member",
        obj=membership,
        organisation_id=organisation.pk,
        actor=actor,
        facts={"role": values["role"]},
    )
    facts = {"organisation": organisation.name}
    transaction.on_commit(partial(mail_later, "member_added", account.email, facts), robust=True)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: str, actor: Actor) -> Membership:
    """Give a member another role; it counts from the next request on.

    Raises:
        DomainError: ``validation-failed``; ``in-use`` when nobody would own the organisation.
    """
    wanted = clean({"role": role}, MEMBER)["role"]
    row = _locked(membership)
    if row.role == wanted:
        return row
    if row.role == Role.OWNER:
        _refuse_last_owner(row)
    former, row.role = row.role, wanted
    row.save(update_fields=["role", "updated_at"])
    audit.record(
        verb="change_role",
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        changed=["role"],
        facts={"from": former, "to": wanted},
    )
    return row


@transaction.atomic
def remove_member(*, membership: Membership, actor: Actor) -> None:
    """End a membership; the account and the tokens made by it stay.

    Raises:
        DomainError: ``in-use`` when nobody would own the organisation.
    """
    row = _locked(membership)
    if row.role == Role.OWNER:
        _refuse_last_owner(row)
    audit.record(
        verb="remove_member",
        obj=row,
        organisation_id=row.organisation_id,
        actor=actor,
        facts={"role": row.role},
    )
    row.delete()


def _account_of(email: str, name: str, language: str) -> Account:
    key = email_key(email)
    account = Account.objects.filter(email=key).first()
    if account is not None:
        return account
    try:
        with transaction.atomic():
            return Account.objects.create_user(key, None, name=name, language=language)
    except IntegrityError:  # made in this very moment by somebody else
        return Account.objects.get(email=key)


def _locked(membership: Membership) -> Membership:
    """Return the membership as it is now; until the commit nobody else changes who owns what."""
    Organisation.objects.select_for_update(no_key=True).filter(
        pk=membership.organisation_id
    ).first()
    row = Membership.objects.filter(pk=membership.pk).first()
    if row is None:
        raise not_found()
    return row


def _refuse_last_owner(row: Membership) -> None:
    others = Membership.objects.filter(
        organisation_id=row.organisation_id, role=Role.OWNER, account__is_active=True
    ).exclude(pk=row.pk)
    if not others.exists():
        raise DomainError(
            "in-use",
            "Somebody has to own the organisation. Make another member an owner first.",
        )
