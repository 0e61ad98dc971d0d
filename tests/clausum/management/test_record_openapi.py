"""`manage.py record_openapi`: docs/openapi.yaml changes on purpose only."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clausum.api.docs import render_schema


def test_the_record_in_docs_is_what_the_code_says() -> None:
    call_command("record_openapi", "--check")


def test_it_writes_the_record_and_then_finds_it_right(tmp_path: Path, settings: object) -> None:
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "docs").mkdir()
    call_command("record_openapi")
    assert (tmp_path / "docs" / "openapi.yaml").read_bytes() == render_schema("yaml")
    call_command("record_openapi", "--check")


def test_another_record_is_an_error_and_stays_as_it_is(tmp_path: Path, settings: object) -> None:
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    (tmp_path / "docs").mkdir()
    record = tmp_path / "docs" / "openapi.yaml"
    record.write_text("openapi: 3.1.1\n")
    with pytest.raises(CommandError, match="record_openapi"):
        call_command("record_openapi", "--check")
    assert record.read_text() == "openapi: 3.1.1\n"


def test_no_record_is_an_error(tmp_path: Path, settings: object) -> None:
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="record_openapi"):
        call_command("record_openapi", "--check")
