"""A guest registers by themselves: once a key, with a mail to the owner of an address in use."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

from core.actors import Actor
from core.codes import registration_code
from core.errors import DomainError
from core.services.idempotency import Answer, once
from events.models import Conference
from registrations.models import Registration
from registrations.services.code_guessing import check_guesses, count_guess
from registrations.services.doors import AlreadyRegisteredError
from registrations.services.links import manage_url, request_link
from registrations.services.parts import Part
from registrations.services.party import GroupParty, read_party
from registrations.services.registering import RaceLostError, as_it_is_now, check_type, register
from registrations.services.signing_up import read_sign_ups

# Kept answers hold no link that opens anything; it is filled in on reading.
_PLACEHOLDER: Final = "{manage_url}"
CREATED: Final = 201
# So often somebody else may be quicker before the transaction keeps a way back inside itself.
_MOST_LOST_RACES: Final = 2
_ALONE: Final[Mapping[str, Any]] = {"party": None, "companions": (), "contact_only": False}


def register_guest(  # noqa: PLR0913 - what a request is
    *,
    conference: Conference,
    details: Mapping[str, Any],
    source: str,
    actor: Actor,
    scope: str,
    key: str | None,
    body: bytes,
    parts: Callable[[], Sequence[Part]] = tuple,
    client: str = "",
    link_only: bool = False,
) -> Answer:
    """Register a guest, and who comes along, and return the answer `{"code", "status",
    "manage_url", "companions"}` as JSON text.

    The same request under the same key registers once and gets the same answer again. When the
    address is in use nothing is written but the note that its owner was mailed their link, in a
    transaction of its own after the refusal has undone everything else: at most once an hour.

    Arguments:
        details: arguments of `register`, `sessions` to sign up for, and what `read_party` asks:
            `party`, `companions`, `contact_only`.
        scope, key, body: of the request (core.services.idempotency.once).
        parts: reads what comes along, such as answers; it is asked only where the request is not
            answered from before.
        client: who sends it, so that guessing of access codes is slowed down.
        link_only: whether the caller wants `{"code", "manage_url"}` only, which is known before.

    Raises:
        DomainError: whatever `register` and `once` raise.
    """
    made: list[Registration] = []
    arguments = dict(details)
    sessions = arguments.pop("sessions", ())
    group = {name: arguments.pop(name, none) for name, none in _ALONE.items()}
    code = arguments.get("access_code", "")
    own_code = registration_code()
    check_guesses(conference, client, code)

    def read_parts() -> list[Part]:
        slug = arguments["type_slug"]
        try:
            chosen = read_sign_ups(
                conference=conference,
                type_slug=slug,
                codes=sessions,
                language=arguments["language"],
            )
            return [*parts(), *chosen]
        except DomainError:
            # What is asked and offered depends on the type: if that is wrong, it says everything.
            check_type(conference, slug, code)
            raise

    def act(*, begins_again: bool, is_again: bool = False) -> Answer:
        asked, party = (arguments, None) if group == _ALONE else read_party(arguments, **group)
        registration = register(
            conference=as_it_is_now(conference) if is_again else conference,
            source=source,
            actor=actor,
            parts=read_parts(),
            party=party,
            begins_again=begins_again,
            own_code=own_code,
            **asked,
        )
        made.append(registration)
        if foreknown is not None:
            return foreknown
        return _kept(
            {
                "code": own_code,
                "status": registration.status,
                "manage_url": _PLACEHOLDER,
                "companions": _companions(registration, party),
            },
            registration.etag,
        )

    foreknown = _kept({"code": own_code, "manage_url": _PLACEHOLDER}) if link_only else None
    try:
        answer = _once(act, scope, key, body, foreknown)
    except AlreadyRegisteredError as refusal:
        email = refusal.email or details["email"]
        request_link(conference=conference, email=email, actor=actor)
        raise
    except DomainError as refusal:
        if code:
            count_guess(conference, client, refusal)
        raise
    if code and made:
        count_guess(conference, client, None)
    return _filled(answer, made)


def _once(
    act: Callable[..., Answer], scope: str, key: str | None, body: bytes, foreknown: Answer | None
) -> Answer:
    if key is None:  # `register` itself is the transaction: no savepoint inside another one
        return act(begins_again=False)
    ours = partial(once, scope=scope, key=key, body=body, foreknown=foreknown)
    for number in range(_MOST_LOST_RACES):
        with suppress(RaceLostError):
            return ours(act=partial(act, begins_again=True, is_again=number > 0))
    return ours(act=partial(act, begins_again=False, is_again=True))


def _kept(body: Mapping[str, Any], etag: str = "") -> Answer:
    return Answer(status=CREATED, body=json.dumps(body), location=_PLACEHOLDER, etag=etag)


def _companions(registration: Registration, party: GroupParty | None) -> list[dict[str, str]]:
    if party is None:
        return []
    rows = registration.companions.order_by("pk").values_list("code", "status")
    return [{"code": code, "status": status} for code, status in rows]


def _filled(answer: Answer, made: list[Registration]) -> Answer:
    if made:
        registration = made[0]
    else:
        registration = Registration.objects.get(code=json.loads(answer.body)["code"])
    url = manage_url(registration)
    return Answer(
        status=answer.status,
        body=answer.body.replace(_PLACEHOLDER, url),
        location=answer.location.replace(_PLACEHOLDER, url),
        etag=answer.etag,
        replayed=answer.replayed,
    )
