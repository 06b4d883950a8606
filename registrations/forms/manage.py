"""What organisers type about registrations and their types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from core.text import LANGUAGES, pick_text
from events.forms.base import LocalTimeField, ServiceForm
from events.models import Conference
from registrations.enums import RegistrationKind
from registrations.models import Registration, RegistrationType
from registrations.services.hold_backs import hold_back_lines
from registrations.services.types import MAX_OFFER_HOURS, own_allotment
from registrations.validators import MAX_EMAIL, MAX_LINE, MAX_NAME, MAX_PARTY

_DETAILS = (
    "honorific",
    "given_name",
    "family_name",
    "email",
    "affiliation",
    "position",
    "phone",
    "language",
)


def _line(label: str, longest: int, *, required: bool = False, help_text: str = "") -> Any:
    widget = forms.TextInput(attrs={"maxlength": longest, "autocomplete": "off"})
    return forms.CharField(label=label, required=required, widget=widget, help_text=help_text)


def _is_named_later(row: Registration) -> bool:
    return not row.email and (row.lead_id is not None or not (row.given_name or row.family_name))


class DetailsForm(ServiceForm):
    """Who somebody is, as an organiser writes it."""

    honorific = _line("Title", 60, help_text="Dr., Her Excellency…")
    given_name = _line("Given name", MAX_NAME, required=True)
    family_name = _line("Family name", MAX_NAME, required=True)
    email = _line("E-mail", MAX_EMAIL, help_text="Without one nothing can be mailed.")
    affiliation = _line("Organisation", MAX_LINE)
    position = _line("Position", MAX_LINE)
    phone = _line("Phone", 40)
    language = forms.ChoiceField(label="Language of letters", choices=list(LANGUAGES.items()))

    def __init__(self, *args: Any, registration: Registration | None = None, **kwargs: Any) -> None:
        if registration is not None:
            initial = {name: getattr(registration, name) for name in _DETAILS}
            kwargs.setdefault("initial", initial | {"version": registration.version})
        super().__init__(*args, **kwargs)
        if registration is not None and registration.person_id is not None:
            self.fields["family_name"].required = False
        if registration is not None and not registration.email:
            contact = registration.booking.contact_email
            if contact:
                self.fields["email"].help_text = f"Without one letters go to {contact}."
        if registration is not None and _is_named_later(registration):
            self.fields["given_name"].required = self.fields["family_name"].required = False

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in _DETAILS}


class EntryForm(DetailsForm):
    """Somebody at the desk, or on the phone."""

    registration_type = forms.ChoiceField(label="Kind of place")
    hold_back = forms.ChoiceField(
        label="From what is kept back",
        required=False,
        help_text="For whom a place is kept: theirs is given. Otherwise a free one is.",
    )

    field_order = ("registration_type",)

    def __init__(
        self, *args: Any, conference: Conference, types: Sequence[RegistrationType], **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"language": conference.first_language})
        super().__init__(*args, **kwargs)
        self.set_choices(
            "registration_type",
            [(one.slug, pick_text(one.name, "en", conference.languages)) for one in types],
        )
        lines = [line for line in hold_back_lines(conference) if line.left]
        self.hold_backs = {line.hold_back.code: line.hold_back for line in lines}
        if not lines:
            del self.fields["hold_back"]
            return
        kept = [
            (one.hold_back.code, f"{one.hold_back.name}: {one.left} of {one.hold_back.allotment}")
            for one in lines
        ]
        self.set_choices("hold_back", [("", "A free place"), *kept])

    def values(self) -> dict[str, Any]:
        return {
            **super().values(),
            "type_slug": self.cleaned_data["registration_type"],
            "hold_back": self.hold_backs.get(self.cleaned_data.get("hold_back", "")),
        }


class CancelForm(ServiceForm):
    """Why an organiser cancels."""

    reason = _line("Why", 500, help_text="Kept here; the guest does not read it.")


class TypeForm(ServiceForm):
    """A kind of place."""

    slug = forms.CharField(
        label="Short name in addresses", max_length=60, help_text="Such as guest or press."
    )
    kind = forms.ChoiceField(choices=RegistrationKind.choices)
    capacity = forms.IntegerField(
        label="Places", required=False, min_value=0, help_text="Leave it empty for no limit."
    )
    waiting_list = forms.BooleanField(label="Has a waiting list when it is full", required=False)
    automatic_offers = forms.BooleanField(
        label="A free place is offered to the next in line by itself", required=False
    )
    offer_hours = forms.IntegerField(
        label="Hours to answer an offer",
        required=False,
        min_value=1,
        max_value=MAX_OFFER_HOURS,
        help_text="After that the place goes to the next. 48 unless you say otherwise.",
    )
    party_max = forms.IntegerField(
        label="How many may come together",
        required=False,
        min_value=1,
        max_value=MAX_PARTY,
        help_text="By one booking, with one contact; names can follow later. 1 is everybody alone.",
    )
    approval = forms.BooleanField(label="An organiser confirms each place", required=False)
    substitutes = forms.BooleanField(
        label="Guests may send somebody else in their place", required=False
    )
    public = forms.BooleanField(label="Guests can choose it on the public form", required=False)
    opens_local = LocalTimeField(label="Opens", required=False)
    closes_local = LocalTimeField(
        label="Closes", required=False, help_text="Without one, at the conference's end."
    )
    allotments = forms.MultipleChoiceField(
        label="Places that it draws from",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Who has a place takes one of each; where there are too few, nothing changes.",
    )

    names = {"opens_at": "opens_local", "closes_at": "closes_local"}
    plain = (
        "slug",
        "kind",
        "capacity",
        "waiting_list",
        "automatic_offers",
        "offer_hours",
        "party_max",
        "approval",
        "substitutes",
        "public",
        "opens_local",
        "closes_local",
    )
    texts = ("name", "description")

    def __init__(
        self,
        *args: Any,
        conference: Conference,
        registration_type: RegistrationType | None = None,
        **kwargs: Any,
    ) -> None:
        self.row = registration_type
        initial: dict[str, Any] = {
            "waiting_list": True,
            "automatic_offers": True,
            "offer_hours": 48,
            "party_max": 1,
            "substitutes": True,
            "public": True,
        }
        if registration_type is not None:
            initial = {n: getattr(registration_type, n) for n in self.plain if n != "capacity"}
            places = own_allotment(registration_type)
            initial["capacity"] = places.capacity if places is not None else None
            initial["version"] = registration_type.version
            for name in self.texts:
                initial |= self.initial_texts(name, getattr(registration_type, name))
        kwargs.setdefault("initial", initial)
        super().__init__(*args, languages=conference.languages, **kwargs)
        self.add_texts("name", "Name", required=True)
        self.add_texts("description", "Who it is for", lines=2)
        self.order_fields(["version", *self.text_fields("name", "description"), *self.plain])
        self.to_share = {one.code: one for one in conference.allotments.all()}
        own = list(registration_type.allotments.all()) if registration_type is not None else []
        if self.to_share.keys() - {one.code for one in own}:
            self.set_choices("allotments", [(c, one.name) for c, one in self.to_share.items()])
            self.initial["allotments"] = [one.code for one in own]
            self.fields["allotments"].required = registration_type is not None
            if registration_type is None:
                field = self.fields["allotments"]
                field.label = "Places that it shares"
                field.help_text = (
                    "Beside its own; tick some and leave Places empty to share only these."
                )
        else:
            del self.fields["allotments"]

    def values(self) -> dict[str, Any]:
        """Return what was typed, by the service's names."""
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in self.plain}
        for name in ("offer_hours", "party_max"):
            if values[name] is None:
                del values[name]
        for name in self.texts:
            values[name] = self.text_values(name, getattr(self.row, name) if self.row else None)
        if "allotments" in self.fields:
            codes = self.cleaned_data["allotments"]
            values["allotments"] = [self.to_share[code] for code in codes]
        return values
