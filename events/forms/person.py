"""What organisers type about people."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Organisation
from core.text import LANGUAGES
from events.forms.base import ServiceForm
from events.models import Person
from events.services.tags import read_tags, tags_as_typed


class PersonForm(ServiceForm):
    """All that is kept of a person."""

    honorific = forms.CharField(required=False, max_length=60, help_text="Prof. Dr., H.E.")
    given_name = forms.CharField(max_length=120)
    family_name = forms.CharField(required=False, max_length=120)
    cyrillic_given_name = forms.CharField(
        label="Given name in Cyrillic", required=False, max_length=120
    )
    cyrillic_family_name = forms.CharField(
        label="Family name in Cyrillic", required=False, max_length=120
    )
    pronunciation = forms.CharField(
        required=False, max_length=200, help_text="As the moderator should say the name."
    )
    position = forms.CharField(required=False, max_length=200)
    affiliation = forms.CharField(required=False, max_length=200)
    email = forms.CharField(label="E-mail", required=False, max_length=254, widget=forms.EmailInput)
    phone = forms.CharField(required=False, max_length=40)
    language = forms.ChoiceField(
        required=False, choices=[("", "Not known"), *LANGUAGES.items()], label="Writes and reads in"
    )
    tags = forms.CharField(
        required=False, help_text="Words with commas between them: diplomat, VIP, press."
    )
    no_photo = forms.BooleanField(
        required=False,
        label="Wishes no picture",
        help_text="Nobody takes one of them, and no page shows one.",
    )
    source = forms.CharField(
        required=False, max_length=200, help_text="From where you know the address."
    )
    basis = forms.CharField(
        label="Basis for keeping it",
        required=False,
        max_length=200,
        help_text="Consent, contract, legitimate interest.",
    )
    notes = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))

    names = {"names_by_script": "cyrillic_given_name"}
    plain = (
        *("honorific", "given_name", "family_name", "pronunciation", "position", "affiliation"),
        *("email", "phone", "language", "no_photo", "source", "basis", "notes"),
    )

    def __init__(
        self, *args: Any, organisation: Organisation, person: Person | None = None, **kwargs: Any
    ) -> None:
        self.person = person
        if person is not None:
            kwargs.setdefault("initial", _initial(person))
        super().__init__(*args, languages=organisation.languages or ["en"], **kwargs)
        self.add_texts("salutation", "Salutation", help_text="As a letter to them begins.")
        self.add_texts("bio", "Who they are, in a few sentences", lines=4)
        self.add_texts("photo_alt", "What their photo shows")

    def changes(self) -> dict[str, Any]:
        """Return what was typed, by the service's names."""
        data = self.cleaned_data
        kept = self.person
        scripts = dict(kept.names_by_script) if kept else {}
        scripts["Cyrl"] = {
            "given_name": data["cyrillic_given_name"],
            "family_name": data["cyrillic_family_name"],
        }
        return {
            **{name: data[name] for name in self.plain},
            "names_by_script": scripts,
            "salutation": self.text_values("salutation", kept.salutation if kept else None),
            "bio": self.text_values("bio", kept.bio if kept else None),
            "photo_alt": self.text_values("photo_alt", kept.photo_alt if kept else None),
            "tags": read_tags(data["tags"]),
        }


def _initial(person: Person) -> dict[str, Any]:
    cyrillic = person.names_by_script.get("Cyrl", {})
    return {
        **{name: getattr(person, name) for name in PersonForm.plain},
        **PersonForm.initial_texts("salutation", person.salutation),
        **PersonForm.initial_texts("bio", person.bio),
        **PersonForm.initial_texts("photo_alt", person.photo_alt),
        "version": person.version,
        "cyrillic_given_name": cyrillic.get("given_name", ""),
        "cyrillic_family_name": cyrillic.get("family_name", ""),
        "tags": tags_as_typed(person.tags.all()),
    }
