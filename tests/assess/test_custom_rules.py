"""Custom rules within a score, and within a policy's document."""

from typing import Any

import cel
import pytest

from accounts.types import FailPolicy
from assess.custom_rules import MAXIMUM_RULES, RuleAction, RuleFlow, RuleStage
from assess.policy import Policy, PolicyInvalid, decode_policy, default_policy, encode_policy
from assess.scoring import list_unjudged, score
from assess.types import Facts, Language, Lookup, Outcome, PairHistory, PayoutDetails, RuleMark
from blocklists.types import ListHit, ListType, Severity
from tests.assess.signals.builders import make_facts, make_history, make_payin, make_payout
from transactions.types import Decision, Flow, IdentityKind

QUIET: dict[str, Any] = {
    "pair": PairHistory(is_known=True, is_seen_earlier=True),
    "histories": (make_history(IdentityKind.ORIGIN), make_history(IdentityKind.BENEFICIARY)),
}


def make_rule(code: str = "0000000a", **fields: Any) -> dict[str, Any]:
    return {
        "id": code,
        "name": f"Rule {code}",
        "revision": 1,
        "flow": "payout",
        "condition": "payment.amount > 100",
        "action": "score",
        "stage": "active",
        "weight": 15 if fields.get("action", "score") == "score" else 0,
    } | fields


def make_policy(*rules: dict[str, Any], version: int = 1) -> Policy:
    return decode_policy(encode_policy(default_policy()) | {"rules": list(rules)}, version=version)


def make_quiet(**fields: Any) -> Facts:
    payment = make_payout(amount_minor=250_000, payout=PayoutDetails(initiated_by="maria.lopez"))
    return make_facts(payment, **(QUIET | fields))


def decide(facts: Facts, *rules: dict[str, Any]) -> Outcome:
    return score(facts=facts, policy=make_policy(*rules), language=Language.SPANISH)


def show(outcome: Outcome) -> list[tuple[str, int, str]]:
    return [(signal.code, signal.weight, signal.description) for signal in outcome.signals]


def test_a_quiet_payout_meets_nothing_without_rules() -> None:
    assert decide(make_quiet()) == Outcome(decision=Decision.APPROVE, risk_score=0, signals=(), blocked_by=None)


def test_an_active_rule_adds_its_weight_and_says_its_name() -> None:
    outcome = decide(make_quiet(), make_rule(name="Importe alto", weight=35))
    assert show(outcome) == [("custom_rule:0000000a", 35, "Importe alto")]
    assert (outcome.decision, outcome.risk_score) == (Decision.REVIEW, 35)
    assert outcome.rules == (RuleMark(rule_id="0000000a", is_shadow=False, is_met=True),)


def test_a_rule_in_shadow_is_marked_and_decides_nothing() -> None:
    outcome = decide(make_quiet(), make_rule(stage="shadow", action="block"))
    assert (outcome.decision, outcome.risk_score, outcome.signals, outcome.blocked_by) == (
        Decision.APPROVE,
        0,
        (),
        None,
    )
    assert outcome.rules == (RuleMark(rule_id="0000000a", is_shadow=True, is_met=True),)


def test_a_rule_that_cannot_be_told_is_marked_so_and_decides_nothing() -> None:
    outcome = decide(make_quiet(), make_rule(condition="payout.rail == 'spei'", action="block"))
    assert (outcome.decision, outcome.signals) == (Decision.APPROVE, ())
    assert outcome.rules == (RuleMark(rule_id="0000000a", is_shadow=False, is_met=False),)


def test_a_rule_that_does_not_hold_leaves_no_mark() -> None:
    assert decide(make_quiet(), make_rule(condition="payment.amount > 250000")).rules == ()


@pytest.mark.parametrize(
    ("action", "decision"), [(RuleAction.REVIEW, Decision.REVIEW), (RuleAction.CHALLENGE, Decision.CHALLENGE)]
)
def test_an_action_lifts_the_decision_and_not_the_score(action: RuleAction, decision: Decision) -> None:
    outcome = decide(make_quiet(), make_rule(action=action.value))
    assert (outcome.decision, outcome.risk_score) == (decision, 0)
    assert show(outcome) == [("custom_rule:0000000a", 0, "Rule 0000000a")]


def test_a_blocking_rule_declines_at_100_and_says_which() -> None:
    outcome = decide(make_quiet(), make_rule(action="block"), make_rule("0000000b", action="block"))
    assert (outcome.decision, outcome.risk_score, outcome.blocked_by) == (Decision.DECLINE, 100, "rule:0000000a")
    assert [signal.weight for signal in outcome.signals] == [100, 100]


def test_a_list_blocks_before_a_rule_does() -> None:
    hit = ListHit(entry_id="018f", list_type=ListType.CLABE, severity=Severity.BLOCK)
    outcome = decide(make_quiet(list_hits=(hit,)), make_rule(action="block"))
    assert outcome.blocked_by == "blocklist:clabe"


