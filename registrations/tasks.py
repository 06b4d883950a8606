"""What beat asks of registrations. A task may run twice, late or not at all without harm."""

from __future__ import annotations

from celery import shared_task

from core.nudging import nudge
from registrations.exchange.guest_list import guest_rows
from registrations.services.access_codes import release_expired_codes
from registrations.services.bulk_running import forget_deeds, go_on_with_deeds
from registrations.services.erasing_answers import erase_sensitive_answers
from registrations.services.filling import fill_all_freed_places
from registrations.services.guest_import import forget_waiting_imports, go_on
from registrations.services.hold_backs import release_due_hold_backs
from registrations.services.holding import release_lapsed_holds
from registrations.services.offering import expire_offers
from registrations.services.still_coming import ask_due_rounds, close_due_rounds
from registrations.services.uploads import forget_unused_uploads


@shared_task
def release_places_kept_in_vain() -> None:
    """Give everybody the places that were kept until a deadline which has passed: for invited
    guests, for codes that have expired, and by hold-backs whose day has come.
    """
    release_lapsed_holds()
    release_expired_codes()
    release_due_hold_backs()


@shared_task
def import_guests() -> None:
    """Bring in what is left of long lists, and delete those with which nobody went on."""
    go_on(read=guest_rows)
    forget_waiting_imports()


@shared_task
def erase_answers() -> None:
    """Erase what nobody needs any more: sensitive answers of what is over, files without a form."""
    erase_sensitive_answers()
    forget_unused_uploads()


@shared_task
def go_on_with_bulk_deeds() -> None:
    """Do what is left of verbs for many, and forget what came of those a month ago."""
    go_on_with_deeds()
    forget_deeds()


@shared_task
def look_after_waiting_lists() -> None:
    """Let offers lapse whose time is over, and offer what is free to who waits longest."""
    expire_offers()
    fill_all_freed_places()


@shared_task
def ask_who_still_comes() -> None:
    """Ask those with a place in rounds that are due, and close those whose time is over."""
    ask_due_rounds()
    close_due_rounds()


def wake_waiting_lists() -> None:
    """Ask a worker to look after the waiting lists, without waiting for it."""
    nudge(look_after_waiting_lists)
