"""Whether mail leaves: all of it, and that of one conference."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core.privacy import NO_PEOPLE, MarkedModel


class _Pause(MarkedModel):
    """Why no mail leaves, since when, and who said so; nobody where a program or command did."""

    field_privacy = NO_PEOPLE

    reason = models.CharField(max_length=200)
    since = models.DateTimeField(auto_now_add=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.reason


class SendingSwitch(_Pause):
    """At most one row: while it stands, no message is claimed (after a restore, for example)."""

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_sending_switch")]
        verbose_name = "pause of all mail"
        verbose_name_plural = "pause of all mail"


class MailPause(_Pause):
    """While it stands, no message of its conference is claimed."""

    conference = models.OneToOneField(
        "events.Conference", on_delete=models.CASCADE, related_name="mail_pause"
    )
