"""allauth's forms in our words: a label above, nothing written inside the field."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django.utils.translation import gettext_lazy as _


class _InOurWords:
    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in {"login", "email"}:
                field.label = _("E-mail")
            elif name == "code":
                field.label = _("Code")


class SignInForm(_InOurWords, allauth_forms.LoginForm):  # type: ignore[misc]  # allauth is untyped
    """E-mail and password; the way to a new password stands below the form, once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Keep me signed in on this device")


class AddEmailForm(_InOurWords, allauth_forms.AddEmailForm):  # type: ignore[misc]  # as above
    """Another address of the account."""


class ChangePasswordForm(_InOurWords, allauth_forms.ChangePasswordForm):  # type: ignore[misc]  # as above
    """The old password and the new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""


class SetPasswordForm(_InOurWords, allauth_forms.SetPasswordForm):  # type: ignore[misc]  # as above
    """A first password."""


class ResetPasswordForm(_InOurWords, allauth_forms.ResetPasswordForm):  # type: ignore[misc]  # as above
    """Where the link for a new password goes."""


class ResetPasswordKeyForm(_InOurWords, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]  # as above
    """The new password, twice."""


class ReauthenticateForm(_InOurWords, allauth_forms.ReauthenticateForm):  # type: ignore[misc]  # as above
    """The password once more."""


class RequestLoginCodeForm(_InOurWords, allauth_forms.RequestLoginCodeForm):  # type: ignore[misc]  # as above
    """Where the code for one sign-in goes."""


class ConfirmLoginCodeForm(_InOurWords, allauth_forms.ConfirmLoginCodeForm):  # type: ignore[misc]  # as above
    """The code that came by mail."""
