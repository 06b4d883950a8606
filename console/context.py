"""The console's navigation, from what the view has already fetched through permission.

`accounts.views.access` and `events.views.access` leave what they found on the request as
`membership` and `lectern_conference`; nothing is queried here.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Membership
from accounts.routes import ROUTES as ACCOUNTS
from console.routes import ROUTES as CONSOLE
from core.enums import Visibility
from core.text import pick_text
from events.dates import span_of
from events.enums import ConferenceState
from events.models import Conference
from events.routes import ROUTES as EVENTS
from notifications.routes import ROUTES as NOTIFICATIONS
from registrations.routes import ROUTES as REGISTRATIONS

_ACCESS = {**ACCOUNTS, **EVENTS, **REGISTRATIONS, **NOTIFICATIONS, **CONSOLE}

_ORGANISATION = (
    ("Dashboard", "gauge", "manage-organisation", ()),
    (
        "Conferences",
        "calendar",
        "manage-conferences",
        (
            "manage-conference-new",
            *(f"manage-series{page}" for page in ("", "-list", "-conferences", "-delete")),
        ),
    ),
    (
        "People",
        "users",
        "manage-people",
        (
            *(f"manage-person{page}" for page in ("", "-new", "-edit", "-merge", "-delete")),
            *(f"manage-people-{page}" for page in ("tags", "tag-change", "doubles")),
        ),
    ),
    ("Venues", "building", "manage-venues", ("manage-venue", "manage-venue-new", "manage-room")),
    (
        "Mail texts",
        "mail",
        "manage-host-mail-texts",
        tuple(f"manage-host-mail-text{page}" for page in ("", "-new", "-test", "-reset")),
    ),
    (
        "Opted out",
        "circle-x",
        "manage-suppressions",
        ("manage-suppression-new", "manage-suppression-lift"),
    ),
    (
        "Team",
        "shield",
        "manage-team",
        (
            "manage-member-remove",
            "manage-organisation-logo",
            "manage-organisation-settings",
            "manage-token-revoke",
            "manage-tokens",
        ),
    ),
)
_CONFERENCE = (
    ("Overview", "layout-list", "manage-conference", ()),
    (
        "Sessions",
        "mic",
        "manage-sessions",
        ("manage-import", "manage-import-new", "manage-session", "manage-session-new"),
    ),
    ("Speakers", "user", "manage-speaker-needs", ()),
    (
        "Programme",
        "calendar-check",
        "manage-schedule",
        ("manage-schedule-compare", "manage-version", "manage-version-restore"),
    ),
    (
        "Conflicts",
        "triangle-alert",
        "manage-conflicts",
        (
            "manage-requirement",
            "manage-availabilities",
            "manage-availability",
            "manage-precedences",
        ),
    ),
    (
        "Guests",
        "mail-open",
        "manage-invitations",
        (
            "manage-call-list",
            "manage-funnel",
            "manage-guest-import",
            "manage-guest-import-new",
            "manage-invitation",
            "manage-invitation-add",
            "manage-invitation-answer",
            "manage-invitation-bulk",
            "manage-salutations",
        ),
    ),
    (
        "Registrations",
        "ticket",
        "manage-registrations",
        (
            "manage-deed",
            "manage-figures",
            "manage-registration",
            "manage-registration-new",
            "manage-registrations-bulk",
            "manage-time-line",
            "manage-walk-in",
        ),
    ),
    (
        "Who waits",
        "circle-check",
        "manage-queue",
        (
            "manage-queue-decide",
            "manage-rounds",
            "manage-round",
            "manage-round-new",
            "manage-round-delete",
        ),
    ),
    (
        "Types",
        "tag",
        "manage-types",
        (
            "manage-type",
            "manage-type-new",
            "manage-places",
            *(f"manage-allotment{page}" for page in ("", "-new", "-delete")),
            *(f"manage-hold-back{page}" for page in ("", "-new", "-release")),
            *(f"manage-code{page}" for page in ("", "s", "s-many", "-new", "-delete")),
            *(f"manage-sign-up{page}" for page in ("", "s", "-new", "-delete")),
        ),
    ),
    (
        "Form",
        "layout-list",
        "manage-form",
        tuple(
            f"manage-form-{page}"
            for page in (
                "section",
                "section-new",
                "section-delete",
                "question",
                "question-new",
                "question-delete",
            )
        ),
    ),
    ("Mail calendar", "calendar", "manage-mail-calendar", ("manage-why",)),
    (
        "Announcements",
        "mail",
        "manage-announcements",
        ("manage-announcement", "manage-announcement-new", "manage-announcement-check"),
    ),
    ("Mail rules", "clock", "manage-rules", ("manage-rule", "manage-rule-new")),
    (
        "Mail texts",
        "mail",
        "manage-mail-texts",
        tuple(f"manage-mail-text{page}" for page in ("", "-new", "-test", "-reset")),
    ),
    (
        "Outbox",
        "send",
        "manage-outbox",
        (
            "manage-mail-pause",
            "manage-mail-resume",
            "manage-message",
            "manage-outbox-cancel",
            "manage-outbox-retry",
        ),
    ),
    ("Donor pack", "download", "manage-donor-pack", ("manage-donor-pack-delete",)),
    (
        "Outcome",
        "file-text",
        "manage-outcome",
        (
            *(f"manage-outcome-{page}" for page in ("item", "item-new", "items", "publish")),
            "manage-outcome-unpublish",
            *(f"manage-quote{page}" for page in ("", "s", "-new", "-record")),
            *("manage-photo", "manage-photos"),
        ),
    ),
    (
        "Settings",
        "settings",
        "manage-conference-settings",
        ("manage-tracks", "manage-track", "manage-balance"),
    ),
)
# The mailbox of the demo belongs to no organisation, so its address names none.
_INBOX = (("Inbox", "inbox", "manage-inbox", ("manage-inbox-mail",)),)


def _opens(name: str, membership: Membership) -> bool:
    """Tell whether the role may open the page: nobody is led to a refusal."""
    access = _ACCESS[name]
    needed = (access.read, *access.also)
    return all(permission is None or membership.may(permission) for permission in needed)


def _items(
    table: Any, here: str, kwargs: dict[str, str], membership: Membership
) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": reverse(name, kwargs=kwargs),
            "icon": icon,
            "current": here == name or here in beneath,
            "count": None,
        }
        for label, icon, name, beneath in table
        if _opens(name, membership)
    ]


def _is_public(conference: Conference) -> bool:
    """Tell whether its page opens for anybody: a link to a 404 helps nobody."""
    return conference.state != ConferenceState.DRAFT and conference.visibility != Visibility.PRIVATE


def nav(request: HttpRequest) -> dict[str, Any]:
    """Return `nav` for layouts/console.html; nothing on pages outside an organisation."""
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None or request.resolver_match is None:
        return {}
    organisation = membership.organisation
    here = request.resolver_match.url_name or ""
    at = {"organisation": organisation.slug}
    answer: dict[str, Any] = {
        "organisation": {
            "name": organisation.name,
            "url": reverse("manage-organisation", kwargs=at),
        },
        "items": _items(_ORGANISATION, here, at, membership),
        "conference": None,
        "conference_items": [],
    }
    if settings.LECTERN_DEMO or settings.EMBEDDED:
        answer["items"] += _items(_INBOX, here, {}, membership)
    conference: Conference | None = getattr(request, "lectern_conference", None)
    if conference is not None:
        at = {**at, "conference": conference.slug}
        day, _end = span_of(conference)
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
        answer["conference_items"] = _items(_CONFERENCE, here, at, membership)
    return {"nav": answer}
