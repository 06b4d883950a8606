"""Who comes in a guest's place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registrations.forms.guest import DetailsForm
from registrations.mail_domains import suggest_address


class SubstituteForm(DetailsForm):
    """Somebody else's details: nothing of the reader's own is filled in by the browser."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # The address that was shown once as perhaps mistyped and that the guest says is right.
    checked_email = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("The ticket and the link go there, to nobody else.")
        for field in self.visible_fields():
            field.field.widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        address = values.get("email")
        if address and "email" not in self.errors and address != values.get("checked_email"):
            meant = suggest_address(address)
            if meant:
                self._say("checked_email", str(address))
                sentence = gettext("Did you mean %(meant)s? If %(typed)s is right, send it again.")
                self.add_error("email", sentence % {"meant": meant, "typed": address})
        return values

    def details(self) -> dict[str, Any]:
        """Return the arguments of substitute()."""
        values = self.cleaned_data
        return {name: values[name] for name in self.cleaners if name in values}
