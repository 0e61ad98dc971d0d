"""The composition root is an app only so that its management commands are found."""

import structlog
from django.apps import AppConfig
from django.conf import settings

from mail.checks import NOT_CONFIGURED, is_configured


class ClausumConfig(AppConfig):
    name = "clausum"

    def ready(self) -> None:
        from clausum import celery  # noqa: F401, PLC0415  whoever asks a worker for something knows the broker's options
        from core.logs import configure_logs  # noqa: PLC0415  apps must be loaded first

        configure_logs()
        if settings.MODE == "production" and not is_configured():
            structlog.get_logger(__name__).warning("mail_not_configured", sentence=NOT_CONFIGURED)
