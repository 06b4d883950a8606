"""What all apps together know of one person."""
