"""People as public pages show them: the name in the reader's script, the post of that day."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from core.text import full_name
from events import words
from events.enums import ParticipationRole, SessionKind
from events.languages import Reader, name_in
from events.models import Person
from events.programme import ParticipationView, SessionView


@dataclass(frozen=True, slots=True)
class Face:
    """What components/face.html and components/person_line.html show of a participation."""

    code: str
    honorific: str
    given_name: str
    family_name: str
    position: str
    affiliation: str
    role: str
    is_moderator: bool
    url: str
    photo_url: str = ""
    photo_alt: str = ""

    @property
    def name(self) -> str:
        return full_name(self.given_name, self.family_name)


def face_of(part: ParticipationView, kind: str, reader: Reader, at: dict[str, str]) -> Face:
    """Return how a participation looks to this reader.

    Arguments:
        kind: the session's; the role that it says by itself is not repeated.
        at: the slugs of organisation and conference.
    """
    given_name, family_name = name_in(reader.tag, part)
    usual = words.USUAL_ROLE.get(SessionKind(kind)) == part.role
    kwargs = {**at, "code": part.person_code}
    return Face(
        code=part.person_code,
        honorific=part.honorific,
        given_name=given_name,
        family_name=family_name,
        position=part.position,
        affiliation=part.affiliation,
        role="" if usual else str(words.ROLES[ParticipationRole(part.role)]),
        is_moderator=part.role == ParticipationRole.MODERATOR,
        url=reverse("speaker", kwargs=kwargs) + reader.query,
        photo_url=reverse("file", args=[part.photo]) if part.photo else "",
        photo_alt=reader.text(part.photo_alt) if part.photo else "",
    )


def face_of_person(person: Person, reader: Reader) -> Face:
    """Return how somebody looks who is not in the programme, as they are today."""
    given_name, family_name = name_in(reader.tag, person)
    return Face(
        code=person.code,
        honorific=person.honorific,
        given_name=given_name,
        family_name=family_name,
        position=person.position,
        affiliation=person.affiliation,
        role="",
        is_moderator=False,
        url="",
    )


def faces_of(session: SessionView, reader: Reader, at: dict[str, str]) -> list[Face]:
    """Return a session's people, those who lead it first."""
    faces = [face_of(part, session.kind, reader, at) for part in session.participations]
    return sorted(faces, key=lambda face: not face.is_moderator)
