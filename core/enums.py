"""Words that several apps share."""

from __future__ import annotations

from django.db import models


class Visibility(models.TextChoices):
    """Who finds a thing: everybody, who has its address, or members only."""

    PUBLIC = "public", "Public"
    UNLISTED = "unlisted", "Unlisted"
    PRIVATE = "private", "Private"


class AnsweredVia(models.TextChoices):
    """How an answer of somebody who was asked by name came."""

    LINK = "link", "By their own link"
    ASSISTANT = "assistant", "By an assistant"
    CALENDAR = "calendar", "By calendar"
    PHONE = "phone", "By phone"
    MAIL = "mail", "By mail"
    IN_PERSON = "in_person", "In person"
