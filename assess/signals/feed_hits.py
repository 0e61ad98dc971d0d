"""What lists from outside have of a payment: asked of the facts, and what gather must look up for it."""

from assess.signals.email_domains import list_domains
from assess.types import Facts, Payment
from feeds.builtin.matching import match_builtin
from feeds.rules.candidates import make_candidates
from feeds.types import Candidates, FeedHit, FeedKind


def list_feed_hits(facts: Facts, kind: FeedKind) -> tuple[FeedHit, ...]:
    """Return the hits of one kind, Clausum's lists first.

    Facts of before engine 2026.11.2 hold none: Clausum's lists, all there was then, are asked again.
    """
    hits = facts.feed_hits
    if hits is None:
        hits = match_builtin(list_candidates(facts.payment))
    return tuple([hit for hit in hits if hit.kind is kind]) if hits else ()


def list_candidates(payment: Payment) -> Candidates:
    """Return the values under which a list may have something of the payment."""
    party = payment.beneficiary
    return make_candidates(
        address=payment.device.ip,
        domains=list_domains(payment),
        countries=() if party is None else party.countries,
        initiator=None if party is None else payment.payout.initiated_by,
    )
