"""Where what happened below becomes a row in the outbox, in the same transaction."""
