"""Single payments of a backtest, scored again under both sides when somebody looks at them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from assess.backtests.judging import find_label
from assess.models import Backtest
from assess.policies import load_policy
from assess.policy import ENGINE, Policy, decode_policy
from assess.scoring import SignalDifference, explain_difference, score
from assess.stored import StoredDecision, list_stored
from assess.types import Outcome, Payment
from assess.web.backtests.rows import SampleRow
from assess.web.backtests.words import FLOWS, LABELS, read_language, say_signal
from core.actor import Actor
from core.web.formats import HIDDEN, MINUS, find_bank, format_clabe

_SHOWN_CHARACTERS = 4
_SHOWN_DIFFERENCES = 3


class PaymentNotTried(LookupError):
    """The payment is none of the backtest's, or nobody can read it any more."""


@dataclass(frozen=True)
class ShownDifference:
    """What became of one signal, in words."""

    name: str
    difference: SignalDifference

    @property
    def before(self) -> str:
        return _say_weight(self.difference.weight_before)

    @property
    def after(self) -> str:
        return _say_weight(self.difference.weight_after)

    @property
    def change(self) -> str:
        change = self.difference.change
        return f"+{change}" if change > 0 else f"{MINUS}{-change}" if change < 0 else "0"

    @property
    def is_changed(self) -> bool:
        return self.difference.weight_before != self.difference.weight_after


@dataclass(frozen=True)
class ComparedPayment:
    """A payment with its outcome on both sides. `is_as_decided` says that the first is what was decided then."""

    stored: StoredDecision
    before: Outcome
    after: Outcome
    names: dict[str, str]
    is_as_decided: bool

    @property
    def differences(self) -> list[ShownDifference]:
        """Return every signal of either side, the greatest change first."""
        found = explain_difference(self.before, self.after)
        return [ShownDifference(say_signal(each.code, self.names), each) for each in found]

    @property
    def in_short(self) -> list[ShownDifference]:
        """Return the few that made the greatest difference."""
        return [each for each in self.differences if each.is_changed][:_SHOWN_DIFFERENCES]

    @property
    def label(self) -> str:
        return str(LABELS[find_label(self.stored)])

    @property
    def at(self) -> datetime:
        return self.stored.facts.at

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Return what the payment was, masked."""
        payment = self.stored.facts.payment
        return [(label, value) for label, value in _list_facts(payment) if value]


@dataclass(frozen=True)
class ComparedRow:
    """A payment of a list: as it was kept, and compared unless nobody can read it any more."""

    sample: SampleRow
    compared: ComparedPayment | None


class _Sides:
    """Both policies of a backtest; versions of the past are loaded once."""

    def __init__(self, actor: Actor, row: Backtest) -> None:
        self._actor = actor
        self._baseline = row.baseline_version
        self._after = decode_policy(row.document, version=row.version or 0)
        self._known: dict[int, Policy] = {}

    def compare(self, stored: StoredDecision) -> ComparedPayment:
        """Return the payment under both."""
        version = stored.policy_version if self._baseline is None else self._baseline
        policy = self._load(version)
        language = read_language()
        before = score(facts=stored.facts, policy=policy, language=language)
        after = score(facts=stored.facts, policy=self._after, language=language)
        rules = (*policy.rules, *self._after.rules)
        return ComparedPayment(
            stored=stored,
            before=before,
            after=after,
            names={rule.code: rule.name for rule in rules},
            is_as_decided=(before.decision, before.risk_score) == (stored.decision, stored.risk_score)
            and stored.engine == ENGINE,
        )

    def _load(self, version: int) -> Policy:
        if version not in self._known:
            self._known[version] = load_policy(**self._actor.scope, version=version)
        return self._known[version]


def compare_payment(actor: Actor, row: Backtest, transaction_id: uuid.UUID) -> ComparedPayment:
    """Return one payment of the backtest's period. Raises PaymentNotTried."""
    found = list_stored(**actor.scope, transaction_ids=[transaction_id])
    if not found or not row.since <= found[0].facts.at <= row.until:
        raise PaymentNotTried
    return _Sides(actor, row).compare(found[0])


def compare_payments(actor: Actor, row: Backtest, samples: Sequence[SampleRow]) -> list[ComparedRow]:
    """Return the payments in their order, in one query and one for each version that decided them."""
    ids = [uuid.UUID(each.sample.transaction_id) for each in samples]
    sides = _Sides(actor, row)
    compared = {each.transaction_id: sides.compare(each) for each in list_stored(**actor.scope, transaction_ids=ids)}
    return [ComparedRow(each, compared.get(found)) for each, found in zip(samples, ids, strict=True)]


def _say_weight(weight: int | None) -> str:
    return _("no se activó") if weight is None else str(weight)


def _list_facts(payment: Payment) -> Iterable[tuple[str, str]]:
    beneficiary, device = payment.beneficiary, payment.device
    yield _("Flujo"), str(FLOWS[payment.flow])
    if beneficiary is not None:
        yield _("Beneficiario"), _mask(beneficiary.name)
        account = beneficiary.clabe or ""
        yield _("CLABE"), f"{format_clabe(account, masked=True)} {find_bank(account)}".strip() if account else ""
        yield _("IBAN"), _mask_end(beneficiary.iban)
        yield _("País"), ", ".join(beneficiary.countries) or beneficiary.country or ""
    yield _("Cuenta de origen"), _mask_end(payment.origin.account_id)
    yield _("Cliente"), _mask_end(payment.customer_id)
    yield _("Correo"), _mask_email(payment.email)
    yield _("Tarjeta"), f"{HIDDEN * 4} {payment.payment_method.card_last4}" if payment.payment_method.card_last4 else ""
    yield _("Dirección IP"), _mask(device.ip)
    yield _("Canal"), payment.payout.channel or payment.payment_method.type or ""


def _mask(value: str | None) -> str:
    """Return the first letter and nothing that tells the length of the rest."""
    return f"{value[0]}{HIDDEN * 4}" if value else ""


def _mask_end(value: str | None) -> str:
    return f"{HIDDEN * 4}{value[-_SHOWN_CHARACTERS:]}" if value and len(value) > 2 * _SHOWN_CHARACTERS else _mask(value)


def _mask_email(value: str | None) -> str:
    name, at, domain = (value or "").partition("@")
    return f"{_mask(name)}@{domain}" if at else _mask(value)
