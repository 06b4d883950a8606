"""Whom an announcement is for: a few filters, checked against what there is, and in words.

The three kinds of people are added up; all other filters narrow. Nobody is chosen until one of the
three is: an empty audience is allowed in a draft and never sent to.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db.models import Q

from core.errors import FieldError
from core.text import LANGUAGES, pick_text
from events.enums import ParticipationRole, ParticipationState
from events.models import Conference, Tag
from events.validators import refuse
from notifications.enums import InvitationStanding
from registrations.enums import InvitationResponse, RegistrationStatus

_VOCABULARIES: Final[Mapping[str, Collection[str]]] = {
    "registrations": RegistrationStatus.values,
    "speakers": ParticipationState.values,
    "invitations": InvitationStanding.values,
    "roles": ParticipationRole.values,
    "languages": LANGUAGES,
}
_MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """An audience.

    Arguments:
        registrations, speakers, invitations: who is meant, by statuses of registrations, states of
            participations, standings of invitations; none of a kind when it is empty.
        checked_in: whether the registered came; None for both.
        types: slugs of registration types; narrows the registered.
        roles, sessions: narrow those who speak.
        tags: slugs of tags of persons, of which one is needed; narrows all.
        languages: narrows all.
    """

    registrations: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    invitations: tuple[str, ...] = ()
    checked_in: bool | None = None
    types: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.registrations or self.speakers or self.invitations)


FIELDS: Final = tuple(Filters.__dataclass_fields__)


def filters_of(audience: Mapping[str, Any]) -> Filters:
    """Return the filters of a stored audience; what is not stored narrows nothing."""
    lists = {name: tuple(audience.get(name) or ()) for name in FIELDS if name != "checked_in"}
    return Filters(**lists, checked_in=audience.get("checked_in"))


def clean_audience(conference: Conference, value: Any) -> dict[str, Any]:
    """Return an audience as it is stored: the filters that say something, in a fixed order.

    Raises:
        DomainError: ``validation-failed`` for a filter or a value that there is not.
    """
    if not isinstance(value, Mapping):
        refuse([FieldError("/audience", "invalid", "Give an object of filters.")])
    errors: list[FieldError] = []
    found: dict[str, Any] = {}
    for name, given in value.items():
        if name == "checked_in":
            if given is not None and not isinstance(given, bool):
                errors.append(_error(name, "invalid", "Say true, false or null."))
            found[name] = given
        elif name not in FIELDS:
            errors.append(_error(name, "unknown", "There is no such filter."))
        elif not isinstance(given, list | tuple) or not all(isinstance(v, str) for v in given):
            errors.append(_error(name, "invalid", "Give a list of words."))
        elif len(given) > _MOST:
            errors.append(_error(name, "too-long", f"Name {_MOST} at most."))
        else:
            wanted = sorted(set(given))
            unknown = sorted(set(wanted) - set(_known(conference, name, wanted)))
            if unknown:
                errors.append(_error(name, "unknown", f"There is no “{unknown[0][:40]}” here."))
            found[name] = wanted
    refuse(errors)
    return {name: found[name] for name in FIELDS if found.get(name) not in (None, [])}


def standing_is(standings: Collection[str]) -> Q:
    """Return the condition of invitations that stand in one of these ways."""
    answered = [s for s in standings if s in InvitationResponse.values]
    found = Q(response__in=answered)
    if InvitationStanding.WANTS_FINDINGS in standings:
        found |= Q(response=InvitationResponse.DECLINED, wants_findings=True)
    if InvitationStanding.SILENT in standings:
        found |= Q(response="", sent_at__isnull=False)
    if InvitationStanding.NOT_SENT in standings:
        found |= Q(response="", sent_at__isnull=True)
    return found


def same_audience(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether two stored audiences say the same."""
    return asdict(filters_of(one)) == asdict(filters_of(other))


def _error(name: str, code: str, detail: str) -> FieldError:
    return FieldError(f"/audience/{str(name)[:40]}", code, detail)


def _known(conference: Conference, name: str, wanted: Collection[str]) -> Collection[str]:
    if name in _VOCABULARIES:
        return _VOCABULARIES[name]
    if not wanted:
        return ()
    rows: Any
    if name == "types":
        rows = conference.registration_types.filter(slug__in=wanted).values_list("slug")
    elif name == "sessions":
        rows = conference.sessions.filter(code__in=wanted).values_list("code")
    else:
        rows = Tag.objects.filter(
            organisation_id=conference.organisation_id, slug__in=wanted
        ).values_list("slug")
    return [key for (key,) in rows]


# --- In words ------------------------------------------------------------------------------------
def audience_in_words(conference: Conference, audience: Mapping[str, Any]) -> str:
    """Return an audience as a phrase: "Confirmed (did not come), or speakers (confirmed)"."""
    chosen = filters_of(audience)
    kinds = [_registered(conference, chosen), _speaking(conference, chosen), _invited(chosen)]
    who = "; ".join(filter(None, kinds))
    if not who:
        return "Nobody yet"
    narrowed = []
    if chosen.tags:
        names = Tag.objects.filter(
            organisation_id=conference.organisation_id, slug__in=chosen.tags
        ).values_list("name", flat=True)
        narrowed.append(f"tagged {_any(names)}")
    if chosen.languages:
        narrowed.append(f"who read {_any(LANGUAGES[tag] for tag in chosen.languages)}")
    return who + (f"; only those {' and '.join(narrowed)}" if narrowed else "")


def _any(words: Any) -> str:
    return " or ".join(str(word) for word in words)


def _labels(choices: Any, values: Collection[str]) -> str:
    return ", ".join(choices(value).label.lower() for value in choices.values if value in values)


def _registered(conference: Conference, chosen: Filters) -> str:
    if not chosen.registrations:
        return ""
    words = [_labels(RegistrationStatus, chosen.registrations)]
    if chosen.types:
        types = conference.registration_types.filter(slug__in=chosen.types)
        words.append(_any(pick_text(t.name, "en", conference.languages) for t in types))
    if chosen.checked_in is not None:
        words.append("who came" if chosen.checked_in else "who did not come")
    return f"Registered: {', '.join(words)}"


def _speaking(conference: Conference, chosen: Filters) -> str:
    if not chosen.speakers:
        return ""
    words = [_labels(ParticipationState, chosen.speakers)]
    if chosen.roles:
        words.append(_labels(ParticipationRole, chosen.roles))
    if chosen.sessions:
        sessions = conference.sessions.filter(code__in=chosen.sessions)
        titles = (f"“{pick_text(s.title, 'en', conference.languages)}”" for s in sessions)
        words.append(f"of {_any(titles)}")
    return f"Speakers: {', '.join(words)}"


def _invited(chosen: Filters) -> str:
    if not chosen.invitations:
        return ""
    return f"Invited: {_labels(InvitationStanding, chosen.invitations)}"
