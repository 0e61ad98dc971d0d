"""What an act on many entries does to each of them."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from blocklists.rules.bulk import apply_order, can_undo
from blocklists.types import BulkAct, BulkOrder, EntryTerms, FlowScope, Severity
from tests.blocklists.factories import NOW

TERMS = EntryTerms(
    severity=Severity.FLAG, flow_scope=FlowScope.BOTH, is_active=True, expires_at=NOW + timedelta(days=1)
)


@pytest.mark.parametrize(
    ("order", "changed"),
    [
        (BulkOrder(act=BulkAct.OFF), {"is_active": False}),
        (BulkOrder(act=BulkAct.ON), {}),
        (BulkOrder(act=BulkAct.BLOCK), {"severity": Severity.BLOCK}),
        (BulkOrder(act=BulkAct.FLAG), {}),
        (BulkOrder(act=BulkAct.REVIEW), {"severity": Severity.REVIEW}),
        (BulkOrder(act=BulkAct.EXPIRY), {"expires_at": None}),
        (BulkOrder(act=BulkAct.EXPIRY, expires_at=NOW + timedelta(days=9)), {"expires_at": NOW + timedelta(days=9)}),
        (BulkOrder(act=BulkAct.PROLONG), {"expires_at": NOW + timedelta(days=91)}),
    ],
)
def test_each_act_changes_its_own_field_and_nothing_else(order: BulkOrder, changed: dict[str, object]) -> None:
    assert apply_order(order, terms=TERMS, at=NOW) == replace(TERMS, **changed)


@pytest.mark.parametrize(
    ("expires_at", "expected"),
    [(None, None), (NOW - timedelta(days=5), NOW + timedelta(days=90)), (NOW + timedelta(days=5), NOW + timedelta(days=95))],
)  # fmt: skip
def test_what_is_over_is_prolonged_from_now_and_what_has_no_end_keeps_none(
    expires_at: datetime | None, expected: datetime | None
) -> None:
    before = replace(TERMS, expires_at=expires_at)
    assert apply_order(BulkOrder(act=BulkAct.PROLONG), terms=before, at=NOW).expires_at == expected


def test_an_act_can_be_undone_once_and_for_ten_minutes() -> None:
    assert can_undo(done_at=NOW, undone_at=None, at=NOW + timedelta(minutes=10))
    assert not can_undo(done_at=NOW, undone_at=None, at=NOW + timedelta(minutes=10, seconds=1))
    assert not can_undo(done_at=NOW, undone_at=NOW, at=NOW)
