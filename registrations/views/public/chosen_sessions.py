"""What the personal page says about the sessions that a guest has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from events import dates
from events.enums import SessionState
from events.languages import Reader
from events.models import Conference
from events.programme import Programme
from events.services.schedules import current_programme
from registrations.forms.sessions import time_of
from registrations.models import Registration, SignUpSession
from registrations.services.cancelling import guests_may_change
from registrations.services.losing_choices import lost_sessions
from registrations.services.overlaps import find_overlaps


@dataclass(frozen=True, slots=True)
class Chosen:
    """A session that a guest has, as the personal page shows it."""

    code: str
    title: str
    title_tag: str
    words: str


def session_context(
    registration: Registration, conference: Conference, reader: Reader
) -> dict[str, Any]:
    """Return what the personal page says about sessions; one query where there is no sign-up."""
    if not SignUpSession.objects.filter(conference=conference).exists():
        return {}
    programme = current_programme(conference)
    rows = registration.sign_ups.select_related("sign_up_session__session").order_by("pk")
    sessions = [row.sign_up_session.session for row in rows]
    pairs = find_overlaps(programme, [one.code for one in sessions])
    views = programme.sessions_by_code
    return {
        "chosen_sessions": [_chosen(one, programme, reader) for one in _by_time(sessions)],
        "session_clashes": [
            (reader.text(views[one].title), reader.text(views[other].title)) for one, other in pairs
        ],
        "lost_sessions": [
            reader.text(views[code].title) for code in lost_sessions(registration) if code in views
        ],
        "may_choose_sessions": registration.is_live and guests_may_change(conference),
    }


def _by_time(sessions: list[Any]) -> list[Any]:
    return sorted(sessions, key=lambda s: (s.starts_at is None, s.starts_at or s.created_at))


def _chosen(session: Any, programme: Programme, reader: Reader) -> Chosen:
    view = programme.sessions_by_code.get(session.code)
    texts = view.title if view else session.title
    if view is None:
        words = _("It is not in the programme at the moment.")
    elif view.state == SessionState.CANCELLED:
        words = _("Cancelled")
    elif view.start_local is None:
        words = _("The time is not known yet.")
    else:
        day = dates.say_day(view.start_local.date(), reader.tag)
        room = reader.text(view.room.name) if view.room else ""
        words = ", ".join(part for part in (day, time_of(view, reader), room) if part)
    return Chosen(session.code, reader.text(texts), reader.tag_of(texts), words)
