"""The supervisor behind `make run`: Redis, web, worker and scheduler in one foreground group."""
