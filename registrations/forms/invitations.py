"""What organisers type about invited guests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.utils.html import escape

from accounts.models import Account
from core.tables.encodings import ENCODINGS
from core.tables.reading import DELIMITERS
from core.text import LANGUAGES, pick_text, search_key
from events.forms.base import LocalTimeField, ServiceForm
from events.models import Conference
from registrations.enums import RECORDED_VIA, InvitationResponse
from registrations.models import Invitation, RegistrationType


def members_of(conference: Conference) -> list[Account]:
    """Return who can look after guests: the members of the team, by name; one query."""
    rows = Account.objects.filter(memberships__organisation=conference.organisation_id)
    return sorted(rows, key=lambda one: (search_key(one.get_full_name()), one.pk))


def _owners(members: Sequence[Account]) -> list[tuple[str, str]]:
    return [("", "Nobody"), *((str(one.pk), one.name or one.email) for one in members)]


def _owner(form: ServiceForm, members: Sequence[Account]) -> Account | None:
    chosen = form.cleaned_data["owner"]
    return next((one for one in members if str(one.pk) == chosen), None)


def _kinds(conference: Conference, types: Sequence[RegistrationType]) -> list[tuple[str, str]]:
    return [(one.slug, pick_text(one.name, "en", conference.languages)) for one in types]


def _line(label: str, longest: int = 200, *, help_text: str = "") -> Any:
    widget = forms.TextInput(attrs={"maxlength": longest, "autocomplete": "off"})
    return forms.CharField(label=label, required=False, widget=widget, help_text=help_text)


class InvitationForm(ServiceForm):
    """What an organiser says about one invitation; the answer has a form of its own."""

    registration_type = forms.ChoiceField(label="Kind of place")
    wave = forms.IntegerField(min_value=1, max_value=99, label="Wave")
    owner = forms.ChoiceField(label="Looked after by", required=False)
    reply_until_local = LocalTimeField(
        label="Answer asked until", required=False, help_text="Empty: the conference's deadline."
    )
    plus_one = forms.BooleanField(label="May bring somebody", required=False)
    note = _line("Note", 500, help_text="For the team; the guest does not read it.")

    def __init__(
        self,
        *args: Any,
        invitation: Invitation,
        types: Sequence[RegistrationType],
        members: Sequence[Account],
        **kwargs: Any,
    ) -> None:
        self.members = members
        kwargs.setdefault(
            "initial",
            {
                "registration_type": invitation.registration_type.slug,
                "wave": invitation.wave,
                "owner": str(invitation.owner_id or ""),
                "reply_until_local": invitation.reply_until_local,
                "plus_one": invitation.plus_one,
                "note": invitation.note,
                "version": invitation.version,
            },
        )
        super().__init__(*args, **kwargs)
        self.set_choices("registration_type", _kinds(invitation.conference, types))
        self.set_choices("owner", _owners(members))

    def changes(self) -> dict[str, Any]:
        names = ("registration_type", "wave", "reply_until_local", "plus_one", "note")
        return {**{n: self.cleaned_data[n] for n in names}, "owner": _owner(self, self.members)}


# What a form says for a yes by which somebody else comes.
DELEGATE: Final = "delegate"


class AnswerForm(ServiceForm):
    """An answer that somebody gave to a member of the team."""

    response = forms.ChoiceField(
        label="Answer",
        choices=[
            (InvitationResponse.ACCEPTED.value, "Comes"),
            (DELEGATE, "A colleague comes instead"),
            (InvitationResponse.TENTATIVE.value, "Maybe"),
            (InvitationResponse.DECLINED.value, "Does not come"),
        ],
        widget=forms.RadioSelect,
    )
    via = forms.ChoiceField(
        label="How it came", choices=[(one.value, one.label) for one in RECORDED_VIA]
    )
    answered_by = _line("Who gave it", help_text="Empty: the guest in person.")
    delegate_given_name = _line("Given name", 120)
    delegate_family_name = _line("Family name", 120)
    delegate_email = _line("E-mail", 254)
    companion_given_name = _line("Given name", 120)
    companion_family_name = _line("Family name", 120)
    reason = _line("Reason, where one was given", 500)
    wants_findings = forms.BooleanField(label="Wants to be sent the findings", required=False)

    names = {"delegate": "delegate_given_name", "companion": "companion_given_name"}

    def values(self) -> dict[str, Any]:
        """Return the answer by the service's names."""
        data = self.cleaned_data
        delegate = {
            name: data[f"delegate_{name}"]
            for name in ("given_name", "family_name", "email")
            if data[f"delegate_{name}"]
        }
        companion = {
            name: data[f"companion_{name}"]
            for name in ("given_name", "family_name")
            if data[f"companion_{name}"]
        }
        by_delegate = data["response"] == DELEGATE
        return {
            "response": InvitationResponse.ACCEPTED if by_delegate else data["response"],
            "via": data["via"],
            "answered_by": data["answered_by"],
            # Without a name it stays who was named before.
            "delegate": delegate if by_delegate else None,
            "companion": companion or None,
            "reason": data["reason"],
            "wants_findings": data["wants_findings"],
        }


