"""What may be taken for true of a payment's past: each changes facts, and nothing else. Pure.

A scenario needs one where the organization has no past yet; "what if" tries them all on the facts of one payment.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from assess.types import Behavior, Facts, PairHistory, Payment
from blocklists.types import ListHit, ListType, Severity
from core.money import MAX_AMOUNT_MINOR
from transactions.types import Flow, IdentityHistory, IdentityKind

MANY_ORIGINS = 12
"""Over the 10 of contract §7."""
MANY_PAYMENTS = 100
"""In an hour: over what any identity may have by default, but for an origin that is used to it."""
NEAR_LIMIT = 3
NIGHT = 3
_SUPPOSED = str(uuid.UUID(int=0))
"""The id of an entry that only a supposition knows."""

_PERSON = Behavior(session_duration_ms=95_000, mouse_movements=240, keystrokes=60, copy_paste_events=0)


class Supposition(StrEnum):
    """What is supposed, in the order in which it is shown."""

    DOUBLE_AMOUNT = "double_amount"
    HALF_AMOUNT = "half_amount"
    KNOWN_BENEFICIARY = "known_beneficiary"
    NIGHT = "night"
    FAN_IN = "fan_in"
    STRUCTURING = "structuring"
    VELOCITY = "velocity"
    LISTED = "listed"
    UNLISTED = "unlisted"
    HUMAN = "human"
    HOME_CARD = "home_card"


@dataclass(frozen=True, slots=True)
class _Kind:
    flows: frozenset[Flow]
    apply: Callable[[Facts], Facts]


def suppose(supposition: Supposition, facts: Facts) -> Facts:
    """Return the facts as they would be; the same facts when it means nothing for this payment."""
    kind = _KINDS[supposition]
    return kind.apply(facts) if facts.payment.flow in kind.flows else facts


def list_suppositions(*, flow: Flow) -> tuple[Supposition, ...]:
    """Return what may be supposed of a payment of that flow."""
    return tuple(each for each in Supposition if flow in _KINDS[each].flows)


def with_amount(facts: Facts, amount_minor: int) -> Facts:
    """Return the facts of the same payment with another amount, at most the greatest there is."""
    amount = min(amount_minor, MAX_AMOUNT_MINOR)
    return _with_payment(facts, msgspec.structs.replace(facts.payment, amount_minor=amount))


def _with_payment(facts: Facts, payment: Payment) -> Facts:
    return msgspec.structs.replace(facts, payment=payment)


def _double(facts: Facts) -> Facts:
    return with_amount(facts, facts.payment.amount_minor * 2)


def _halve(facts: Facts) -> Facts:
    return with_amount(facts, facts.payment.amount_minor // 2)


def _know_beneficiary(facts: Facts) -> Facts:
    """A payout to this account was approved more than a day ago."""
    told = msgspec.structs.replace(facts.payment.payout, first_to_beneficiary=None)
    pair = PairHistory(is_known=True, is_seen_earlier=True) if facts.pair else None
    return _with_payment(msgspec.structs.replace(facts, pair=pair), msgspec.structs.replace(facts.payment, payout=told))


def _pay_at_night(facts: Facts) -> Facts:
    """It is three in the morning, an hour at which the origin never paid."""
    quiet = _change_histories(facts, {IdentityKind.ORIGIN}, hour_events=0)
    return msgspec.structs.replace(quiet, local_hour=NIGHT)


def _fan_in(facts: Facts) -> Facts:
    """That many origins paid the account within the day."""
    paid = {"counterparties_24h": MANY_ORIGINS, "events_30d": MANY_ORIGINS}
    return _change_histories(facts, {IdentityKind.BENEFICIARY}, **paid)


def _structure(facts: Facts) -> Facts:
    """The origin and the account had that many payouts near each limit within the day."""
    near = (NEAR_LIMIT,) * len(facts.near_limit_bands)
    return _change_histories(
        facts, {IdentityKind.ORIGIN, IdentityKind.BENEFICIARY}, near_limit_24h=near, events_30d=NEAR_LIMIT
    )


def _hurry(facts: Facts) -> Facts:
    """Each identity had that many payments within the hour."""
    return _change_histories(
        facts, set(IdentityKind), events_1h=MANY_PAYMENTS, hour_events=MANY_PAYMENTS, events_30d=MANY_PAYMENTS
    )


def _change_histories(facts: Facts, kinds: set[IdentityKind], **least: int | tuple[int, ...]) -> Facts:
    """Return the facts with at least these figures in the histories of these kinds, and none where 0 is given."""
    histories = tuple(_change(each, least) if each.kind in kinds else each for each in facts.histories)
    return msgspec.structs.replace(facts, histories=histories)


def _change(history: IdentityHistory, least: dict[str, int | tuple[int, ...]]) -> IdentityHistory:
    figures = {name: _raise(value, getattr(history, name)) for name, value in least.items()}
    return msgspec.structs.replace(history, **figures)


def _raise(least: int | tuple[int, ...], figure: Any) -> int | tuple[int, ...]:
    """Return at least that much of what was counted, in each place of a tuple; an empty one counted nothing."""
    if isinstance(least, tuple):
        return tuple(map(max, least, figure)) if figure else least
    return max(least, figure) if least else 0


def _list_party(facts: Facts) -> Facts:
    """Whom the payment is paid to, or who pays it in, is on a list that blocks."""
    list_type = _find_listable(facts.payment)
    if list_type is None:
        return facts
    hit = ListHit(entry_id=_SUPPOSED, list_type=list_type, severity=Severity.BLOCK)
    return msgspec.structs.replace(facts, list_hits=(hit, *facts.list_hits))


def _find_listable(payment: Payment) -> ListType | None:
    party, method = payment.beneficiary, payment.payment_method
    values: list[tuple[ListType, object]] = [
        (ListType.EMAIL, payment.email),
        (ListType.CARD_HASH, method.card_hash),
        (ListType.CARD_BIN, method.card_bin),
        (ListType.PHONE, payment.phone),
    ]
    if party is not None:
        values = [
            (ListType.CLABE, party.clabe),
            (ListType.IBAN, party.iban),
            (ListType.ACCOUNT_HASH, party.account_hash),
            (ListType.BENEFICIARY_ID, party.id),
            (ListType.COUNTRY, party.countries),
        ]
    values += [(ListType.CUSTOMER_ID, payment.customer_id), (ListType.IP_ADDRESS, payment.device.ip)]
    return next((list_type for list_type, value in values if value), None)


def _unlist(facts: Facts) -> Facts:
    return msgspec.structs.replace(facts, list_hits=())


def _be_human(facts: Facts) -> Facts:
    """A person was seen at the checkout for a minute and a half."""
    return _with_payment(facts, msgspec.structs.replace(facts.payment, behavior=_PERSON))


def _pay_at_home(facts: Facts) -> Facts:
    """The card is of the country that the bill goes to."""
    payment = facts.payment
    if payment.billing.country is None or payment.payment_method.card_country is None:
        return facts
    method = msgspec.structs.replace(payment.payment_method, card_country=payment.billing.country)
    return _with_payment(facts, msgspec.structs.replace(payment, payment_method=method))


_BOTH = frozenset(Flow)
_PAYIN, _PAYOUT = frozenset({Flow.PAYIN}), frozenset({Flow.PAYOUT})
_KINDS = {
    Supposition.DOUBLE_AMOUNT: _Kind(_BOTH, _double),
    Supposition.HALF_AMOUNT: _Kind(_BOTH, _halve),
    Supposition.KNOWN_BENEFICIARY: _Kind(_PAYOUT, _know_beneficiary),
    Supposition.NIGHT: _Kind(_PAYOUT, _pay_at_night),
    Supposition.FAN_IN: _Kind(_PAYOUT, _fan_in),
    Supposition.STRUCTURING: _Kind(_PAYOUT, _structure),
    Supposition.VELOCITY: _Kind(_BOTH, _hurry),
    Supposition.LISTED: _Kind(_BOTH, _list_party),
    Supposition.UNLISTED: _Kind(_BOTH, _unlist),
    Supposition.HUMAN: _Kind(_PAYIN, _be_human),
    Supposition.HOME_CARD: _Kind(_PAYIN, _pay_at_home),
}
