"""The public catalog of a flow: what it takes, what it may answer, and how to call it safely (contract §3)."""

from typing import Any

from django.conf import settings

from accounts.types import DEFAULT_RATE_LIMIT_PER_MINUTE, FailPolicy, OrganizationFacts, OrganizationType
from assess import catalog_fields
from assess.idempotency import KEPT
from assess.policy import ENGINE, default_policy
from assess.reading.recommended import BY_FLOW, BY_SEGMENT
from assess.signals.table import SIGNALS
from assess.types import Language
from core.money import MAX_AMOUNT_MINOR, currencies
from transactions.types import Decision, Flow

API_VERSION = "1.3.0"
SEGMENTS = {
    "merchant": OrganizationType.MERCHANT,
    "comercio": OrganizationType.MERCHANT,
    "psp": OrganizationType.PSP,
    "bank": OrganizationType.BANK,
    "banco": OrganizationType.BANK,
}


def make_catalog(*, flow: Flow, organization: OrganizationFacts | None) -> dict[str, Any]:
    """Return the catalog; with an organization also the fail policy that it declared."""
    catalog: dict[str, Any] = {
        "version": API_VERSION,
        "engine": ENGINE,
        "flow": flow.value,
        "amount": _describe_amount(),
        "fields": _list_fields(flow),
        "field_requirements_by_segment": {name: _requirements(flow, segment) for name, segment in SEGMENTS.items()},
        "signals": _list_signals(flow),
        "decisions": _describe_decisions(flow),
        "idempotency": _describe_idempotency(),
        "resilience": _describe_resilience(flow, organization),
        "rate_limits": _describe_rate_limits(),
    }
    return catalog


def _describe_amount() -> dict[str, Any]:
    return {
        "default_unit": "minor",
        "units": {
            "minor": "An integer number of minor units (1500 is MXN 15.00). 1500.0 and 1e3 are refused.",
            "major": "A decimal that fits the currency's exponent; trailing zeros do no harm.",
        },
        "maximum_minor": MAX_AMOUNT_MINOR,
        "exponents": dict(sorted(currencies().items())),
    }


def _list_fields(flow: Flow) -> list[dict[str, str]]:
    own = catalog_fields.PAYIN if flow is Flow.PAYIN else catalog_fields.PAYOUT
    types = {
        "amount": "number",
        "origin.user_limit": "number",
        "metadata": "object",
        "beneficiary": "object",
        "payout.first_to_beneficiary": "boolean",
    }
    return [
        {
            "name": name,
            "type": types.get(name, "integer" if name.startswith("behavior.") else "string"),
            "level": level,
            "description": description,
        }
        for name, (level, description) in (catalog_fields.COMMON | own).items()
    ]


def _requirements(flow: Flow, segment: OrganizationType) -> dict[str, list[str]]:
    required = ["amount", "currency"] if flow is Flow.PAYIN else ["amount", "currency", "beneficiary"]
    recommended = list(BY_FLOW[flow] | BY_SEGMENT[segment])
    if segment is OrganizationType.PSP:
        return {"required": [*required, "submerchant_id"], "recommended": recommended}
    return {"required": required, "recommended": recommended}


def _list_signals(flow: Flow) -> list[dict[str, Any]]:
    return [
        {
            "code": signal.code,
            "default_weight": signal.default_weight,
            "meaning": signal.meaning[Language.ENGLISH],
            "meaning_es": signal.meaning[Language.SPANISH],
        }
        for signal in SIGNALS
        if flow in signal.flows
    ]


def _describe_decisions(flow: Flow) -> list[dict[str, Any]]:
    policy = default_policy()
    bands = (policy.payin if flow is Flow.PAYIN else policy.payout).bands
    return [
        {"decision": Decision.APPROVE, "from_score": 0, "meaning": "Let the payment go."},
        {"decision": Decision.REVIEW, "from_score": bands.review, "meaning": "Hold it for a person to decide."},
        {"decision": Decision.CHALLENGE, "from_score": bands.challenge, "meaning": "Ask for a further proof."},
        {"decision": Decision.DECLINE, "from_score": bands.decline, "meaning": "Do not let it go."},
    ]


def _describe_idempotency() -> dict[str, Any]:
    return {
        "sources": ["Idempotency-Key header", "idempotency_key in the body", "order_id with payment_id"],
        "kept_hours": int(KEPT.total_seconds() // 3600),
        "replay_header": "Idempotency-Replayed",
        "conflicts": {
            "idempotency_key_reuse": "409: the key was used with another body.",
            "in_progress": "409 with Retry-After: the first call is still being decided; retry.",
        },
    }


def _describe_resilience(flow: Flow, organization: OrganizationFacts | None) -> dict[str, Any]:
    described: dict[str, Any] = {
        "deadline_ms": settings.ASSESS_DEADLINE_MS,
        "error_codes": {
            "400": ["VALIDATION_ERROR"],
            "401": ["UNAUTHORIZED"],
            "403": ["FORBIDDEN", "SECRET_KEY_REQUIRED"],
            "409": ["DUPLICATE"],
            "413": ["PAYLOAD_TOO_LARGE"],
            "415": ["UNSUPPORTED_MEDIA_TYPE"],
            "429": ["RATE_LIMIT_EXCEEDED"],
            "500": ["INTERNAL_ERROR"],
            "503": ["ASSESS_MAINTENANCE", "ASSESS_OVERLOADED", "RATE_LIMIT_STORE_UNAVAILABLE", "SERVICE_UNAVAILABLE"],
            "504": ["ASSESS_TIMEOUT"],
        },
        "retry": "On 409 in_progress, 429, 503 and 504 retry after Retry-After with the same idempotency key.",
        "default_fail_policy": (FailPolicy.OPEN if flow is Flow.PAYIN else FailPolicy.CLOSED).value,
    }
    if organization is not None:
        own = organization.fail_policy_payin if flow is Flow.PAYIN else organization.fail_policy_payout
        described["fail_policy"] = own.value
    return described


def _describe_rate_limits() -> dict[str, Any]:
    return {
        "default_per_minute": DEFAULT_RATE_LIMIT_PER_MINUTE,
        "default_per_day": None,
        "window_seconds": 60,
        "headers": ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"],
    }
