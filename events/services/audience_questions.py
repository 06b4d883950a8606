"""Questions of guests for who moderates. Who keeps them is above: it says here how to get them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from events.models import Session

Provider = Callable[[Session], Sequence[str]]
_PROVIDERS: Final[list[Provider]] = []


def provide_questions(provider: Provider) -> None:
    """Let `provider` say what guests ask those on a session. Called when the app is ready."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def questions_for(session: Session) -> tuple[str, ...]:
    """Return what guests ask, in the order in which they asked."""
    return tuple(question for provider in _PROVIDERS for question in provider(session))
