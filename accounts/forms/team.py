"""Forms of the team, its tokens and the own account."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Account, Membership
from accounts.permissions import SENTENCES
from core.forms import ServiceForm

# What each role is for, as the form says it.
ROLES = {
    Role.OWNER: "Owner: everything, also the team and its tokens",
    Role.ORGANISER: "Organiser: everything but the team",
    Role.PROGRAMME: "Programme: sessions, panels and people",
    Role.REGISTRAR: "Registrar: registrations and mail",
    Role.DOOR: "Door: who is registered, to let them in",
    Role.VIEWER: "Viewer: reads the programme",
}
_EXPIRY = [("30", "In 30 days"), ("90", "In 90 days"), ("365", "In a year"), ("never", "Never")]


class MemberForm(ServiceForm):
    """Who is added, and as what."""

    email = forms.EmailField(label="E-mail", help_text="How to sign in is mailed here.")
    name = forms.CharField(label="Name", required=False, max_length=200)
    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, words) for role, words in ROLES.items()],
        widget=forms.RadioSelect,
        initial=Role.ORGANISER,
    )

    def values(self) -> dict[str, Any]:
        """Return what the service needs."""
        return {name: self.cleaned_data[name] for name in ("email", "name", "role")}


class TokenForm(ServiceForm):
    """A new token: what it may do, and how long."""

    name = forms.CharField(label="Name", max_length=100, help_text="Which program will use it?")
    scopes = forms.MultipleChoiceField(
        label="It may", widget=forms.CheckboxSelectMultiple, choices=()
    )
    expiry = forms.ChoiceField(label="It ends", choices=_EXPIRY, initial="365")

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A token never does more than its maker, so more is not offered.
        offered = [(p.value, words) for p, words in SENTENCES.items() if membership.may(p)]
        self.set_choices("scopes", offered)

    def values(self) -> dict[str, Any]:
        """Return what the service needs."""
        days = self.cleaned_data["expiry"]
        ends = None if days == "never" else timezone.now() + dt.timedelta(days=int(days))
        return {
            "name": self.cleaned_data["name"],
            "scopes": self.cleaned_data["scopes"],
            "expires_at": ends,
        }


class AccountForm(ServiceForm):
    """The own name and language."""

    name = forms.CharField(label="Name", required=False, max_length=200)
    language = forms.ChoiceField(label="Language of mails to you", choices=settings.LANGUAGES)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        initial = {"name": account.name, "language": account.language}
        super().__init__(*args, initial=initial, **kwargs)

    def values(self) -> dict[str, Any]:
        """Return what the service needs."""
        return {name: self.cleaned_data[name] for name in ("name", "language")}
