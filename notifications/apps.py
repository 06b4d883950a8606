from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        from notifications import checks, receivers

        del checks, receivers  # registering and connecting are their imports' effect
