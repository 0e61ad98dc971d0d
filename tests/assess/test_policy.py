import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from assess.policy import ENGINE, Bands, PolicyInvalid, decode_policy, default_policy, encode_policy
from assess.signals.high_velocity import HighVelocityParameters
from assess.signals.table import list_signals
from transactions.types import Flow

OLDER = "2026.10"


def make_document() -> dict[str, Any]:
    """Return a fresh document, through JSON as the database gives it."""
    document: dict[str, Any] = json.loads(json.dumps(encode_policy(default_policy())))
    return document


def refuse(document: object) -> dict[str, list[str]]:
    """Return the fields that a refusal names."""
    with pytest.raises(PolicyInvalid) as refused:
        decode_policy(document, version=1)
    fields: dict[str, list[str]] = refused.value.details["fields"]  # type: ignore[assignment]
    return fields


def test_the_default_has_the_contracts_bands_and_every_signal_of_its_flow() -> None:
    policy = default_policy()
    assert (policy.version, policy.engine) == (0, ENGINE)
    for flow in Flow:
        part = policy.of(flow)
        assert part.bands == Bands(review=30, challenge=50, decline=80)
        assert part.weights == {signal.code: signal.default_weight for signal in list_signals(flow=flow)}
        assert part.disabled == frozenset()
        assert [active.signal for active in part.active] == list(list_signals(flow=flow))


def test_a_document_writes_out_every_weight_and_parameter() -> None:
    document = make_document()
    assert set(document) == {"engine", "payin", "payout", "rules"}
    assert document["payout"]["bands"] == {"review": 30, "challenge": 50, "decline": 80}
    assert list(document["payout"]["weights"]) == [signal.code for signal in list_signals(flow=Flow.PAYOUT)]
    assert document["payin"]["parameters"]["high_velocity"] == {
        "payer_limit": 5,
        "beneficiary_limit": 10,
        "origin_limit": 20,
        "origin_peak_factor": 3,
    }
    assert document["payout"]["parameters"]["payout_structuring"] == {
        "limits_minor": {"MXN": [5_000_000], "USD": [1_000_000]},
        "near_percent": 90,
        "minimum_payouts": 3,
    }


def test_a_document_gives_the_same_policy_back() -> None:
    document = make_document()
    document["payin"]["weights"]["high_velocity"] = 0
    document["payin"]["disabled"] = ["suspicious_tld", "bot_pattern"]
    document["payin"]["bands"] = {"review": 1, "challenge": 1, "decline": 100}
    document["payout"]["parameters"]["amount_limit"] = {"maximum_minor": {"MXN": 1, "CLP": 10**15}}
    policy = decode_policy(document, version=7)
    assert policy.version == 7
    assert decode_policy(json.loads(json.dumps(encode_policy(policy))), version=7) == policy
    assert encode_policy(policy)["payin"]["disabled"] == ["bot_pattern", "suspicious_tld"]


def test_a_policy_is_encoded_to_the_same_bytes_every_time() -> None:
    policy = decode_policy(make_document(), version=0)
    assert json.dumps(encode_policy(policy)) == json.dumps(encode_policy(default_policy()))
    assert policy == default_policy()


def test_a_disabled_signal_takes_no_part_and_keeps_its_weight() -> None:
    document = make_document()
    document["payin"]["disabled"] = ["high_velocity"]
    part = decode_policy(document, version=1).payin
    assert "high_velocity" not in [active.signal.code for active in part.active]
    assert part.weights["high_velocity"] == 35


def test_the_active_signals_are_found_once() -> None:
    part = decode_policy(make_document(), version=1).payout
    assert part.active is part.active


def test_parameters_left_out_take_their_defaults() -> None:
    document = make_document()
    document["payin"]["parameters"] = {"high_velocity": {"payer_limit": 9}}
    assert decode_policy(document, version=1).payin.parameters["high_velocity"] == HighVelocityParameters(payer_limit=9)


def test_a_document_of_an_earlier_engine_decides_without_the_signals_it_does_not_weigh() -> None:
    document = make_document() | {"engine": OLDER}
    del document["payout"]["weights"]["payout_structuring"]
    policy = decode_policy(document, version=1)
    assert policy.engine == OLDER
    assert policy.payout.disabled == {"payout_structuring"}
    assert policy.payin.disabled == frozenset()
    assert decode_policy(encode_policy(policy), version=1) == policy


def test_what_can_block_joins_in_also_where_an_earlier_engine_did_not_know_it() -> None:
    document = make_document() | {"engine": OLDER}
    del document["payout"]["weights"]["blocklist_clabe"]
    policy = decode_policy(document, version=1)
    assert policy.payout.disabled == frozenset()
    assert policy.payout.weights["blocklist_clabe"] == 100


def test_a_document_of_this_engine_must_weigh_every_signal() -> None:
    document = make_document()
    del document["payout"]["weights"]["payout_structuring"]
    assert refuse(document) == {"payout.weights.payout_structuring": ["is missing"]}


