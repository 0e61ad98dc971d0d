"""How fields are distributed: over the payments that may have them, as a condition sees them."""

import pytest

from assess.conditions.fields import FIELDS
from assess.field_profiles import FieldProfile, profile_field, see_payments
from assess.policy import Policy
from assess.types import Facts, Lookup, PairHistory
from tests.assess.signals.builders import make_facts, make_payin
from tests.assess.test_custom_rules import decide, make_policy, make_quiet, make_rule

QUIET, NEW = make_quiet(), make_quiet(pair=PairHistory(is_known=False, is_seen_earlier=True))


def profile(name: str, *payments: Facts, policy: Policy | None = None) -> FieldProfile:
    return profile_field(FIELDS[name], see_payments(payments=payments, policy=policy or make_policy()))


def test_the_score_of_the_signals_is_the_one_that_a_condition_sees() -> None:
    rule = make_rule("0000000a", weight=35)
    score = decide(NEW, rule).risk_score - 35
    found = profile("signals.score", NEW, policy=make_policy(rule))
    assert (found.least, found.most) == (score, score) == (20, 20)
    asked = make_rule("0000000b", condition=f"signals.score == {found.most}", weight=1)
    assert decide(NEW, rule, asked).risk_score == score + 36


def test_the_signals_are_those_of_the_policy_that_a_rule_would_join() -> None:
    found = profile("signals.fired", NEW, QUIET, policy=make_policy(make_rule(condition="payment.amount > 1")))
    assert (found.payments, found.present, found.common) == (2, 2, (("payout_first_beneficiary", 1),))


def test_numbers_have_quantiles_over_the_payments_of_the_fields_flows() -> None:
    payouts = [make_quiet(local_hour=hour) for hour in range(20)]
    payin = make_facts(make_payin(amount_minor=1))
    assert profile("payment.hour", *payouts) == FieldProfile(
        payments=20, present=20, least=0, median=9, high=18, most=19
    )
    assert profile("pair.is_known", *payouts, payin) == FieldProfile(
        payments=20, present=20, common=(("True", 20),), different=1
    )


@pytest.mark.parametrize("name", ["pair.is_known", "fraud.is_prior"])
def test_what_could_not_be_looked_up_is_absent(name: str) -> None:
    failed = make_quiet(failed_lookups=(Lookup.PAIR, Lookup.PRIOR_FRAUD))
    found = profile(name, failed, QUIET)
    assert (found.payments, found.present) == (2, 1)


def test_of_what_may_name_somebody_no_value_is_told() -> None:
    payin = make_facts(make_payin(customer_id="c-1"))
    assert profile("payment.customer_id", payin, payin) == FieldProfile(payments=2, present=2, different=1)
