"""The door of the pages of texts: a conference's own, or those of the organisation for all."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Permission
from accounts.views.access import get_organisation
from events.models import Conference
from events.views.access import get_conference
from notifications.services.own_texts import Held, Level, held
from notifications.services.texts import LANGUAGES


def get_level(
    request: HttpRequest, organisation: str, conference: str, permission: Permission
) -> Level:
    """Return the level that the address names if the account's role grants the permission.

    Raises:
        Http404, PermissionDenied: as the doors of organisations and conferences do.
    """
    if conference:
        row = get_conference(request, organisation, conference, permission)
        return Level(row.organisation, row)
    return Level(get_organisation(request, organisation, permission))


def get_texts(level: Level, template: str, language: str) -> dict[str, Held]:
    """Return the texts of this name by language.

    Raises:
        Http404: when there is no text of this name, or no mail in this language.
    """
    found = held(level, template)
    if not found or language not in LANGUAGES:
        raise Http404
    return found


def url_of(level: Level, page: str, *keys: str) -> str:
    """Return the address of one of the pages of texts at this level.

    Arguments:
        page: the end of its name: ``s`` for the list, ``-new``, ``""`` for a text, ``-preview``…
        keys: language and template, where the page is about one text.
    """
    named = dict(zip(("language", "template"), keys, strict=False))
    at = {"organisation": level.organisation.slug, **named}
    if level.conference is None:
        return reverse(f"manage-host-mail-text{page}", kwargs=at)
    return reverse(f"manage-mail-text{page}", kwargs={**at, "conference": level.conference.slug})


def shown_on(level: Level) -> Conference | None:
    """Return the conference whose people a text is tried on: of an organisation's the next one."""
    if level.conference is not None:
        return level.conference
    rows = level.organisation.conferences.order_by("starts_at", "pk")
    return rows.filter(ends_at__gte=timezone.now()).first() or rows.last()
