"""The language of conditions: read, checked, written, and asked as CEL's own library answers."""

from typing import Any

import cel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.conditions.checking import list_paths, parse_condition
from assess.conditions.evaluating import Asked, Verdict, compile_condition
from assess.conditions.faults import ConditionFault, Fault, find_position
from assess.conditions.field import Kind, Scored
from assess.conditions.fields import FIELDS, find_field, list_fields
from assess.conditions.reading import MAXIMUM_BYTES, MAXIMUM_OPERATORS, read_condition
from assess.conditions.tree import (
    Binary,
    Call,
    Expression,
    Flag,
    Has,
    Negative,
    Not,
    Number,
    Operator,
    Path,
    Size,
    Test,
    Text,
    Values,
)
from assess.conditions.writing import write_condition
from assess.types import Beneficiary, Device, Facts, Language, Lookup
from tests.assess.signals.builders import make_facts, make_history, make_payin, make_payout
from transactions.types import Flow, IdentityKind

PAYOUT = frozenset({Flow.PAYOUT})
BOTH = frozenset(Flow)
SCORED = Scored(fired=("payout_first_beneficiary",), total=20)


def ask(source: str, facts: Facts | None = None, flows: frozenset[Flow] = PAYOUT) -> Verdict:
    condition = compile_condition(source, flows=flows)
    return Asked(fields=condition.fields, facts=facts or make_payout_facts(), scored=SCORED).ask(condition)


def find_fault(source: str) -> ConditionFault | None:
    try:
        parse_condition(source, flows=BOTH)
    except ConditionFault as fault:
        return fault
    return None


def make_payout_facts(**fields: Any) -> Facts:
    beneficiary = Beneficiary(name="Comercializadora", country="MX", clabe="646180111800000004", countries=("MX",))
    payment = make_payout(amount_minor=250_000, beneficiary=beneficiary, device=Device(ip="203.0.113.9"))
    return make_facts(payment, **fields)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
NUMBERS = st.integers(min_value=0, max_value=2**63 - 1).map(Number)
ODD_KEYS = ["has", "size", "contains", "startsWith", "all", "map", "as", "if", "null_", "In", "_", "__proto__"]
PATHS = st.sampled_from([*FIELDS, "metadata.vip", *(f"metadata.{key}" for key in ODD_KEYS)]).map(Path)
LEAVES = st.one_of(
    NUMBERS,
    TEXTS.map(Text),
    st.booleans().map(Flag),
    PATHS,
    PATHS.map(Has),
    st.lists(NUMBERS, min_size=1, max_size=3).map(lambda items: Values(tuple(items))),
    st.lists(TEXTS.map(Text), min_size=1, max_size=3).map(lambda items: Values(tuple(items))),
)


def _negate(of: Expression) -> Expression:
    return Number(-of.value) if isinstance(of, Number) and of.value > 0 else Negative(of)


TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(Not),
        inner.map(_negate),
        inner.map(Size),
        st.builds(Call, st.sampled_from(Test), inner, inner),
        st.builds(Binary, st.sampled_from(Operator), inner, inner),
    ),
    max_leaves=8,
)


@given(TREES)
def test_what_is_written_is_read_as_the_same_tree(tree: Expression) -> None:
    assert read_condition(write_condition(tree)) == tree


@given(TREES)
def test_what_is_written_is_cel(tree: Expression) -> None:
    assert cel.compile(write_condition(tree)).source == write_condition(tree)


@given(
    st.one_of(
        st.sampled_from(["in", "true", "false", "null", *ODD_KEYS]),
        st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True),
    )
)
def test_any_key_of_metadata_is_asked_or_refused_with_its_place(key: str) -> None:
    source = f"has(metadata.{key}) && metadata.{key} == 7"
    if key in {"in", "true", "false", "null"}:
        fault = find_fault(source)
        assert fault is not None
        assert (fault.fault, fault.at) == (Fault.EXPECTED, len("has(metadata."))
    else:
        assert ask(source, make_facts(make_payout(metadata={key: 7}))) is Verdict.TRUE


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_place_inside_it(source: str) -> None:
    fault = find_fault(source)
    assert fault is None or (0 <= fault.at <= len(source) and all(map(fault.describe, Language)))


