"""One key, one decision (contract §5).

The claim is a row that the deciding transaction inserts and holds until it commits: a twin's claim waits for it on the
unique index, for at most the deadline. When the first commits, the twin finds its decision; when it dies, the twin's
own claim goes through. There is no state "in progress" to clean up.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.types import KeyType
from core.environments import Environment
from core.errors import Duplicate
from core.sql import Statement
from core.strict_json import JsonValue, canonical_bytes
from transactions.types import Flow

KEPT = timedelta(hours=48)  # contract §5: 24 h at least

_CLAIM = """
INSERT INTO assess_idempotencykey AS k
    (organization_id, environment, key_hash, body_hash, transaction_id, is_implicit, is_released, expires_at)
VALUES (%(organization_id)s, %(environment)s, %(key_hash)s, %(body_hash)s, %(transaction_id)s, %(is_implicit)s, false,
        %(expires_at)s)
ON CONFLICT (organization_id, environment, key_hash) DO UPDATE
SET body_hash = excluded.body_hash, transaction_id = excluded.transaction_id, is_implicit = excluded.is_implicit,
    is_released = false, expires_at = excluded.expires_at
WHERE k.is_released OR k.expires_at <= %(now)s OR (k.is_implicit AND k.body_hash <> excluded.body_hash)
RETURNING k.id
"""

_FIND = """
SELECT k.body_hash, a.response
FROM assess_idempotencykey k JOIN assess_assessment a
  ON a.organization_id = k.organization_id AND a.transaction_id = k.transaction_id
WHERE k.organization_id = %(organization_id)s AND k.environment = %(environment)s AND k.key_hash = %(key_hash)s
"""

_FIND_TRANSACTIONS = """
SELECT k.transaction_id FROM assess_idempotencykey k
WHERE k.organization_id = %(organization_id)s AND k.environment = %(environment)s
  AND k.key_hash = ANY(%(key_hashes)s::uuid[])
"""

_FREE = """
UPDATE assess_idempotencykey SET is_released = true
WHERE organization_id = %(organization_id)s AND environment = %(environment)s
  AND transaction_id = ANY(%(transaction_ids)s::uuid[])
"""


class KeyReused(Duplicate):
    message = "This idempotency key was used with another body."


class InProgress(Duplicate):
    message = "The first call with this idempotency key is still being decided; try again."


@dataclass(frozen=True, slots=True)
class Claim:
    """What a call asks to own: the key's digest, and that of the body it stands for."""

    key_hash: uuid.UUID
    body_hash: uuid.UUID
    is_implicit: bool


def make_claim(
    *, flow: Flow, key_type: KeyType, tree: dict[str, JsonValue], header: str | None
) -> tuple[Claim | None, str | None]:
    """Return the call's claim and the explicit key to echo; header before body, both before the implicit pair."""
    body_key = tree.get("idempotency_key")
    explicit = header or (body_key.strip() if isinstance(body_key, str) else None)
    if explicit:
        return Claim(_hash_key(flow, key_type, "key", explicit), _hash_body(tree), is_implicit=False), explicit
    order_id, payment_id = tree.get("order_id"), tree.get("payment_id")
    if isinstance(order_id, str) and isinstance(payment_id, str) and order_id.strip() and payment_id.strip():
        pair = f"{len(order_id)}:{order_id}:{payment_id}"
        return Claim(_hash_key(flow, key_type, "pair", pair), _hash_body(tree), is_implicit=True), None
    return None, None


def _hash_key(flow: Flow, key_type: KeyType, kind: str, key: str) -> uuid.UUID:
    return _digest(f"{flow}\x1f{key_type}\x1f{kind}\x1f{key}".encode())


def _hash_body(tree: dict[str, JsonValue]) -> uuid.UUID:
    return _digest(canonical_bytes(tree, without=frozenset({"idempotency_key"})))


def _digest(data: bytes) -> uuid.UUID:
    return uuid.UUID(bytes=hashlib.blake2b(data, digest_size=16).digest())


def make_claim_statement(
    *, organization_id: uuid.UUID, environment: Environment, claim: Claim, transaction_id: uuid.UUID, now: datetime
) -> Statement:
    """Return the claim; a row comes back when it went through."""
    parameters = {
        "organization_id": organization_id,
        "environment": environment.value,
        "key_hash": claim.key_hash,
        "body_hash": claim.body_hash,
        "transaction_id": transaction_id,
        "is_implicit": claim.is_implicit,
        "expires_at": now + KEPT,
        "now": now,
    }
    return Statement(_CLAIM, parameters)


def make_find_statement(*, organization_id: uuid.UUID, environment: Environment, claim: Claim) -> Statement:
    """Return the look-up of who holds the key: the body's digest and the answer."""
    parameters = {"organization_id": organization_id, "environment": environment.value, "key_hash": claim.key_hash}
    return Statement(_FIND, parameters)


def make_find_transactions_statement(*, organization_id: uuid.UUID, environment: Environment, key: str) -> Statement:
    """Return the look-up of the transactions that server calls decided under an explicit key, in either flow."""
    hashes = [_hash_key(flow, KeyType.SECRET, "key", key) for flow in Flow]
    parameters = {"organization_id": organization_id, "environment": environment.value, "key_hashes": hashes}
    return Statement(_FIND_TRANSACTIONS, parameters)


def make_free_statement(
    *, organization_id: uuid.UUID, environment: Environment, transaction_ids: list[uuid.UUID]
) -> Statement:
    """Return the statement that frees the keys of released attempts."""
    parameters = {
        "organization_id": organization_id,
        "environment": environment.value,
        "transaction_ids": transaction_ids,
    }
    return Statement(_FREE, parameters)


def read_replay(row: tuple[uuid.UUID, bytes], claim: Claim) -> bytes:
    """Return the first call's answer, byte for byte; raises KeyReused when it was for another body."""
    body_hash, response = row
    if body_hash != claim.body_hash:
        raise KeyReused(details={"reason": "idempotency_key_reuse"})
    return bytes(response)
