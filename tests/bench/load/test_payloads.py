"""The calls of a run."""

import json
from typing import Any

import msgspec
import pytest

from assess.reading.payments import read_payin, read_payout
from assess.reading.warnings import Warnings
from assess.requests import PayinBody, PayoutAssessBody
from assess.types import Language
from bench.dataset.parties import ENVIRONMENT, list_accounts, list_origins, list_payers
from bench.dataset.sizes import Size
from bench.load.payloads import GAP, Whom, make_broken, make_pool, make_strangers
from transactions.identities import list_identities
from transactions.types import Flow, IdentityKind

SIZE = Size(300, 200)
KEY = "clm_sk_abcdefghijkl_" + "S" * 32


def make(flow: Flow, count: int = 60, whom: Whom = Whom.EVERYBODY) -> list[bytes]:
    return make_pool(size=SIZE, flow=flow, key=KEY, count=count, whom=whom)


def read_body(request: bytes) -> dict[str, Any]:
    head, body = request.split(b"\r\n\r\n", 1)
    assert f"Content-Length: {len(body)}".encode() in head
    found: dict[str, Any] = json.loads(body)
    return found


def read_identities(request: bytes, flow: Flow) -> dict[IdentityKind, str]:
    body, warnings = read_body(request), Warnings(Language.ENGLISH)
    if flow is Flow.PAYOUT:
        payment = read_payout(msgspec.convert(body, PayoutAssessBody), warnings)
    else:
        payment = read_payin(msgspec.convert(body, PayinBody), warnings)
    assert warnings.listed() == ()
    details = msgspec.to_builtins(payment)
    found = list_identities(environment=ENVIRONMENT, flow=flow, details=details)
    return {identity.kind: identity.digest.hex for identity in found}


def test_a_payout_is_from_and_to_people_of_the_past() -> None:
    origins, accounts = {row[1] for row in list_origins(SIZE)}, {row[1] for row in list_accounts(SIZE)}
    for request in make(Flow.PAYOUT):
        identities = read_identities(request, Flow.PAYOUT)
        assert identities[IdentityKind.ORIGIN] in origins
        assert identities[IdentityKind.BENEFICIARY] in accounts


def test_a_payin_is_from_people_of_the_past() -> None:
    payers = {digest for row in list_payers(SIZE) for digest in row[1:5]}
    for request in make(Flow.PAYIN):
        identities = read_identities(request, Flow.PAYIN)
        assert len(identities) == 5
        assert {digest for kind, digest in identities.items() if kind is not IdentityKind.IP} <= payers


def test_the_largest_origins_are_asked_about_most() -> None:
    accounts = [read_body(request)["origin"]["account_id"] for request in make(Flow.PAYOUT, count=400)]
    assert 120 < accounts.count("acct-00000000") < 200
    assert accounts.count("acct-00000000") > accounts.count("acct-00000001") > accounts.count("acct-00000002")


@pytest.mark.parametrize(("whom", "numbers"), [(Whom.LARGEST, [0]), (Whom.SMALLEST, list(range(4, 16)))])
def test_a_scenario_asks_about_one_kind_of_origin_only(whom: Whom, numbers: list[int]) -> None:
    found = {read_body(request)["origin"]["account_id"] for request in make(Flow.PAYOUT, whom=whom)}
    assert found <= {f"acct-{number:08d}" for number in numbers}


def test_calls_are_told_apart_in_all_three_ways() -> None:
    requests = make(Flow.PAYOUT)
    with_key = [request for request in requests if b"Idempotency-Key" in request]
    with_pair = [request for request in requests if b"order_id" in request]
    assert all(GAP.encode() in request for request in requests)
    assert set(with_key).isdisjoint(with_pair)
    assert 0 < len(with_pair) < len(with_key) < len(requests) - len(with_pair)


def test_strangers_send_the_same_with_keys_that_are_nobodys() -> None:
    requests = make(Flow.PAYOUT, count=4)
    strangers = make_strangers(pool=requests, key=KEY)
    assert [stranger.split(b"\r\n\r\n")[1] for stranger in strangers] == [r.split(b"\r\n\r\n")[1] for r in requests]
    assert [len(stranger) for stranger in strangers] == [len(request) for request in requests]
    assert b"clm_sk_abcdefghijkl_" + b"x" * 32 in strangers[0]
    assert b"clm_sk_000000000000_" + b"x" * 32 in strangers[1]


def test_broken_bodies_break_in_three_ways() -> None:
    quoted, cut, unknown = make_broken(pool=make(Flow.PAYIN, count=3))
    assert read_body(quoted)["amount"] == "1"
    assert read_body(unknown)["currency"] == "QMXN"
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|Extra"):
        read_body(cut)
