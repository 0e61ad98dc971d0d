from typing import Any

import pytest

from assess.signals.amount_limit import AmountLimitParameters
from assess.signals.base import Signal
from assess.signals.table import SIGNALS, SIGNALS_BY_CODE, list_signals
from assess.types import Language
from blocklists.types import ListType
from transactions.types import Flow

# The table of contract §7 without ip_list_hit, network_match and custom rules, which are not built yet.
# Added to it, and weighed otherwise, for the reasons in docs/decisions/0020 to 0023.
CATALOG = {
    "high_velocity": 35,
    "velocity_amount": 30,
    "disposable_email": 20,
    "suspicious_tld": 10,
    "short_session": 8,
    "no_mouse_movement": 8,
    "copy_paste_detected": 6,
    "bot_pattern": 25,
    "amount_outlier": 20,
    "amount_far_outlier": 15,
    "amount_below_min": 5,
    "amount_limit": 100,
    "country_mismatch": 12,
    "ip_list_hit": 25,
    "payer_prior_fraud": 60,
    **{f"blocklist_{list_type}": 100 for list_type in ListType},
    "payout_first_beneficiary": 20,
    "payout_new_account": 10,
    "payout_dormant_origin": 20,
    "payout_beneficiary_prior_fraud": 60,
    "payout_high_risk_country": 35,
    "payout_cross_border_high_amount": 25,
    "payout_unattributed_initiator": 10,
    "payout_beneficiary_fan_in": 30,
    "payout_origin_fan_out": 8,
    "payout_structuring": 25,
    "payout_name_mismatch": 20,
    "payout_invalid_account": 15,
    "payout_over_user_limit": 30,
    "payout_off_hours": 8,
}


def test_the_catalog_has_its_codes_weights_and_order() -> None:
    assert [(signal.code, signal.default_weight) for signal in SIGNALS] == list(CATALOG.items())


def test_a_signal_is_found_by_its_code() -> None:
    assert all(SIGNALS_BY_CODE[code].code == code for code in CATALOG)


def test_payout_signals_are_of_payouts_alone() -> None:
    assert [s.code for s in SIGNALS if s.code.startswith("payout_") and s.flows != {Flow.PAYOUT}] == []


def test_a_flow_lists_its_signals_in_the_catalogs_order() -> None:
    codes = [signal.code for signal in list_signals(flow=Flow.PAYIN)]
    assert codes == [code for code in CATALOG if Flow.PAYIN in SIGNALS_BY_CODE[code].flows]
    assert "country_mismatch" in codes
    assert "blocklist_clabe" not in codes


def test_only_lists_and_the_amount_limit_can_block() -> None:
    can_block = {signal.code for signal in SIGNALS if signal.can_block}
    assert can_block == {"amount_limit", *(f"blocklist_{list_type}" for list_type in ListType)}


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.code)
def test_every_signal_has_its_texts_in_both_languages(signal: Signal[Any]) -> None:
    for texts in (signal.meaning, signal.descriptions):
        assert set(texts) == set(Language)
        assert all(text and text == text.strip() for text in texts.values())
    assert signal.meaning[Language.ENGLISH] != signal.meaning[Language.SPANISH]


@pytest.mark.parametrize("code", ["mxn", "MNX", "XAU", ""])
def test_a_mapping_by_something_that_is_no_currency_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="maximum_minor is by currency"):
        AmountLimitParameters(maximum_minor={code: 1})
