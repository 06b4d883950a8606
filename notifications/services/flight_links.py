"""The links of an announcement, looked at without ever leaving this machine.

Links to our own pages are resolved as the server would, by the tables of addresses and the
database. All others are only listed: nothing here opens a connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts.models import Organisation
from core.cleaning import Wrong, web_address
from core.enums import Visibility
from events.enums import ConferenceState
from events.models import Conference, Outcome
from events.services.schedules import current_programme
from notifications.services.markup import URLS

_MARKDOWN: Final = re.compile(r"(?<!!)\[[^\]]{0,400}\]\(\s*<?([^)\s>]*)>?(?:\s+[\"'][^)]*)?\)")
_AUTO: Final = re.compile(r"<((?:https?|mailto):[^>\s]*)>")
_BARE: Final = re.compile(r"(?<![\w(<\[/])(?:https?://|www\.)[^\s<>()\[\]]+", re.IGNORECASE)
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_END: Final = ".,;:!?…”’\"'"


@dataclass(frozen=True, slots=True)
class Link:
    """An address that an organiser typed.

    Arguments:
        fault: why it can not be one; "".
        host: whose it is; "" for our own pages, mailboxes and placeholders.
        path: on our own pages, without the query.
    """

    address: str
    fault: str = ""
    host: str = ""
    path: str = ""

    @property
    def is_plain_http(self) -> bool:
        return self.address.lower().startswith("http://") and bool(self.host)


def links_in(source: str) -> list[Link]:
    """Return the addresses in a source of Markdown, once each."""
    found = [*_MARKDOWN.findall(source), *_AUTO.findall(source)]
    rest = _AUTO.sub(" ", _MARKDOWN.sub(" ", source))
    found += [bare.rstrip(_END) for bare in _BARE.findall(rest)]
    return [_link(address) for address in dict.fromkeys(found)]


def _link(address: str) -> Link:
    if fault := _fault(address):
        return Link(address, fault)
    if "{" in address or address.lower().startswith("mailto:"):
        return Link(address)
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if host == _own_host():
        return Link(address, path=unquote(parts.path) or "/")
    return Link(address, host=host)


def _fault(address: str) -> str:
    """Return why an address can not be one, "" when it can."""
    named = _PLACEHOLDER.fullmatch(address)
    low = address.lower()
    if named:
        return "" if named[1] in URLS else "this placeholder is no address"
    if low.startswith("mailto:"):
        return "" if "@" in low or "{contact_email}" in low else "there is no mailbox in it"
    if "{" in address:
        return "a placeholder is a whole address or no part of one"
    if low.startswith("www."):
        return "it lacks https://"
    try:
        host = urlsplit(web_address(address)).hostname or ""
    except Wrong:
        host = ""
    has_host = "." in host or ":" in host or host.lower() == _own_host()
    return "" if has_host else "it does not begin with https:// or has no host"


def _own_host() -> str:
    return (urlsplit(settings.BASE_URL).hostname or "").lower()


def dead_links(links: Iterable[Link]) -> list[tuple[Link, str]]:
    """Return the links to our own pages that do not open for a reader, and why."""
    return [(link, why) for link in links if link.path and (why := _why_dead(link.path))]


def _why_dead(path: str) -> str:
    try:
        found = resolve(path)
    except Resolver404:
        return "there is no such page"
    if found.url_name and found.url_name.startswith("manage"):
        return "only the team can open it"
    return _why_dead_for_guests(path, found.kwargs) if "organisation" in found.kwargs else ""


def _why_dead_for_guests(path: str, named: dict[str, Any]) -> str:
    hosts = Organisation.objects.filter(
        Q(slug=named["organisation"]) | Q(slug_history__slug=named["organisation"])
    )
    if "conference" not in named:
        return "" if hosts.exists() else "there is no such page"
    slug = named["conference"]
    conference = (
        Conference.objects.filter(Q(slug=slug) | Q(slug_history__slug=slug))
        .filter(organisation__in=hosts)
        .first()
    )
    if conference is None:
        return "there is no such conference"
    if conference.state == ConferenceState.DRAFT or conference.visibility == Visibility.PRIVATE:
        return "that conference is not public"
    return _why_dead_below(conference, path, str(named.get("code") or ""))


def _why_dead_below(conference: Conference, path: str, code: str) -> str:
    page = path.rstrip("/").split("/")
    if "outcome" in page and not has_outcome(conference):
        return "the outcome is not published"
    if not {"sessions", "speakers", "programme"} & set(page):
        return ""
    programme = current_programme(conference)
    if not programme.version:
        return "the programme is not published"
    if "sessions" in page and code and code not in programme.sessions_by_code:
        return "that session is not on the programme"
    speakers = {part.person_code for part in programme.speakers()}
    if "speakers" in page and code and code not in speakers:
        return "that person is not on the programme"
    return ""


def has_outcome(conference: Conference) -> bool:
    """Tell whether the page after the event can be read."""
    now = timezone.now()
    return Outcome.objects.filter(conference=conference, published_at__lte=now).exists()
