"""What of a stored payment can be on a list, and which entry values have a history of their own to count by."""

from collections.abc import Mapping
from typing import Any

from blocklists.kinds.table import KINDS
from blocklists.types import FlowScope, ListType, PaymentIdentifiers
from core.environments import Environment
from transactions.identities import Identity, make_identity
from transactions.types import Flow, IdentityKind

type Details = Mapping[str, Any]

_PAYIN_KINDS = {
    ListType.EMAIL: IdentityKind.EMAIL,
    ListType.IP_ADDRESS: IdentityKind.IP,
    ListType.DEVICE_FINGERPRINT: IdentityKind.DEVICE,
    ListType.CUSTOMER_ID: IdentityKind.CUSTOMER,
}


def list_flows(list_type: ListType, scope: FlowScope) -> tuple[Flow, ...]:
    """Return the flows in which an entry of that type and scope is compared with anything."""
    wanted = set(Flow) if scope is FlowScope.BOTH else {Flow(scope.value)}
    return tuple(flow for flow in Flow if flow in wanted & KINDS[list_type].flows)


def find_identity(list_type: ListType, value: str, *, flow: Flow, environment: Environment) -> Identity | None:
    """Return under which identity all payments of this canonical value are counted, None when there is none.

    There is none for an IBAN or an account's hash: a payout that has a CLABE too is counted under its CLABE alone
    (contract §3).
    """
    if flow is Flow.PAYIN and list_type in _PAYIN_KINDS:
        return make_identity(environment=environment, scope=flow, kind=_PAYIN_KINDS[list_type], value=value)
    if flow is Flow.PAYOUT and list_type is ListType.CLABE:
        return make_identity(environment=environment, scope=flow, kind=IdentityKind.BENEFICIARY, value=f"clabe:{value}")
    return None


def is_met(list_type: ListType, value: str, *, flow: Flow, details: Details) -> bool:
    """Say whether a payment with these stored details meets an entry of that type and canonical value."""
    return value in KINDS[list_type].find_candidates(read_identifiers(flow, details))


def read_identifiers(flow: Flow, details: Details) -> PaymentIdentifiers:
    """Return what the lists are asked about of a stored payment, by the contract's table (§9)."""
    device = details.get("device") or {}
    shared: dict[str, Any] = {"ip": device.get("ip"), "device_fingerprint": device.get("fingerprint")}
    shared["customer_id"] = details.get("customer_id")
    if flow is Flow.PAYIN:
        return PaymentIdentifiers(**shared, **_read_payer(details))
    return PaymentIdentifiers(**shared, **_read_party(details.get("beneficiary") or {}))


def _read_payer(details: Details) -> dict[str, Any]:
    method, billing = details.get("payment_method") or {}, details.get("billing") or {}
    countries = (billing.get("country"), method.get("card_country"))
    return {
        "email": details.get("email"),
        "phone": details.get("phone"),
        "card_bin": method.get("card_bin"),
        "card_hash": method.get("card_hash"),
        "countries": tuple(code for code in countries if code),
    }


def _read_party(party: Details) -> dict[str, Any]:
    names = ("email", "phone", "clabe", "iban", "account_hash", "swift_bic")
    return {name: party.get(name) for name in names} | {
        "beneficiary_id": party.get("id"),
        "countries": tuple(party.get("countries") or ()),
    }
