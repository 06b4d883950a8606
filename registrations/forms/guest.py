"""What guests type. The rules stand in registrations.validators, which the services use too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy, deepcopy
from typing import TYPE_CHECKING, Any, Self

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.cleaning import Cleaner, Wrong
from core.errors import DomainError
from core.text import LANGUAGES
from events import dates
from events.languages import Reader
from registrations.forms.asked_questions import QuestionsForm
from registrations.forms.once import OnceForm
from registrations.forms.party import PartyFields
from registrations.forms.sessions import SessionsField
from registrations.mail_domains import suggest_address
from registrations.models import Registration
from registrations.services.answer_cleaning import WrongAnswersError
from registrations.services.answers import AnswersPart, answers_part
from registrations.services.parts import Part
from registrations.services.type_states import TypeOffer
from registrations.validators import (
    COMPANION_DETAILS,
    MAX_EMAIL,
    MAX_LINE,
    MAX_NAME,
    PUBLIC_DETAILS,
    email,
)

if TYPE_CHECKING:
    from django.http import QueryDict


def _text(label: Any, autofill: str, longest: int, *, required: bool = True) -> forms.CharField:
    attrs = {"autocomplete": autofill, "maxlength": longest}
    # Longer texts are refused by the service with a sentence; the browser only stops typing.
    return forms.CharField(label=label, required=required, widget=forms.TextInput(attrs=attrs))


class TypeCards(forms.RadioSelect):
    """Kinds of place as cards, each with what can be said of it now."""

    option_template_name = "registrations/public/type_card.html"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "cards"})
        self.offers: Mapping[str, Any] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        offer = self.offers.get(str(value))
        option["offer"] = offer
        if offer is not None and not offer.takes_registrations:
            option["attrs"]["disabled"] = True
        return option


class DetailsForm(QuestionsForm):
    """Who somebody is, and what the conference asks besides."""

    given_name = _text(_("Given name"), "given-name", MAX_NAME)
    family_name = _text(_("Family name"), "family-name", MAX_NAME)
    email = forms.CharField(
        label=_("E-mail"),
        help_text=_("The confirmation and your ticket go there."),
        widget=forms.EmailInput(
            attrs={"autocomplete": "email", "maxlength": MAX_EMAIL, "spellcheck": "false"}
        ),
    )
    affiliation = _text(_("Organisation"), "organization", MAX_LINE, required=False)
    position = _text(_("Position"), "organization-title", MAX_LINE, required=False)
    language = forms.ChoiceField(label=_("Language of our letters"), choices=())

    cleaners: Mapping[str, Cleaner] = PUBLIC_DETAILS

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        tags = dict.fromkeys([*reader.languages, *LANGUAGES])
        field = self.fields["language"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(tag, LANGUAGES[tag]) for tag in tags]
        field.initial = reader.tag

    def clean(self) -> dict[str, Any]:
        values = dict(super().clean() or {})
        for name, cleaner in self.cleaners.items():
            if name not in values:
                continue
            try:
                values[name] = cleaner(values[name])
            except Wrong as wrong:
                self.add_error(name, wrong.detail)
        return values

    def refuse(self, refusal: DomainError) -> None:
        """Say a service's refusal beside the fields that it is about."""
        if refusal.errors and refusal.errors[0].pointer.startswith(("/answers", "/consents")):
            self.say_wrong(refusal)
            return
        for error in refusal.errors:
            name = self.field_at(error.pointer)
            self.add_error(name if name in self.fields else None, error.detail)
        if not refusal.errors:
            self.add_error(None, refusal.detail)

    def field_at(self, pointer: str) -> str:
        """Return the name of the field that an error is about."""
        return pointer.strip("/").split("/")[0]


