"""What organisers type about allotments, hold-backs, access codes and sign-ups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from core.text import pick_text
from events.dates import say_time
from events.forms.base import LocalTimeField, ServiceForm
from events.models import Conference, Session
from registrations.models import AccessCode, Allotment, HoldBack, RegistrationType, SignUpSession
from registrations.services.access_codes import MOST_AT_ONCE
from registrations.services.hold_backs import kept_of


class _Types(ServiceForm):
    """A form with check boxes of kinds of place."""

    registration_types = forms.MultipleChoiceField(
        label="Kinds of place", required=False, widget=forms.CheckboxSelectMultiple
    )

    def offer_types(self, conference: Conference, types: Sequence[RegistrationType]) -> None:
        """Say which there are."""
        self.types = {one.slug: one for one in types}
        self.set_choices(
            "registration_types",
            [(one.slug, pick_text(one.name, "en", conference.languages)) for one in types],
        )

    def chosen_types(self) -> list[RegistrationType]:
        return [self.types[slug] for slug in self.cleaned_data["registration_types"]]


def _slugs(types: Iterable[RegistrationType]) -> list[str]:
    return [one.slug for one in types]


class AllotmentForm(_Types):
    """A number of places, and what draws from it."""

    name = forms.CharField(max_length=100, help_text="Such as Great hall or Dinner.")
    capacity = forms.IntegerField(
        label="Places", required=False, min_value=0, help_text="Leave it empty for no limit."
    )
    field_order = ("version", "name", "capacity", "registration_types")
    names = {"allotments": "registration_types"}

    def __init__(
        self,
        *args: Any,
        conference: Conference,
        types: Sequence[RegistrationType],
        allotment: Allotment | None = None,
        **kwargs: Any,
    ) -> None:
        if allotment is not None:
            kwargs["initial"] = {
                "name": allotment.name,
                "capacity": allotment.capacity,
                "registration_types": _slugs(allotment.registration_types.all()),
                "version": allotment.version,
            }
        super().__init__(*args, **kwargs)
        self.offer_types(conference, types)
        self.fields["registration_types"].label = "What draws from it"
        self.fields["registration_types"].help_text = (
            "Who has a place of a kind that you tick takes one here too; of one that you untick "
            "gives it back. Where there are too few, nothing changes."
        )


class HoldBackForm(ServiceForm):
    """Places under a name, perhaps until a day."""

    allotment = forms.ChoiceField(label="Of which places")
    name = forms.CharField(label="For whom", max_length=200, help_text="Only your team reads it.")
    count = forms.IntegerField(label="How many", min_value=0)
    release_local = LocalTimeField(
        label="Until",
        required=False,
        help_text="Then anybody can have what is left. Without a day you release it yourself.",
    )
    names = {"release_at": "release_local"}

    def __init__(
        self,
        *args: Any,
        allotments: Sequence[Allotment] = (),
        hold_back: HoldBack | None = None,
        **kwargs: Any,
    ) -> None:
        if hold_back is not None:
            kwargs["initial"] = {
                "name": hold_back.name,
                "count": kept_of(hold_back),
                "release_local": hold_back.release_local,
                "version": hold_back.version,
            }
        super().__init__(*args, **kwargs)
        self.allotments = {one.code: one for one in allotments}
        if hold_back is not None:
            del self.fields["allotment"]
        else:
            self.set_choices("allotment", [(one.code, one.name) for one in allotments])

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "count", "release_local")}


class CodeForm(_Types):
    """An access code."""

    code = forms.CharField(
        max_length=40,
        required=False,
        help_text="Letters, digits and hyphens; capitals do not matter. Empty: a random one.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label="For whom", max_length=200, required=False, help_text="Only your team reads it."
    )
    max_uses = forms.IntegerField(
        label="How often it can be used",
        required=False,
        min_value=1,
        help_text="Leave it empty for no limit.",
    )
    holds_places = forms.BooleanField(label="Keep a place for each use", required=False)
    approves = forms.BooleanField(label="Who comes with it needs no approval", required=False)
    expires_local = LocalTimeField(
        label="Expires", required=False, help_text="On the conference's clock."
    )
    names = {"expires_at": "expires_local"}
    plain = ("name", "max_uses", "holds_places", "approves", "expires_local")
    field_order: Sequence[str] = ("version", "code", "name", "registration_types", *plain[1:])

    def __init__(
        self,
        *args: Any,
        conference: Conference,
        types: Sequence[RegistrationType],
        access_code: AccessCode | None = None,
        **kwargs: Any,
    ) -> None:
        if access_code is not None:
            initial = {name: getattr(access_code, name) for name in ("code", *self.plain)}
            initial["registration_types"] = _slugs(access_code.registration_types.all())
            kwargs["initial"] = initial | {"version": access_code.version}
        super().__init__(*args, **kwargs)
        self.offer_types(conference, types)
        self.fields["registration_types"].label = "What it opens"
        self.fields["registration_types"].required = True
        self.fields["registration_types"].help_text = "Also kinds that are not on the public form."
        self.is_new = access_code is None
        if not self.is_new:
            self.fields["code"].required = True
            self.fields["code"].help_text = "Letters, digits and hyphens; capitals do not matter."

    def values(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in self.plain}
        values["registration_types"] = self.chosen_types()
        return values | {"code": self.cleaned_data["code"]}


class ManyCodesForm(CodeForm):
    """Random codes, each for one use."""

    number = forms.IntegerField(label="How many codes", min_value=1, max_value=MOST_AT_ONCE)
    field_order = ("number", "name", "registration_types", *CodeForm.plain[2:])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"]
        del self.fields["max_uses"]

    def values(self) -> dict[str, Any]:
        names = ("number", "name", "holds_places", "approves", "expires_local")
        values = {name: self.cleaned_data[name] for name in names}
        return values | {"registration_types": self.chosen_types()}


class SignUpForm(_Types):
    """A session that takes sign-ups."""

    session = forms.ChoiceField()
    capacity = forms.IntegerField(
        label="Places", required=False, min_value=0, help_text="Leave it empty for no limit."
    )
    opens_local = LocalTimeField(label="Opens", required=False)
    closes_local = LocalTimeField(
        label="Closes", required=False, help_text="Without one, when the session begins."
    )
    names = {"opens_at": "opens_local", "closes_at": "closes_local"}
    field_order = ("version", "session", "capacity", "registration_types", "opens_local")

    def __init__(
        self,
        *args: Any,
        conference: Conference,
        types: Sequence[RegistrationType],
        sessions: Sequence[Session] = (),
        sign_up: SignUpSession | None = None,
        **kwargs: Any,
    ) -> None:
        if sign_up is not None:
            kwargs["initial"] = {
                "capacity": sign_up.allotment.capacity,
                "opens_local": sign_up.opens_local,
                "closes_local": sign_up.closes_local,
                "registration_types": _slugs(sign_up.registration_types.all()),
                "version": sign_up.version,
            }
        super().__init__(*args, **kwargs)
        self.offer_types(conference, types)
        self.fields["registration_types"].label = "Who can choose it"
        self.fields["registration_types"].help_text = "Tick none for all."
        self.sessions = {one.code: one for one in sessions}
        if sign_up is not None:
            del self.fields["session"]
        else:
            self.set_choices("session", [(one.code, _named(one, conference)) for one in sessions])

    def values(self) -> dict[str, Any]:
        names = ("capacity", "opens_local", "closes_local")
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in names}
        return values | {"registration_types": self.chosen_types()}


def _named(session: Session, conference: Conference) -> str:
    title = pick_text(session.title, "en", conference.languages)
    if session.start_local is None:
        return f"{title} (no time yet)"
    day = f"{session.start_local.day} {session.start_local:%b}"
    return f"{day}, {say_time(session.start_local, 'en')}: {title}"
