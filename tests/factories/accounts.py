"""Accounts, organisations and members with readable defaults; no surprises."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory, Password

from accounts.enums import Role
from accounts.models import Account, Membership, Organisation

PASSWORD = "a long enough password"


class AccountFactory(DjangoModelFactory):
    class Meta:
        model = Account

    email = factory.Sequence(lambda n: f"member{n}@example.org")
    name = factory.Sequence(lambda n: f"Member {n}")
    password = Password(PASSWORD)


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"institute-{n}")
    name = factory.Sequence(lambda n: f"Institute {n}")
    city = "Belgrade"
    country = "RS"
    time_zone = "Europe/Belgrade"
    languages = factory.LazyFunction(lambda: ["en", "sr-Latn"])
    contact_email = "office@example.org"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    organisation = factory.SubFactory(OrganisationFactory)
    account = factory.SubFactory(AccountFactory)
    role = Role.OWNER