class GuestForm(OnceForm, PartyFields, DetailsForm):
    """The public form. It never loses what was typed, and pressing twice is pressing once."""

    registration_type = forms.CharField(
        label=_("Kind of place"),
        widget=TypeCards(),
        error_messages={"required": _("Choose a kind of place.")},
    )
    access_code = forms.CharField(
        label=_("Code"),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "maxlength": 40, "spellcheck": "false"}
        ),
    )
    sessions = SessionsField()
    # Whoever fills this in is a program: people do not see it.
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    # The address that was shown once as perhaps mistyped and that the guest says is right.
    checked_email = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"})
    )

    field_order = (
        "registration_type",
        "given_name",
        "family_name",
        "email",
        "affiliation",
        "position",
        "language",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin()

    def sent(self, data: QueryDict) -> Self:
        """Return this empty form as somebody filled it in.

        It is read with the fields of the empty one, which stay as they are and serve all who send
        it: making them takes longer than reading them. Who shows it makes them its own first.
        """
        form = copy(self)
        form.data, form.is_bound, form.fields = data, True, dict(self.fields)
        # Django's own: nothing was read yet.
        vars(form).update(_errors=None, _bound_fields_cache={})
        form.files_here, form.file_errors, form.named = {}, {}, []
        form.begin()
        return form

    def have_own_fields(self) -> None:
        """Take copies of the fields, so that they can be changed for this form alone."""
        self.fields = deepcopy(self.fields)
        self._bound_fields_cache.clear()  # type: ignore[attr-defined]  # Django's

    def begin(self) -> None:
        """Read what was sent besides the fields' values."""
        self.suggestion: str | None = None
        self.part: AnswersPart | None = None
        self.begin_party()
        if self.data.get("use_email"):
            self._say("email", str(self.data["use_email"]))

    def offer(self, offers: Sequence[TypeOffer], reader: Reader) -> None:
        """Say what can be had now: a card each, or a hidden value when there is only one."""
        self.offer_party(offers, reader)
        field = self.fields["registration_type"]
        cards = {one.type.slug: TypeCard(one, reader) for one in offers}
        if len(cards) == 1:
            field.widget = forms.HiddenInput()
            field.initial = next(iter(cards))
            # A code may open another kind than the one that was shown before.
            if self.is_bound and self.data.get("registration_type") not in cards:
                self._say("registration_type", str(field.initial))
            return
        field.widget = widget = TypeCards()
        widget.choices = [(slug, card.name) for slug, card in cards.items()]
        widget.offers = cards
        can_be_had = [slug for slug, card in cards.items() if card.takes_registrations]
        # Organisers put the usual kind first.
        field.initial = next(iter(can_be_had), None)

    def ask_of(self, offers: Sequence[TypeOffer]) -> None:
        """Ask only what is asked of somebody here, and say of whom where that is not all."""
        names = {one.type.slug: self.reader.text(one.type.name) for one in offers}
        for ask in self.form_definition.asks:
            if ask.types.isdisjoint(names) and ask.types:
                self.leave_out(ask)
        self.rule_for(names)

    def only_shown(self) -> None:
        """Show what was typed, without saying what is missing still: only the code was sent."""
        self._errors = ErrorDict()
        self.cleaned_data = {}

    def clean_website(self) -> str:
        value: str = self.cleaned_data["website"]
        if value:
            raise forms.ValidationError(_("Leave this field empty; it catches programs."))
        return value

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        address = values.get("email")
        if address and "email" not in self.errors and address != values.get("checked_email"):
            self.suggestion = suggest_address(address)
        if self.suggestion:
            self._say("checked_email", str(address))
            sentence = gettext("Did you mean %(meant)s? If %(typed)s is right, register once more.")
            self.add_error("email", sentence % {"meant": self.suggestion, "typed": address})
        if self.form_definition and values.get("registration_type"):
            self._read_answers(str(values["registration_type"]))
        return values

    def _read_answers(self, type_slug: str) -> None:
        self.say_file_errors(type_slug)
        try:
            self.part = answers_part(
                self.form_definition,
                type_slug,
                answers=self.raw_answers(type_slug),
                consents=self.raw_consents(type_slug),
                reader=self.reader,
            )
        except WrongAnswersError as refusal:
            self.say_wrong(refusal)

    def details(self) -> dict[str, Any]:
        """Return the details of register_guest()."""
        values = self.cleaned_data
        return {
            "type_slug": values["registration_type"],
            "access_code": values["access_code"],
            "sessions": values.get("sessions", []),
            **{name: values[name] for name in PUBLIC_DETAILS if name in values},
            **self.party_details(),
        }

    def parts(self) -> list[Part]:
        """Return what comes along with the registration."""
        return [self.part] if self.part else []

    def key_and_body(self) -> tuple[str | None, bytes]:
        """Return the key of this very request and what it says."""
        return self.key_of(self.details() | (self.part.cleaned.said if self.part else {}))


class TypeCard:
    """A kind of place as its card shows it."""

    def __init__(self, offer: TypeOffer, reader: Reader) -> None:
        self.offer = offer
        self.name = reader.text(offer.type.name)
        self.description = reader.text(offer.type.description)
        self.state = offer.state.value
        self.takes_registrations = offer.takes_registrations
        self.places_left = offer.places_left
        self.approval = offer.type.approval and not offer.approved
        self.opens_local = offer.type.opens_local
        opens = offer.type.opens_local
        self.opening_day = dates.say_date(opens, reader.tag) if opens else ""


class ChangeForm(DetailsForm):
    """A guest changes who they are."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def let_lack(self, row: Registration) -> None:
        """Ask neither for an address nor for names where mail goes to the booking's contact."""
        if not row.email:
            self.cleaners = COMPANION_DETAILS
            for name in ("given_name", "family_name", "email"):
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        self.say_file_errors()
        return values

    def details(self) -> dict[str, Any]:
        """Return the changes for change_registration()."""
        values = self.cleaned_data
        return {name: values[name] for name in self.cleaners if name in values}


class LinkForm(forms.Form):
    """Where somebody wants their link to go."""

    email = forms.CharField(
        label=_("E-mail"),
        help_text=_("The address with which you registered."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "maxlength": MAX_EMAIL}),
    )

    def clean_email(self) -> str:
        try:
            return str(email()(self.cleaned_data["email"]))
        except Wrong as wrong:
            raise forms.ValidationError(wrong.detail) from wrong
