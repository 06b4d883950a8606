"""Telling owners that their mail stands still, by a way that does not stand still with it.

The warning goes straight to the mail server, never through the outbox. Where that server is away
no mail can go; pages and /readyz say so.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Account, Organisation
from core.links import absolute_url
from notifications.models import OutboxPulse, OutboxTrouble
from notifications.services.dbclock import DatabaseNow
from notifications.services.direct_mail import direct_connection, write_directly
from notifications.services.limits import Limits, limits
from notifications.services.troubles import Trouble, find_troubles, is_unswept, note_troubles

logger = logging.getLogger(__name__)


def warn_about_standstill() -> int:
    """Look whether mail stands still, note it, write to the owners; return to how many houses.

    An organisation's owners get one such mail in six hours at most, whatever the trouble and
    however many of these run at once.
    """
    figures = limits()
    found = find_troubles(figures)
    note_troubles(found)
    return _warn(found, figures) if found else 0


def warn_if_unswept() -> int:
    """Do what the clock does, where the clock itself has stopped; one query otherwise."""
    if is_unswept(OutboxPulse.objects.filter(pk=1).first(), limits()):
        return warn_about_standstill()
    return 0


def _warn(found: Mapping[int, Trouble], figures: Limits) -> int:
    rested = Q(warned_at__isnull=True) | Q(warned_at__lte=DatabaseNow(-figures.warn_again))
    lasts = Q(noted_at__lte=DatabaseNow(-figures.look_twice))
    rows = OutboxTrouble.objects.filter(rested, lasts, organisation_id__in=found)
    houses = list(Organisation.objects.filter(pk__in=rows.values("organisation_id")).order_by("pk"))
    if not houses:
        return 0
    warned = 0
    with direct_connection("Mail stands still") as connection:
        if connection is None:
            return 0
        for house in houses:
            # Whoever changes the row writes the mail; before it is sent, so never twice.
            if rows.filter(organisation=house).update(warned_at=DatabaseNow()):
                _write_to_owners(house, found[house.pk], connection)
                warned += 1
    return warned


def _write_to_owners(house: Organisation, trouble: Trouble, connection: Any) -> None:
    owners = Account.objects.filter(
        memberships__organisation=house, memberships__role=Role.OWNER, is_active=True
    ).order_by("pk")
    path = reverse("manage-organisation", kwargs={"organisation": house.slug})
    context = {
        "house": house.name,
        "title": trouble.title(),
        "sentence": trouble.sentence(house.time_zone),
        "url": absolute_url(path),
    }
    write_directly(
        owners,
        subject=f"{house.name}: {trouble.title().lower()}",
        template="notifications/operator/standstill.txt",
        context=context,
        connection=connection,
    )
    logger.warning("Owners of %s were told: %s", house.slug, trouble.kind.value)
