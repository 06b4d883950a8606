"""What an organiser writes for a guest's questions."""

from __future__ import annotations

from typing import Any

from core.errors import DomainError
from events.forms.base import ServiceForm
from events.languages import Reader
from registrations.forms.asked_questions import QuestionsForm
from registrations.services.answer_values import Given
from registrations.services.form_definition import FormDefinition


class AnswersForm(QuestionsForm, ServiceForm):
    """The questions of a registration's type, without its consents: those only guests give.

    Nothing has to be answered, and sensitive questions are there only when they are asked for.
    """

    def show(
        self,
        definition: FormDefinition,
        given: dict[str, Given],
        version: int,
        *,
        with_sensitive: bool,
    ) -> None:
        asks = tuple(ask for ask in definition.questions if with_sensitive or not ask.sensitivity)
        self.ask(FormDefinition(asks), Reader("en"), given=given)
        self.fields["version"].initial = version

    def clean(self) -> dict[str, Any]:
        values = dict(super().clean() or {})
        self.say_file_errors()
        return values

    def refuse(self, refusal: DomainError, sentence: str = "") -> None:
        """Say a refusal beside the questions that it is about."""
        if refusal.errors and refusal.errors[0].pointer.startswith("/answers"):
            self.say_wrong(refusal)
        else:
            super().refuse(refusal, sentence)
