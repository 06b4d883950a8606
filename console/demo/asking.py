"""What the demo's conference asks its guests, what it keeps back, and what they answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from core.actors import SYSTEM
from events.models import Conference
from registrations.services.access_codes import create_access_code
from registrations.services.answer_cleaning import Consent
from registrations.services.answers import answers_part
from registrations.services.form_definition import FormDefinition, read_form
from registrations.services.hold_backs import create_hold_back
from registrations.services.parts import Part
from registrations.services.questions import create_question
from registrations.services.sign_up_sessions import open_sign_up
from registrations.services.signing_up import read_sign_ups
from registrations.services.usual_questions import add_usual_question

Facts = Mapping[str, Any]
# What those who filled in the form answered, one after another; "" is nothing.
_REASONS: Final = ("work", "neighbour", "work", "research", "curious", "neighbour", "")
_FOOD: Final = ("", "", "vegetarian", "", "", "no-pork", "", "vegan", "", "", "no-gluten")
_EVERY_THIRD: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """The form, and the session that guests choose with it."""

    conference: Conference
    form: FormDefinition
    session: str
    session_types: frozenset[str]

    def parts_of(self, index: int, type_slug: str) -> list[Part]:
        """Return what the guest of this number sent beside name and address."""
        reason = _REASONS[index % len(_REASONS)]
        food = _FOOD[index % len(_FOOD)]
        answers = {
            **({"reason": reason} if reason else {}),
            **({"food": [food]} if food else {}),
        }
        agrees = index % _EVERY_THIRD != 1
        parts: list[Part] = [
            answers_part(
                self.form,
                type_slug,
                answers=answers,
                consents=[Consent("photos")] if agrees else [],
                required=False,
            )
        ]
        if type_slug in self.session_types and index % _EVERY_THIRD == 0:
            parts += read_sign_ups(
                conference=self.conference,
                type_slug=type_slug,
                codes=[self.session],
                language="en",
            )
        return parts


def ask(conference: Conference, row: Facts) -> Asked:
    """Put the questions on the form, keep places back, make a code, open a session's sign-up."""
    create_question(conference=conference, actor=SYSTEM, **row["question"])
    for name in row["usual_questions"]:
        add_usual_question(conference=conference, name=name, actor=SYSTEM)
    kinds = {kind.slug: kind for kind in conference.registration_types.all()}

    held = row["hold_back"]
    start = conference.start_local
    create_hold_back(
        allotment=kinds[held["type"]].allotments.get(),
        name=held["name"],
        count=held["count"],
        release_local=start - dt.timedelta(days=held["days_before"]) if start else None,
        actor=SYSTEM,
    )
    code = dict(row["access_code"])
    create_access_code(
        conference=conference,
        registration_types=[kinds[slug] for slug in code.pop("types")],
        actor=SYSTEM,
        **code,
    )
    chosen = row["sign_up"]
    session = conference.sessions.order_by("pk")[chosen["session"] - 1]
    open_sign_up(
        session=session,
        capacity=chosen["capacity"],
        registration_types=[kinds[slug] for slug in chosen["types"]],
        actor=SYSTEM,
    )
    return Asked(conference, read_form(conference), session.code, frozenset(chosen["types"]))
