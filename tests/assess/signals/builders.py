"""Payments and facts for the tests of signals: only what a test names is given."""

from datetime import UTC, datetime
from typing import Any

from accounts.types import FailPolicy
from assess.signals.base import Signal
from assess.types import Beneficiary, Facts, Finding, Language, Payment
from transactions.types import Flow, IdentityHistory, IdentityKind

NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)


def make_payin(**fields: Any) -> Payment:
    given: dict[str, Any] = {"flow": Flow.PAYIN, "amount_minor": 150_000, "currency": "MXN"}
    return Payment(**(given | fields))


def make_payout(**fields: Any) -> Payment:
    given: dict[str, Any] = {
        "flow": Flow.PAYOUT,
        "amount_minor": 150_000,
        "currency": "MXN",
        "beneficiary": Beneficiary(),
    }
    return Payment(**(given | fields))


def make_facts(payment: Payment | None = None, **fields: Any) -> Facts:
    given: dict[str, Any] = {
        "payment": payment or make_payin(),
        "at": NOON,
        "local_hour": 12,
        "fail_policy": FailPolicy.OPEN,
    }
    return Facts(**(given | fields))


def make_history(kind: IdentityKind, **fields: Any) -> IdentityHistory:
    return IdentityHistory(kind=kind, **fields)


def judge(signal: Signal[Any], facts: Facts, **parameters: Any) -> Finding | None:
    """Return what the signal finds under its default parameters, but for those given."""
    return signal.evaluate(facts, signal.parameters(**parameters))


def tell(signal: Signal[Any], facts: Facts, **parameters: Any) -> tuple[str, str]:
    """Return the description in English and in Spanish of what must have fired."""
    finding = judge(signal, facts, **parameters)
    assert finding is not None
    return signal.describe(finding, Language.ENGLISH), signal.describe(finding, Language.SPANISH)
