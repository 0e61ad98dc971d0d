"""What an organization decides by: bands, weights and thresholds per flow. Immutable; each version is kept.

A policy's document is complete: it writes out every weight and every parameter, also those left at their defaults, so
that a default that changes in the code changes no published policy. What is stored must be `encode_policy` of a
decoded policy, never a client's document as it came.
"""

import re
from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

import msgspec

from assess.custom_rules import PolicyRule, ReadyRules, RuleInvalid, decode_rules, encode_rules
from assess.signals.base import HARD_BLOCK_WEIGHT, Parameters, Signal
from assess.signals.table import SIGNALS_BY_CODE, list_signals
from core.errors import ValidationFailed
from core.structs import make_ready
from transactions.types import Flow

ENGINE = "2026.11.2"
"""The version of the signals' code and data: it changes whenever equal facts and policy may score differently."""

MAXIMUM_WEIGHT = 100
_ENGINE_FORM = re.compile(r"(\d{4})\.(\d{2})(?:\.(\d{1,4}))?")
_NAME_FORM = re.compile(r"[a-z0-9_:.-]{1,64}")


class PolicyInvalid(ValidationFailed):
    """A document that is no policy: `details.fields` names the path of what is wrong."""


class Bands(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From which score on, 1 to 100, a payment is reviewed, challenged, declined (contract §7)."""

    review: int = 30
    challenge: int = 50
    decline: int = 80

    def __post_init__(self) -> None:
        """Raise ValueError unless the bands are in order."""
        if not 0 < self.review <= self.challenge <= self.decline <= 100:
            raise ValueError("the bands must be 0 < review <= challenge <= decline <= 100")


class ActiveSignal(msgspec.Struct, frozen=True):
    """A signal that takes part, with what the policy says of it."""

    signal: Signal[Any]
    weight: int
    parameters: Parameters


class FlowPolicy(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """How one flow is decided. `weights` and `parameters` have every signal of the flow, the disabled ones too."""

    flow: Flow
    bands: Bands
    weights: dict[str, int]
    disabled: frozenset[str]
    parameters: dict[str, Parameters]

    @cached_property
    def active(self) -> tuple[ActiveSignal, ...]:
        """The signals that take part, in the catalog's order."""
        return tuple(
            ActiveSignal(signal, self.weights[signal.code], self.parameters[signal.code])
            for signal in list_signals(flow=self.flow)
            if signal.code not in self.disabled
        )


class Policy(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One version of an organization's policy. `engine` is the one that its document was written for.

    `rules` are those in shadow and the active ones, in the order in which they block.
    """

    version: int
    engine: str
    payin: FlowPolicy
    payout: FlowPolicy
    rules: tuple[PolicyRule, ...] = ()

    @cached_property
    def ready_rules(self) -> dict[Flow, ReadyRules]:
        """The rules of each flow, compiled."""
        return {flow: ReadyRules(self.rules, flow) for flow in Flow}

    def of(self, flow: Flow) -> FlowPolicy:
        """Return the flow's part."""
        return self.payin if flow is Flow.PAYIN else self.payout


@cache
def default_policy() -> Policy:
    """Return the policy of an organization that has published none: version 0, all signals, the contract's defaults."""
    return Policy(version=0, engine=ENGINE, payin=_default_flow(Flow.PAYIN), payout=_default_flow(Flow.PAYOUT))


def _default_flow(flow: Flow) -> FlowPolicy:
    signals = list_signals(flow=flow)
    return FlowPolicy(
        flow=flow,
        bands=Bands(),
        weights={signal.code: signal.default_weight for signal in signals},
        disabled=frozenset(),
        parameters={signal.code: signal.parameters() for signal in signals},
    )


def encode_policy(policy: Policy) -> dict[str, Any]:
    """Return the policy as a JSON document, without its version; `decode_policy` gives the same policy back."""
    return {
        "engine": policy.engine,
        "payin": _encode_flow(policy.payin),
        "payout": _encode_flow(policy.payout),
        "rules": encode_rules(policy.rules),
    }


def _encode_flow(part: FlowPolicy) -> dict[str, Any]:
    return {
        "bands": msgspec.to_builtins(part.bands),
        "weights": dict(part.weights),
        "disabled": sorted(part.disabled),
        "parameters": {
            code: fields
            for code, held in part.parameters.items()
            if (fields := msgspec.to_builtins(held, str_keys=True))
        },
    }


def decode_policy(document: object, *, version: int) -> Policy:
    """Return the policy that a document describes.

    A document of this engine must weigh every signal. One of an earlier engine knows less: what it does not weigh is
    disabled, so that it decides as it did when it was published; only what can block joins in, since nobody may be
    without it and facts of that time hold nothing that it would find. Parameters left out take their defaults, and a
    document without rules has none.

    Raises:
        PolicyInvalid: an unknown name, a weight that is no integer of 0 to 100, bands out of order, a hard block
            disabled or weighed otherwise than 100, an engine later than this one, a rule that is none.
    """
    given = _read_mapping(document, "document")
    fields = _read_fields({"rules": [], **given}, {"engine", "payin", "payout", "rules"}, "")
    engine = fields["engine"]
    if not isinstance(engine, str) or _ENGINE_FORM.fullmatch(engine) is None or _order(engine) > _order(ENGINE):
        raise PolicyInvalid.of_field("engine", "is no engine that this one can read")
    flows = {flow: _decode_flow(fields[flow.value], flow, is_complete=engine == ENGINE) for flow in Flow}
    return Policy(
        version=version,
        engine=engine,
        payin=flows[Flow.PAYIN],
        payout=flows[Flow.PAYOUT],
        rules=_decode_rules(fields["rules"]),
    )


def _decode_rules(value: object) -> tuple[PolicyRule, ...]:
    try:
        return decode_rules(value)
    except RuleInvalid as error:
        raise PolicyInvalid.of_field(f"rules{error.path}", error.reason) from None


def _order(engine: str) -> tuple[int, ...]:
    return tuple(map(int, engine.split(".")))


def _decode_flow(part: object, flow: Flow, *, is_complete: bool) -> FlowPolicy:
    fields = _read_fields(part, {"bands", "weights", "disabled", "parameters"}, flow.value)
    given = _decode_weights(fields["weights"], f"{flow}.weights", flow)
    missing = [signal for signal in list_signals(flow=flow) if signal.code not in given]
    if missing and is_complete:
        raise PolicyInvalid.of_field(f"{flow}.weights.{missing[0].code}", "is missing")
    later = frozenset(signal.code for signal in missing if not signal.can_block)
    return FlowPolicy(
        flow=flow,
        bands=_convert(fields["bands"], Bands, f"{flow}.bands"),
        weights={signal.code: given.get(signal.code, signal.default_weight) for signal in list_signals(flow=flow)},
        disabled=_decode_disabled(fields["disabled"], f"{flow}.disabled", flow) | later,
        parameters=_decode_parameters(fields["parameters"], f"{flow}.parameters", flow),
    )


def _decode_weights(value: object, path: str, flow: Flow) -> dict[str, int]:
    weights: dict[str, int] = {}
    for code, weight in _read_mapping(value, path).items():
        signal, place = _signal_of(code, flow, path), _join(path, code)
        if type(weight) is not int or not 0 <= weight <= MAXIMUM_WEIGHT:
            raise PolicyInvalid.of_field(place, f"must be an integer from 0 to {MAXIMUM_WEIGHT}")
        if signal.can_block and weight != HARD_BLOCK_WEIGHT:
            raise PolicyInvalid.of_field(place, f"must be {HARD_BLOCK_WEIGHT}, as it may block")
        weights[signal.code] = weight
    return weights


def _decode_disabled(value: object, path: str, flow: Flow) -> frozenset[str]:
    if not isinstance(value, list | tuple):
        raise PolicyInvalid.of_field(path, "must be a list of signal codes")
    for code in value:
        if _signal_of(code, flow, path).can_block:
            raise PolicyInvalid.of_field(
                _join(path, code), "may block, so it is always on: change its entries or limits"
            )
    return frozenset(value)


def _decode_parameters(value: object, path: str, flow: Flow) -> dict[str, Parameters]:
    given = _read_mapping(value, path)
    for code in given:
        _signal_of(code, flow, path)
    return {
        signal.code: _convert(given.get(signal.code, {}), signal.parameters, f"{path}.{signal.code}")
        for signal in list_signals(flow=flow)
    }


def _signal_of(code: object, flow: Flow, path: str) -> Signal[Any]:
    signal = SIGNALS_BY_CODE.get(code) if isinstance(code, str) else None
    if signal is None or flow not in signal.flows:
        raise PolicyInvalid.of_field(_join(path, code), "is no signal of this flow")
    return signal


def _convert[T](value: object, kind: type[T], path: str) -> T:
    """Return the value as a struct, every fault under its own path."""
    known = set(kind.__struct_fields__)  # type: ignore[attr-defined]
    unknown = [name for name in _read_mapping(value, path) if name not in known]
    if unknown:
        raise PolicyInvalid.of_field(_join(path, unknown[0]), "is not known here")
    try:
        return msgspec.convert(value, type=make_ready(kind))
    except msgspec.ValidationError as error:
        reason, _, place = str(error).partition(" - at `$")
        raise PolicyInvalid.of_field(path + place.rstrip("`"), reason) from None


def _read_fields(value: object, names: set[str], path: str) -> Mapping[str, Any]:
    """Return an object that must have exactly these fields."""
    fields = _read_mapping(value, path or "document")
    for name in sorted(map(str, fields.keys() ^ names)):
        raise PolicyInvalid.of_field(_join(path, name), "is missing" if name in names else "is not known here")
    return fields


def _read_mapping(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise PolicyInvalid.of_field(path, "must be an object")
    return value


def _join(path: str, name: object) -> str:
    """Return the path of a name under it; a name that no signal could have is not repeated."""
    shown = name if isinstance(name, str) and _NAME_FORM.fullmatch(name) else "?"
    return f"{path}.{shown}" if path else shown
