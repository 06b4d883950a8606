"""Guests' questions reach the briefing of whoever moderates."""

from __future__ import annotations

from events.services.audience_questions import provide_questions
from registrations.services.speaker_questions import questions_from_guests

provide_questions(questions_from_guests)
