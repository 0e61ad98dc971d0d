"""The Celery application: `celery -A clausum.celery worker`."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clausum.settings")

app = Celery("clausum")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _configure_logging(**_kwargs: object) -> None:
    from core.logs import configure_logs  # noqa: PLC0415  settings must be importable first

    configure_logs()
