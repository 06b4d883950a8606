from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "registrations"

    def ready(self) -> None:
        from registrations import guest_questions, private_files, receivers

        # Providing, registering and connecting are their imports' effect.
        del guest_questions, private_files, receivers
