"""What happens to registrations, for those above. Sent inside the service's transaction."""

from __future__ import annotations

from dataclasses import dataclass

from django.dispatch import Signal


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
registration_changed = Signal()


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
