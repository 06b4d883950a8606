"""Calendars that one subscribes to, as files: of a conference and its parts, and of a host."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Organisation
from core.calendars import MEDIA_TYPE
from core.enums import Visibility
from events.languages import Reader
from events.models import Conference
from events.programme import Programme
from events.services.calendar_feeds import (
    conference_calendar,
    organisation_calendar,
    person_calendar,
    room_calendar,
    session_calendar,
)
from events.services.schedules import current_programme
from events.services.stamps import Stamp
from events.views.public.context import conference_of
from events.views.public.files import File, public_file
from events.views.public.kept_people import leads_to_kept_person

_PartOf = Callable[[Conference, Programme, Reader, str], bytes | None]


@public_file
def conference_calendar_file(stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    """The conference with all its sessions."""
    conference = conference_of(stamp.pk)
    body = conference_calendar(conference, current_programme(conference), reader)
    return _file(conference, body, at["conference"])


@public_file
def session_calendar_file(stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    """One session, to be put into a calendar."""
    return _part(session_calendar, stamp, reader, at)


@public_file
def room_calendar_file(stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    """What is in one room: for its door, or who looks after it."""
    return _part(room_calendar, stamp, reader, at)


@leads_to_kept_person
@public_file
def person_calendar_file(stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    """Where one person speaks."""
    return _part(person_calendar, stamp, reader, at)


@public_file
def organisation_calendar_file(stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    """The public conferences of a host."""
    organisation = Organisation.objects.get(pk=stamp.pk)
    body = organisation_calendar(organisation, reader)
    return File(body, MEDIA_TYPE, is_listed=True, name=f"{at['organisation']}.ics")


def _part(make: _PartOf, stamp: Stamp, reader: Reader, at: dict[str, str]) -> File | None:
    conference = conference_of(stamp.pk)
    body = make(conference, current_programme(conference), reader, at["code"])
    name = f"{at['conference']}-{at['code']}"
    return None if body is None else _file(conference, body, name)


def _file(conference: Conference, body: bytes, name: str) -> File:
    is_listed = conference.visibility == Visibility.PUBLIC
    return File(body, MEDIA_TYPE, is_listed, name=f"{name}.ics")
