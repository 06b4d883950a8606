"""A guest registers by themselves: once a key, with a mail to the owner of an address in use."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from core.actors import Actor
from core.errors import DomainError
from core.services.idempotency import Answer, once
from events.models import Conference
from registrations.models import Registration
from registrations.services.code_guessing import check_guesses, count_guess
from registrations.services.doors import AlreadyRegisteredError
from registrations.services.links import manage_url, request_link
from registrations.services.parts import Part
from registrations.services.registering import check_type, register
from registrations.services.signing_up import read_sign_ups

# Kept answers hold no link that opens anything; it is filled in on reading.
_PLACEHOLDER: Final = "{manage_url}"
CREATED: Final = 201


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
) -> Answer:
    """Register a guest and return the answer `{"code", "status", "manage_url"}` as JSON text.

    The same request under the same key registers once and gets the same answer again. When the
    address is in use nothing is written but the note that its owner was mailed their link, in a
    transaction of its own after the refusal has undone everything else: at most once an hour.

    Arguments:
        details: arguments of `register`, and `sessions` to sign up for.
        scope, key, body: of the request (core.services.idempotency.once).
        parts: reads what comes along, such as answers; it is asked only where the request is not
            answered from before.
        client: who sends it, so that guessing of access codes is slowed down.

    Raises:
        DomainError: whatever `register` and `once` raise.
    """
    made: list[Registration] = []
    arguments = dict(details)
    sessions = arguments.pop("sessions", ())
    code = arguments.get("access_code", "")
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

    def act() -> Answer:
        registration = register(
            conference=conference,
            source=source,
            actor=actor,
            parts=read_parts(),
            **arguments,
        )
        made.append(registration)
        kept = {
            "code": registration.code,
            "status": registration.status,
            "manage_url": _PLACEHOLDER,
        }
        return Answer(
            status=CREATED,
            body=json.dumps(kept),
            location=_PLACEHOLDER,
            etag=registration.etag,
        )

    try:
        # Without a key `register` itself is the transaction: no savepoint inside another one.
        answer = act() if key is None else once(scope=scope, key=key, body=body, act=act)
    except AlreadyRegisteredError:
        request_link(conference=conference, email=details["email"], actor=actor)
        raise
    except DomainError as refusal:
        if code:
            count_guess(conference, client, refusal)
        raise
    if code and made:
        count_guess(conference, client, None)
    return _filled(answer, made)


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
