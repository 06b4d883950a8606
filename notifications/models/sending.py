"""Whether mail leaves at all."""

from __future__ import annotations

from django.db import models

from core.privacy import NO_PEOPLE, MarkedModel


class SendingSwitch(MarkedModel):
    """At most one row: while it stands, no message is claimed (after a restore, for example)."""

    field_privacy = NO_PEOPLE

    reason = models.CharField(max_length=200)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_sending_switch")]

    def __str__(self) -> str:
        return self.reason
