"""The revision of what a page showed, which comes back with what was decided on it."""

from django.http import HttpRequest


def read_revision(request: HttpRequest) -> int:
    """Return the revision that was sent, -1 of none or of nonsense: no row has it."""
    given = request.POST.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else -1
