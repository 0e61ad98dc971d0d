"""The entries of the lists."""

import pytest

from bench.dataset.entries import list_entries
from bench.dataset.people import make_email
from blocklists.kinds.table import normalize
from blocklists.types import FlowScope, ListType, Severity


@pytest.mark.parametrize("count", [200, 1_000, 5_000])
def test_there_are_as_many_as_asked_for_of_every_type_and_no_two_alike(count: int) -> None:
    entries = list(list_entries(count))
    assert len(entries) == count
    assert len({(entry.list_type, entry.value, entry.flow_scope) for entry in entries}) == count
    assert {entry.list_type for entry in entries} == set(ListType)


def test_every_value_is_in_its_normal_form() -> None:
    wrong = [entry for entry in list_entries(5_000) if normalize(entry.list_type, entry.value) != entry.value]
    assert wrong == []


def test_some_entries_name_people_who_pay_and_none_of_those_blocks() -> None:
    known = [entry for entry in list_entries(5_000) if entry.value == make_email(0)]
    assert [(entry.list_type, entry.flow_scope, entry.severity) for entry in known] == [
        (ListType.EMAIL, FlowScope.PAYIN, Severity.REVIEW)
    ]


def test_most_of_the_others_block() -> None:
    severities = [entry.severity for entry in list_entries(1_000)]
    assert severities.count(Severity.BLOCK) > 500
    assert {Severity.FLAG, Severity.REVIEW} < set(severities)
