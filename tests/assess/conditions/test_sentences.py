"""Rows and groups stay in step with the text."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.conditions.checking import parse_condition
from assess.conditions.field import Kind
from assess.conditions.fields import FIELDS, find_field
from assess.conditions.sentences import (
    OPERATORS,
    WITH_VALUES,
    WITHOUT_VALUE,
    Group,
    Join,
    Row,
    RowFault,
    RowOperator,
    Sentences,
    build_tree,
    find_sentences,
)
from assess.conditions.tree import Binary, Call, Expression, Flag, Has, Not, Operator, Test, Text, Values
from assess.conditions.writing import write_condition
from tests.assess.conditions.test_conditions import BOTH, NUMBERS, PATHS, PAYOUT, TEXTS, TREES

VALUES = {
    Kind.NUMBER: st.integers(-(10**6), 10**6).map(str),
    Kind.TEXT: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=6),
    Kind.ANY: st.sampled_from(["true", "false", "7", "-7", "gold", "007"]),
}
VALUES[Kind.TEXTS] = VALUES[Kind.TEXT]


ORDER = {RowOperator.MORE, RowOperator.AT_LEAST, RowOperator.LESS, RowOperator.AT_MOST}


@st.composite
def rows(draw: st.DrawFn) -> Row:
    name = draw(st.sampled_from([*FIELDS, "metadata.vip"]))
    found = find_field(name)
    assert found is not None
    operator = draw(st.sampled_from(OPERATORS[found.kind]))
    if operator in WITHOUT_VALUE:
        return Row(name, operator)
    most = 3 if operator in WITH_VALUES else 1
    values = VALUES[Kind.NUMBER] if operator in ORDER else VALUES[found.kind]
    return Row(name, operator, tuple(draw(st.lists(values, min_size=1, max_size=most))))


GROUPS = st.builds(Group, st.sampled_from(Join), st.lists(rows(), min_size=1, max_size=3).map(tuple))
SENTENCES = st.builds(Sentences, st.sampled_from(Join), st.lists(GROUPS, min_size=1, max_size=3).map(tuple))


@given(SENTENCES)
def test_sentences_are_written_as_a_condition_that_says_the_same_again(sentences: Sentences) -> None:
    tree = build_tree(sentences)
    again = find_sentences(tree)
    assert again is None or build_tree(again) == tree


@given(rows())
def test_a_row_is_found_again_in_its_text(row: Row) -> None:
    flows = FIELDS[row.field].flows if row.field in FIELDS else BOTH
    tree = build_tree(Sentences(Join.ALL, (Group(Join.ALL, (row,)),)))
    found = find_sentences(parse_condition(write_condition(tree), flows=flows))
    assert found is not None
    assert build_tree(found) == tree
    assert [group.rows[0].operator for group in found.groups] == [row.operator]


SAYABLE = st.one_of(
    st.builds(Binary, st.sampled_from(Operator), PATHS, st.one_of(TEXTS.map(Text), NUMBERS, st.booleans().map(Flag))),
    st.builds(
        Binary,
        st.just(Operator.IN),
        PATHS,
        st.lists(TEXTS.map(Text), min_size=1).map(lambda items: Values(tuple(items))),
    ),
    st.builds(
        Binary, st.just(Operator.IN), PATHS, st.lists(NUMBERS, min_size=1).map(lambda items: Values(tuple(items)))
    ),
    st.builds(Binary, st.just(Operator.IN), TEXTS.map(Text), PATHS),
    st.builds(Call, st.sampled_from(Test), PATHS, TEXTS.map(Text)),
    st.one_of(PATHS, PATHS.map(Has)),
)
"""What has the form of a row, whether or not its field and its value can stand in one."""
CHAINS = st.recursive(
    st.one_of(SAYABLE, SAYABLE.map(Not)),
    lambda inner: st.builds(Binary, st.sampled_from([Operator.AND, Operator.OR]), inner, inner),
    max_leaves=5,
)


@given(st.one_of(TREES, CHAINS))
def test_sentences_of_any_tree_say_that_tree_or_there_are_none(tree: Expression) -> None:
    found = find_sentences(tree)
    assert found is None or build_tree(found) == tree


def find(source: str) -> Any:
    return find_sentences(parse_condition(source, flows=PAYOUT))


A = Row("payment.amount", RowOperator.MORE, ("100",))
B = Row("beneficiary.country", RowOperator.ONE_OF, ("IR", "KP"))
C = Row("pair.is_known", RowOperator.IS_FALSE)


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ("payment.amount > 100", Sentences(Join.ALL, (Group(Join.ALL, (A,)),))),
        (
            "payment.amount > 100 && beneficiary.country in ['IR', 'KP']",
            Sentences(Join.ALL, (Group(Join.ALL, (A, B)),)),
        ),
        ("payment.amount > 100 || !pair.is_known", Sentences(Join.ALL, (Group(Join.ANY, (A, C)),))),
        (
            "payment.amount > 100 && (beneficiary.country in ['IR', 'KP'] || !pair.is_known)",
            Sentences(Join.ALL, (Group(Join.ANY, (A,)), Group(Join.ANY, (B, C)))),
        ),
        (
            "payment.amount > 100 && !pair.is_known || beneficiary.country in ['IR', 'KP']",
            Sentences(Join.ANY, (Group(Join.ALL, (A, C)), Group(Join.ALL, (B,)))),
        ),
    ],
)
def test_a_condition_is_told_in_groups(source: str, sentences: Sentences) -> None:
    assert find(source) == sentences
    assert write_condition(build_tree(sentences)) == source


@pytest.mark.parametrize(
    "source",
    [
        "payment.amount + 1 > 2",
        "payment.amount > history.origin_daily_peak",
        "100 < payment.amount",
        "!(payment.amount > 100)",
        "payment.amount > 1 && (payment.hour < 6 || (pair.is_known && payment.hour > 3))",
        "size(beneficiary.bank) == 3",
        "pair.is_known == true",
        "true",
        "payment.currency == ''",
        "payment.currency in ['']",
        "payment.currency in ['MXN', '']",
        "payment.currency.contains('')",
        "'' in signals.fired",
        "metadata.x.startsWith('a')",
        "metadata.x in ['a']",
        "!(metadata.x in [1])",
        "metadata.x.contains('a') && payment.amount > 5",
        "payment.amount > 5 || (payment.hour < 6 && payment.currency == '')",
    ],
)
def test_what_rows_cannot_say_has_no_sentences(source: str) -> None:
    assert find(source) is None


@pytest.mark.parametrize(
    ("row", "part"),
    [
        (Row("payment.amont", RowOperator.MORE, ("1",)), "field"),
        (Row("payment.amount", RowOperator.CONTAINS, ("1",)), "operator"),
        (Row("payment.amount", RowOperator.MORE, ("mucho",)), "value"),
        (Row("payment.amount", RowOperator.MORE, ("1.5",)), "value"),
        (Row("payment.amount", RowOperator.MORE, (str(2**63),)), "value"),
        (Row("payment.amount", RowOperator.MORE), "value"),
        (Row("payment.amount", RowOperator.MORE, ("1", "2")), "value"),
        (Row("payment.currency", RowOperator.EQUAL, ("",)), "value"),
        (Row("metadata.vip", RowOperator.MORE, ("true",)), "value"),
        (Row("metadata.vip", RowOperator.MORE, ("gold",)), "value"),
        (Row("payment.currency", RowOperator.EQUAL, ("a\x00",)), "value"),
    ],
)
def test_a_row_that_says_nothing_is_named_with_its_part(row: Row, part: str) -> None:
    with pytest.raises(RowFault) as refusal:
        build_tree(Sentences(Join.ALL, (Group(Join.ALL, (A,)), Group(Join.ALL, (A, row)))))
    assert (refusal.value.group, refusal.value.row, refusal.value.part) == (1, 1, part)


def test_sentences_without_a_row_are_refused() -> None:
    with pytest.raises(RowFault):
        build_tree(Sentences(Join.ALL, (Group(Join.ALL, ()),)))


def test_a_number_may_be_typed_with_thousands() -> None:
    row = Row("payment.amount", RowOperator.MORE, ("5,000,000",))
    assert write_condition(build_tree(Sentences(Join.ALL, (Group(Join.ALL, (row,)),)))) == "payment.amount > 5000000"
