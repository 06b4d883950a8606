"""A reader's own selection of a programme, kept without a name: a page and a calendar for who has
its link.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import invalid, not_found
from core.links import absolute_url, link_matches, link_token
from core.services import audit
from events.models import Conference, PersonalSelection
from events.programme import Programme

PURPOSE: Final = "selection"
MOST_SESSIONS: Final = 200
# So long after the end a selection is deleted.
KEPT_DAYS: Final = 90


def selection_path(selection: PersonalSelection) -> str:
    """Return the path of a selection's own page at its present link generation."""
    token = link_token(PURPOSE, selection.pk, selection.link_generation)
    conference = selection.conference
    return f"/{conference.organisation.slug}/{conference.slug}/selection/{selection.code}/{token}/"


def selection_url(selection: PersonalSelection) -> str:
    """Return the absolute address of a selection's own page."""
    return absolute_url(selection_path(selection))


def find_by_selection_link(
    organisation: str, conference: str, code: str, token: str
) -> PersonalSelection | None:
    """Return the selection that a link opens, where the conference's page opens for anybody."""
    row = (
        PersonalSelection.objects.select_related("conference__organisation")
        .filter(code=code, conference__in=Conference.objects.visible())
        .filter(conference__slug=conference, conference__organisation__slug=organisation)
        .first()
    )
    if row is None or not link_matches(token, PURPOSE, row.pk, row.link_generation):
        return None
    return row


@transaction.atomic
def create_selection(
    *, conference: Conference, programme: Programme, sessions: Sequence[str], actor: Actor
) -> PersonalSelection:
    """Keep a selection of a programme; what is not in the programme is left out.

    Raises:
        DomainError: ``validation-failed`` when nothing is left.
    """
    row = PersonalSelection(conference=conference, sessions=_chosen(programme, sessions))
    row.save(force_insert=True)
    _record("create_selection", row, actor)
    return row


@transaction.atomic
def change_selection(
    *,
    selection: PersonalSelection,
    programme: Programme,
    sessions: Sequence[str],
    actor: Actor,
) -> PersonalSelection:
    """Put other sessions into a selection; its page and its calendar stay where they are.

    Raises:
        DomainError: ``validation-failed`` when nothing is left; ``not-found``.
    """
    row = _locked(selection)
    row.sessions = _chosen(programme, sessions)
    row.save(update_fields=["sessions", "updated_at"])
    _record("change_selection", row, actor)
    return row


@transaction.atomic
def revoke_selection_link(*, selection: PersonalSelection, actor: Actor) -> PersonalSelection:
    """Give a selection a new link; the former one opens nothing any more, nor does its calendar.

    Raises:
        DomainError: ``not-found``.
    """
    row = _locked(selection)
    row.link_generation += 1
    row.save(update_fields=["link_generation", "updated_at"])
    _record("revoke_selection_link", row, actor)
    return row


@transaction.atomic
def delete_selection(*, selection: PersonalSelection, actor: Actor) -> None:
    """Delete a selection with its page and its calendar.

    Raises:
        DomainError: ``not-found``.
    """
    row = _locked(selection)
    _record("delete_selection", row, actor)
    row.delete()


def forget_selections() -> int:
    """Delete the selections whose conference ended 90 days ago; return how many."""
    limit = timezone.now() - dt.timedelta(days=KEPT_DAYS)
    number, _each = PersonalSelection.objects.filter(conference__ends_at__lt=limit).delete()
    return number


def _locked(selection: PersonalSelection) -> PersonalSelection:
    rows = PersonalSelection.objects.select_for_update(of=("self",))
    row = rows.select_related("conference__organisation").filter(pk=selection.pk).first()
    if row is None:
        raise not_found()
    return row


def _chosen(programme: Programme, sessions: Sequence[str]) -> list[str]:
    """Return the sessions of a programme that are named, in its order."""
    wanted = set(sessions)
    found = [session.code for session in programme.sessions() if session.code in wanted]
    if not found or len(found) > MOST_SESSIONS:
        raise invalid("/sessions", "invalid", _("Choose at least one session, and at most 200."))
    return found


def _record(verb: str, row: PersonalSelection, actor: Actor) -> None:
    audit.record(
        verb=verb,
        obj=row,
        organisation_id=row.conference.organisation_id,
        actor=actor,
        facts={"sessions": len(row.sessions)},
    )
