"""Gather: all that the score needs to know of the past and of the lists, in one round trip."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError

from accounts.types import FailPolicy
from assess.deadline import Deadline, StatementTimedOut
from assess.opening import Opening
from assess.signals.feed_hits import list_candidates
from assess.types import AmountStatistics, Facts, Lookup, PairHistory, Payment
from blocklists.rules.candidates import make_candidates
from blocklists.statements import make_match_statement, read_hits
from blocklists.types import PaymentIdentifiers
from core.environments import Environment
from core.sql import Statement, run_statement
from feeds.builtin.matching import match_builtin
from feeds.statements import make_match_statement as make_feeds_statement
from feeds.statements import make_muted_statement, read_matches
from feeds.types import Candidates, FeedKind
from transactions.activity import Asked, add_month, measure, read_summary
from transactions.history import (
    WISHED_FROM,
    make_amounts_statement,
    make_events_statement,
    make_names_statement,
    make_pair_statement,
    make_prior_fraud_statement,
    make_whole_statements,
    read_events,
    read_hours,
    read_last_day,
)
from transactions.identities import Identity, list_fraud_identities, list_identities, list_payee_identities
from transactions.moments import LocalMoments, make_local_moments
from transactions.types import Flow, IdentityHistory, IdentityKind

# Raw savepoints travel with the look-ups; Django's would cost two round trips. They are released: what is recorded in a
# savepoint left open uses up a second transaction id of PostgreSQL.
_SAVE = Statement("SAVEPOINT gather", {})
_KEEP = Statement("RELEASE SAVEPOINT gather", {})
_UNDO = Statement("ROLLBACK TO SAVEPOINT gather", {})

GATHER_SHARE = 0.6  # of the time left, for all look-ups together; the rest is for those retried alone, and to record
WHOLE_SHARE = 0.4  # for each busy identity that no summary helps to count
AMOUNT_IDENTITIES = {
    Flow.PAYIN: (IdentityKind.CUSTOMER, IdentityKind.EMAIL, IdentityKind.CARD, IdentityKind.DEVICE),
    Flow.PAYOUT: (IdentityKind.ORIGIN,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What gather is asked: whose payment, as of when, and the structuring bands of the policy in force.

    `has_intelligence`: threat lists are contracted.
    """

    organization_id: uuid.UUID
    environment: Environment
    timezone: str
    fail_policy: FailPolicy
    payment: Payment
    details: dict[str, Any]
    at: datetime
    is_advisory: bool
    bands: tuple[tuple[int, int], ...]
    has_intelligence: bool = False


