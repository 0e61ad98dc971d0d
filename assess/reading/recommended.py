"""What a client is advised to send, by the kind of organization it is, and what it sent that nobody knows."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, get_args, get_type_hints

import msgspec

from accounts.types import OrganizationType
from assess.reading.warnings import Warnings
from assess.requests import CommonBody
from assess.types import Payment, WarningLevel
from transactions.types import Flow

type Check = Callable[[Payment], object]

_PAYER: dict[str, Check] = {"customer_id": lambda payment: payment.email or payment.phone or payment.customer_id}
_ORDER: dict[str, Check] = {"order_id": lambda payment: payment.order_id}
_CUSTOMER: dict[str, Check] = {"customer_id": lambda payment: payment.customer_id}
_PAYMENT_ID: dict[str, Check] = {"payment_id": lambda payment: payment.payment_id}
_IP: dict[str, Check] = {"device.ip": lambda payment: payment.device.ip}

BY_SEGMENT: dict[OrganizationType, dict[str, Check]] = {
    OrganizationType.MERCHANT: _PAYER | _ORDER,
    OrganizationType.PSP: _PAYER | _ORDER,
    OrganizationType.BANK: _CUSTOMER | _PAYMENT_ID,
}
BY_FLOW: dict[Flow, dict[str, Check]] = {
    Flow.PAYIN: _IP,
    Flow.PAYOUT: {
        "origin.account_id": lambda payment: payment.origin.account_id,
        "origin.country": lambda payment: payment.origin.country,
        "payout.channel": lambda payment: payment.payout.channel,
    },
}


def warn_of_missing(payment: Payment, *, segment: OrganizationType, warnings: Warnings) -> None:
    """Note each recommended field that is missing. On payouts the payer is the origin, so its identity is not asked."""
    wanted = BY_FLOW[payment.flow] | BY_SEGMENT[segment]
    if payment.flow is Flow.PAYOUT and segment is not OrganizationType.BANK:
        wanted = BY_FLOW[payment.flow] | _ORDER
    for name, is_given in wanted.items():
        if not is_given(payment):
            warnings.recommend(name)


def warn_of_unknown(tree: dict[str, Any], kind: type[CommonBody], warnings: Warnings) -> None:
    """Note each field that the body's struct does not take, nested ones too; free objects are left alone."""
    for name in _list_unknown(tree, kind):
        warnings.add(name, WarningLevel.UNKNOWN, "unknown_field")


def _list_unknown(tree: dict[str, Any], kind: type[msgspec.Struct], prefix: str = "") -> Iterator[str]:
    known = _fields_of(kind)
    for name, value in tree.items():
        if name not in known:
            yield prefix + name
        elif isinstance(value, dict) and known[name] is not None:
            yield from _list_unknown(value, known[name], f"{prefix}{name}.")


@cache
def _fields_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Return each field with the struct that it holds, None for plain values and free objects."""
    return {name: _struct_in(hint) for name, hint in get_type_hints(kind).items()}


def _struct_in(hint: Any) -> type[msgspec.Struct] | None:
    kinds = [hint, *get_args(hint)]
    return next((k for k in kinds if isinstance(k, type) and issubclass(k, msgspec.Struct)), None)
