"""One decision of each flow on made-up payments, before the first real one has to wait for data files and imports."""

from datetime import UTC, datetime

from accounts.types import FailPolicy
from assess.policy import default_policy
from assess.reading.payments import read_payin, read_payout
from assess.reading.warnings import Warnings
from assess.requests import BeneficiaryBody, DeviceBody, PayinBody, PayoutAssessBody
from assess.scoring import score
from assess.types import Facts, Language, Payment
from core.identifiers.warm_up import warm_up as warm_up_identifiers


def warm_up() -> None:
    """Read and score a payment of each flow (about 0.3 s the first time); touches no database."""
    warm_up_identifiers()
    warnings = Warnings(Language.ENGLISH)
    device = DeviceBody(ip="192.0.2.1", fingerprint="warm-up", user_agent="Mozilla/5.0")
    payer = PayinBody(amount=100, currency="MXN", email="warm.up@example.com", device=device)
    party = BeneficiaryBody(name="Warm Up", clabe="646180111800000004", email="warm.up@example.com")
    for payment in (
        read_payin(payer, warnings),
        read_payout(PayoutAssessBody(amount=100, currency="MXN", beneficiary=party, device=device), warnings),
    ):
        score(facts=_make_facts(payment), policy=default_policy(), language=Language.ENGLISH)


def _make_facts(payment: Payment) -> Facts:
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    names = ("warm down",) if payment.beneficiary else ()
    return Facts(payment=payment, at=at, local_hour=12, fail_policy=FailPolicy.OPEN, earlier_names=names)
