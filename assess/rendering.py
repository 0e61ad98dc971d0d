"""The answer's exact bytes: an outcome and its envelope, in the contract's order of fields (§2)."""

from assess.types import Envelope, Outcome
from core.api.responses import encode_json
from transactions.types import Flow


def render_answer(*, outcome: Outcome, envelope: Envelope, flow: Flow, policy_version: int) -> bytes:
    """Return the JSON of a 200; the same outcome, envelope and version of the policy give the same bytes.

    Only a simulation says which version decided: what a payment was decided by, its record tells (contract §15).
    """
    body: dict[str, object] = {
        "decision": outcome.decision,
        "risk_score": outcome.risk_score,
        "signals": [signal.code for signal in outcome.signals],
    }
    if envelope.shows_details:
        body["signal_details"] = outcome.signals
    body |= {
        "session_id": envelope.session_id,
        "blocked_by": outcome.blocked_by,
        "latency_ms": envelope.latency_ms,
        "flow": flow,
        "transaction_id": envelope.transaction_id,
    }
    if envelope.is_simulated:
        body |= {"simulation": True, "policy_version": policy_version}
    for name in ("order_id", "payment_id", "idempotency_key", "submerchant_id", "submerchant_name"):
        value = getattr(envelope, name)
        if value is not None:
            body[name] = value
    if envelope.field_warnings:
        body["field_warnings"] = envelope.field_warnings
    return encode_json(body)
