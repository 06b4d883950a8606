"""Telling organisers that an announcement was held back: once, and not through the outbox."""

from __future__ import annotations

import logging
from typing import Any

from django.urls import reverse

from accounts.models import Account
from accounts.permissions import Permission, roles_with
from core.links import absolute_url
from notifications.enums import AnnouncementState
from notifications.models import Announcement
from notifications.services.announcement_texts import subject_of
from notifications.services.dbclock import DatabaseNow
from notifications.services.direct_mail import direct_connection, write_directly
from notifications.services.reading import local_moment

logger = logging.getLogger(__name__)


def tell_of_held() -> int:
    """Write to those who may send mail of what was held back; return of how many announcements.

    Each is told of once, however many of these run at once. While the mail server is away nobody is
    taken to be told, so it is tried again.
    """
    untold = Announcement.objects.filter(state=AnnouncementState.HELD, told_at__isnull=True)
    rows = list(untold.select_related("conference__organisation").order_by("pk"))
    if not rows:
        return 0
    told = 0
    with direct_connection("An announcement is held back") as connection:
        if connection is None:
            return 0
        for row in rows:
            # Whoever changes the row writes the mails; before they are sent, so never twice.
            if untold.filter(pk=row.pk, round=row.round).update(told_at=DatabaseNow()):
                _write(row, connection)
                told += 1
    return told


def _write(row: Announcement, connection: Any) -> None:
    conference = row.conference
    house = conference.organisation
    readers = Account.objects.filter(
        memberships__organisation=house,
        memberships__role__in=roles_with(Permission.MAIL_WRITE),
        is_active=True,
    )
    names = {"organisation": house.slug, "conference": conference.slug, "code": row.code}
    moment = row.undo_until or row.held_at
    context = {
        "house": house.name,
        "subject": subject_of(row),
        "was_to_leave": local_moment(moment, conference.time_zone) if moment else "",
        "reasons": [reason["detail"] for reason in row.held_for],
        "url": absolute_url(reverse("manage-announcement", kwargs=names)),
    }
    write_directly(
        readers.order_by("pk"),
        subject=f"Held back: {subject_of(row)}",
        template="notifications/operator/held.txt",
        context=context,
        connection=connection,
    )
    logger.warning("Announcement %s is held back, and its organisers were told", row.code)
