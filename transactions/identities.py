"""Identities: the digests under which history is kept, so that no counter holds a raw identifier."""

import hashlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.environments import Environment
from transactions.types import Flow, IdentityKind

FRAUD_SCOPE = "fraud"

type Details = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """One recurring party of a payment and the digest under which its history stands."""

    kind: IdentityKind
    digest: uuid.UUID


def make_identity(*, environment: Environment, scope: Flow | str, kind: IdentityKind, value: str) -> Identity:
    """Return the identity of a normalised value within an environment and a scope (a flow, or `fraud`).

    The digest is BLAKE2b-128 over the four; rows also carry the organization, so two tenants never share one.
    """
    text = f"{environment}\x1f{scope}\x1f{kind:d}\x1f{value}"
    return Identity(kind, uuid.UUID(bytes=hashlib.blake2b(text.encode(), digest_size=16).digest()))


def list_identities(*, environment: Environment, flow: Flow, details: Details) -> tuple[Identity, ...]:
    """Return under which identities a payment counts in the history of its flow.

    Pay-in: e-mail, IP, device, customer, card (BIN and last four). Payout: the beneficiary's account and its origin.
    """
    values = _payin_values(details) if flow is Flow.PAYIN else _payout_values(details)
    return tuple(make_identity(environment=environment, scope=flow, kind=kind, value=value) for kind, value in values)


def list_fraud_identities(*, environment: Environment, flow: Flow, details: Details) -> tuple[Identity, ...]:
    """Return who pays: what a confirmed fraud marks and a later payment is looked up by (contract §7).

    Pay-in: customer, e-mail, device, card, card hash. Payout: customer, origin, device (the e-mail there is the
    beneficiary's). The scope is one for both flows, so a customer marked in one is known in the other.
    """
    values = _payin_payer_values(details) if flow is Flow.PAYIN else _payout_payer_values(details)
    return tuple(
        make_identity(environment=environment, scope=FRAUD_SCOPE, kind=kind, value=value) for kind, value in values
    )


def list_payee_identities(*, environment: Environment, flow: Flow, details: Details) -> tuple[Identity, ...]:
    """Return whom a payout pays: what a fraud of the beneficiary's marks, and a later payout is looked up by.

    A pay-in has none: its payee is the organization itself. The scope is the frauds', so that an account marked here
    is no party of any history.
    """
    account = name_account(details) if flow is Flow.PAYOUT else None
    if account is None:
        return ()
    return (make_identity(environment=environment, scope=FRAUD_SCOPE, kind=IdentityKind.BENEFICIARY, value=account),)


def _payin_values(details: Details) -> Iterator[tuple[IdentityKind, str]]:
    device = details.get("device") or {}
    return _present(
        (IdentityKind.EMAIL, details.get("email")),
        (IdentityKind.IP, device.get("ip")),
        (IdentityKind.DEVICE, device.get("fingerprint")),
        (IdentityKind.CUSTOMER, details.get("customer_id")),
        (IdentityKind.CARD, name_card(details)),
    )


def _payout_values(details: Details) -> Iterator[tuple[IdentityKind, str]]:
    return _present(
        (IdentityKind.BENEFICIARY, name_account(details)),
        (IdentityKind.ORIGIN, name_origin(details)),
    )


def _payin_payer_values(details: Details) -> Iterator[tuple[IdentityKind, str]]:
    return _present(
        (IdentityKind.CUSTOMER, details.get("customer_id")),
        (IdentityKind.EMAIL, details.get("email")),
        (IdentityKind.DEVICE, (details.get("device") or {}).get("fingerprint")),
        (IdentityKind.CARD, name_card(details)),
        (IdentityKind.CARD_HASH, (details.get("payment_method") or {}).get("card_hash")),
    )


def _payout_payer_values(details: Details) -> Iterator[tuple[IdentityKind, str]]:
    return _present(
        (IdentityKind.CUSTOMER, details.get("customer_id")),
        (IdentityKind.ORIGIN, name_origin(details)),
        (IdentityKind.DEVICE, (details.get("device") or {}).get("fingerprint")),
    )


def _present(*pairs: tuple[IdentityKind, str | None]) -> Iterator[tuple[IdentityKind, str]]:
    """Yield the pairs whose value was given and is not empty."""
    return ((kind, value) for kind, value in pairs if value)


def name_card(details: Details) -> str | None:
    """Return `<BIN>:<last four>`, or None unless both are there: neither alone is one card."""
    method = details.get("payment_method") or {}
    card_bin, last4 = method.get("card_bin"), method.get("card_last4")
    return f"{card_bin}:{last4}" if card_bin and last4 else None


def name_account(details: Details) -> str | None:
    """Return the beneficiary's account as contract §3 recognises it, its kind in front, or None.

    The first of CLABE, IBAN and account hash; else BIC with id; else the id alone.
    """
    beneficiary = details.get("beneficiary") or {}
    for kind in ("clabe", "iban", "account_hash"):
        if beneficiary.get(kind):
            return f"{kind}:{beneficiary[kind]}"
    bic, own_id = beneficiary.get("swift_bic"), beneficiary.get("id")
    if bic and own_id:
        return f"bic:{bic}:{own_id}"
    return f"id:{own_id}" if own_id else None


def name_origin(details: Details) -> str | None:
    """Return the account that pays out, else the customer whose it is, or None."""
    origin = details.get("origin") or {}
    if origin.get("account_id"):
        return f"account:{origin['account_id']}"
    return f"customer:{details['customer_id']}" if details.get("customer_id") else None
