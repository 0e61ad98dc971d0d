"""What a condition may speak of: one table of fields, each with its type, its flows and where in the facts it stands.

A field that a payment does not have is absent, never empty or zero: a condition that needs it does not evaluate.
Amounts are in minor units of the payment's currency, times in the organization's time zone.
"""

from collections.abc import Callable
from math import isfinite
from typing import SupportsFloat

from assess.conditions.field import Field, Kind, Scored, Value, say
from assess.conditions.history_fields import HISTORY_FIELDS
from assess.conditions.payment_fields import PAYMENT_FIELDS
from assess.types import Facts
from transactions.types import Flow

METADATA = "metadata"
FIELDS: dict[str, Field] = {each.name: each for each in (*PAYMENT_FIELDS, *HISTORY_FIELDS)}


def _read_metadata(name: str) -> Callable[[Facts, Scored], Value]:
    key = name.removeprefix(f"{METADATA}.")

    def read(facts: Facts, _: Scored) -> Value:
        value = (facts.payment.metadata or {}).get(key)
        if isinstance(value, bool | str):
            return value
        return _plain_number(value)

    return read


def _plain_number(value: object) -> int | float | None:
    """Return a decimal as a number of the language; whatever else a client sends is absent."""
    if not isinstance(value, SupportsFloat):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number if isfinite(number) else None


def find_field(name: str) -> Field | None:
    """Return the field of that name, None when there is none. Any `metadata.<key>` is one."""
    if name in FIELDS:
        return FIELDS[name]
    group, _, key = name.partition(".")
    if group != METADATA or not key or "." in key:
        return None
    return Field(
        name=name,
        kind=Kind.ANY,
        meaning=say(f"The client's own “{key}”", f"“{key}” del cliente"),
        read=_read_metadata(name),
    )


def list_fields(*, flows: frozenset[Flow]) -> tuple[Field, ...]:
    """Return the fields that every one of the flows has, in the order of the table."""
    return tuple(each for each in FIELDS.values() if flows <= each.flows)
