"""What happens in the outbox."""

from __future__ import annotations

from django.dispatch import Signal

# Sent by services/outbox inside the transaction that queued messages; the receiver wakes senders
# once, after commit.
messages_queued = Signal()

# Sent by services/announcement_states inside the transaction that changed how an announcement
# stands; the receiver wakes a planner once, after commit.
announcements_changed = Signal()
