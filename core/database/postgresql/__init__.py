"""PostgreSQL whose connections are looked at cheaply (ENGINE `core.database.postgresql`)."""
