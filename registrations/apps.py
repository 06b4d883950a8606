from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "registrations"

    def ready(self) -> None:
        from registrations import private_files, receivers

        del private_files, receivers  # registering and connecting are their imports' effect