class AddForm(ServiceForm):
    """As what people are put on the list."""

    registration_type = forms.ChoiceField(label="Kind of place")
    wave = forms.IntegerField(min_value=1, max_value=99, label="Wave", initial=1)
    owner = forms.ChoiceField(label="Looked after by", required=False)
    plus_one = forms.BooleanField(label="May bring somebody", required=False)
    hold = forms.BooleanField(label="Keep a place for each", required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        conference: Conference,
        types: Sequence[RegistrationType],
        members: Sequence[Account],
        **kwargs: Any,
    ) -> None:
        self.members = members
        super().__init__(*args, **kwargs)
        self.set_choices("registration_type", _kinds(conference, types))
        self.set_choices("owner", _owners(members))

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "type_slug": data["registration_type"],
            "wave": data["wave"],
            "plus_one": data["plus_one"],
            "hold": data["hold"],
            "owner": _owner(self, self.members),
        }


class ImportForm(ServiceForm):
    """How a list is read, what is made of it, and from where it comes."""

    encoding = forms.ChoiceField(required=False, choices=list(ENCODINGS.items()))
    delimiter = forms.ChoiceField(
        label="Columns are parted by", required=False, choices=list(DELIMITERS.items())
    )
    registration_type = forms.ChoiceField(label="Kind of place")
    wave = forms.IntegerField(min_value=1, max_value=99, label="Wave")
    plus_one = forms.BooleanField(
        label="May bring somebody, where the list does not say", required=False
    )
    hold = forms.BooleanField(label="Keep a place for each", required=False)
    update = forms.ChoiceField(
        label="People who are known already",
        choices=[
            ("", "Keep what is here, fill in what is empty"),
            ("1", "Put the list's words in place of ours"),
        ],
        required=False,
    )
    source = _line("Where the addresses come from", help_text="Such as: list of the ministry.")
    basis = _line("Basis for keeping them", help_text="Such as: legitimate interest, consent.")

    options = ("encoding", "delimiter", "registration_type", "wave", "plus_one", "hold")

    def __init__(
        self,
        *args: Any,
        conference: Conference,
        types: Sequence[RegistrationType],
        looking: bool = False,
        **kwargs: Any,
    ) -> None:
        """Take `looking` for a reader who only wants to see the list read otherwise."""
        super().__init__(*args, **kwargs)
        self.set_choices("registration_type", _kinds(conference, types))
        for name in ("source", "basis"):
            self.fields[name].required = not looking

    def settings(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            **{name: data[name] for name in self.options},
            "update": bool(data["update"]),
        }


class SalutationsForm(ServiceForm):
    """One line for each guest whom nobody has yet said how to address."""

    def __init__(
        self, *args: Any, people: Sequence[tuple[str, str, str, str]], **kwargs: Any
    ) -> None:
        """Take code, label, language and present greeting of each."""
        super().__init__(*args, **kwargs)
        for code, label, tag, greeting in people:
            field = forms.CharField(
                label=label,
                required=False,
                max_length=200,
                # Help texts may hold markup of ours, and this one holds somebody's name.
                help_text=escape(
                    f"{LANGUAGES.get(tag, tag)}. Without it the letter says “{greeting}”."
                ),
            )
            field.widget.attrs |= {"lang": tag, "placeholder": greeting, "autocomplete": "off"}
            self.fields[f"salutation-{code}"] = field

    def typed(self) -> dict[str, str]:
        """Return what was typed by the person's code."""
        return {
            name.removeprefix("salutation-"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("salutation-") and text
        }
