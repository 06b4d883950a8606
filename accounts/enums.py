"""Roles in an organisation and what a token may be trusted with."""

from __future__ import annotations

from django.db import models


class Role(models.TextChoices):
    """What a member is in an organisation; accounts.permissions says what each may do."""

    OWNER = "owner", "Owner"
    ORGANISER = "organiser", "Organiser"
    PROGRAMME = "programme", "Programme"
    REGISTRAR = "registrar", "Registrar"
    DOOR = "door", "Door"
    VIEWER = "viewer", "Viewer"
