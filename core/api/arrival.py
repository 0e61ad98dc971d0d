"""When a request arrived: before it waited for a thread, if the server says so."""

from django.http import HttpRequest

from core.clock import read_monotonic_ms

ARRIVED = "clausum.arrived_ms"
"""In the WSGI environment: milliseconds of the monotonic clock. No header of a client's can be named so."""


def read_arrival_ms(request: HttpRequest) -> float:
    """Return the moment at which the request arrived, else the present one, in milliseconds of the monotonic clock."""
    arrived: float | None = request.META.get(ARRIVED)
    return read_monotonic_ms() if arrived is None else arrived
