"""Thousands of registrations at once, as they would stand after a year: for lists and files."""

from __future__ import annotations

import datetime as dt
from itertools import product

from django.db.models import F

from core.text import email_key
from registrations.enums import LIVE, TAKING_A_PLACE, RegistrationStatus
from registrations.models import (
    Allotment,
    Booking,
    Registration,
    RegistrationPlace,
    RegistrationType,
)
from registrations.services.registration_rows import set_keys

GIVEN = ("Ana", "Željko", "Ђорђе", "Mila", "Søren", "Ольга", "Łukasz", "Jelena", "Marko", "Ïnes")
FAMILY = ("Petrović", "Цвијић", "Dvořák", "Kovač", "Иванов", "Müller", "Đorđević", "O’Neill")
HOUSES = ("Institute of Peace", "Универзитет у Београду", "Embassy of Norway", "City Hall")
STATUSES = (
    *(RegistrationStatus.CONFIRMED,) * 12,
    *(RegistrationStatus.CANCELLED,) * 3,
    *(RegistrationStatus.WAITING_LIST,) * 2,
    *(RegistrationStatus.PENDING_APPROVAL,) * 2,
    RegistrationStatus.REJECTED,
)
SOURCES = ("form", "form", "form", "api", "organiser", "import")
_CHUNK = 2000


def make_crowd(types: list[RegistrationType], number: int, *, first: int = 0) -> None:
    """Register `number` people of all names, statuses and sources for these types, in turn.

    Their allotments must have room for all of them.
    """
    conference = types[0].conference
    names = list(product(GIVEN, FAMILY))
    start = conference.starts_at - dt.timedelta(days=120)
    step = dt.timedelta(days=90) / max(number, 1)
    for begin in range(first, first + number, _CHUNK):
        rows = []
        for n in range(begin, min(begin + _CHUNK, first + number)):
            given, family = names[n % len(names)]
            at = start + (n - first) * step
            status = STATUSES[n % len(STATUSES)]
            address = f"guest{n}@example.org"
            row = Registration(
                conference=conference,
                registration_type=types[n % len(types)],
                status=status,
                status_at=at,
                created_at=at,
                confirmed_at=at if status in TAKING_A_PLACE else None,
                cancelled_at=at if status == RegistrationStatus.CANCELLED else None,
                waiting_since=at if status == RegistrationStatus.WAITING_LIST else None,
                source=SOURCES[n % len(SOURCES)],
                given_name=given,
                family_name=f"{family} {n}",
                email=address,
                email_key=email_key(address) if status in LIVE else None,
                affiliation=HOUSES[n % len(HOUSES)],
            )
            set_keys(row)
            rows.append(row)
        _save(conference, rows)


def _save(conference, rows: list[Registration]) -> None:
    bookings = Booking.objects.bulk_create(
        Booking(
            conference=conference,
            contact_email=row.email,
            contact_email_key=email_key(row.email),
        )
        for row in rows
    )
    for row, booking in zip(rows, bookings, strict=True):
        row.booking = booking
    Registration.objects.bulk_create(rows)
    placed = [row for row in rows if row.status in TAKING_A_PLACE]
    for kind in {row.registration_type for row in placed}:
        mine = [row for row in placed if row.registration_type == kind]
        for allotment in kind.allotments.all():
            Allotment.objects.filter(pk=allotment.pk).update(taken=F("taken") + len(mine))
            RegistrationPlace.objects.bulk_create(
                RegistrationPlace(registration=row, allotment=allotment) for row in mine
            )
