"""SQLite with a queue for writers (settings: ENGINE `core.database.sqlite3`)."""