@given(st.integers(-5, 5), st.integers(-5, 5), st.integers(1, 5))
def test_arithmetic_and_order_are_those_of_whole_numbers(one: int, other: int, divisor: int) -> None:
    expected = (one + other) * 2 - one > int(one / divisor)
    assert ask(f"({one} + {other}) * 2 - {one} > {one} / {divisor}") is (Verdict.TRUE if expected else Verdict.FALSE)


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("payment.amount >= 250000 && payment.currency == 'MXN'", Verdict.TRUE),
        ("payment.amount > 250000 || payment.currency != 'MXN'", Verdict.FALSE),
        ("beneficiary.country in ['IR', 'MX']", Verdict.TRUE),
        ("'MX' in beneficiary.countries", Verdict.TRUE),
        ("beneficiary.bank == '646'", Verdict.TRUE),
        ("beneficiary.name.startsWith('Comer') && beneficiary.name.endsWith('dora')", Verdict.TRUE),
        ("beneficiary.name.contains('zz')", Verdict.FALSE),
        ("'payout_first_beneficiary' in signals.fired && signals.score == 20", Verdict.TRUE),
        ("!has(payout.rail)", Verdict.TRUE),
        ("has(device.ip)", Verdict.TRUE),
        ("size(beneficiary.bank) == 3", Verdict.TRUE),
        ("payout.rail == 'spei'", Verdict.UNKNOWN),
        ("payout.rail == 'spei' && payment.amount > 1", Verdict.UNKNOWN),
        ("payout.rail == 'spei' && payment.amount < 1", Verdict.FALSE),
        ("payout.rail == 'spei' || payment.amount > 1", Verdict.TRUE),
        ("payment.amount / 0 > 1", Verdict.UNKNOWN),
        ("payment.amount * 9223372036854775807 > 1", Verdict.UNKNOWN),
        ("metadata.vip == true", Verdict.UNKNOWN),
    ],
)
def test_a_condition_is_asked_of_a_payout(source: str, verdict: Verdict) -> None:
    assert ask(source) is verdict


@pytest.mark.parametrize(
    ("value", "source", "verdict"),
    [
        (True, "metadata.key == true", Verdict.TRUE),
        (7, "metadata.key > 6", Verdict.TRUE),
        (6.5, "metadata.key > 6", Verdict.TRUE),
        ("gold", "metadata.key == 'gold'", Verdict.TRUE),
        ("gold", "metadata.key > 6", Verdict.UNKNOWN),
        (10**30, "metadata.key > 6", Verdict.TRUE),
        (10**400, "metadata.key > 6", Verdict.UNKNOWN),
        ([1], "has(metadata.key)", Verdict.FALSE),
        (None, "has(metadata.key)", Verdict.FALSE),
    ],
)
def test_metadata_are_whatever_the_client_sent(value: object, source: str, verdict: Verdict) -> None:
    assert ask(source, make_facts(make_payout(metadata={"key": value}))) is verdict


def test_history_is_that_of_the_party_and_absent_without_one() -> None:
    facts = make_payout_facts(histories=(make_history(IdentityKind.BENEFICIARY, events_1h=4),))
    assert ask("history.beneficiary_payments_1h == 4", facts) is Verdict.TRUE
    assert ask("history.origin_payments_1h >= 0", facts) is Verdict.UNKNOWN


