"""The web entry point: `gunicorn clausum.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clausum.settings")
application = get_wsgi_application()

from assess.warm_up import warm_up  # noqa: E402  apps must be loaded first

warm_up()
