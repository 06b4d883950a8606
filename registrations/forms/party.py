"""Who comes along, on the guests' form and on the personal page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.cleaning import Cleaner, Wrong
from core.errors import DomainError
from events.languages import Reader
from registrations.forms.once import OnceForm
from registrations.services.type_states import TypeOffer
from registrations.validators import COMPANION_DETAILS, MAX_EMAIL, MAX_NAME, MAX_PARTY

# So many can be named at once; the others follow on the personal page.
MOST_NAMED: Final = 5
_NAMES: Final = ("given_name", "family_name", "email")


def _name(label: Any) -> forms.CharField:
    attrs = {"autocomplete": "off", "maxlength": MAX_NAME}
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs=attrs))


def _address() -> forms.CharField:
    attrs = {"autocomplete": "off", "maxlength": MAX_EMAIL, "spellcheck": "false"}
    return forms.CharField(
        label=_("Own e-mail"), required=False, widget=forms.EmailInput(attrs=attrs)
    )


class PartyFields(forms.Form):
    """What the guests' form asks of who brings others: only where a kind of place takes several."""

    # The kinds of place that take several: in one attribute, for the page's script.
    party_types = ""
    party_is_for_some = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named: list[int] = []
        self.begin_party()

    def begin_party(self) -> None:
        """Have fields for those who come along, where some were sent."""
        if self.is_bound and "party" in self.data:
            self._add(MOST_NAMED)

    def offer_party(self, offers: Sequence[TypeOffer], reader: Reader) -> None:
        """Ask who comes along, where one of these kinds of place takes several."""
        takes = {one.type.slug: one.type.party_max for one in offers if one.type.party_max > 1}
        if not takes:
            self._take_out()
            return
        self.party_types = " ".join(takes)
        self.party_is_for_some = len(takes) < len(offers)
        self._add(min(max(takes.values()) - 1, MOST_NAMED))
        # What Django has made of it when it read the form says nothing of the limit yet.
        bound: dict[str, Any] = self._bound_fields_cache  # type: ignore[attr-defined]  # Django's
        bound.pop("party", None)
        field = self.fields["party"]
        field.widget.attrs["max"] = max(takes.values())
        names = {one.type.slug: reader.text(one.type.name) for one in offers}
        if len(offers) == 1:
            (most,) = takes.values()
            field.help_text = gettext("At most %(most)d.") % {"most": most}
        else:
            field.help_text = gettext("At most: %(kinds)s.") % {
                "kinds": ", ".join(f"{names[slug]} {most}" for slug, most in takes.items())
            }

    def _add(self, rows: int) -> None:
        if "party" not in self.fields:
            self.fields["party"] = forms.IntegerField(
                label=_("How many people come altogether?"),
                required=False,
                min_value=1,
                max_value=MAX_PARTY,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
            self.fields["contact_only"] = forms.BooleanField(
                label=_("I register others and do not come myself"),
                required=False,
                help_text=_("Then your name and address are for letters only, and take no place."),
            )
        for number in range(MOST_NAMED):
            names = _names_of(number)
            if number >= rows:
                for name in names:
                    self.fields.pop(name, None)
            elif names[0] not in self.fields:
                fields = (_name(_("Given name")), _name(_("Family name")), _address())
                self.fields.update(zip(names, fields, strict=True))

    def _take_out(self) -> None:
        for name in self._mine():
            del self.fields[name]

    def _mine(self) -> list[str]:
        own = {"party", "contact_only"}
        return [name for name in self.fields if name in own or name.startswith("w-")]

    @property
    def companions(self) -> list[list[forms.BoundField]]:
        """The rows for names."""
        rows = (_names_of(number) for number in range(MOST_NAMED))
        return [[self[name] for name in names] for names in rows if names[0] in self.fields]

    @property
    def names_are_open(self) -> bool:
        """Whether somebody is named."""
        named = (name for name in self._mine() if name.startswith("w-"))
        return any(self[name].value() or name in self.errors for name in named)

    @property
    def party_is_open(self) -> bool:
        """Whether somebody has written something there."""
        mine = self._mine()
        return any(self[name].value() or name in self.errors for name in mine)

    def clean(self) -> dict[str, Any]:
        values = dict(super().clean() or {})
        if "party" not in self.fields:
            return values
        for number in range(MOST_NAMED):
            for field, name in zip(_names_of(number), _NAMES, strict=True):
                clean_one(self, values, field, COMPANION_DETAILS[name])
        return values

    def party_details(self) -> dict[str, Any]:
        """Return what `read_party` asks for; nothing for who comes alone."""
        values = self.cleaned_data
        if "party" not in self.fields:
            return {}
        rows = {
            number: {n: values.get(f, "") for f, n in zip(_names_of(number), _NAMES, strict=True)}
            for number in range(MOST_NAMED)
        }
        named = {number: row for number, row in rows.items() if any(row.values())}
        self.named = list(named)
        party, contact_only = values.get("party"), bool(values.get("contact_only"))
        if party in {None, 1} and not named and not contact_only:
            return {}
        return {"party": party, "companions": list(named.values()), "contact_only": contact_only}

    def field_at(self, pointer: str) -> str:
        """Return the name of the field that an error of `read_party` is about."""
        first, *rest = pointer.strip("/").split("/")
        if first == "companions" and len(rest) == 2 and rest[0].isdigit():  # noqa: PLR2004 - /0/email
            return f"w-{self.named[int(rest[0])]}-{rest[1]}"
        return first


def _names_of(number: int) -> tuple[str, ...]:
    return tuple(f"w-{number}-{name}" for name in _NAMES)


def clean_one(form: forms.Form, values: dict[str, Any], field: str, cleaner: Cleaner) -> None:
    """Put the cleaned value of a field into `values`, or an error beside it."""
    if field not in values:
        return
    try:
        values[field] = cleaner(values[field])
    except Wrong as wrong:
        form.add_error(field, wrong.detail)


class CompanionForm(OnceForm):
    """One who comes along, named, changed or brought by who leads the party."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    given_name = _name(_("Given name"))
    family_name = _name(_("Family name"))
    email = _address()
    cleaners: Mapping[str, Cleaner] = {name: COMPANION_DETAILS[name] for name in _NAMES}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _(
            "With an address of their own they get their letters and their link themselves."
        )

    def clean(self) -> dict[str, Any]:
        values = dict(super().clean() or {})
        for name, cleaner in self.cleaners.items():
            clean_one(self, values, name, cleaner)
        return values

    def details(self) -> dict[str, str]:
        """Return the changes for change_registration(), or the details for add_companion()."""
        return {name: self.cleaned_data.get(name, "") for name in _NAMES}

    def refuse(self, refusal: DomainError) -> None:
        """Say a service's refusal beside the fields that it is about."""
        for error in refusal.errors:
            name = error.pointer.strip("/")
            self.add_error(name if name in self.fields else None, error.detail)
        if not refusal.errors:
            self.add_error(None, refusal.detail)
