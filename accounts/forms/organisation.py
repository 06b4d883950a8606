"""The form of an organisation."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Organisation
from core.clock import zone_names
from core.forms import ServiceForm
from core.text import LANGUAGES

_PLAIN = ("name", "short_name", "slug", "city", "country", "time_zone", "website",
          "contact_email", "contact_phone", "accent")  # fmt: skip
_TEXTS = ("about", "imprint")


class OrganisationForm(ServiceForm):
    """What everybody reads about the organisation, and how its conferences begin."""

    name = forms.CharField(label="Name", max_length=200)
    short_name = forms.CharField(
        label="Short name", max_length=60, required=False, help_text="Where there is little room."
    )
    slug = forms.CharField(
        label="Address",
        max_length=60,
        help_text="The first part of all addresses. Links to the former one go on working.",
    )
    city = forms.CharField(label="City", max_length=100, required=False)
    country = forms.CharField(
        label="Country", max_length=2, required=False, help_text="Two letters, such as RS."
    )
    time_zone = forms.ChoiceField(label="Time zone of new conferences")
    languages = forms.MultipleChoiceField(  # type: ignore[assignment]  # Django takes it off the class
        label="Languages",
        choices=list(LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    website = forms.CharField(label="Website", required=False, max_length=500)
    contact_email = forms.EmailField(label="E-mail for questions", required=False)
    contact_phone = forms.CharField(label="Phone", max_length=40, required=False)
    accent = forms.CharField(
        label="Colour",
        max_length=7,
        required=False,
        help_text="Of links and buttons on public pages, as #0b5d5e. Without one it is Lectern's.",
        widget=forms.TextInput(attrs={"class": "short", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        self.organisation = organisation
        initial = {name: getattr(organisation, name) for name in (*_PLAIN, "languages")}
        for name in _TEXTS:
            initial |= self.initial_texts(name, getattr(organisation, name))
        initial["version"] = organisation.version
        languages = organisation.languages or ["en"]
        super().__init__(*args, initial=initial, languages=languages, **kwargs)
        zones = [(zone, zone.replace("_", " ")) for zone in sorted(zone_names())]
        self.set_choices("time_zone", zones)
        self.add_texts("about", "About", lines=6)
        self.add_texts("imprint", "Imprint", lines=6, help_text="Who answers for these pages.")

    def facts(self) -> list[forms.BoundField]:
        """Return the fields of the page's first part: who they are."""
        return self.first_fields([name for name in _PLAIN if name != "accent"] + ["languages"])

    def words(self) -> list[forms.BoundField]:
        """Return the fields of what they say of themselves, in the first language."""
        return self.first_fields(self.text_fields(*_TEXTS))

    def values(self) -> dict[str, Any]:
        """Return what the service needs; the first language stays first where it stays at all."""
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in _PLAIN}
        chosen = self.cleaned_data["languages"]
        kept = [tag for tag in self.organisation.languages if tag in chosen]
        values["languages"] = kept + [tag for tag in chosen if tag not in kept]
        for name in _TEXTS:
            values[name] = self.text_values(name, getattr(self.organisation, name))
        return values


class LogoForm(ServiceForm):
    """A picture that stands beside the organisation's name."""

    names = {"file": "logo"}

    logo = forms.FileField(
        label="Picture",
        help_text="A PNG, JPEG or WebP picture, up to 10 MB. It is shown 40 pixels high.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
