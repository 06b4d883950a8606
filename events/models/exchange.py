"""What came in from outside: which rows an outside programme knows, and each import of one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.codes import registration_code
from core.models import StampedModel, StoredFile
from core.privacy import marks
from events.enums import JobState, ProgrammeFormat, RefKind


class ExternalRef(StampedModel):
    """Which row of ours an outside programme calls by an identifier of its own.

    Arguments:
        source: where the identifier counts: one calendar, one file's own name, one agenda.
        external_id: as the source writes it.
        said: digests of what the source said last, by field: so that what was edited here since is
            told from what has changed there.
    """

    field_privacy = marks(
        public="conference source kind external_id session room track", personal="person said"
    )

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="external_refs"
    )
    source = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=RefKind.choices)
    external_id = models.CharField(max_length=300)
    session = models.ForeignKey(
        "events.Session", null=True, blank=True, on_delete=models.CASCADE, related_name="refs"
    )
    person = models.ForeignKey(
        "events.Person", null=True, blank=True, on_delete=models.CASCADE, related_name="refs"
    )
    room = models.ForeignKey(
        "events.Room", null=True, blank=True, on_delete=models.CASCADE, related_name="refs"
    )
    track = models.ForeignKey(
        "events.Track", null=True, blank=True, on_delete=models.CASCADE, related_name="refs"
    )
    said = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conference", "source", "kind", "external_id"], name="external_ref_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RefKind.values), name="external_ref_kind_known"
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind=RefKind.SESSION, session__isnull=False)
                    & Q(person__isnull=True, room__isnull=True, track__isnull=True)
                )
                | (
                    Q(kind=RefKind.PERSON, person__isnull=False)
                    & Q(session__isnull=True, room__isnull=True, track__isnull=True)
                )
                | (
                    Q(kind=RefKind.ROOM, room__isnull=False)
                    & Q(session__isnull=True, person__isnull=True, track__isnull=True)
                )
                | (
                    Q(kind=RefKind.TRACK, track__isnull=False)
                    & Q(session__isnull=True, person__isnull=True, room__isnull=True)
                ),
                name="external_ref_names_one_row",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class ProgrammeImport(StampedModel):
    """One programme that is brought in: as a file or as pasted text. Both go when it is over, or
    after a day.
    """

    field_privacy = marks(
        public="conference code format state settings actor_id claimed_at total done stop_asked",
        personal="file text name report error",
    )

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="programme_imports"
    )
    code = models.CharField(max_length=10, default=registration_code, unique=True)
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    format = models.CharField(max_length=14, choices=ProgrammeFormat.choices)
    # How it is read and what is done: encoding, delimiter, columns, day, language, venue,
    # decisions by line.
    settings = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    # Who pressed the button: what a task does later is done in this account's name.
    actor_id = models.CharField(max_length=64, blank=True)
    # When somebody last went on with it; without a sign of life another one takes over.
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    stop_asked = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # What it did, line by line: a JSON document of the import's services.
    report = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=JobState.values), name="programme_import_state_known"
            ),
            models.CheckConstraint(
                condition=Q(format__in=ProgrammeFormat.values),
                name="programme_import_format_known",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PersonalSelection(StampedModel):
    """The sessions that somebody picked, without a name and without an account.

    Who has its link reads it as a page and as a calendar; nobody else does.
    """

    field_privacy = marks(public="conference code sessions link_generation")

    conference = models.ForeignKey(
        "events.Conference", on_delete=models.CASCADE, related_name="selections"
    )
    code = models.CharField(max_length=10, default=registration_code, unique=True)
    # Codes of sessions.
    sessions = models.JSONField(default=list)
    link_generation = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.code
