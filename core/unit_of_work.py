"""One transaction around one service call: interfaces open it, services demand it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps

from django.db import connection, transaction

from core.sql import Statement

_is_open: ContextVar[bool] = ContextVar("unit_of_work_is_open", default=False)


class UnitOfWorkMisused(RuntimeError):
    """A service was called outside a unit of work, or one was opened inside another."""


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Open the one transaction of a request, a task or a command; all or nothing.

    Raises UnitOfWorkMisused inside another one.
    """
    if _is_open.get():
        raise UnitOfWorkMisused("a unit of work is open already; services compose without opening their own")
    token = _is_open.set(True)
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        _is_open.reset(token)


def service[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Mark a function that changes state: outside a unit of work it raises UnitOfWorkMisused."""

    @wraps(function)
    def demanding(*args: P.args, **kwargs: P.kwargs) -> R:
        require_unit_of_work(function.__qualname__)
        return function(*args, **kwargs)

    return demanding


def require_unit_of_work(name: str) -> None:
    """Raise UnitOfWorkMisused when no unit of work is open."""
    if not _is_open.get():
        raise UnitOfWorkMisused(f"{name} must be called inside unit_of_work()")


def make_commit_statements() -> list[Statement]:
    """Return the COMMIT, to be sent along with the last statements of the open unit of work, which it ends.

    It saves the round trip that the end of the block would take. None where the transaction is somebody else's (the
    one around a test), who ends it. Raises UnitOfWorkMisused outside a unit of work.
    """
    require_unit_of_work("make_commit_statements")
    return [Statement("COMMIT", {})] if len(connection.atomic_blocks) == 1 else []


def after_commit(callback: Callable[[], None]) -> None:
    """Run the callback once the open unit of work has committed; a courtesy, never a promise."""
    require_unit_of_work("after_commit")
    transaction.on_commit(callback, robust=True)
