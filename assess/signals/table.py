"""The catalog: every signal, in the contract's order (§7), which also orders signals of equal weight."""

from typing import Any

from assess.signals import (
    amount_below_min,
    amount_far_outlier,
    amount_limit,
    amount_outlier,
    blocklist,
    bot_pattern,
    copy_paste_detected,
    country_mismatch,
    disposable_email,
    high_velocity,
    ip_list_hit,
    no_mouse_movement,
    payer_prior_fraud,
    payout_beneficiary_fan_in,
    payout_beneficiary_prior_fraud,
    payout_cross_border_high_amount,
    payout_dormant_origin,
    payout_first_beneficiary,
    payout_high_risk_country,
    payout_invalid_account,
    payout_name_mismatch,
    payout_new_account,
    payout_off_hours,
    payout_origin_fan_out,
    payout_over_user_limit,
    payout_structuring,
    payout_unattributed_initiator,
    short_session,
    suspicious_tld,
    velocity_amount,
)
from assess.signals.base import Signal
from transactions.types import Flow

SIGNALS: tuple[Signal[Any], ...] = (
    high_velocity.SIGNAL,
    velocity_amount.SIGNAL,
    disposable_email.SIGNAL,
    suspicious_tld.SIGNAL,
    short_session.SIGNAL,
    no_mouse_movement.SIGNAL,
    copy_paste_detected.SIGNAL,
    bot_pattern.SIGNAL,
    amount_outlier.SIGNAL,
    amount_far_outlier.SIGNAL,
    amount_below_min.SIGNAL,
    amount_limit.SIGNAL,
    country_mismatch.SIGNAL,
    ip_list_hit.SIGNAL,
    payer_prior_fraud.SIGNAL,
    *blocklist.SIGNALS,
    payout_first_beneficiary.SIGNAL,
    payout_new_account.SIGNAL,
    payout_dormant_origin.SIGNAL,
    payout_beneficiary_prior_fraud.SIGNAL,
    payout_high_risk_country.SIGNAL,
    payout_cross_border_high_amount.SIGNAL,
    payout_unattributed_initiator.SIGNAL,
    payout_beneficiary_fan_in.SIGNAL,
    payout_origin_fan_out.SIGNAL,
    payout_structuring.SIGNAL,
    payout_name_mismatch.SIGNAL,
    payout_invalid_account.SIGNAL,
    payout_over_user_limit.SIGNAL,
    payout_off_hours.SIGNAL,
)
SIGNALS_BY_CODE = {signal.code: signal for signal in SIGNALS}


def list_signals(*, flow: Flow) -> tuple[Signal[Any], ...]:
    """Return the signals of one flow, in the catalog's order."""
    return tuple(signal for signal in SIGNALS if flow in signal.flows)
