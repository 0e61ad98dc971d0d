"""The composition root is an app only so that its management commands are found."""

from django.apps import AppConfig


class ClausumConfig(AppConfig):
    name = "clausum"

    def ready(self) -> None:
        from core.logs import configure_logs  # noqa: PLC0415  apps must be loaded first

        configure_logs()
