"""From where, and in which request, something is done: known to whatever a request calls, without being handed on."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """`address` is canonical, None where there is none (a unix socket); both are None outside a request."""

    address: str | None = None
    request_id: str | None = None


NOBODY = Caller()
current_caller: ContextVar[Caller] = ContextVar("current_caller", default=NOBODY)
