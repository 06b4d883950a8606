"""What happens to registrations, for those above. Sent inside the service's transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.dispatch import Signal

if TYPE_CHECKING:
    from events.models import Conference


@dataclass(frozen=True, slots=True)
class Former:
    """Where mail went to somebody in whose place another one comes now."""

    name: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class RegistrationChanged:
    """Registrations of one conference came into being or changed together.

    Arguments:
        verb: ``registered``, ``cancelled``, ``uncancelled``, ``approved``, ``rejected``,
            ``promoted``, ``put_on_list`` (on the waiting list, by a decision or again),
            ``offered``, ``accepted`` (an offer), ``offer_expired``, ``asked_again`` ("still
            coming?"), ``still_coming``, ``released`` (silent when asked), ``changed`` (name,
            address, language…), ``substituted`` (somebody else comes), ``link_requested``,
            ``checked_in``, ``check_in_undone``, ``date_confirmed``, ``leads_party`` (speaks for
            those who come along from now on).
        by_guest: whether the guest did it (so a mail to the guest is a requested one).
        with_reason: whether the mail that says a decision also says the reason for it.
        occasion: the code of the round of ``asked_again``.
        former: who had the place before ``substituted``; None without an address.
    """

    conference_id: int
    registration_ids: tuple[int, ...]
    verb: str
    by_guest: bool = False
    with_reason: bool = False
    occasion: str = ""
    former: Former | None = None


# Sent with `sender=Registration` and `event=RegistrationChanged(...)`; and, where the sender has
# them at hand, with `registrations=[...]`: the rows as they are in this transaction, each with its
# conference and booking as they are in it too. Who wants other rows beside them reads them.
# ``registered`` comes with `answers`, too: what was asked along (below).
registration_changed = Signal()


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody above has to know of every new registration.

    Arguments:
        sql: a SELECT of exactly one row.
        columns: how many the row has.
        params: of a conference, and the address that letters go to as core.text.email_key makes it.
    """

    sql: str
    columns: int
    params: Callable[[Conference, str], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered in the transaction of a registration, just before it was written.

    Arguments:
        email_key: of the address that was asked about.
        rows: by the names of the questions.
    """

    email_key: str
    rows: dict[str, tuple[Any, ...]]


# By name. They are asked in one go with what the service itself asks: a question more costs less
# than half of what it costs alone, on the way that guests wait for.
asked_along: dict[str, Question] = {}


@dataclass(frozen=True, slots=True)
class InvitationChanged:
    """Invitations of one conference were sent, answered or taken back together.

    Arguments:
        verb: ``sent``, ``save_the_date``, ``answered``, ``withdrawn``, ``changed`` (deadline,
            person's address), ``over_capacity`` (a yes for which no place was left),
            ``released`` (places are no longer kept: the deadline has passed).
        occasion: names this sending in keys, so that sending again is another mail.
        by_guest: whether the guest, or who answers for them, did it.
    """

    conference_id: int
    invitation_ids: tuple[int, ...]
    verb: str
    occasion: str = ""
    by_guest: bool = False


# Sent with `sender=Invitation` and `event=InvitationChanged(...)`.
invitation_changed = Signal()


@dataclass(frozen=True, slots=True)
class PlacesFreed:
    """Places of these allotments can be had again, by whatever way."""

    allotment_ids: tuple[int, ...]


# Sent with `sender=Allotment` and `event=PlacesFreed(...)`, before the commit: who wants to give
# the places away waits for it.
places_freed = Signal()
