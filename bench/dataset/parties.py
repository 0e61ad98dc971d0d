"""The people of a data set as lines of COPY, with the digests under which the hot path keeps their history."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from bench.dataset.people import (
    CARRIER_ADDRESSES,
    encode_details,
    home_address_of,
    make_account,
    make_address,
    make_origin,
    make_payer,
    name_currency,
)
from bench.dataset.sizes import Size
from bench.dataset.slots import list_slots
from core.environments import Environment
from transactions.identities import list_identities, make_identity
from transactions.names import fold_name
from transactions.types import Flow, IdentityKind

ENVIRONMENT = Environment.PRODUCTION
type Row = tuple[Any, ...]


def _identify(flow: Flow, details: dict[str, Any]) -> dict[IdentityKind, str]:
    found = list_identities(environment=ENVIRONMENT, flow=flow, details=details)
    return {identity.kind: identity.digest.hex for identity in found}


def list_origins(size: Size) -> Iterator[Row]:
    """Yield number, digest, details of each origin."""
    for number in range(size.origins):
        details = msgspec.to_builtins(make_origin(number))
        yield number, _identify(Flow.PAYOUT, details)[IdentityKind.ORIGIN], encode_details(details)


def list_accounts(size: Size) -> Iterator[Row]:
    """Yield number, digest, folded name, currency, details of each account."""
    for number in range(size.accounts):
        beneficiary = make_account(number)
        details = {"beneficiary": msgspec.to_builtins(beneficiary)}
        digest = _identify(Flow.PAYOUT, details)[IdentityKind.BENEFICIARY]
        yield number, digest, fold_name(beneficiary.name or ""), name_currency(number), encode_details(details)


def list_payers(size: Size) -> Iterator[Row]:
    """Yield number, four digests, customer_id, details of each payer."""
    for number in range(size.payers):
        details = msgspec.to_builtins(make_payer(number))
        digests = _identify(Flow.PAYIN, details)
        kinds = (IdentityKind.EMAIL, IdentityKind.DEVICE, IdentityKind.CUSTOMER, IdentityKind.CARD)
        yield number, *(digests[kind] for kind in kinds), details["customer_id"], encode_details(details)


def list_addresses(size: Size) -> Iterator[Row]:
    """Yield number, digest, text of each address: the carriers' and those of the payers' homes."""
    for number in range(max(CARRIER_ADDRESSES, home_address_of(size.payers - 1) + 1)):
        address = make_address(number)
        kind = IdentityKind.IP
        identity = make_identity(environment=ENVIRONMENT, scope=Flow.PAYIN, kind=kind, value=address)
        yield number, identity.digest.hex, address


def list_hours(now: datetime) -> Iterator[Row]:
    """Yield rhythm, number, beginning of each slot."""
    for rhythm, number, begins_at in list_slots(now):
        yield rhythm, number, begins_at.isoformat()
