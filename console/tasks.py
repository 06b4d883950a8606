"""What beat asks of the console. A task may run twice, late or not at all without harm."""

from __future__ import annotations

from celery import shared_task

from console.donor_pack.building import build_pack
from events.services.donor_packs import forget_packs, make_packs


@shared_task
def make_donor_packs() -> None:
    """Make the donor packs that are asked for, and delete those of a week ago."""
    make_packs(build=build_pack)
    forget_packs()
