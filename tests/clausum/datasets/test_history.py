import gzip
from datetime import UTC, datetime
from pathlib import Path

from clausum.datasets.history import write_history
from clausum.datasets.mappings import MAPPINGS
from tests.clausum.datasets.rows import make_payin, make_row
from transactions.history_files import ReadingReport, read_history
from transactions.types import Flow


def read_back(path: Path) -> list[tuple[Flow, datetime, int, dict[str, object]]]:
    report = ReadingReport()
    rows = read_history(path, report=report, skips_invalid=False, now=datetime(2026, 1, 1, tzinfo=UTC))
    return [(row.flow, row.occurred_at, row.amount_minor, row.details) for row in rows]


def test_a_payout_reads_back_as_it_would_be_sent(tmp_path: Path) -> None:
    row = make_row(label="1", scenario="takeover")
    path = tmp_path / "history.csv"

    assert write_history([row], mapping=MAPPINGS["amlsim"], path=path) == 1

    _, body = MAPPINGS["amlsim"].make_body(row)
    [(flow, at, amount, details)] = read_back(path)
    assert (flow, at, amount) == (Flow.PAYOUT, datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC), 100_000)
    assert details == {
        "payment_id": body["payment_id"],
        "customer_id": "cus-1",
        "origin": {"account_id": "acc-1"},
        "beneficiary": {"id": "ben-1", "clabe": "012180001234567899"},
    }
    assert "takeover" not in path.read_text()


def test_a_pay_in_keeps_card_and_device(tmp_path: Path) -> None:
    path = tmp_path / "history.csv.gz"

    write_history([make_payin()], mapping=MAPPINGS["synccfd"], path=path)

    assert gzip.decompress(path.read_bytes()).startswith(b"flow,occurred_at,")
    [(flow, _, amount, details)] = read_back(path)
    assert (flow, amount, details["email"]) == (Flow.PAYIN, 1500, "ana@example.com")
    assert details["payment_method"] == {"card_bin": "411111", "card_last4": "4242", "card_hash": "abc"}
    assert details["device"] == {"fingerprint": "dev-1", "ip": "192.0.2.1"}