@pytest.mark.parametrize("engine", ["2027.01", "2026.11.3", "next", "", None, 2026])
def test_a_document_of_a_later_or_no_engine_is_refused(engine: object) -> None:
    assert list(refuse(make_document() | {"engine": engine})) == ["engine"]


def change(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    *parents, last = path.split("/")

    def apply(document: dict[str, Any]) -> None:
        for name in parents:
            document = document[name]
        document[last] = value

    apply.__name__ = f"{path}={value}"
    return apply


@pytest.mark.parametrize(
    ("fault", "path"),
    [
        (change("payin/weights/unheard_of", 1), "payin.weights.unheard_of"),
        (change("payin/weights/payout_structuring", 1), "payin.weights.payout_structuring"),
        (change("payin/weights/Ana López", 1), "payin.weights.?"),
        (change("payin/weights/high_velocity", -1), "payin.weights.high_velocity"),
        (change("payin/weights/high_velocity", 101), "payin.weights.high_velocity"),
        (change("payin/weights/high_velocity", 35.0), "payin.weights.high_velocity"),
        (change("payin/weights/high_velocity", True), "payin.weights.high_velocity"),
        (change("payin/weights/high_velocity", "35"), "payin.weights.high_velocity"),
        (change("payin/weights/high_velocity", None), "payin.weights.high_velocity"),
        (change("payin/weights/amount_limit", 99), "payin.weights.amount_limit"),
        (change("payin/weights/blocklist_email", 0), "payin.weights.blocklist_email"),
        (change("payin/weights", []), "payin.weights"),
        (change("payin/disabled", "high_velocity"), "payin.disabled"),
        (change("payin/disabled", ["unheard_of"]), "payin.disabled.unheard_of"),
        (change("payin/disabled", [["high_velocity"]]), "payin.disabled.?"),
        (change("payin/disabled", ["amount_limit"]), "payin.disabled.amount_limit"),
        (change("payout/disabled", ["blocklist_clabe"]), "payout.disabled.blocklist_clabe"),
        (change("payout/parameters/unheard_of", {}), "payout.parameters.unheard_of"),
        (change("payout/parameters/high_velocity", 5), "payout.parameters.high_velocity"),
        (change("payout/parameters/high_velocity/limit", 5), "payout.parameters.high_velocity.limit"),
        (change("payout/parameters/high_velocity/payer_limit", 0), "payout.parameters.high_velocity.payer_limit"),
        (change("payout/parameters/high_velocity/payer_limit", 5.0), "payout.parameters.high_velocity.payer_limit"),
        (change("payout/parameters/short_session/minimum_ms", "3000"), "payout.parameters.short_session.minimum_ms"),
        (change("payout/parameters/amount_limit/maximum_minor", {"MNX": 1}), "payout.parameters.amount_limit"),
        (
            change("payout/parameters/amount_limit/maximum_minor", {"MXN": -1}),
            "payout.parameters.amount_limit.maximum_minor[...]",
        ),
        (
            change("payout/parameters/payout_high_risk_country/lists", ["grey"]),
            "payout.parameters.payout_high_risk_country",
        ),
        (change("payout/bands", {"review": 0, "challenge": 50, "decline": 80}), "payout.bands"),
        (change("payout/bands", {"review": 60, "challenge": 50, "decline": 80}), "payout.bands"),
        (change("payout/bands", {"review": 30, "challenge": 90, "decline": 80}), "payout.bands"),
        (change("payout/bands", {"review": 30, "challenge": 50, "decline": 101}), "payout.bands"),
        (change("payout/bands/review", 30.5), "payout.bands.review"),
        (change("payout/bands/approve", 1), "payout.bands.approve"),
        (change("payout", None), "payout"),
        (change("payout/version", 3), "payout.version"),
        (change("author", "x"), "author"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_fault_is_refused_under_its_path(fault: Callable[[dict[str, Any]], None], path: str) -> None:
    document = make_document()
    fault(document)
    fields = refuse(document)
    assert list(fields) == [path]
    assert all(fields[path])


@pytest.mark.parametrize("name", ["engine", "payin", "payout"])
def test_a_missing_part_is_refused(name: str) -> None:
    document = make_document()
    del document[name]
    assert refuse(document) == {name: ["is missing"]}


@pytest.mark.parametrize("document", [None, [], "policy", 1])
def test_what_is_no_object_is_refused(document: object) -> None:
    assert refuse(document) == {"document": ["must be an object"]}


def test_a_refusal_repeats_no_value() -> None:
    document = make_document()
    document["payin"]["weights"]["high_velocity"] = "secret-4711"
    document["payin"]["parameters"]["short_session"]["minimum_ms"] = "secret-4711"
    assert "4711" not in str(refuse(document))


def test_equal_bands_are_in_order() -> None:
    assert Bands(review=50, challenge=50, decline=50) == msgspec.convert(
        {"review": 50, "challenge": 50, "decline": 50}, Bands
    )
