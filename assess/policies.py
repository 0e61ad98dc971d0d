"""The policy in force: decoded once a process, checked with every call, so that none outlives a publication."""

import uuid
from threading import Lock
from typing import cast

import msgspec

from assess.policy import Policy, decode_policy, default_policy, encode_policy
from assess.signals import payout_structuring
from assess.types import Payment
from core.environments import Environment
from core.sql import Statement, run_statement
from transactions.types import Flow

_CURRENT = """
SELECT max(p.version) FROM assess_assessmentpolicy p
WHERE p.organization_id = %(organization_id)s AND p.environment = %(environment)s
"""

_LOAD = """
SELECT p.version, p.document FROM assess_assessmentpolicy p
WHERE p.organization_id = %(organization_id)s AND p.environment = %(environment)s
  AND (p.version = %(version)s::integer OR %(version)s::integer IS NULL)
ORDER BY p.version DESC LIMIT 1
"""

_PUBLISH_FIRST = """
INSERT INTO assess_assessmentpolicy (id, organization_id, environment, version, document, reason)
VALUES (%(id)s, %(organization_id)s, %(environment)s, 1, %(document)s, 'default')
ON CONFLICT (organization_id, environment, version) DO NOTHING
"""

_cache: dict[tuple[uuid.UUID, Environment], Policy] = {}
_lock = Lock()


def bands_of(policy: Policy, payment: Payment) -> tuple[tuple[int, int], ...]:
    """Return the structuring bands, in minor units, in which gather must count for this policy; pay-ins have none."""
    if payment.flow is not Flow.PAYOUT:
        return ()
    parameters = policy.payout.parameters[payout_structuring.SIGNAL.code]
    return payout_structuring.bands(cast(payout_structuring.StructuringParameters, parameters), payment.currency)


def make_current_version_statement(*, organization_id: uuid.UUID, environment: Environment) -> Statement:
    """Return the look-up of the version in force; it travels with gather."""
    return Statement(_CURRENT, {"organization_id": organization_id, "environment": environment.value})


def find_cached_policy(*, organization_id: uuid.UUID, environment: Environment) -> Policy | None:
    """Return the policy this process knew last; whether it is still in force, gather tells."""
    return _cache.get((organization_id, environment))


def load_policy(*, organization_id: uuid.UUID, environment: Environment, version: int | None = None) -> Policy:
    """Return a version of the policy (the one in force by default) and remember it when it is in force.

    An organization without any gets the default as its version 1, in the transaction that is open.
    """
    scope = {"organization_id": organization_id, "environment": environment.value}
    rows = run_statement(Statement(_LOAD, {**scope, "version": version}))
    if not rows and version is None:
        document = msgspec.json.encode(encode_policy(default_policy())).decode()
        run_statement(Statement(_PUBLISH_FIRST, {**scope, "id": uuid.uuid4(), "document": document}))
        rows = run_statement(Statement(_LOAD, {**scope, "version": None}))
    if not rows:
        raise LookupError("no such policy version")
    policy = decode_policy(msgspec.json.decode(rows[0][1]), version=rows[0][0])
    if version is None:
        with _lock:
            _cache[organization_id, environment] = policy
    return policy
