"""What an anonymous program reads of a conference: one language, nothing that is not public."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from core.api.serializers import instant_text, local_text
from events.languages import Reader
from events.models import Conference, ConferenceVenue, Partner
from events.programme import ParticipationView, Programme, RoomView, SessionView


def conference_body(
    conference: Conference,
    venues: QuerySet[ConferenceVenue],
    partners: QuerySet[Partner],
    reader: Reader,
) -> dict[str, Any]:
    """Return the conference, its venues and partners in the reader's language."""
    text = reader.text
    return {
        "organisation": {
            "slug": conference.organisation.slug,
            "name": conference.organisation.name,
        },
        "uid": str(conference.uid),
        "slug": conference.slug,
        "kind": conference.kind,
        "title": text(conference.title),
        "subtitle": text(conference.subtitle),
        "description": text(conference.description),
        "start": local_text(conference.start_local),
        "end": local_text(conference.end_local),
        "doors": local_text(conference.doors_local),
        "time_zone": conference.time_zone,
        "starts_at": instant_text(conference.starts_at),
        "ends_at": instant_text(conference.ends_at),
        "doors_at": instant_text(conference.doors_at),
        "mode": conference.mode,
        "languages": conference.languages,
        "visibility": conference.visibility,
        "state": conference.state,
        "venues": [
            {
                "code": link.venue.code,
                "name": text(link.venue.name),
                "street": link.venue.street,
                "postal_code": link.venue.postal_code,
                "city": link.venue.city,
                "country": link.venue.country,
                "directions": text(link.venue.directions),
                "entrance": text(link.venue.entrance),
                "access": text(link.venue.access),
            }
            for link in venues
        ],
        "partners": [
            {"kind": partner.kind, "name": text(partner.name), "url": partner.url}
            for partner in partners
        ],
    }


def programme_body(programme: Programme, reader: Reader) -> dict[str, Any]:
    """Return the published programme in the reader's language."""
    return {
        "version": programme.version,
        "name": programme.name,
        "published_at": instant_text(programme.published_at),
        "time_zone": programme.time_zone,
        "days": [
            {
                "date": day.date.isoformat(),
                "sessions": [_session(session, reader) for session in day.sessions],
            }
            for day in programme.days
        ],
        "unscheduled": [_session(session, reader) for session in programme.unscheduled],
        "rooms": [_room(room, reader) for room in programme.rooms],
        "tracks": [
            {"slug": track.slug, "name": reader.text(track.name), "colour": track.colour}
            for track in programme.tracks
        ],
    }


def _room(room: RoomView, reader: Reader) -> dict[str, Any]:
    return {
        "code": room.code,
        "name": reader.text(room.name),
        "venue": room.venue_code,
        "venue_name": reader.text(room.venue_name),
    }


def _session(session: SessionView, reader: Reader) -> dict[str, Any]:
    slot = None
    if session.start_local is not None:
        slot = {
            "start": local_text(session.start_local),
            "end": local_text(session.end_local),
            "room": session.room.code if session.room else None,
        }
    return {
        "code": session.code,
        "uid": session.uid,
        "kind": session.kind,
        "state": session.state,
        "title": reader.text(session.title),
        "abstract": reader.text(session.abstract),
        "track": session.track.slug if session.track else None,
        "slot": slot,
        "starts_at": instant_text(session.starts_at),
        "ends_at": instant_text(session.ends_at),
        "language": session.language,
        "attribution": session.attribution,
        "interpretation": list(session.interpretation),
        "recorded": session.recorded,
        "participations": [_participation(part, reader) for part in session.participations],
    }


def _participation(part: ParticipationView, reader: Reader) -> dict[str, Any]:
    return {
        "code": part.code,
        "role": part.role,
        "order": part.order,
        "minutes": part.minutes,
        "affiliation": part.affiliation,
        "position": part.position,
        "person": {
            "code": part.person_code,
            "honorific": part.honorific,
            "given_name": part.given_name,
            "family_name": part.family_name,
            "bio": reader.text(part.bio),
        },
    }
