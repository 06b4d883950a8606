"""Which tzdata the stored instants were resolved with."""

from __future__ import annotations

from django.db import models

from core.privacy import NO_PEOPLE, MarkedModel


class TimeZoneData(MarkedModel):
    """One row: the version of tzdata with which all `*_at` instants were last resolved."""

    field_privacy = NO_PEOPLE

    tzdata = models.CharField(max_length=20)
    resolved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.tzdata