def test_what_a_failed_look_up_would_have_told_is_absent() -> None:
    histories = (make_history(IdentityKind.BENEFICIARY, events_1h=4),)
    facts = make_payout_facts(histories=histories, failed_lookups=(Lookup.HISTORY, Lookup.BLOCKLISTS))
    assert ask("history.beneficiary_payments_1h == 4", facts) is Verdict.UNKNOWN
    assert ask("size(lists.types) == 0", facts) is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("source", "fault", "at"),
    [
        ("", Fault.EMPTY, 0),
        ("  \n ", Fault.EMPTY, 0),
        ("x" * (MAXIMUM_BYTES + 1), Fault.TOO_LONG, 0),
        ("ñ" * (MAXIMUM_BYTES // 2 + 1), Fault.TOO_LONG, 0),
        ("(" * 30 + "true" + ")" * 30, Fault.TOO_DEEP, 25),
        ("!" * 30 + "true", Fault.TOO_DEEP, 25),
        ("1" + "+1" * (MAXIMUM_OPERATORS + 1), Fault.TOO_DEEP, 401),
        ("payment.amount > ñ", Fault.CHARACTER, 17),
        ("payment.amount > 'abc", Fault.TEXT_OPEN, 17),
        ("payment.currency == 'a\\q'", Fault.ESCAPE, 22),
        ("payment.currency == 'a\\u0000'", Fault.ESCAPE, 22),
        ("payment.amount > 9223372036854775808", Fault.NUMBER, 17),
        ("payment.amount > 1.5", Fault.DECIMAL, 17),
        ("payment.amount > 12abc", Fault.CHARACTER, 19),
        ("payment.amount >", Fault.EXPECTED, 16),
        ("payment.amount > 1)", Fault.UNEXPECTED, 18),
        ("(payment.amount > 1", Fault.EXPECTED, 19),
        ("payment.amont > 1", Fault.FIELD, 0),
        ("metadata.a.b == 1", Fault.FIELD, 0),
        ("payer.email == 'a'", Fault.FIELD_OF_OTHER_FLOW, 0),
        ("beneficiary.name.matches('(a+)+$')", Fault.FUNCTION, 17),
        ("timestamp('2026')", Fault.FUNCTION, 0),
        ("signals.fired.exists(x, x == 'a')", Fault.MACRO, 14),
        ("[1, 2].all(i, [1, 2].all(j, i > j))", Fault.MACRO, 7),
        ("true ? true : false", Fault.TERNARY, 5),
        ("payment.amount in []", Fault.LIST, 18),
        ("payment.amount in [1, 'a']", Fault.LIST, 18),
        ("payment.amount in [payment.amount]", Fault.LIST, 19),
        ("payment.amount == 'a'", Fault.OPERANDS, 18),
        ("payment.amount && true", Fault.OPERANDS, 18),
        ("payment.currency < 'MXN'", Fault.OPERANDS, 19),
        ("payment.amount in ['a']", Fault.OPERANDS, 18),
        ("beneficiary.countries == beneficiary.countries", Fault.OPERANDS, 25),
        ("!payment.amount", Fault.OPERANDS, 0),
        ("has(1)", Fault.EXPECTED, 4),
        ("payment.amount", Fault.NOT_A_CONDITION, 0),
        ("payment.amount + 1", Fault.NOT_A_CONDITION, 0),
        ("null == null", Fault.UNEXPECTED, 0),
        ("metadata.in == 1", Fault.EXPECTED, 9),
        ("metadata.true == 1", Fault.EXPECTED, 9),
        ("has(metadata.false)", Fault.EXPECTED, 13),
        ("payment.amount > 1 && metadata.null == 1", Fault.EXPECTED, 31),
    ],
)
def test_a_fault_is_named_with_its_place(source: str, fault: Fault, at: int) -> None:
    with pytest.raises(ConditionFault) as refusal:
        parse_condition(source, flows=PAYOUT)
    assert (refusal.value.fault, refusal.value.at) == (fault, at)


def test_a_rule_of_both_flows_speaks_only_of_what_both_have() -> None:
    assert ask("payment.amount > 1", make_facts(make_payin()), BOTH) is Verdict.TRUE
    with pytest.raises(ConditionFault) as refusal:
        parse_condition("beneficiary.country == 'MX'", flows=BOTH)
    assert refusal.value.fault is Fault.FIELD_OF_OTHER_FLOW


def test_the_longest_condition_that_is_allowed_ends_at_once() -> None:
    source = "||".join(["payment.amount==1"] * (MAXIMUM_OPERATORS // 2))
    assert ask(source) is Verdict.FALSE


def test_a_place_is_told_as_line_and_column() -> None:
    assert find_position("a &&\n  b", 0) == (1, 1)
    assert find_position("a &&\n  b", 7) == (2, 3)


def test_every_field_reads_its_kind_or_nothing() -> None:
    for facts in (make_payout_facts(), make_facts(make_payin(email="ana@example.com"))):
        for each in list_fields(flows=frozenset({facts.payment.flow})):
            value = each.read(facts, SCORED)
            expected = {Kind.NUMBER: int, Kind.TEXT: str, Kind.FLAG: bool, Kind.TEXTS: list}[each.kind]
            assert value is None or type(value) is expected, each.name


def test_every_field_is_named_by_a_group_and_described_in_both_languages() -> None:
    for name, each in FIELDS.items():
        assert name.count(".") == 1
        assert set(each.meaning) == set(Language)
        assert find_field(name) is each
        assert [path.name for path in list_paths(parse_condition(f"has({name})", flows=each.flows))] == [name]


def test_a_quote_in_a_text_cannot_leave_it() -> None:
    tree = Binary(Operator.EQUAL, Path("payment.currency"), Text("' || true || '\\"))
    assert compile_condition(write_condition(tree), flows=PAYOUT).text == write_condition(tree)
    assert ask(write_condition(tree)) is Verdict.FALSE
