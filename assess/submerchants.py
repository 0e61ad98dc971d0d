"""The submerchant that a PSP's payment is for (contract §2)."""

import uuid
from dataclasses import dataclass
from typing import Any

from core.environments import Environment
from core.errors import ValidationFailed
from core.sql import Statement

_FIND = """
SELECT found.id, found.external_id, found.name,
       EXISTS (SELECT FROM accounts_submerchant a WHERE a.organization_id = %(organization_id)s
                 AND a.environment = %(environment)s AND a.is_active)
FROM (SELECT) AS always
LEFT JOIN LATERAL (
    SELECT s.id, s.external_id, s.name FROM accounts_submerchant s
    WHERE s.organization_id = %(organization_id)s AND s.environment = %(environment)s AND s.is_active
      AND (s.external_id = %(given)s::text OR s.id = %(id)s::uuid)
    ORDER BY s.external_id = %(given)s::text DESC LIMIT 1
) found ON true
"""


class SubmerchantRequired(ValidationFailed):
    """A PSP with active submerchants must say which one it pays for."""


@dataclass(frozen=True, slots=True)
class Submerchant:
    id: uuid.UUID
    external_id: str
    name: str


def make_submerchant_statement(*, organization_id: uuid.UUID, environment: Environment, given: str | None) -> Statement:
    """Return the look-up of an active submerchant by its external id or ours."""
    parameters = {
        "organization_id": organization_id,
        "environment": environment.value,
        "given": given,
        "id": _read_id(given),
    }
    return Statement(_FIND, parameters)


def _read_id(given: str | None) -> uuid.UUID | None:
    """Return our id when that is what was given: in the form in which we write it, and no other."""
    try:
        found = uuid.UUID(given or "")
    except ValueError:
        return None
    return found if str(found) == given else None


def read_submerchant(rows: list[tuple[Any, ...]]) -> tuple[Submerchant | None, bool]:
    """Return the submerchant found, and whether the organization has any active one."""
    identifier, external_id, name, has_any = rows[0]
    return (Submerchant(identifier, external_id, name) if identifier else None), has_any
