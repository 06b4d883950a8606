"""A text of an organisation's own in the place of one that comes with Lectern, or beside those."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.models import VersionedModel
from core.privacy import NO_PEOPLE
from notifications.querysets.mail_template import MailTemplateQuerySet


class MailTemplate(VersionedModel):
    """A text in one language, for all of an organisation's conferences or for one of them.

    A conference's text wins over its organisation's, that one over what comes with Lectern
    (services.own_texts). A slug of which none comes with Lectern is a text of the organisation's
    own, among which rules choose. Texts speak of people by placeholders only.
    """

    field_privacy = NO_PEOPLE

    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.CASCADE, related_name="mail_templates"
    )
    # Null: for all conferences of the organisation.
    conference = models.ForeignKey(
        "events.Conference",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="mail_templates",
    )
    slug = models.SlugField(max_length=60, db_index=False)
    language = models.CharField(max_length=12)
    subject = models.CharField(max_length=200)
    preheader = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    lead = models.CharField(max_length=300, blank=True)
    button_label = models.CharField(max_length=80, blank=True)
    # The placeholder of the address that the button leads to.
    button_url = models.CharField(max_length=40, blank=True)
    # Placeholders of the rows of the table of facts, in their order.
    facts = models.JSONField(default=list, blank=True)
    # Why one gets the mail: a sentence a line.
    reason = models.TextField()
    # Markdown; `after` stands behind the facts.
    body = models.TextField()
    after = models.TextField(blank=True)

    objects = MailTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["slug", "language", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "slug", "language"],
                condition=Q(conference__isnull=True),
                name="mail_text_once_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["conference", "slug", "language"],
                condition=Q(conference__isnull=False),
                name="mail_text_once_a_conference",
            ),
            models.CheckConstraint(
                condition=~Q(slug="")
                & ~Q(language="")
                & ~Q(subject="")
                & ~Q(title="")
                & ~Q(reason="")
                & ~Q(body=""),
                name="mail_text_says_something",
            ),
            models.CheckConstraint(
                condition=Q(button_label="", button_url="")
                | ~Q(button_label="") & ~Q(button_url=""),
                name="mail_text_button_whole_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug}.{self.language}"
