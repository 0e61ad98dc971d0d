"""The calls that a run makes: whole HTTP requests as bytes, with a gap where each call's own id goes.

Parties are drawn as often as they pay, so the largest origins are asked about most, unless a scenario wants only one.
"""

import json
import random
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import msgspec

from bench.dataset.people import (
    CARRIER_ADDRESSES,
    CARRIER_SHARE,
    home_address_of,
    make_account,
    make_address,
    make_origin,
    make_payer,
    name_currency,
)
from bench.dataset.sizes import MIDDLE_ACCOUNTS, Size
from transactions.types import Flow

GAP = "0BENCHGAP0ID"
"""Twelve characters that stand for a call's own id, in the body and in the headers."""
PATHS = {Flow.PAYOUT: "/api/v1/assess/payout", Flow.PAYIN: "/api/v1/assess"}
_WITH_KEY, _WITH_PAIR = 0.4, 0.7
"""Below the first an Idempotency-Key comes along, below the second an order_id with the payment_id."""
_NO_COMPUTED = frozenset({"flow", "amount_minor", "countries", "flaws"})


class Whom(StrEnum):
    """Whose payments are asked about."""

    EVERYBODY = "everybody"
    LARGEST = "largest"
    SMALLEST = "smallest"


def make_pool(
    *, size: Size, flow: Flow, key: str, count: int, whom: Whom = Whom.EVERYBODY, seed: int = 7
) -> list[bytes]:
    """Return that many requests of one flow; the same arguments give the same ones."""
    dice = random.Random(seed)  # noqa: S311  what is drawn is no secret
    draw = _draw_payout if flow is Flow.PAYOUT else _draw_payin
    return [_make_request(draw(size, whom, dice), flow, key, dice) for _ in range(count)]


def _draw_payout(size: Size, whom: Whom, dice: random.Random) -> dict[str, Any]:
    origin, account = _PAYOUTS[whom](size, dice)
    body = _strip(msgspec.to_builtins(make_origin(origin)))
    body["beneficiary"] = _strip(msgspec.to_builtins(make_account(account)))
    body["payout"].pop("rail")
    body["device"]["user_agent"] = "treasury/4.2"
    body |= {"amount": int(dice.lognormvariate(13.5, 0.8)), "currency": name_currency(account)}
    return body


def _draw_origin(size: Size, dice: random.Random) -> tuple[int, int]:
    place = dice.random() * size.payouts
    for number, corporate in enumerate(size.corporates):
        if place < corporate.payouts:
            return _draw_largest(size, dice, number)
        place -= corporate.payouts
    if place < size.middle_payouts:
        middle = dice.randrange(size.middle_origins)
        account = size.first_middle_account + middle * MIDDLE_ACCOUNTS + int(dice.random() ** 2 * MIDDLE_ACCOUNTS)
        return size.first_middle_origin + middle, account
    return _draw_smallest(size, dice)


def _draw_largest(size: Size, dice: random.Random, number: int = 0) -> tuple[int, int]:
    corporate = size.corporates[number]
    if dice.random() < 0.7:
        return number, corporate.first_account + dice.randrange(corporate.employees)
    supplier = int(dice.random() ** 2 * corporate.suppliers)
    return number, corporate.first_account + corporate.employees + supplier


def _draw_smallest(size: Size, dice: random.Random) -> tuple[int, int]:
    small = dice.randrange(size.small_origins)
    return size.first_small_origin + small, size.first_small_account + small


_PAYOUTS: dict[Whom, Callable[[Size, random.Random], tuple[int, int]]] = {
    Whom.EVERYBODY: _draw_origin,
    Whom.LARGEST: _draw_largest,
    Whom.SMALLEST: _draw_smallest,
}


def _draw_payin(size: Size, whom: Whom, dice: random.Random) -> dict[str, Any]:
    payer, address = _choose_payer(size, whom, dice)
    body = _strip(msgspec.to_builtins(make_payer(payer)))
    body["device"]["ip"] = make_address(address)
    body |= {"amount": int(dice.lognormvariate(11.4, 0.8)), "currency": "MXN", "metadata": {"cart": "web", "items": 3}}
    return body


def _choose_payer(size: Size, whom: Whom, dice: random.Random) -> tuple[int, int]:
    """Return payer and address: the most frequent payer behind a carrier, or the least frequent one at home."""
    if whom is Whom.LARGEST:
        return 0, 0
    if whom is Whom.SMALLEST:
        payer = size.payers - 1 - dice.randrange(max(1, size.payers // 10))
        return payer, home_address_of(payer)
    payer = int(dice.random() ** 1.5 * size.payers)
    is_mobile = dice.random() < CARRIER_SHARE
    return payer, dice.randrange(CARRIER_ADDRESSES) if is_mobile else home_address_of(payer)


def _strip(part: dict[str, Any]) -> dict[str, Any]:
    """Return a stored payment's part without what a client does not send."""
    return {name: value for name, value in part.items() if name not in _NO_COMPUTED}


def _make_request(body: dict[str, Any], flow: Flow, key: str, dice: random.Random) -> bytes:
    body["payment_id"] = f"pay-{GAP}"
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Accept": "application/json"}
    lot = dice.random()
    if lot < _WITH_KEY:
        headers["Idempotency-Key"] = f"key-{GAP}"
    elif lot < _WITH_PAIR:
        body["order_id"] = f"order-{GAP}"
    return write_request(PATHS[flow], json.dumps(body, ensure_ascii=False).encode(), headers)


def write_request(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Return a POST as it goes over the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def make_strangers(*, pool: list[bytes], key: str) -> list[bytes]:
    """Return the same requests under keys of the right form that nobody was given."""
    stranger = key[:-32] + "x" * 32
    unknown = key.split("_", maxsplit=1)[0] + "_" + key.split("_")[1] + "_" + "0" * 12 + "_" + "x" * 32
    names = (stranger.encode(), unknown.encode())
    return [request.replace(key.encode(), names[place % 2]) for place, request in enumerate(pool)]


def make_broken(*, pool: list[bytes]) -> list[bytes]:
    """Return the same requests with bodies that cannot stand: an amount in quotes, a cut text, a lost beneficiary."""
    return [_break(request, place % 3) for place, request in enumerate(pool)]


def _break(request: bytes, way: int) -> bytes:
    head, body = request.split(b"\r\n\r\n", 1)
    wrong = (
        body.replace(b'"amount": ', b'"amount": "1", "amounts": ', 1),
        body[: len(body) // 2],
        body.replace(b'"currency": "', b'"currency": "Q', 1),
    )[way]
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    return b"\r\n".join([*lines, b"Content-Length: %d" % len(wrong), b"", b""]) + wrong
