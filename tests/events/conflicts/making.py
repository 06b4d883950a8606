"""A small programme in plain words: times of 18 March 2027 on Belgrade's clock."""

from __future__ import annotations

import datetime as dt

from core.clock import resolve_local
from events.conflicts import AnySession, Facts, Place, Seat

ZONE = "Europe/Belgrade"
DAY = "2027-03-18"
ROOMS = {
    "HALL": Place("HALL", "Great hall", "HOUSE", "City Hall", capacity=100),
    "SIDE": Place("SIDE", "Room 2", "HOUSE", "City Hall", capacity=30, turnaround_minutes=15),
    "FAR": Place("FAR", "Library", "OTHER", "National Library"),
}
PEOPLE = {"ANA": "Ana Petrović", "BORIS": "Boris Novak", "CIRA": "Cira Kovač"}


def at(text, zone=ZONE):
    """Return the instant of "10:00" that day, or of "2027-03-19 10:00"."""
    if "-" not in text:
        text = f"{DAY} {text}"
    return resolve_local(dt.datetime.fromisoformat(text), zone)


def session(code, times="", room=None, *seats, kind="discussion", zone=ZONE, **more):
    """Return a session: times as "10:00/11:00", each seat as (person, role[, state])."""
    start, end = (at(one, zone) for one in times.split("/")) if times else (None, None)
    return AnySession(
        code=code,
        title=more.pop("title", f"Session {code}"),
        kind=kind,
        start=start,
        end=end,
        room=room,
        seats=tuple(
            seat if isinstance(seat, Seat) else Seat(*(*seat, "confirmed")[:3]) for seat in seats
        ),
        **more,
    )


def facts(*sessions, **more):
    """Return the facts of a conference from 09:00 to 18:00."""
    zone = more.pop("zone", ZONE)
    return Facts(
        **{
            "zone": zone,
            "start": at("09:00", zone),
            "end": at("18:00", zone),
            "rooms": ROOMS,
            "people": PEOPLE,
            **more,
        },
        sessions=sessions,
    )
