"""What is counted of a payment, and what the counts say."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from assess.backtests import figures
from assess.backtests.figures import list_costly, list_samples, make_matrix, measure, measure_queue, rank_currencies
from assess.backtests.tally import (
    MAXIMUM_CURRENCIES,
    MAXIMUM_SEGMENTS,
    OTHERS,
    SAMPLE_SIZE,
    Label,
    Move,
    RuleCount,
    Side,
    Tally,
    decode_tally,
    encode_tally,
)
from transactions.types import Decision, Flow

APPROVE, REVIEW, CHALLENGE, DECLINE = Decision


def make_move(before: Decision = APPROVE, after: Decision = REVIEW, **fields: Any) -> Move:
    given: dict[str, Any] = {
        "transaction_id": "0199-1",
        "flow": Flow.PAYOUT,
        "currency": "MXN",
        "amount_minor": 1_000,
        "label": Label.NONE,
        "day": "2026-11-20",
        "before": Side(decision=before, risk_score=before.severity * 30),
        "after": Side(decision=after, risk_score=after.severity * 30),
    }
    return Move(**(given | fields))


def count(*moves: Move) -> Tally:
    tally = Tally()
    for move in moves:
        tally.add(move)
    return tally


moves = st.builds(
    make_move,
    before=st.sampled_from(Decision),
    after=st.sampled_from(Decision),
    currency=st.sampled_from(["MXN", "USD"]),
    amount_minor=st.integers(0, 10**15),
    label=st.sampled_from(Label),
    transaction_id=st.uuids().map(str),
    day=st.sampled_from(["2026-11-20", "2026-11-21"]),
    flow=st.sampled_from(Flow),
    segments=st.just((("flow", "payout"), ("bank", "646"))),
    met=st.sets(st.sampled_from(["0000000a", "0000000b"])).map(tuple),
)


@given(st.lists(moves, max_size=30))
def test_every_sum_agrees_with_a_recount(given_moves: list[Move]) -> None:
    tally = count(*given_moves)
    found = measure(tally)
    heavier = [move for move in given_moves if move.after.decision.severity > move.before.decision.severity]
    assert found.all.payments == tally.payments == len(given_moves)
    assert found.heavier.payments == len(heavier)
    assert sum(found.heavier.money.values()) == sum(move.amount_minor for move in heavier)
    assert found.fraud_caught.payments == sum(move.label is Label.FRAUD for move in heavier)
    assert found.good_hit.payments == sum(move.label is Label.GOOD for move in heavier)
    assert found.changed.payments == found.heavier.payments + found.lighter.payments
    assert sum(total.payments for total in make_matrix(tally).values()) == len(given_moves)
    for place in (0, 1):
        assert sum(sum(sides[place]) for sides in tally.scores.values()) == len(given_moves)


@given(st.lists(moves, max_size=30), st.integers(0, 30))
def test_a_tally_survives_its_json_between_any_two_payments(given_moves: list[Move], cut: int) -> None:
    kept = decode_tally(msgspec.json.decode(msgspec.json.encode(encode_tally(count(*given_moves[:cut])))))
    for move in given_moves[cut:]:
        kept.add(move)
    assert kept == count(*given_moves)


@given(st.permutations([make_move(amount_minor=place // 3, transaction_id=f"{place:03}") for place in range(150)]))
def test_the_greatest_payments_of_a_cell_are_kept_in_whatever_order_they_come(shuffled: list[Move]) -> None:
    kept = list_samples(count(*shuffled), APPROVE, REVIEW)["MXN"]
    assert [sample.transaction_id for sample in kept] == [f"{place:03}" for place in range(149, 149 - SAMPLE_SIZE, -1)]


def test_currencies_beyond_the_tenth_are_counted_without_samples() -> None:
    tally = count(*(make_move(currency=f"C{place:02}") for place in range(12)))
    assert len(tally.samples) == MAXIMUM_CURRENCIES
    assert measure(tally).all.payments == 12


def test_segments_beyond_the_last_that_is_kept_share_one() -> None:
    tally = count(*(make_move(segments=(("channel", str(place)),)) for place in range(MAXIMUM_SEGMENTS + 5)))
    assert len(tally.segments["channel"]) == MAXIMUM_SEGMENTS + 1
    assert tally.segments["channel"][OTHERS].payments == 5


def test_fraud_and_good_payments_are_told_apart_from_those_nobody_labelled() -> None:
    tally = count(
        make_move(APPROVE, DECLINE, label=Label.FRAUD),
        make_move(DECLINE, APPROVE, label=Label.FRAUD),
        make_move(APPROVE, APPROVE, label=Label.FRAUD),
        make_move(APPROVE, REVIEW, label=Label.GOOD),
        make_move(REVIEW, APPROVE, label=Label.GOOD),
        make_move(APPROVE, CHALLENGE),
        make_move(REVIEW, DECLINE),
    )
    found = measure(tally)
    counts = {name: getattr(found, name).payments for name in figures._WANTED}
    assert counts == {
        "all": 7,
        "changed": 6,
        "heavier": 4,
        "lighter": 2,
        "fraud": 3,
        "fraud_caught": 1,
        "fraud_freed": 1,
        "fraud_missed": 2,
        "good": 2,
        "good_hit": 1,
        "good_freed": 1,
        "presumed_hit": 1,
        "labelled": 5,
    }
    assert found.unlabelled_percent == 29


def test_the_queue_is_what_somebody_looks_at_a_day() -> None:
    tally = count(
        make_move(APPROVE, REVIEW),
        make_move(APPROVE, CHALLENGE),
        make_move(REVIEW, DECLINE, day="2026-11-21"),
    )
    load = measure_queue(tally, days=4)
    assert (load.before, load.after, load.busiest_before, load.busiest_after) == (1, 2, 1, 2)
    assert (load.hours_before(6), load.hours_after(6)) == (0.025, 0.05)


def test_the_costliest_changes_come_heaviest_first_and_no_unchanged_payment_among_them() -> None:
    tally = count(
        make_move(APPROVE, APPROVE, amount_minor=9_000),
        make_move(REVIEW, APPROVE),
        make_move(APPROVE, DECLINE),
        make_move(APPROVE, DECLINE, currency="USD"),
    )
    told = [(each.before, each.after, each.currency) for each in list_costly(tally)]
    assert told == [(APPROVE, DECLINE, "MXN"), (APPROVE, DECLINE, "USD"), (REVIEW, APPROVE, "MXN")]


def test_currencies_are_ranked_by_the_payments_that_change() -> None:
    currencies = ["AAA", "BBB", "CCC", "CCC", "DDD", "DDD", "DDD"]
    unchanged = [make_move(APPROVE, APPROVE, currency="AAA")] * 9
    tally = count(*(make_move(currency=currency) for currency in currencies), *unchanged)
    assert rank_currencies(tally) == ["DDD", "CCC", "AAA", "BBB"]
    assert rank_currencies(count(*unchanged)) == []


def test_a_currency_of_which_no_payment_was_kept_is_not_ranked() -> None:
    kept = [make_move(currency=f"C{place:02}") for place in range(MAXIMUM_CURRENCIES)]
    tally = count(*kept, *([make_move(currency="XXX")] * 9))
    assert rank_currencies(tally) == [move.currency for move in kept]


def test_a_rules_precision_is_of_what_was_labelled() -> None:
    tally = count(
        make_move(met=("a",), label=Label.FRAUD),
        make_move(met=("a",), label=Label.GOOD),
        make_move(met=("a",), untold=("b",)),
    )
    assert tally.rules == {"a": RuleCount(1, 1, 1, 0), "b": RuleCount(0, 0, 0, 1)}
    assert [figures.find_precision(tally.rules[rule]) for rule in "ab"] == [50, None]
    assert tally.rules["a"].hits == 3
