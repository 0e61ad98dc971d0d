"""What an invited person has in hand."""

import re

from tests.mail.inbox import list_queued

_LINK = re.compile(r"/invite/([0-9a-z]{12}-[A-Za-z0-9]{32})")


def list_tokens() -> list[str]:
    """Return the token of each invitation that waits to be sent, oldest first."""
    return [_LINK.search(mail.text)[1] for mail in list_queued()]  # type: ignore[index]
