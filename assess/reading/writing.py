"""The other way around: a stored payment as the body that would ask about it again."""

from typing import Any

import msgspec

from assess.types import Payment
from core.strict_json import JsonValue

_DERIVED = frozenset({"countries", "flaws"})


def write_body(payment: Payment) -> dict[str, JsonValue]:
    """Return the body, amounts in minor units; what was derived from other fields is left out."""
    body: dict[str, Any] = msgspec.to_builtins(payment)
    del body["flow"]
    body["amount"] = body.pop("amount_minor")
    body["amount_unit"] = "minor"
    if payment.beneficiary is not None:
        body["beneficiary"] = {name: value for name, value in body["beneficiary"].items() if name not in _DERIVED}
    if "user_limit_minor" in body.get("origin", {}):
        body["origin"]["user_limit"] = body["origin"].pop("user_limit_minor")
    rail, channel = body.get("payout", {}).get("rail"), body.get("payout", {}).get("channel")
    if rail and channel and channel.lower() == rail:
        del body["payout"]["rail"]
    return {name: value for name, value in body.items() if value != {} or name == "behavior"}
