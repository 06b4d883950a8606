"""What a confirmation says about questions that the hosts still need an answer to."""

from __future__ import annotations

from collections.abc import Mapping

from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.mail_facts import shortly
from registrations.models import Registration
from registrations.services.cancelling import guests_may_change
from registrations.services.form_definition import read_form
from registrations.services.reading_answers import missing_of


def questions_values(message: Message, registration: Registration, link: str) -> Mapping[str, str]:
    """Return the link to the questions where a required one has no answer; else nothing.

    Who registered by the form has answered them. Who was entered, invited or comes in somebody's
    place has not.

    Arguments:
        link: the personal link; the pages behind it begin with it.
    """
    if message.kind != MessageKind.CONFIRMATION or not registration.pk:
        return {}
    conference = message.conference
    if not guests_may_change(conference):
        return {}
    registration.conference = conference
    form = shortly(conference, lambda: read_form(conference), "form")
    return {"answers_url": f"{link}change/"} if missing_of(form, registration) else {}
