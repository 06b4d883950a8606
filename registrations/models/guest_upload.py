"""Files that guests sent with a form which was not taken yet."""

from __future__ import annotations

from django.db import models

from core.models import StampedModel, StoredFile
from core.privacy import marks


class GuestUpload(StampedModel):
    """A file that waits for its form to be sent again; as an answer's it has no such row.

    Whoever has the token of the row can put the file into one registration of the conference.
    """

    field_privacy = marks(public="conference", personal="file")

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="guest_uploads"
    )
    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return str(self.pk)
