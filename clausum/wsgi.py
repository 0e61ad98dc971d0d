"""The web entry point: `gunicorn clausum.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clausum.settings")
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402  apps must be loaded first
from django.urls import reverse  # noqa: E402

from assess.warm_up import warm_up  # noqa: E402
from core.api.chunked import ChunkedBodies  # noqa: E402

application = ChunkedBodies(
    _django, maximum_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE, streamed=(reverse("blocklist-imports"),)
)
warm_up()
