"""What `manage.py check` says about mail."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register

NOT_CONFIGURED = "Nobody gets any mail, no invitation and no password reset: SMTP_URL is not set."


def is_configured() -> bool:
    """Say whether messages go anywhere."""
    return settings.SMTP_SERVER is not None or bool(settings.MAIL_FOLDER)


@register
def check_mail(**_arguments: Any) -> list[CheckMessage]:
    """Warn of a production installation whose messages go nowhere."""
    if settings.MODE != "production" or is_configured():
        return []
    return [checks.Warning(NOT_CONFIGURED, hint="Set SMTP_URL and MAIL_FROM (docs/operations.md).", id="mail.W001")]
