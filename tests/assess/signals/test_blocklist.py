from itertools import permutations

import pytest

from assess.signals.blocklist import SIGNALS
from assess.types import Facts, Finding
from blocklists.types import ListHit, ListType, Severity
from tests.assess.signals.builders import judge, make_facts, tell
from transactions.types import Decision, Flow

BY_TYPE = dict(zip(ListType, SIGNALS, strict=True))
EMAIL = BY_TYPE[ListType.EMAIL]
REVIEW_FINDING = Finding(weight=20, floor=Decision.REVIEW)
PAYIN_ONLY = {ListType.CARD_BIN, ListType.CARD_HASH}
PAYOUT_ONLY = {ListType.CLABE, ListType.IBAN, ListType.ACCOUNT_HASH, ListType.SWIFT_BIC, ListType.BENEFICIARY_ID}


def facts_of(*severities: Severity, list_type: ListType = ListType.EMAIL) -> Facts:
    hits = (ListHit(entry_id=str(n), list_type=list_type, severity=severity) for n, severity in enumerate(severities))
    return make_facts(list_hits=tuple(hits))


@pytest.mark.parametrize("list_type", ListType)
def test_a_block_entry_blocks_under_its_types_name(list_type: ListType) -> None:
    facts = facts_of(Severity.BLOCK, list_type=list_type)
    assert judge(BY_TYPE[list_type], facts) == Finding(weight=100, blocks=f"blocklist:{list_type.value}")
    assert [signal.code for signal in SIGNALS if judge(signal, facts)] == [f"blocklist_{list_type.value}"]


def test_a_flag_entry_weighs_forty() -> None:
    assert judge(EMAIL, facts_of(Severity.FLAG)) == Finding(weight=40)


def test_a_review_entry_weighs_twenty_and_demands_a_review() -> None:
    assert judge(EMAIL, facts_of(Severity.REVIEW)) == REVIEW_FINDING


@pytest.mark.parametrize("severities", list(permutations(Severity)))
def test_a_block_outweighs_the_others(severities: tuple[Severity, ...]) -> None:
    assert judge(EMAIL, facts_of(*severities)) == Finding(weight=100, blocks="blocklist:email")


def test_a_flag_beside_a_review_keeps_the_review() -> None:
    assert judge(EMAIL, facts_of(Severity.REVIEW, Severity.FLAG)) == Finding(weight=40, floor=Decision.REVIEW)


def test_two_entries_of_one_severity_count_once() -> None:
    assert judge(EMAIL, facts_of(Severity.FLAG, Severity.FLAG)) == Finding(weight=40)


def test_the_weights_of_flag_and_review_are_parameters() -> None:
    assert judge(EMAIL, facts_of(Severity.FLAG), flag_weight=7) == Finding(weight=7)
    assert judge(EMAIL, facts_of(Severity.REVIEW), review_weight=3) == Finding(weight=3, floor=Decision.REVIEW)
    assert judge(EMAIL, facts_of(Severity.BLOCK), flag_weight=7, review_weight=3) == Finding(
        weight=100, blocks="blocklist:email"
    )


def test_is_silent_without_a_hit_of_its_type() -> None:
    assert judge(EMAIL, make_facts()) is None
    assert judge(EMAIL, facts_of(Severity.BLOCK, list_type=ListType.PHONE)) is None


def test_says_which_kind_of_value_is_listed_and_never_the_value() -> None:
    assert tell(EMAIL, facts_of(Severity.BLOCK)) == ("E-mail on a blocklist", "Correo en una lista de bloqueo")


@pytest.mark.parametrize("list_type", ListType)
def test_applies_where_the_contract_compares_the_type(list_type: ListType) -> None:
    expected = {Flow.PAYIN} if list_type in PAYIN_ONLY else {Flow.PAYOUT} if list_type in PAYOUT_ONLY else set(Flow)
    assert BY_TYPE[list_type].flows == expected
