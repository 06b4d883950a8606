"""What beat asks of the console. A task may run twice, late or not at all without harm."""

from __future__ import annotations

from celery import shared_task

from events.models import DonorPack
from events.services.donor_packs import Alive, Made, forget_packs, make_packs


@shared_task
def make_donor_packs() -> None:
    """Make the donor packs that are asked for, and delete those of a week ago."""
    make_packs(build=_build)
    forget_packs()


def _build(pack: DonorPack, alive: Alive) -> Made:
    # What makes PDFs and tables is loaded when somebody wants a pack: it takes 7 MB.
    from console.donor_pack.building import build_pack

    return build_pack(pack, alive)
