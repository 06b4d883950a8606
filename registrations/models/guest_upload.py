"""Files that guests sent with a form which was not taken yet."""

from __future__ import annotations

from django.db import models

from core.models import StampedModel, StoredFile
from core.privacy import marks


class GuestUpload(StampedModel):
    """A file that waits for its form to be sent again.

    Whoever has the token of the row can put the file into one registration of the conference. As an
    answer's it is kept for a while with the moment at which it was used, so that the same form sent
    twice says the same twice.
    """

    field_privacy = marks(public="conference used_at", personal="file")

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="guest_uploads"
    )
    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["created_at"])]

    def __str__(self) -> str:
        return str(self.pk)
