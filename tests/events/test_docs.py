"""The verifier that docs/audit-trail.md gives to auditors does what it says there."""

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import Organization
from core.actor import Actor
from events.exports import get_public_key
from tests.events.trail import record_event, record_trail, seal_all

pytestmark = pytest.mark.django_db(transaction=True)

DOCS = Path(__file__).resolve().parents[2] / "docs" / "audit-trail.md"


def _run(script: Path, export: Path) -> tuple[int, str]:
    command = [sys.executable, str(script), str(export), get_public_key()]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout


def test_an_auditors_own_verifier_agrees(organization: Organization, actor: Actor, tmp_path: Path) -> None:
    record_event(actor, payload={"reason": 'niño \U0001f600 \u2028 "\\\n', "list": [None, True, -1]}, personal={"a": 1})
    record_trail(organization, events=3)
    seal_all(organization)
    script, export = tmp_path / "verifier.py", tmp_path / "export.ndjson"
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), flags=re.DOTALL)
    script.write_text(code)
    call_command("export_events", export, organization=organization.id, stdout=StringIO())
    assert _run(script, export) == (0, "4 sealed events are as they were sealed\n")
    whole = export.read_bytes()
    for altered in (
        whole.replace(b'"limit":600', b'"limit":601', 1),
        b"".join(whole.splitlines(keepends=True)[1:]),
        b"".join(whole.splitlines(keepends=True)[:-1]),
        whole.replace(b'"signature":"', b'"signature":"A'),
    ):
        export.write_bytes(altered)
        status, output = _run(script, export)
        assert (status, output) == (1, "")
