"""How a call ended: a decision, a refused currency, or a failure."""

from enum import StrEnum
from typing import Annotated

import msgspec

from transactions.types import Decision

NO_ANSWER = 0
_REFUSED_FOR_GOOD = frozenset({401, 403, 404, 405})


class End(StrEnum):
    """`refused` is the API's word on a currency that is withdrawn today; `failed` is everything without a decision."""

    DECIDED = "decided"
    REFUSED = "refused"
    FAILED = "failed"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back last. `status` 0 means nothing did; `latency_ms` is the time of the last try alone."""

    status: int
    code: str = ""
    end: End = End.FAILED
    decision: Decision | None = None
    signals: tuple[str, ...] = ()
    risk_score: int = 0
    transaction_id: str = ""
    latency_ms: float = 0.0
    is_replay: bool = False
    tries: int = 1

    @property
    def is_hopeless(self) -> bool:
        """Say whether every further call would end the same way: nobody there, a wrong key, a wrong address."""
        return self.status == NO_ANSWER or self.status in _REFUSED_FOR_GOOD


class _Decided(msgspec.Struct):
    decision: Decision
    signals: tuple[str, ...] = ()
    risk_score: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    transaction_id: str = ""


class _Problem(msgspec.Struct):
    code: str = ""
    details: dict[str, object] = {}


class _Refused(msgspec.Struct):
    error: _Problem


_decided = msgspec.json.Decoder(_Decided)
_refused = msgspec.json.Decoder(_Refused)


def read_answer(*, status: int, body: bytes, latency_ms: float, is_replay: bool, tries: int) -> Answer:
    """Return what an HTTP answer says; a body that cannot be read makes it a failure under its status."""
    try:
        if status == 200:
            return _read_decision(body, latency_ms=latency_ms, is_replay=is_replay, tries=tries)
        return _read_problem(status, body, tries=tries)
    except msgspec.DecodeError:
        return Answer(status=status, code="UNREADABLE", tries=tries)


def _read_decision(body: bytes, *, latency_ms: float, is_replay: bool, tries: int) -> Answer:
    decided = _decided.decode(body)
    return Answer(
        status=200,
        end=End.DECIDED,
        decision=decided.decision,
        signals=decided.signals,
        risk_score=decided.risk_score,
        transaction_id=decided.transaction_id,
        latency_ms=latency_ms,
        is_replay=is_replay,
        tries=tries,
    )


def _read_problem(status: int, body: bytes, *, tries: int) -> Answer:
    problem = _refused.decode(body).error
    fields = problem.details.get("fields")
    is_currency = status == 400 and isinstance(fields, dict) and set(fields) == {"currency"}
    return Answer(status=status, code=problem.code, end=End.REFUSED if is_currency else End.FAILED, tries=tries)
