import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command

from accounts.models import Organization

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


def seed(path: Path, base_url: str) -> str:
    out = io.StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("seed_demo", output=str(path), base_url=base_url, stdout=out)
    return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_demo_is_made_once_and_only_its_address_changes(tmp_path: Path) -> None:
    path = tmp_path / ".run" / "demo.json"

    first = seed(path, "http://127.0.0.1:8000")
    before = json.loads(path.read_text())
    second = seed(path, "http://127.0.0.1:9000")
    after = json.loads(path.read_text())

    assert first == "Banco Demo: ready\nComercio Demo: ready\nPSP Demo: ready\n"
    assert second == "Banco Demo: kept\nComercio Demo: kept\nPSP Demo: kept\n"
    assert after == before | {"base_url": "http://127.0.0.1:9000"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert [item["organization_type"] for item in before["organizations"]] == ["banco", "comercio", "psp"]
    assert Organization.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_nothing_secret_is_said_aloud(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "demo.json"

    said = seed(path, "http://127.0.0.1:8000") + caplog.text

    for organization in json.loads(path.read_text())["organizations"]:
        secrets = [*organization["keys"].values(), *(user["password"] for user in organization["users"])]
        assert not [secret for secret in secrets if secret in said]
