"""Verifies the next slice of a chain that somebody asked about: no transaction is long, no worker's end loses it."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from itertools import islice

from core.unit_of_work import service
from events.models import ChainCheck
from events.queries import SMALLEST_SEQUENCE, get_chain_tip
from events.types import UNENDED, CheckState, Problem
from events.verification import DatabaseVerifier

SLICE_ROWS = 20_000
SHOWN_PROBLEMS = 20
_MOVING = (
    *("state", "begun_at", "ended_at", "position", "last_sequence", "last_hash"),
    *("sealed", "waiting", "erased", "problems", "first_problems"),
)


@service
def advance_chain_check(*, now: datetime, rows: int = SLICE_ROWS) -> bool:
    """Take one check on by up to that many rows of its chain; False when no check waits or another worker has them."""
    waiting = ChainCheck.objects.across_organizations(reason="workers check every organization's chain")
    check = waiting.filter(state__in=UNENDED).select_for_update(skip_locked=True).order_by("requested_at").first()
    if check is None:
        return False
    check.state, check.begun_at = CheckState.RUNNING.value, check.begun_at or now
    verifier = _resume(check)
    tip = get_chain_tip(organization_id=check.organization_id)
    until = check.position + rows
    _note(check, verifier.verify_rows(after=check.position or SMALLEST_SEQUENCE, until=until))
    check.position = until
    if until >= tip.sequence:
        _note(check, verifier.finish(now=now))
        check.ended_at = now
        check.state = (CheckState.FAILED if check.problems else CheckState.PASSED).value
    _suspend(check, verifier)
    check.save(update_fields=_MOVING)
    return True


def _resume(check: ChainCheck) -> DatabaseVerifier:
    verifier = DatabaseVerifier(organization_id=check.organization_id)
    verifier.chain.sequence, verifier.chain.hash = check.last_sequence, check.last_hash
    verifier.chain.count, verifier.erased = check.sealed, check.erased
    return verifier


def _suspend(check: ChainCheck, verifier: DatabaseVerifier) -> None:
    check.last_sequence, check.last_hash = verifier.chain.sequence, verifier.chain.hash
    check.sealed, check.erased, check.waiting = verifier.chain.count, verifier.erased, verifier.waiting


def _note(check: ChainCheck, problems: Iterable[Problem]) -> None:
    """Count the problems and keep the first few in words."""
    found = iter(problems)
    shown = [str(problem) for problem in islice(found, SHOWN_PROBLEMS - len(check.first_problems))]
    check.first_problems = [*check.first_problems, *shown]
    check.problems += len(shown) + _count(found)


def _count(problems: Iterable[Problem]) -> int:
    last = deque(enumerate(problems, start=1), maxlen=1)
    return last[0][0] if last else 0
