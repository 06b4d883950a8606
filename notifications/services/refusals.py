"""Why a message is not begun, and what becomes of it then."""

from __future__ import annotations

from enum import Enum
from typing import Final

from notifications.enums import CancelReason


class Refusal(Enum):
    """Why a message is not begun."""

    LOST = "lost"  # somebody else has it, or it was taken back
    PAUSED = "paused"  # nothing leaves now
    MOVED = "moved"  # planned at a former revision: the sweeper plans it anew
    CHANGED = "changed"  # what was rendered no longer holds: render again
    EXPIRED = "expired"
    CONFERENCE = "conference"  # it is cancelled, or takes place after all
    REGISTRATION = "registration"  # it is not what the message says
    OVERTAKEN = "overtaken"  # a later notice says what holds now
    SUPPRESSED = "suppressed"  # its reader opted out of mails like it
    STOPPED = "stopped"  # its announcement was taken back or stopped
    ANSWERED = "answered"  # the invitation has been answered, or withdrawn
    ENOUGH = "enough"  # a third nudge
    UNSURE = "unsure"  # something is not as it was seen: it is looked at again in its turn

    @property
    def cancels_for(self) -> CancelReason | None:
        """Return why the row is taken back, when it is."""
        return _CANCELS_FOR.get(self)


_CANCELS_FOR: Final = {
    Refusal.CONFERENCE: CancelReason.CONFERENCE,
    Refusal.REGISTRATION: CancelReason.REGISTRATION,
    Refusal.OVERTAKEN: CancelReason.PLAN,
    Refusal.SUPPRESSED: CancelReason.SUPPRESSED,
    Refusal.STOPPED: CancelReason.ORGANISER,
    Refusal.ANSWERED: CancelReason.ANSWERED,
    Refusal.ENOUGH: CancelReason.ENOUGH,
}
