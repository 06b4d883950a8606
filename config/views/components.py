"""The page of all components, for developers: only with DEBUG or the demo."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from core.text import LANGUAGES


class SampleForm(forms.Form):
    """One field of each sort, sent back with errors."""

    name = forms.CharField(label=_("Name"), max_length=80)
    email = forms.EmailField(label=_("E-mail"), help_text=_("The ticket goes here."))
    affiliation = forms.CharField(label=_("Affiliation"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of place"),
        choices=[("guest", _("Guest")), ("press", _("Press")), ("student", _("Student"))],
        widget=forms.RadioSelect(attrs={"class": "cards"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=list(LANGUAGES.items()))
    starts = forms.DateTimeField(
        label=_("Starts"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label=_("I agree that my name stands on the list at the door"))


def _person(honorific: str, given: str, family: str, position: str, affiliation: str) -> Any:
    return {
        "honorific": honorific,
        "given_name": given,
        "family_name": family,
        "name": f"{given} {family}",
        "position": position,
        "affiliation": affiliation,
    }


PEOPLE = [
    _person("Prof. Dr.", "Milena", "Đorđić", "Professor of Law", "University of Example"),
    _person("", "Aleksandar", "Veljković-Stanišić", "Head of Research", "Example Institute"),
    _person("Dr.", "Ирина", "Соколова", "Senior Fellow", "Example Centre"),
    _person("H.E.", "Anne", "Carrière", "Ambassador of Examplia", ""),
]
SEATS = [
    {**PEOPLE[0], "role": "Moderator", "state": "confirmed", "label": "Confirmed", "next": ""},
    {**PEOPLE[1], "role": "Panellist", "state": "invited", "label": "Asked", "next": "6 days ago"},
    {
        **PEOPLE[2],
        "role": "Panellist",
        "state": "confirmed",
        "label": "Confirmed",
        "next": "Slides",
    },
    {**PEOPLE[3], "role": "Panellist", "state": "declined", "label": "Declined", "next": "Replace"},
]
STATES = {
    "Registration": "pending_approval waiting_list offered confirmed cancelled rejected expired",
    "Participation": "planned invited tentative confirmed declined replaced",
    "Conference": "draft published postponed cancelled archived",
    "Message": "queued claimed sending sent failed cancelled expired unknown",
    "Type": "open not_open closed sold_out waiting_list",
}
POINTS = ((0, 148), (75, 140), (150, 118), (225, 110), (300, 76), (375, 61), (450, 55))


def _curve() -> dict[str, Any]:
    line = " ".join(f"{x},{y}" for x, y in POINTS)
    return {
        "title": _("Answers so far"),
        "summary": _("94 of 120 places taken"),
        "line": line,
        "area": f"0,150 {line} {POINTS[-1][0]},150",
        "capacity_y": 30,
        "capacity_label": _("120 places"),
        "now_x": POINTS[-1][0],
        "rows": [{"y": 150, "label": "0"}, {"y": 90, "label": "60"}, {"y": 30, "label": "120"}],
        "marks": [
            {"x": 0, "label": "1 Nov"},
            {"x": 450, "label": _("Today"), "anchor": "middle"},
            {"x": 600, "label": "1 Dec", "anchor": "end"},
        ],
    }


def _nav(organisation: str) -> dict[str, Any]:
    def item(label: str, icon: str, count: int | None = None, *, current: bool = False) -> Any:
        return {"label": label, "url": "#", "icon": icon, "count": count, "current": current}

    return {
        "organisation": {"name": organisation, "url": "#"},
        "items": [item("Dashboard", "gauge"), item("Conferences", "calendar")],
        "conference": {
            "title": "Borders and Bridges",
            "url": "#",
            "dates": "1 December 2026",
            "state": "published",
            "state_label": "Published",
            "public_url": "#",
            "version": "v3",
            "changes": 2,
        },
        "conference_items": [
            item("Overview", "layout-list", current=True),
            item("Sessions", "mic", 12),
            item("Registrations", "ticket", 94),
            item("Outbox", "send"),
        ],
    }


def component_page(request: HttpRequest) -> HttpResponse:
    """Show each component once, with invented people."""
    if not (settings.DEBUG or settings.LECTERN_DEMO or settings.EMBEDDED):
        raise Http404
    answered = SampleForm({"name": "Milena Đorđić", "email": "milena at example.org"})
    answered.is_valid()
    context = {
        "nav": _nav("Example Institute"),
        "form": answered,
        "blank": SampleForm(auto_id="blank_%s"),
        "people": PEOPLE,
        "seats": SEATS,
        "states": {kind: words.split() for kind, words in STATES.items()},
        "curve": _curve(),
        "day": dt.datetime(2026, 12, 1, 10, tzinfo=dt.UTC),
        "last_day": dt.datetime(2026, 12, 2, 17, tzinfo=dt.UTC),
        "crumbs": [{"label": _("Conferences"), "url": "#"}, {"label": _("Components")}],
        "tabs": [
            {"label": _("All"), "url": "#", "current": True, "count": 118},
            {"label": _("Silent"), "url": "#", "count": 24},
            {"label": _("History"), "url": "#"},
        ],
    }
    return render(request, "components_page.html", context)
