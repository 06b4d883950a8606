"""Choosing sessions: check boxes by day and time, of which full ones can not be ticked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events import dates
from events.languages import Reader
from events.programme import SessionView
from registrations.enums import TypeState
from registrations.services.session_offers import SessionOffer

if TYPE_CHECKING:
    from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session as its check box shows it."""

    code: str
    title: str
    title_tag: str
    time: str
    room: str
    note: str
    can_be_had: bool


@dataclass(frozen=True, slots=True)
class SessionDay:
    """The sessions of one day; `name` is empty for those without a time."""

    name: str
    lines: Sequence[SessionLine]


class SessionChoices(forms.CheckboxSelectMultiple):
    """Check boxes in the order of time. Chosen ones can always be given back."""

    template_name = "registrations/public/session_choices.html"

    def __init__(self) -> None:
        super().__init__()
        self.days: Sequence[SessionDay] = ()
        # Chosen already: they stay although nobody else can have them.
        self.kept: Collection[str] = ()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = set(self.format_value(value) or ())
        context["days"] = [
            {
                "name": day.name,
                "lines": [
                    {
                        "line": line,
                        "checked": line.code in chosen,
                        "disabled": not line.can_be_had and line.code not in self.kept,
                    }
                    for line in day.lines
                ],
            }
            for day in self.days
        ]
        return context


class SessionsField(forms.MultipleChoiceField):
    """Codes of sessions; which can be had is said by the service."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Sessions"),
            help_text=gettext_lazy("Those that happen at the same time can not both be chosen."),
            required=False,
            widget=SessionChoices(),
        )

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) <= 6  # noqa: PLR2004 - a session's code


def offer_sessions(
    form: forms.Form,
    offers: Sequence[SessionOffer],
    reader: Reader,
    *,
    kept: Collection[str] = (),
    names: dict[str, str] | None = None,
) -> None:
    """Show these sessions in a form's field; without any the field goes.

    Arguments:
        kept: codes of those that the guest has already.
        names: of kinds of place by slug, where a session is only for some of several.
    """
    if not offers:
        form.fields.pop("sessions", None)
        return
    widget = SessionChoices()
    widget.kept = kept
    widget.days = session_days(offers, reader, names or {})
    form.fields["sessions"].widget = widget
    field = form.fields["sessions"]
    if isinstance(field, forms.MultipleChoiceField):
        field.choices = [(one.code, one.code) for one in offers]


def session_days(
    offers: Sequence[SessionOffer], reader: Reader, names: dict[str, str]
) -> list[SessionDay]:
    """Return offers, which stand in the order of time, day by day."""
    days = []
    for day, rows in groupby(offers, key=_day):
        name = dates.say_day(day, reader.tag) if day is not None else ""
        days.append(SessionDay(name, [_line(one, reader, names) for one in rows]))
    return days


def _day(offer: SessionOffer) -> dt.date | None:
    start = offer.session.start_local if offer.session else None
    return start.date() if start else None


def _line(offer: SessionOffer, reader: Reader, names: dict[str, str]) -> SessionLine:
    texts = offer.session.title if offer.session else offer.sign_up.session.title
    notes = [_note(offer, reader)]
    if offer.types and names.keys() - offer.types:
        kinds = ", ".join(names[slug] for slug in names if slug in offer.types)
        if kinds:
            notes.append(_("Only for: %(kinds)s") % {"kinds": kinds})
    return SessionLine(
        code=offer.code,
        title=reader.text(texts),
        title_tag=reader.tag_of(texts),
        time=time_of(offer.session, reader),
        room=reader.text(offer.session.room.name) if offer.session and offer.session.room else "",
        note=". ".join(note for note in notes if note),
        can_be_had=offer.is_open,
    )


def time_of(session: SessionView | None, reader: Reader) -> str:
    """Return from when to when a session goes: "10:00–11:30"; nothing without a time."""
    if session is None or session.start_local is None or session.end_local is None:
        return ""
    start, end = (dates.say_time(t, reader.tag) for t in (session.start_local, session.end_local))
    return f"{start}–{end}"


def _note(offer: SessionOffer, reader: Reader) -> str:
    if offer.state == TypeState.SOLD_OUT:
        return _("Full")
    if offer.state == TypeState.CLOSED:
        return _("Closed")
    opens = offer.sign_up.opens_local
    if offer.state == TypeState.NOT_OPEN and opens is not None:
        when = {
            "opening_day": dates.say_date(opens.date(), reader.tag),
            "time": dates.say_time(opens, reader.tag),
        }
        return _("Opens on %(opening_day)s, %(time)s") % when
    left = offer.places_left
    if left is None:
        return ""
    return ngettext("%(places)s place left", "%(places)s places left", left) % {"places": left}


class ChooseSessionsForm(forms.Form):
    """Which sessions a guest has from now on."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    sessions = SessionsField()
    all_optional = True

    def on_version(self, version: int) -> None:
        """Let what was ticked be sent again on what holds now: that is the reader's decision."""
        data = cast("QueryDict", self.data).copy()
        data["version"] = str(version)
        self.data = data
