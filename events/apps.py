from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from events import private_files

        del private_files  # saying who opens which files is its import's effect
