"""What beat asks of the programme. A task may run twice, late or not at all without harm."""

from __future__ import annotations

from celery import shared_task

from core.actors import CLOCK
from events.incoming import IncomingProgramme
from events.models import ProgrammeImport
from events.services.edits import forget_old_edits as forget
from events.services.importing import forget_waiting_programmes
from events.services.importing_running import go_on_with_programmes
from events.services.instants import resolve_all_again
from events.services.merging import forget_merges
from events.services.selections import forget_selections


@shared_task
def resolve_instants_again() -> None:
    """Make all instants anew when the time-zone data has changed."""
    resolve_all_again(actor=CLOCK)


@shared_task
def forget_merged_people() -> None:
    """Forget who was merged away a month ago: nobody can undo it any more."""
    forget_merges()


@shared_task
def forget_old_edits() -> None:
    """Delete what was written down of the drafts' changes more than 30 days ago."""
    forget()


@shared_task
def forget_old_selections() -> None:
    """Delete readers' selections that nobody reads any more, 90 days after the end."""
    forget_selections()


@shared_task
def import_programmes() -> None:
    """Bring in what is left of long programmes, and delete those with which nobody went on."""
    go_on_with_programmes(read=_read)
    forget_waiting_programmes()


def _read(row: ProgrammeImport) -> IncomingProgramme:
    # The readers of all formats are loaded when there is something to read.
    from events.exchange.programme import programme_of

    return programme_of(row)