def test_a_negative_weight_takes_away_and_the_sum_stays_within_0_and_100() -> None:
    outcome = decide(make_facts(make_payout()), make_rule(weight=-100))
    assert (outcome.decision, outcome.risk_score) == (Decision.APPROVE, 0)
    assert outcome.signals[-1].weight == -100
    assert decide(make_quiet(), make_rule(weight=60), make_rule("0000000b", weight=60)).risk_score == 100


def test_equal_weights_keep_the_catalog_before_the_rules_and_the_rules_order() -> None:
    outcome = decide(
        make_facts(make_payout(payout=PayoutDetails(initiated_by="maria.lopez")), **(QUIET | {"pair": PairHistory()})),
        make_rule("0000000b", weight=20),
        make_rule("0000000a", weight=20),
    )
    assert [signal.code for signal in outcome.signals] == [
        "payout_first_beneficiary",
        "custom_rule:0000000b",
        "custom_rule:0000000a",
    ]


def test_a_rule_sees_what_the_signals_found_and_their_score() -> None:
    facts = make_facts(
        make_payout(payout=PayoutDetails(initiated_by="maria.lopez")), **(QUIET | {"pair": PairHistory()})
    )
    rule = make_rule(condition="'payout_first_beneficiary' in signals.fired && signals.score == 20", action="challenge")
    assert decide(facts, rule).decision is Decision.CHALLENGE


def test_a_rule_is_asked_of_its_flow_only() -> None:
    payin = make_facts(make_payin(amount_minor=250_000))
    assert decide(payin, make_rule()).rules == ()
    assert decide(payin, make_rule(flow="both")).risk_score == 15
    assert decide(payin, make_rule(flow="payin")).risk_score == 15


def test_a_look_up_that_failed_holds_back_the_payment_where_the_organization_fails_closed() -> None:
    rule = make_rule(condition="history.origin_payments_1h > 3", action="block")
    failed: dict[str, Any] = {"histories": (), "failed_lookups": (Lookup.HISTORY,), "fail_policy": FailPolicy.CLOSED}
    facts = make_quiet(**failed)
    assert list_unjudged(facts=facts, policy=make_policy(rule))[-1] == "custom_rule:0000000a"
    assert decide(facts, rule).decision is Decision.REVIEW
    shadowed = rule | {"stage": "shadow"}
    assert "custom_rule:0000000a" not in list_unjudged(facts=facts, policy=make_policy(shadowed))


def test_a_policy_with_rules_is_written_and_read_as_the_same() -> None:
    policy = make_policy(make_rule(guard_percent=5), make_rule("0000000b", action="block", stage="shadow"))
    assert decode_policy(encode_policy(policy), version=1) == policy
    assert [(rule.flow, rule.action, rule.stage) for rule in policy.rules] == [
        (RuleFlow.PAYOUT, RuleAction.SCORE, RuleStage.ACTIVE),
        (RuleFlow.PAYOUT, RuleAction.BLOCK, RuleStage.SHADOW),
    ]


def test_a_document_of_before_there_were_rules_has_none() -> None:
    document = {name: part for name, part in encode_policy(default_policy()).items() if name != "rules"}
    assert decode_policy(document, version=1).rules == ()


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ({}, "rules"),
        ([1], "rules[0]"),
        ([make_rule(), make_rule()], "rules"),
        ([make_rule(f"{n:08x}") for n in range(MAXIMUM_RULES + 1)], "rules"),
        ([make_rule("x")], "rules[0]"),
        ([make_rule(weight=101)], "rules[0].weight"),
        ([make_rule(action="block", weight=5)], "rules[0]"),
        ([make_rule(action="explode")], "rules[0].action"),
        ([make_rule(name="")], "rules[0].name"),
        ([make_rule(guard_percent=0)], "rules[0].guard_percent"),
        ([make_rule(extra=1)], "rules[0]"),
        ([make_rule(condition="payment.amount>100")], "rules[0].condition"),
        ([make_rule(condition="payment.amont > 100")], "rules[0].condition"),
        ([make_rule(), make_rule("0000000b", condition="payer.email == 'a'")], "rules[1].condition"),
    ],
)
def test_a_rule_that_is_none_is_refused_by_its_place(rules: Any, path: str) -> None:
    with pytest.raises(PolicyInvalid) as refusal:
        decode_policy(encode_policy(default_policy()) | {"rules": rules}, version=1)
    fields: Any = refusal.value.details["fields"]
    assert set(fields) == {path}


def test_each_condition_of_a_policy_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def compile_counted(source: str) -> Any:
        compiled.append(source)
        return compile_cel(source)

    compile_cel = cel.compile
    monkeypatch.setattr(cel, "compile", compile_counted)
    conditions = ["payment.amount > 7654321", "payment.hour < 3 && payment.amount > 7654322"]
    document = encode_policy(default_policy()) | {
        "rules": [make_rule(f"0000000{n}", condition=each, flow="both") for n, each in enumerate(conditions)]
    }
    for version in (1, 2):
        assert set(decode_policy(document, version=version).ready_rules) == set(Flow)
    assert compiled == conditions
