"""What the benchmark's folder keeps."""

import stat
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.dataset.cast import Cast, Party
from bench.errors import BenchError
from bench.folder import BenchFolder, Made
from transactions.types import Flow

PARTY = Party(organization_id=uuid.UUID(int=1), api_key_id=uuid.UUID(int=2), free_key="free", limited_key="limited")
OTHER = Party(organization_id=uuid.UUID(int=3), api_key_id=uuid.UUID(int=4), free_key="f", limited_key="l")
MADE = Made(
    filled_at=datetime(2026, 5, 1, tzinfo=UTC),
    seconds=1.5,
    version=1,
    migrations="abc",
    cast=Cast(bank=PARTY, merchant=OTHER),
)


def test_a_data_set_is_known_once_it_is_whole(tmp_path: Path) -> None:
    folder = BenchFolder(tmp_path)
    assert folder.find("base_1_1") is None
    folder.note("base_1_1", MADE)
    assert folder.find("base_1_1") == MADE
    assert stat.S_IMODE((tmp_path / "base_1_1.json").stat().st_mode) == 0o600


def test_the_bank_asks_about_payouts_and_the_merchant_about_payins() -> None:
    assert (MADE.cast.of(Flow.PAYOUT), MADE.cast.of(Flow.PAYIN)) == (PARTY, OTHER)
    assert PARTY.tenant.api_key_id == uuid.UUID(int=2)


def test_one_benchmark_at_a_time_uses_a_folder(tmp_path: Path) -> None:
    folder = BenchFolder(tmp_path)
    with folder.locked(), pytest.raises(BenchError, match="another benchmark"), folder.locked():
        pass
    with folder.locked():
        assert folder.secret("key") == folder.secret("key")
