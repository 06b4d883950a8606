from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "events"

    def ready(self) -> None:
        from events import private_files, receivers

        del private_files, receivers  # saying who opens which files, and connecting, is the effect
