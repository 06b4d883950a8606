"""How we talk to a database where Django's own way would not do."""