@dataclass(frozen=True, slots=True)
class _Probe:
    """One look-up: its statement and how its rows become facts."""

    lookup: Lookup
    statement: Statement
    read: Callable[[list[tuple[Any, ...]]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The facts, under which identities the payment counts, the rows of what travelled along, and the busy identities
    that should be summed up anew."""

    facts: Facts
    identities: tuple[Identity, ...]
    rows: list[list[tuple[Any, ...]]]
    busy: tuple[Identity, ...]


def gather(question: Question, *, opening: Opening, deadline: Deadline, extra: Sequence[Statement] = ()) -> Gathered:
    """Return the facts, and the rows of the `extra` statements that travelled along.

    A look-up that fails is named in `failed_lookups` (it is tried again alone first); an `extra` statement that fails
    fails the call. Must be called inside a transaction. Raises what the opening raises.
    """
    identities = list_identities(environment=question.environment, flow=question.payment.flow, details=question.details)
    history = _History(question, identities)
    probes = _make_probes(question, history)
    asked = [_SAVE, *extra, *(probe.statement for probe in probes), _KEEP]
    answers, error = opening.run(asked, share=GATHER_SHARE, undo=_UNDO)
    rows, results = answers[1 : 1 + len(extra)], answers[1 + len(extra) : -1]
    if error is None:
        found = {probe.lookup: probe.read(result) for probe, result in zip(probes, results, strict=True)}
    else:
        run_statement(_UNDO)
        rows = deadline.run(extra)
        found = _gather_one_by_one(probes, deadline)
    _add_whole_histories(history, found, deadline)
    muted = frozenset[str]() if Lookup.FEEDS in found else _find_muted(question, probes, deadline)
    facts = _make_facts(question, history.asked.moments, probes, found, muted)
    return Gathered(facts, identities, rows, (*history.busy, *history.behind))


def _gather_one_by_one(probes: Sequence[_Probe], deadline: Deadline) -> dict[Lookup, dict[str, Any]]:
    """Return what each look-up finds alone, each within its share of what is left, without those that fail."""
    found: dict[Lookup, dict[str, Any]] = {}
    for place, probe in enumerate(probes):
        share = GATHER_SHARE / (len(probes) - place)
        answers = _run_alone([probe.statement], deadline, share=share)
        if answers is not None:
            found[probe.lookup] = probe.read(answers[0])
    return found


def _run_alone(
    statements: Sequence[Statement], deadline: Deadline, *, share: float
) -> list[list[tuple[Any, ...]]] | None:
    """Return the rows of the statements, or None when one failed or took longer; the transaction goes on."""
    try:
        return deadline.run([_SAVE, *statements, _KEEP], share=share)[1:-1]
    except (DatabaseError, StatementTimedOut):
        run_statement(_UNDO)
        return None


class _History:
    """The look-up of what each identity did: of most their events, of a busy one its summary and the events since.

    One that has more events than are read, and no summary that helps, is counted from all its rows in a round trip of
    its own, and is to be summed up; so is one whose summary has fallen `behind`.
    """

    def __init__(self, question: Question, identities: Sequence[Identity]) -> None:
        self.identities = identities
        self.organization_id = question.organization_id
        self.asked = Asked(
            at=question.at,
            currency=question.payment.currency,
            bands=question.bands,
            moments=make_local_moments(at=question.at, timezone=question.timezone),
        )
        self.busy: list[Identity] = []
        self.behind: list[Identity] = []

    def make_statement(self) -> Statement:
        return make_events_statement(organization_id=self.organization_id, identities=self.identities, asked=self.asked)

    def read(self, rows: list[tuple[Any, ...]]) -> dict[str, Any]:
        histories: list[IdentityHistory] = []
        for kind, (document, events) in read_events(rows).items():
            mine = [identity for identity in self.identities if identity.kind is kind]
            if events is None:
                self.busy += mine
                continue
            if document and len(events) > WISHED_FROM:
                self.behind += mine
            summary = read_summary(document) if document else None
            histories.append(measure(kind, summary, events, self.asked))
        return _sort_histories(histories)

    def make_whole_statements(self, identity: Identity) -> list[Statement]:
        return make_whole_statements(organization_id=self.organization_id, identity=identity, asked=self.asked)

    def read_whole(self, identity: Identity, answers: Sequence[list[tuple[Any, ...]]]) -> IdentityHistory:
        day = read_last_day(identity.kind, answers[0])
        return add_month(day, read_hours(answers[1]), self.asked)


def _add_whole_histories(history: _History, found: dict[Lookup, dict[str, Any]], deadline: Deadline) -> None:
    """Add the histories of the busy identities that no summary helped to count; without one of them, drop all."""
    if Lookup.HISTORY not in found:
        return
    histories = list(found[Lookup.HISTORY]["histories"])
    for identity in history.busy:
        answers = _run_alone(history.make_whole_statements(identity), deadline, share=WHOLE_SHARE)
        if answers is None:
            del found[Lookup.HISTORY]
            return
        histories.append(history.read_whole(identity, answers))
    found[Lookup.HISTORY] = _sort_histories(histories)


def _sort_histories(histories: Sequence[IdentityHistory]) -> dict[str, Any]:
    return {"histories": tuple(sorted(histories, key=lambda history: history.kind))}


def _make_facts(
    question: Question,
    moments: LocalMoments,
    probes: Sequence[_Probe],
    found: dict[Lookup, dict[str, Any]],
    muted: frozenset[str],
) -> Facts:
    gathered: dict[str, Any] = {}
    if Lookup.FEEDS not in found:  # what comes with Clausum needs no look-up
        gathered["feed_hits"] = match_builtin(list_candidates(question.payment), muted=muted)
    for values in found.values():
        gathered |= values
    return Facts(
        payment=question.payment,
        at=question.at,
        local_hour=moments.local_hour,
        fail_policy=question.fail_policy,
        is_advisory=question.is_advisory,
        near_limit_bands=question.bands,
        failed_lookups=tuple(probe.lookup for probe in probes if probe.lookup not in found),
        **gathered,
    )


def _make_probes(question: Question, history: _History) -> list[_Probe]:
    by_kind = {identity.kind: identity for identity in history.identities}
    probes = [_make_list_probe(question)]
    probes += _make_feed_probe(question)
    if history.identities:
        probes.append(_Probe(Lookup.HISTORY, history.make_statement(), history.read))
    probes += _make_amount_probe(question, by_kind)
    probes += _make_account_probes(question, by_kind)
    suspects = _list_suspects(question)
    if suspects:
        prior = make_prior_fraud_statement(
            organization_id=question.organization_id, identities=suspects, at=question.at
        )
        probes.append(_Probe(Lookup.PRIOR_FRAUD, prior, _read_prior_fraud))
    return probes


def _list_suspects(question: Question) -> tuple[Identity, ...]:
    """Return who may be known from a fraud: who pays, and whom a payout pays."""
    environment, flow, details = question.environment, question.payment.flow, question.details
    return (
        *list_fraud_identities(environment=environment, flow=flow, details=details),
        *list_payee_identities(environment=environment, flow=flow, details=details),
    )


def _make_list_probe(question: Question) -> _Probe:
    statement = make_match_statement(
        organization_id=question.organization_id,
        environment=question.environment,
        flow=question.payment.flow,
        candidates=make_candidates(flow=question.payment.flow, payment=_make_identifiers(question.payment)),
        at=question.at,
    )
    return _Probe(Lookup.BLOCKLISTS, statement, lambda rows: {"list_hits": read_hits(rows)})


def _make_feed_probe(question: Question) -> list[_Probe]:
    """Return the look-up of lists from outside, none for a payment of which no list that is read could have anything.

    Threat lists that are not contracted are not read, and Clausum has none that could be turned off.
    """
    candidates = list_candidates(question.payment)
    asked = {kind: values for kind, values in candidates.items() if _is_asked(kind, question)}
    if not asked:
        return []
    statement = make_feeds_statement(
        organization_id=question.organization_id, environment=question.environment, candidates=asked
    )
    return [_Probe(Lookup.FEEDS, statement, lambda rows: _read_feeds(rows, candidates))]


def _find_muted(question: Question, probes: Sequence[_Probe], deadline: Deadline) -> frozenset[str]:
    """Return which of Clausum's lists are turned off, asked alone when the look-up of all lists failed.

    None when that fails too: of a list more the answer tells, of a list less nobody would know.
    """
    if all(probe.lookup is not Lookup.FEEDS for probe in probes):
        return frozenset()
    statement = make_muted_statement(organization_id=question.organization_id, environment=question.environment)
    answers = _run_alone([statement], deadline, share=GATHER_SHARE)
    return frozenset(code for (code,) in answers[0]) if answers else frozenset()


def _is_asked(kind: FeedKind, question: Question) -> bool:
    return question.has_intelligence or kind is not FeedKind.IP_THREAT


def _read_feeds(rows: list[tuple[Any, ...]], candidates: Candidates) -> dict[str, Any]:
    matches = read_matches(rows)
    return {"feed_hits": (*match_builtin(candidates, muted=matches.muted), *matches.hits)}


def _make_identifiers(payment: Payment) -> PaymentIdentifiers:
    """Return what the lists are asked about, by the contract's table (§9)."""
    method, party = payment.payment_method, payment.beneficiary
    if party is None:
        countries = tuple(code for code in (payment.billing.country, method.card_country) if code)
        return PaymentIdentifiers(
            email=payment.email,
            phone=payment.phone,
            ip=payment.device.ip,
            device_fingerprint=payment.device.fingerprint,
            card_bin=method.card_bin,
            card_hash=method.card_hash,
            countries=countries,
            customer_id=payment.customer_id,
        )
    return PaymentIdentifiers(
        email=party.email,
        phone=party.phone,
        ip=payment.device.ip,
        device_fingerprint=payment.device.fingerprint,
        countries=party.countries,
        customer_id=payment.customer_id,
        clabe=party.clabe,
        iban=party.iban,
        account_hash=party.account_hash,
        swift_bic=party.swift_bic,
        beneficiary_id=party.id,
    )


def _make_amount_probe(question: Question, by_kind: dict[IdentityKind, Identity]) -> list[_Probe]:
    kinds = AMOUNT_IDENTITIES[question.payment.flow]
    identity = next((by_kind[kind] for kind in kinds if kind in by_kind), None)
    statement = make_amounts_statement(
        organization_id=question.organization_id,
        environment=question.environment,
        flow=question.payment.flow,
        identity=identity or Identity(IdentityKind.CUSTOMER, uuid.UUID(int=0)),
        currency=question.payment.currency,
        at=question.at,
    )
    return [_Probe(Lookup.AMOUNTS, statement, _read_amounts)]


def _make_account_probes(question: Question, by_kind: dict[IdentityKind, Identity]) -> list[_Probe]:
    origin, account = by_kind.get(IdentityKind.ORIGIN), by_kind.get(IdentityKind.BENEFICIARY)
    probes: list[_Probe] = []
    if origin and account:
        pair = make_pair_statement(
            organization_id=question.organization_id, origin=origin, account=account, at=question.at
        )
        probes.append(_Probe(Lookup.PAIR, pair, _read_pair))
    if account and question.payment.beneficiary and question.payment.beneficiary.name:
        names = make_names_statement(organization_id=question.organization_id, account=account, at=question.at)
        probes.append(_Probe(Lookup.NAMES, names, _read_names))
    return probes


def _read_amounts(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    amounts, median, mad, events = rows[0]
    found: dict[str, Any] = {}
    if amounts:
        found["recent_amounts"] = summarize_amounts(amounts)
    if events is not None:
        found["organization_amounts"] = AmountStatistics(events=events, median_doubled=2 * median, mad_doubled=2 * mad)
    return found


def summarize_amounts(amounts: Sequence[int]) -> AmountStatistics:
    """Return the median and MAD of the amounts, doubled and exact: all deviations are odd, or all even."""
    median_doubled = _double_median(sorted(amounts))
    deviations = sorted(abs(2 * amount - median_doubled) for amount in amounts)
    return AmountStatistics(
        events=len(amounts), median_doubled=median_doubled, mad_doubled=_double_median(deviations) // 2
    )


def _double_median(ordered: Sequence[int]) -> int:
    middle = len(ordered) // 2
    return 2 * ordered[middle] if len(ordered) % 2 else ordered[middle - 1] + ordered[middle]


def _read_pair(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    is_known, is_seen_24h, is_seen_earlier = rows[0]
    return {"pair": PairHistory(is_known=is_known, is_seen_24h=is_seen_24h, is_seen_earlier=is_seen_earlier)}


def _read_names(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    return {"earlier_names": tuple(row[0] for row in rows)}


def _read_prior_fraud(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    return {"prior_fraud": tuple(IdentityKind(row[0]) for row in rows)}
