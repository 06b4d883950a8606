"""The console's navigation, from what the view has already fetched through permission.

`accounts.views.access` and `events.views.access` leave what they found on the request as
`membership` and `lectern_conference`; nothing is queried here.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from core.enums import Visibility
from core.text import pick_text
from events.enums import ConferenceState
from events.models import Conference

_ORGANISATION = (
    ("Dashboard", "gauge", "manage-organisation", ()),
    ("Conferences", "calendar", "manage-conferences", ("manage-conference-new",)),
    ("People", "users", "manage-people", ("manage-person", "manage-person-new")),
    ("Venues", "building", "manage-venues", ("manage-venue", "manage-venue-new")),
    ("Team", "shield", "manage-team", ("manage-tokens",)),
)
_CONFERENCE = (
    ("Overview", "layout-list", "manage-conference", ()),
    ("Sessions", "mic", "manage-sessions", ("manage-session", "manage-session-new")),
    ("Programme", "calendar-check", "manage-schedule", ()),
    (
        "Registrations",
        "ticket",
        "manage-registrations",
        ("manage-registration", "manage-registration-new"),
    ),
    ("Types", "tag", "manage-types", ("manage-type", "manage-type-new")),
    ("Mail rules", "clock", "manage-rules", ("manage-rule", "manage-rule-new")),
    ("Outbox", "send", "manage-outbox", ("manage-message",)),
    ("Settings", "settings", "manage-conference-settings", ("manage-tracks",)),
)
# The mailbox of the demo belongs to no organisation, so its address names none.
_INBOX = (("Inbox", "inbox", "manage-inbox", ("manage-inbox-mail",)),)


def _items(table: Any, here: str, kwargs: dict[str, str]) -> list[dict[str, Any]]:
    items = []
    for label, icon, name, beneath in table:
        try:
            url = reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
        current = here == name or here in beneath
        items.append({"label": label, "url": url, "icon": icon, "current": current, "count": None})
    return items


def _is_public(conference: Conference) -> bool:
    """Tell whether its page opens for anybody: a link to a 404 helps nobody."""
    return conference.state != ConferenceState.DRAFT and conference.visibility != Visibility.PRIVATE


def nav(request: HttpRequest) -> dict[str, Any]:
    """Return `nav` for layouts/console.html; nothing on pages outside an organisation."""
    organisation = getattr(getattr(request, "membership", None), "organisation", None)
    if organisation is None or request.resolver_match is None:
        return {}
    here = request.resolver_match.url_name or ""
    at = {"organisation": organisation.slug}
    answer: dict[str, Any] = {
        "organisation": {
            "name": organisation.name,
            "url": reverse("manage-organisation", kwargs=at),
        },
        "items": _items(_ORGANISATION, here, at),
        "conference": None,
        "conference_items": [],
    }
    if settings.LECTERN_DEMO or settings.EMBEDDED:
        answer["items"] += _items(_INBOX, here, {})
    conference = getattr(request, "lectern_conference", None)
    if conference is not None:
        at = {**at, "conference": conference.slug}
        day = conference.start_local
        answer["conference"] = {
            "title": pick_text(conference.title, "en", conference.languages),
            "url": reverse("manage-conference", kwargs=at),
            "dates": f"{day.day} {day:%B %Y}",
            "state": conference.state,
            "state_label": conference.get_state_display(),
            "public_url": reverse("conference", kwargs=at) if _is_public(conference) else "",
            "version": getattr(request, "lectern_version", None),
            "changes": getattr(request, "lectern_changes", 0),
        }
        answer["conference_items"] = _items(_CONFERENCE, here, at)
    return {"nav": answer}
