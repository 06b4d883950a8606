"""How the sign-in library behaves here: nobody signs up, nothing tells which addresses exist."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Account
from accounts.services.mails import mail_later
from core.counting import client_of, count_try
from core.text import email_key

# Wrong passwords for one account from anywhere; each address is cut off far earlier.
WRONG_IN_A_QUARTER = 100
_QUARTER = 900
_CHANGED = {"password_changed", "password_reset", "password_set"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an owner who adds a member, never by a form open to everybody."""
        del request
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand the mail over with the few facts that its text needs; the page does not wait."""
        kind = template_prefix.rpartition("/")[2]
        facts = {"code": context.get("code"), "path": context.get("password_reset_url")}
        mail_later("password_changed" if kind in _CHANGED else kind, email, facts)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the owner of an account; the address is always the one that we keep."""
        del email
        if isinstance(user, Account):
            self.send_mail(template_prefix, user.email, context or {})

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the path only: the host comes from BASE_URL, never from the request."""
        name = "account_reset_password_from_key"
        path = reverse(name, kwargs={"uidb36": "UID", "key": "KEY"})
        return path.replace("UID-KEY", quote(key))

    def is_safe_url(self, url: str | None) -> bool:
        """Tell whether `next` leads to a path of ours; addresses with a host never do."""
        return bool(url) and str(url).startswith("/") and url_has_allowed_host_and_scheme(url, None)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_of(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # By address and account together: who guesses can not lock the owner out.
        return f"{client_of(request)}:{email_key(credentials.get('email', ''))}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse before the password is looked at when there were too many wrong ones lately."""
        super().pre_authenticate(request, **credentials)
        if settings.THROTTLE:
            tries = count_try(f"sign-in:{email_key(credentials.get('email', ''))}", _QUARTER)
            if tries.number > WRONG_IN_A_QUARTER:
                raise self.validation_error("too_many_login_attempts")
