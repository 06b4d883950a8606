"""What happens in the outbox."""

from __future__ import annotations

from django.dispatch import Signal

# Sent by services/outbox inside the transaction that queued messages; the receiver wakes senders
# once, after commit.
messages_queued = Signal()
