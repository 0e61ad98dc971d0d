import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Organization
from core.actor import Actor
from events.models import Event, Seal
from tests.events.trail import make_actor, record_event, record_trail, seal_all
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db(transaction=True)


def _export(organization: Organization, path: Path, **options: object) -> list[dict[str, dict[str, object]]]:
    call_command("export_events", path, organization=organization.id, stdout=StringIO(), **options)
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_an_export_has_a_line_for_each_sealed_event_and_ends_with_the_head(
    organization: Organization, tmp_path: Path
) -> None:
    ids = record_trail(organization, events=3)
    record_event(make_actor(organization))
    *rows, end = _export(organization, tmp_path / "export.ndjson")
    assert [row["event"]["id"] for row in rows] == [str(event_id) for event_id in ids]
    assert [row["seal"]["sequence"] for row in rows] == [1, 2, 3]
    assert sorted(rows[0]) == ["event", "hash", "seal"]
    head = end["head"]
    assert (head["organization"], head["sequence"], head["hash"]) == (str(organization.id), 3, rows[2]["hash"])


def test_an_export_holds_no_personal_data(organization: Organization, actor: Actor, tmp_path: Path) -> None:
    record_event(actor, personal={"name": "Ángela Ruiz"})
    seal_all(organization)
    _export(organization, tmp_path / "export.ndjson")
    assert "Ruiz" not in (tmp_path / "export.ndjson").read_text()
    assert bytes(Event.unscoped.get().personal_digest or b"").hex() in (tmp_path / "export.ndjson").read_text()


def test_an_export_holds_nothing_of_a_stranger(organization: Organization, tmp_path: Path) -> None:
    stranger = make_organization()
    record_trail(stranger, events=2)
    record_trail(organization, events=1)
    _export(organization, tmp_path / "export.ndjson")
    assert str(stranger.id) not in (tmp_path / "export.ndjson").read_text()
    assert len((tmp_path / "export.ndjson").read_text().splitlines()) == 2


def test_an_export_goes_on_over_many_pages(
    organization: Organization, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.queries.PAGE_ROWS", 2)
    record_trail(organization, events=5)
    rows = _export(organization, tmp_path / "export.ndjson")
    assert [row["seal"]["sequence"] for row in rows[:-1]] == [1, 2, 3, 4, 5]


def test_the_head_can_be_had_alone(organization: Organization, tmp_path: Path) -> None:
    record_trail(organization, events=2)
    (end,) = _export(organization, tmp_path / "head.json", head_only=True)
    assert end["head"]["hash"] == bytes(Seal.unscoped.get(sequence=2).hash).hex()


def test_an_existing_file_is_left_alone(organization: Organization, tmp_path: Path) -> None:
    path = tmp_path / "export.ndjson"
    path.write_text("kept")
    with pytest.raises(CommandError, match="cannot be written: File exists"):
        _export(organization, path)
    assert path.read_text() == "kept"


def test_only_its_owner_may_read_an_export(organization: Organization, tmp_path: Path) -> None:
    _export(organization, tmp_path / "export.ndjson")
    assert stat.S_IMODE((tmp_path / "export.ndjson").stat().st_mode) == 0o600
