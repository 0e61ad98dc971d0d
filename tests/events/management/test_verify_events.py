import os
import re
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from accounts.models import Organization
from core.actor import Actor
from core.unit_of_work import unit_of_work
from events.exports import get_public_key
from events.models import Seal
from events.rules.heads import encode_public_key
from events.services.erase_personal_data import erase_personal_data
from events.types import ErasureReason
from tests.events.trail import NOW, record_event, record_trail, seal_all, tampering
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[3]


def _verify(*, later: timedelta = timedelta(), **options: object) -> tuple[list[str], str | None]:
    """Return what the command prints, and the error it ends with (manage.py makes it status 1)."""
    output = StringIO()
    try:
        with time_machine.travel(NOW + later, tick=False):
            call_command("verify_events", stdout=output, **options)
    except CommandError as error:
        return output.getvalue().splitlines(), str(error)
    return output.getvalue().splitlines(), None


def _export(organization: Organization, path: Path, **options: object) -> Path:
    call_command("export_events", path, organization=organization.id, stdout=StringIO(), **options)
    return path


def _count(organization: Organization, sealed: int, *, waiting: int = 0, erased: int = 0, problems: int = 0) -> str:
    return (
        f"organization {organization.id}: {sealed} sealed events, {waiting} waiting for their seal, "
        f"{erased} with erased personal data, {problems} problems"
    )


def _wrong(problems: int) -> str:
    return f"{problems} problems: the audit trail is not as it was sealed"


def test_every_chain_is_counted(organization: Organization) -> None:
    stranger = make_organization()
    record_trail(organization, events=2)
    record_trail(stranger, events=1)
    expected = sorted([_count(organization, 2), _count(stranger, 1)])
    assert _verify() == (expected, None)
    assert _verify(organization=stranger.id) == ([_count(stranger, 1)], None)


def test_what_waits_and_what_was_erased_is_counted(organization: Organization, actor: Actor) -> None:
    event_id = record_event(actor, personal={"name": "Ángela"})
    seal_all(organization)
    with unit_of_work():
        erase_personal_data(actor=actor, event_id=event_id, reason=ErasureReason.RETENTION_ENDED, now=NOW)
    assert _verify() == ([_count(organization, 1, waiting=1, erased=1)], None)


def test_a_problem_is_printed_with_its_sequence_and_ends_with_status_1(organization: Organization) -> None:
    ids = record_trail(organization)
    with tampering(f"UPDATE events_event SET kind = 'key.revoked' WHERE id = '{ids[2]}'"):
        assert _verify() == (
            [f"sequence 3: the event {ids[2]} was altered", _count(organization, 5, problems=1)],
            _wrong(1),
        )


def test_of_very_many_problems_the_first_are_printed_and_all_are_counted(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.management.commands.verify_events.SHOWN", 2)
    record_trail(organization)
    with tampering("UPDATE events_event SET kind = 'key.revoked'"):
        printed, error = _verify()
    assert len(printed) == 3
    assert error == _wrong(5)


def test_a_tail_of_the_seals_cut_off_in_the_database_shows_against_an_exported_head(
    organization: Organization, tmp_path: Path
) -> None:
    ids = record_trail(organization)
    head = _export(organization, tmp_path / "head.json", head_only=True)
    assert _verify(head=[head]) == ([_count(organization, 5)], None)
    with tampering("DELETE FROM events_seal WHERE sequence = 5", f"DELETE FROM events_event WHERE id = '{ids[4]}'"):
        assert _verify() == ([_count(organization, 4)], None)
        cut = "sequence 5: the chain ends at 4, a signed head says 5: its tail was cut off"
        assert _verify(head=[head]) == ([cut, _count(organization, 4, problems=1)], _wrong(1))


def test_a_chain_that_is_gone_altogether_shows_against_an_exported_head(
    organization: Organization, tmp_path: Path
) -> None:
    record_trail(organization, events=2)
    export = _export(organization, tmp_path / "export.ndjson")
    with tampering("DELETE FROM events_seal", "DELETE FROM events_event"):
        assert _verify() == ([], None)
        cut = "sequence 2: the chain ends at 0, a signed head says 2: its tail was cut off"
        assert _verify(head=[export]) == ([cut, _count(organization, 0, problems=1)], _wrong(1))


def test_a_head_of_another_organization_is_no_proof(organization: Organization, tmp_path: Path) -> None:
    stranger = make_organization()
    record_trail(stranger, events=1)
    head = _export(stranger, tmp_path / "head.json", head_only=True)
    reason = "a head is another organization's: it says nothing about this chain"
    assert _verify(organization=organization.id, head=[head]) == ([], reason)


def test_a_forged_head_is_refused(organization: Organization, tmp_path: Path) -> None:
    record_trail(organization, events=2)
    head = _export(organization, tmp_path / "head.json", head_only=True)
    head.write_text(head.read_text().replace('"sequence":2', '"sequence":1'))
    assert _verify(head=[head]) == ([], f"{head}: the head is forged: its signature does not fit")
    head.write_text("{}\n")
    assert _verify(head=[head]) == ([], f"{head} does not end with a signed head")
    assert _verify(head=[tmp_path / "no"]) == ([], f"{tmp_path / 'no'} cannot be read: No such file or directory")


def test_a_file_is_verified_with_this_installations_key_unless_another_is_given(
    organization: Organization, tmp_path: Path
) -> None:
    record_trail(organization, events=3)
    export = _export(organization, tmp_path / "export.ndjson")
    fine = [f"organization {organization.id}: 3 sealed events"]
    assert _verify(file=export) == (fine, None)
    other = encode_public_key(b"x" * 32)
    assert _verify(file=export, public_key=[other, get_public_key()]) == (fine, None)
    forged = "sequence 3: the head is forged: signed with a key that is not trusted"
    assert _verify(file=export, public_key=[other]) == ([forged, *fine], _wrong(1))


def test_a_file_shorter_than_an_earlier_head_is_found(organization: Organization, tmp_path: Path) -> None:
    record_trail(organization, events=3)
    head = _export(organization, tmp_path / "head.json", head_only=True)
    with tampering(
        "DELETE FROM events_event WHERE id = (SELECT event_id FROM events_seal WHERE sequence = 3)",
        "DELETE FROM events_seal WHERE sequence = 3",
    ):
        export = _export(organization, tmp_path / "export.ndjson")
    cut = "sequence 3: the chain ends at 2, a signed head says 3: its tail was cut off"
    fine = f"organization {organization.id}: 2 sealed events"
    assert _verify(file=export) == ([fine], None)
    assert _verify(file=export, head=[head]) == ([cut, fine], _wrong(1))


def test_a_file_is_verified_with_the_database_out_of_reach(organization: Organization, tmp_path: Path) -> None:
    record_trail(organization, events=3)
    export = _export(organization, tmp_path / "export.ndjson")
    assert _run("verify_events", "--file", str(export), "--public-key", get_public_key()) == (
        0,
        f"organization {organization.id}: 3 sealed events\n",
    )
    export.write_text(re.sub(r"(.*\"sequence\":2\D.*\n)", r"\1\1", export.read_text(), count=1))
    status, output = _run("verify_events", "--file", str(export))
    assert status == 1
    assert "sequence 2: out of order: 3 was to come" in output
    assert Seal.unscoped.count() == 3


def _run(*arguments: str) -> tuple[int, str]:
    environment = os.environ | {"DATABASE_URL": "postgresql://nobody:x@127.0.0.1:1/none", "CLAUSUM_MODE": "test"}
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout
