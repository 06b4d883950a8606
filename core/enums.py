"""Words that several apps share."""

from __future__ import annotations

from django.db import models


class Visibility(models.TextChoices):
    """Who finds a thing: everybody, who has its address, or members only."""

    PUBLIC = "public", "Public"
    UNLISTED = "unlisted", "Unlisted"
    PRIVATE = "private", "Private"
