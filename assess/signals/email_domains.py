"""The e-mail domain that a payment is judged by: the payer's on a pay-in, the beneficiary's on a payout."""

from assess.types import Payment
from core.identifiers.email import domain_of, registrable_parents


def list_domains(payment: Payment) -> tuple[str, ...]:
    """Return the domain and its parents down to the registered one; nothing without a readable address.

    The same address is matched by blocklists of e-mails (contract §9).
    """
    party = payment.beneficiary
    email = payment.email if party is None else party.email
    return registrable_parents(domain_of(email)) if email else ()
