"""From a JSON object to the payment that it describes: what a call, a simulation and its page have in common."""

from collections.abc import Callable
from typing import Any, NamedTuple

from accounts.types import OrganizationType
from assess.reading.payments import read_payin, read_payout
from assess.reading.recommended import warn_of_missing, warn_of_unknown
from assess.reading.values import read_text
from assess.reading.warnings import Warnings
from assess.requests import BehaviorBody, CommonBody, PayinBody, PayoutAssessBody
from assess.types import Language, Payment
from core.api.bodies import decode
from core.errors import ValidationFailed
from core.strict_json import JsonValue, find_card_number
from transactions.types import Flow

_KINDS: dict[Flow, tuple[type[CommonBody], Callable[[Any, Warnings], Payment]]] = {
    Flow.PAYIN: (PayinBody, read_payin),
    Flow.PAYOUT: (PayoutAssessBody, read_payout),
}


class ReadBody(NamedTuple):
    """The payment, what there is to tell about it, and what the body names besides."""

    payment: Payment
    warnings: Warnings
    session_id: str | None
    submerchant_id: str | None
    idempotency_key: str | None


def read_body(tree: dict[str, JsonValue], *, flow: Flow, segment: OrganizationType, language: Language) -> ReadBody:
    """Return what the body says; raises ValidationFailed and its kin for one that cannot stand (contract §2, §3)."""
    _refuse_cards(tree)
    _refuse_quoted_numbers(tree)
    kind, read_payment = _KINDS[flow]
    body = decode(tree, kind)
    warnings = Warnings(language)
    payment = read_payment(body, warnings)
    warn_of_missing(payment, segment=segment, warnings=warnings)
    warn_of_unknown(tree, kind, warnings)
    return ReadBody(payment, warnings, read_text(body.session_id), read_text(body.submerchant_id), body.idempotency_key)


def _refuse_cards(tree: dict[str, JsonValue]) -> None:
    place = find_card_number(tree)
    if place is not None:
        raise ValidationFailed(
            "A card number may not be sent; send card_bin, card_last4 or card_hash.",
            details={"reason": "card_number", "fields": {place: ["looks like a card number"]}},
        )


def _refuse_quoted_numbers(tree: dict[str, JsonValue]) -> None:
    """Raise ValidationFailed for a number sent as a string, which msgspec would read as a decimal."""
    origin, behavior = tree.get("origin"), tree.get("behavior")
    places = {"amount": tree.get("amount")}
    if isinstance(origin, dict):
        places["origin.user_limit"] = origin.get("user_limit")
    if isinstance(behavior, dict):
        places |= {f"behavior.{name}": behavior.get(name) for name in BehaviorBody.__struct_fields__}
    for place, value in places.items():
        if isinstance(value, str):
            raise ValidationFailed.of_field(place, "must be a JSON number")
